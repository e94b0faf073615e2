package walk

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"certty/ui/ptytest"
)

// TestCompletionInShells presses tab in real shells: a flag's value comes from
// the configuration, a name from what is stored.
func TestCompletionInShells(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	program := ptytest.Build(t, "certty")
	status := exec.CommandContext(t.Context(), program, "status", "--target", "prod")
	status.Env = append(status.Environ(), w.env...)
	if out, err := status.CombinedOutput(); err != nil {
		t.Fatalf("certty status: %v\n%s", err, out)
	}
	for _, shell := range []struct {
		name string
		args []string
		load string
	}{
		{"bash", []string{"--norc", "--noprofile", "-i"}, "source <(certty completion bash)"},
		{"zsh", []string{"-f", "-i"}, "autoload -U compinit && compinit -D -u && source <(certty completion zsh)"},
	} {
		t.Run(shell.name, func(t *testing.T) {
			path, err := exec.LookPath(shell.name)
			if err != nil {
				t.Skip(err)
			}
			s := ptytest.Start(t, ptytest.Options{
				Path: path, Args: shell.args, Dir: w.dir, Cols: 120, Rows: 40,
				Env: append([]string{"PS1=ready> ", "PATH=" + filepath.Dir(program) + ":/usr/bin:/bin"}, w.env...),
			})
			s.WaitText("ready>")
			s.Type(shell.load + "; echo lo''aded\r")
			s.WaitText("loaded")
			for typed, want := range map[string]string{
				"certty doctor --tar\tpr\t": "certty doctor --target prod",
				"certty csr partn\t":        "certty csr partner-gateway",
			} {
				s.Type(typed)
				s.WaitText(want)
				s.Keys("ctrl+u")
				s.WaitGone(strings.TrimSpace(want))
			}
			s.Type("exit\r")
			if code := s.Wait(); code != 0 {
				t.Errorf("exit code %d", code)
			}
		})
	}
	t.Run("fish", func(t *testing.T) {
		path, err := exec.LookPath("fish")
		if err != nil {
			t.Skip(err)
		}
		asked := `certty completion fish | source
complete -C "certty doctor --target pr"
complete -C "certty csr partn"
complete -C "certty merge partner-gateway chai"`
		fish := exec.CommandContext(t.Context(), path, "--no-config", "-c", asked)
		fish.Dir = w.dir
		if err := os.WriteFile(filepath.Join(w.dir, "chain.pem"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		fish.Env = append(append(fish.Environ(), w.env...), "PATH="+filepath.Dir(program)+":/usr/bin:/bin")
		out, err := fish.CombinedOutput()
		if err != nil {
			t.Fatalf("fish: %v\n%s", err, out)
		}
		const want = "prod\tvault\npartner-gateway\twaits: merge\nchain.pem"
		if !strings.HasPrefix(string(out), want) {
			t.Errorf("fish offers\n%s\nwant\n%s", out, want)
		}
	})
}
