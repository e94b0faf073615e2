package walk

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/store"
	"certty/model"
	"certty/ui/ptytest"
)

// BenchmarkVersion is the whole process, on a terminal that never answers.
func BenchmarkVersion(b *testing.B) {
	path := ptytest.Build(b, "certty")
	for b.Loop() {
		term := ptytest.Start(b, ptytest.Options{Path: path, Args: []string{"--version"}})
		term.Wait()
	}
}

// BenchmarkAnswer is the whole process that answers a shell or a reader: a help,
// and the completion of a flag or of a name among the stored rows; any is where
// nothing of the name was typed yet.
func BenchmarkAnswer(b *testing.B) {
	path := ptytest.Build(b, "certty")
	for _, n := range []int{1000, 10_000} {
		env := append(os.Environ(), stored(b, b.TempDir(), n)...)
		for name, args := range map[string][]string{
			"help": {"--help"}, "flag": {"__complete", "doctor", "--target", ""},
			"name": {"__complete", "csr", "row-05"}, "any": {"__complete", "csr", ""},
		} {
			b.Run(fmt.Sprint(name, " ", n), func(b *testing.B) {
				for b.Loop() {
					cmd := exec.CommandContext(b.Context(), path, args...)
					cmd.Env = env
					if out, err := cmd.Output(); err != nil || len(out) < 10 {
						b.Fatalf("%v: %s", err, out)
					}
				}
			})
		}
	}
}

// BenchmarkFirstFrame is the time from the start of the process to the first
// frame that shows rows: of the console with 1 000 stored rows, and of the
// smallest program of the same library.
func BenchmarkFirstFrame(b *testing.B) {
	b.Run("minimal", func(b *testing.B) {
		path := ptytest.BuildPackage(b, filepath.Join("testdata", "minimal"))
		for b.Loop() {
			term := ptytest.Start(b, ptytest.Options{Path: path, Cols: 120, Rows: 40})
			term.WaitText("ready")
			b.StopTimer()
			term.Keys("q")
			term.Wait()
			b.StartTimer()
		}
	})
	b.Run("console", func(b *testing.B) {
		dir := b.TempDir()
		env := stored(b, dir, 1000)
		path := ptytest.Build(b, "certty")
		for b.Loop() {
			term := ptytest.Start(b, ptytest.Options{Path: path, Env: env, Cols: 120, Rows: 40})
			term.WaitText("row-0000")
			b.StopTimer()
			term.Keys("q")
			term.Wait()
			b.StartTimer()
		}
	})
}

// BenchmarkSandboxFull is the time from the start of the process, on a machine
// where nothing is configured and nothing was stored, until every row of the
// sandbox's vault stands with its state.
func BenchmarkSandboxFull(b *testing.B) {
	path := ptytest.Build(b, "certty")
	for b.Loop() {
		term := ptytest.Start(b, ptytest.Options{Path: path, Cols: 120, Rows: 60})
		term.WaitFor("every state", func(s ptytest.Screen) bool {
			return s.Contains("failed", "waits: merge", "in progress", "cancel asked", "gone", "cancelled", "completed") &&
				!s.Contains("unknown") && !s.Contains("not read yet")
		})
		b.StopTimer()
		term.Keys("q")
		term.Wait()
		b.StartTimer()
	}
}

// stored makes a home with n stored rows of a vault that nobody serves.
func stored(tb testing.TB, dir string, n int) []string {
	tb.Helper()
	state, cache, conf := filepath.Join(dir, "state"), filepath.Join(dir, "cache"), filepath.Join(dir, "config")
	st, err := store.Open(tb.Context(), store.Options{StateDir: filepath.Join(state, "certty"), CacheDir: filepath.Join(cache, "certty")})
	if err != nil {
		tb.Fatal(err)
	}
	now := time.Now()
	items := make([]*model.Item, n)
	for i := range items {
		items[i] = &model.Item{
			Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: fmt.Sprintf("row-%04d", i)},
			Certificate: model.Certificate{
				Issued: true, Enabled: true, Subject: "CN=row.example.com", Thumbprint: strings.Repeat("ab", 20),
				NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Duration(1000+i) * time.Hour), Created: now, Updated: now,
			},
			ListedAt: now, RequestReadAt: now,
		}
	}
	if err := st.SaveSnapshot(tb.Context(), model.NewSnapshot("prod", items, now)); err != nil {
		tb.Fatal(err)
	}
	if err := st.Close(); err != nil {
		tb.Fatal(err)
	}
	if err := writeFile(filepath.Join(conf, "certty", "config.yaml"), "targets:\n  - name: prod\n    kind: vault\n    url: https://127.0.0.1:1\n    credential: {kind: azure-cli}\n"); err != nil {
		tb.Fatal(err)
	}
	return []string{"XDG_STATE_HOME=" + state, "XDG_CACHE_HOME=" + cache, "XDG_CONFIG_HOME=" + conf}
}
