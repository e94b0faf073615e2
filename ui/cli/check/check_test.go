package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/config"
	"certty/ui/cli/command"
)

// ended is what a check ended with.
type ended struct {
	code        int
	out, failed string
}

func execute(t *testing.T, open func(context.Context, *config.Config, command.OpenOptions) (*command.Fleet, error), args ...string) ended {
	t.Helper()
	isolate(t)
	var out, failed bytes.Buffer
	env := &command.Env{Stdout: &out, Stderr: &failed, Now: func() time.Time { return noon }, Open: open}
	cmd := New(env)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	if err != nil && err.Error() != "" {
		t.Errorf("%q is said once more: %v", args, err)
	}
	return ended{command.ExitCode(err), out.String(), failed.String()}
}

// isolate has a configuration without targets found, whatever this person has set.
func isolate(t *testing.T) {
	t.Helper()
	for _, name := range []string{"CERTTY_READ_ONLY", "CERTTY_TARGET", "CERTTY_LOG", "AZURE_KEYVAULT_URL", "VAULT_URL"} {
		t.Setenv(name, "")
	}
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, "state_dir: %s\ncache_dir: %s\n", t.TempDir(), t.TempDir()), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CERTTY_CONFIG", file)
}

// TestTrouble: whatever goes wrong is UNKNOWN, with one line on standard output.
func TestTrouble(t *testing.T) {
	refuse := func(context.Context, *config.Config, command.OpenOptions) (*command.Fleet, error) {
		return nil, errors.New("the state\nis damaged | badly")
	}
	panics := func(context.Context, *config.Config, command.OpenOptions) (*command.Fleet, error) {
		panic("index\nout of range")
	}
	for _, tt := range []struct {
		open func(context.Context, *config.Config, command.OpenOptions) (*command.Fleet, error)
		args []string
		says string
	}{
		{nil, []string{"--nope"}, "unknown flag: --nope"},
		{nil, []string{"-w", "x"}, `threshold "x"`},
		{nil, []string{"--stuck-warning", "20%"}, "a span is wanted"},
		{nil, []string{"--filter", "left<"}, "filter"},
		{nil, []string{"--failed", "perhaps"}, "ok, warning and critical"},
		{nil, []string{"--timeout", "0"}, "above zero"},
		{nil, []string{"--timeout"}, "--timeout needs a value"},
		{nil, []string{"--max-age", "-1s"}, "not negative"},
		{nil, []string{"--skip", "everything"}, "--skip knows no"},
		{nil, nil, "no targets configured"},
		{nil, []string{"--target", "nope"}, "nope"},
		{nil, []string{"-o", "yaml"}, "the formats are plugin, json"},
		{nil, []string{"--config", "/nowhere/config.yaml"}, "/nowhere/config.yaml"},
		{refuse, []string{"--sandbox"}, `the state is damaged  badly`},
		{panics, []string{"--sandbox"}, "a mistake in certty"},
	} {
		got := execute(t, tt.open, tt.args...)
		if got.code != 3 || !strings.HasPrefix(got.out, "CERTTY UNKNOWN - ") || strings.Count(got.out, "\n") != 1 || !strings.HasSuffix(got.out, "\n") ||
			strings.Contains(got.out, "|") || !strings.Contains(got.out, tt.says) {
			t.Errorf("%q: code %d, %q, want %q", tt.args, got.code, got.out, tt.says)
		}
		if tt.says == "a mistake in certty" && !strings.Contains(got.failed, "goroutine") {
			t.Errorf("a panic leaves no stack: %q", got.failed)
		}
	}
}

// TestReadOnly: a check opens its targets for reading only, whatever is
// configured.
func TestReadOnly(t *testing.T) {
	readOnly := false
	execute(t, func(_ context.Context, cfg *config.Config, _ command.OpenOptions) (*command.Fleet, error) {
		readOnly = cfg.ReadOnly
		return nil, errors.New("enough")
	}, "--sandbox")
	if !readOnly {
		t.Error("targets are opened for changes, too")
	}
}
