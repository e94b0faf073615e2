package completion

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"certty/backend/store"
	"certty/config"
	"certty/model"
)

const twoTargets = `state_dir: %[1]s/state
cache_dir: %[1]s/cache
targets:
  - {name: prod, kind: vault, url: "https://127.0.0.1:1", credential: {kind: azure-cli}}
  - {name: sectigo, kind: scm, url: "https://127.0.0.1:1", customer_uri: example, credential: {kind: password, login: ada, password: {env: NONE}}}
`

// TestNamesOfWhatIsStored: names come from the targets that were chosen, each with
// its state, and nothing is left behind.
func TestNamesOfWhatIsStored(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "config.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, twoTargets, home), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func(kind config.TargetKind, typed string, args ...string) []string {
		cmd := &cobra.Command{}
		cmd.SetContext(t.Context())
		cmd.Flags().String("config", "", "")
		cmd.Flags().StringSlice("target", nil, "")
		if err := cmd.ParseFlags(append(args, "--config", file)); err != nil {
			t.Fatal(err)
		}
		out, directive := names(kind)(cmd, nil, typed)
		if directive != cobra.ShellCompDirectiveNoFileComp {
			t.Errorf("directive %d", directive)
		}
		return out
	}
	before := files(t, home)
	if got := ask("", ""); len(got) > 0 {
		t.Errorf("offered where nothing is stored: %q", got)
	}
	if after := files(t, home); !slices.Equal(after, before) {
		t.Errorf("there was %q, and now is %q", before, after)
	}

	now := time.Now()
	st, err := store.Open(t.Context(), store.Options{StateDir: filepath.Join(home, "state"), CacheDir: filepath.Join(home, "cache")})
	if err != nil {
		t.Fatal(err)
	}
	item := func(target, key string, order *model.Order) *model.Item {
		return &model.Item{Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: key}, Order: order, ListedAt: now}
	}
	for _, s := range []*model.Snapshot{
		model.NewSnapshot("prod", []*model.Item{item("prod", "shop", nil), item("prod", "17-a", nil)}, now),
		model.NewSnapshot("sectigo", []*model.Item{item("sectigo", "17", &model.Order{ID: "17", CommonName: "www.example.com"})}, now),
	} {
		if err := st.SaveSnapshot(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	before = files(t, home)
	for _, test := range []struct {
		got  []string
		want string
	}{
		{ask("", "1"), `["17-a\tprod: unknown" "17\tsectigo: www.example.com, unknown"]`},
		{ask("", "", "--target", "prod"), `["17-a\tprod: unknown" "shop\tprod: unknown"]`},
		{ask(config.KindSCM, ""), `["17\tsectigo: www.example.com, unknown"]`},
		{ask(config.KindVault, "prod/s"), `["prod/shop\tprod: unknown"]`},
	} {
		if got := fmt.Sprintf("%q", test.got); got != test.want {
			t.Errorf("offered %s, want %s", got, test.want)
		}
	}
	if after := files(t, home); !slices.Equal(after, before) {
		t.Errorf("there was %q, and now is %q", before, after)
	}
}

// files lists what is below dir.
func files(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		list = append(list, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
