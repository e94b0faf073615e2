package walk

import (
	"strings"
	"syscall"
	"testing"

	"certty/ui/ptytest"
)

// TestHiddenPromptEndings: who is asked for a password and ends or stops the
// program instead gets a shell that shows what is typed.
func TestHiddenPromptEndings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	program := ptytest.Build(t, "certty")
	const question = "Password of the key and its keystore:"
	args := []string{"order", "--sandbox", "--cn", "walk.example.com", "--organization", "1697", "--profile", "8555", "--field", "Cost centre=1", "--key", "ec-p256", "--keystore", "none"}
	for _, tt := range []struct {
		name string
		end  func(*ptytest.Terminal)
		code int
	}{
		{"ctrl+c", func(term *ptytest.Terminal) { term.Write("\x03") }, 130},
		{"ctrl+\\", func(term *ptytest.Terminal) { term.Write("\x1c") }, 2}, // with its stacks, as Go does
		{"SIGTERM", func(term *ptytest.Terminal) { term.Signal(syscall.SIGTERM) }, 143},
		{"ctrl+z, where no shell could continue it", func(term *ptytest.Terminal) { term.Write("\x1a"); term.Write("\r") }, 2},
	} {
		term := ptytest.Start(t, ptytest.Options{Path: program, Args: args, Dir: w.dir, Env: w.env})
		term.WaitText(question)
		tt.end(term)
		if code := term.Wait(); code != tt.code {
			t.Errorf("%s: exit code %d, want %d", tt.name, code, tt.code)
		}
		if err := term.Restored(); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// In a shell ctrl+z stops it; it asks again when it goes on, and hides again.
	term := ptytest.Start(t, ptytest.Options{
		Path: "sh", Args: append([]string{"-c", strings.Replace(shell, `"$0"`, `"$0" "$@"`, 1), program}, args...), Dir: w.dir, Env: w.env,
	})
	term.WaitText(question)
	mark := term.Mark()
	term.Write("\x1a")
	if _, said := stops(t, term, w.dir, mark); strings.Contains(said, "-echo") {
		t.Errorf("the shell shows nothing of what is typed: %s", said)
	}
	mark = term.Mark()
	term.Type("fg >/dev/null\r")
	waitUntil(t, "the question", func() bool { return strings.Contains(string(term.BytesSince(mark)), question) })
	mark = term.Mark()
	term.Write("hushed-password\r")
	waitUntil(t, "the next question", func() bool { return strings.Contains(string(term.BytesSince(mark)), "The same again:") })
	term.Write("\x03")
	// The shell ends as its program does.
	if code := term.Wait(); code != 130 {
		t.Errorf("in a shell: exit code %d", code)
	}
	if strings.Contains(string(term.Output()), "hushed") {
		t.Error("what was typed is shown")
	}
	if err := term.Restored(); err != nil {
		t.Errorf("in a shell: %v", err)
	}
}
