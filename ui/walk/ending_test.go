package walk

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certty/ui/ptytest"
)

// TestEndings: however it ends, the terminal is as it was, and the exit code
// says why.
func TestEndings(t *testing.T) {
	w := newWorld(t, true)
	for _, tt := range []struct {
		name string
		end  func(*ptytest.Terminal)
		code int
	}{
		{"q", func(term *ptytest.Terminal) { term.Keys("q") }, 0},
		{"ctrl+c", func(term *ptytest.Terminal) { term.Keys("ctrl+c") }, 0},
		{"ctrl+c in a form", func(term *ptytest.Terminal) { term.Keys("n"); term.WaitText("New request"); term.Keys("ctrl+c") }, 0},
		{"SIGTERM", func(term *ptytest.Terminal) { term.Signal(syscall.SIGTERM) }, 143},
		{"SIGINT", func(term *ptytest.Terminal) { term.Signal(syscall.SIGINT) }, 130},
		{"SIGQUIT", func(term *ptytest.Terminal) { term.Signal(syscall.SIGQUIT) }, 131},
		{"SIGHUP", func(term *ptytest.Terminal) { term.Signal(syscall.SIGHUP) }, 129},
	} {
		t.Run(tt.name, func(t *testing.T) {
			term := w.start()
			term.WaitText("shop-example-com")
			tt.end(term)
			if code := term.Wait(); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			if err := term.Restored(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("the terminal is closed", func(t *testing.T) {
		term := w.start()
		term.WaitText("shop-example-com")
		term.CloseTerminal()
		if code := term.Wait(); code != 129 && code != 0 && code != 1 {
			t.Errorf("exit code %d", code)
		}
	})
}

// TestVersionAsksNothing: on a terminal that never answers, too.
func TestVersionAsksNothing(t *testing.T) {
	term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Args: []string{"--version"}})
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if out := string(term.Output()); !strings.HasPrefix(out, "certty ") || strings.ContainsRune(out, '\x1b') {
		t.Errorf("it wrote %q", out)
	}
}

// TestWrongStart: what is wrong is said on a line, not on the screen, and the
// sandbox is never a way out of a mistake.
func TestWrongStart(t *testing.T) {
	w := newWorld(t, false)
	for _, tt := range []struct {
		name   string
		config string
		args   []string
		code   int
		want   []string
	}{
		{"a missing --config", "", []string{"--config", "/no/such/file.yaml"}, 2, []string{"there is no file /no/such/file.yaml"}},
		{"an unknown --target", "", []string{"--target", "prdo"}, 2, []string{"prdo", "prod"}},
		{"a typo in the configuration", "targets:\n  - name: prod\n    kind: vault\n    urll: https://x.vault.azure.net\n", nil, 2, []string{"config.yaml:4:5", "urll", "did you mean"}},
		{"an unknown flag", "", []string{"--sandbx"}, 2, []string{"sandbx", "--help"}},
		{"a word too many", "", []string{"statsu"}, 2, []string{"statsu"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.config != "" {
				w.write(w.config(), tt.config)
			}
			term := w.startWith(ptytest.Options{Args: tt.args, Cols: 200, Rows: 24})
			if code := term.Wait(); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			for _, text := range tt.want {
				if !strings.Contains(string(term.Output()), text) {
					t.Errorf("%q is not said:\n%s", text, term.Output())
				}
			}
			if strings.Contains(string(term.Output()), "\x1b[?1049h") {
				t.Error("the screen was taken")
			}
		})
	}
}

// TestPanics: a panic ends the screen, leaves the terminal as it was, and is
// told where a person can read it.
func TestPanics(t *testing.T) {
	path := ptytest.BuildPackage(t, filepath.Join("testdata", "panics"))
	for _, tt := range []struct{ where, key, want string }{
		{"command", "", "a command crashed"},
		{"password", "", "a command crashed"},
		{"update", "r", "in Update"},
		{"beside", "", "the refresh crashed"},
	} {
		t.Run(tt.where, func(t *testing.T) {
			term := ptytest.Start(t, ptytest.Options{Path: path, Args: []string{tt.where, keystorePassword}, Cols: 100, Rows: 30})
			if tt.key != "" {
				term.WaitText("certty")
				term.Keys(tt.key)
			}
			if code := term.Wait(); code == 0 {
				t.Error("exit code 0")
			}
			if err := term.Restored(); err != nil {
				t.Error(err)
			}
			shown := term.Output()
			if i := strings.LastIndex(string(shown), "\x1b[?1049l"); i < 0 || !strings.Contains(string(shown[i:]), tt.want) {
				t.Errorf("%q is not said after the screen was given back:\n%q", tt.want, shown)
			}
			password := canaries{"the password": []byte(keystorePassword)}
			if len(password.in(shown, spellings))+len(password.in(shown, words)) > 0 {
				t.Errorf("the crash tells the password:\n%q", shown)
			}
		})
	}
}
