//go:build unix

package ptytest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func console(t *testing.T, o Options) *Terminal {
	t.Helper()
	o.Path = BuildPackage(t, "testdata/console")
	return Start(t, o)
}

func mustEnd(t *testing.T, term *Terminal, code int) {
	t.Helper()
	if got := term.Wait(); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

func TestKeysReachTheProgram(t *testing.T) {
	term := console(t, Options{})
	s := term.WaitText("size 80x24")
	if !s.Alternate || s.CursorVisible || len(s.Lines) != 24 {
		t.Errorf("not the screen of a full-screen program:\n%s", s)
	}
	term.Type("hé")
	term.Keys("down", "enter", "alt+x", "shift+tab", "esc", "j", "space")
	s = term.WaitFor("the last key", func(s Screen) bool { return s.Lines[9] != "" })
	want := []string{"size 80x24", "key h", "key é", "key down", "key enter", "key alt+x", "key shift+tab", "key esc", "key j", "key"}
	for i, w := range want {
		if s.Lines[i] != w {
			t.Fatalf("line %d is %q, want %q:\n%s", i, s.Lines[i], w, s)
		}
	}
	term.Keys("q")
	mustEnd(t, term, 0)
	if asked := term.Queries(); asked != nil {
		t.Errorf("the program asked the terminal %q", asked)
	}
}

func TestBurstAndSplit(t *testing.T) {
	term := console(t, Options{})
	term.WaitText("size 80x24")
	term.Write("jj\x1b[1;")
	term.Write("5Bk")
	s := term.WaitText("key k")
	if got := strings.Join(s.Lines[1:5], " "); got != "key j key j key ctrl+down key k" {
		t.Errorf("got %s", got)
	}
}

func TestPaste(t *testing.T) {
	term := console(t, Options{})
	term.WaitText("size 80x24")
	term.Paste("one\ntwo\r\nthree")
	term.WaitText(`paste "one\rtwo\rthree"`)
	if !bytes.Contains(term.Output(), []byte("\x1b[?2004h")) {
		t.Error("the program did not ask for marked pastes")
	}
	term.Keys("ctrl+c")
	mustEnd(t, term, 3)
}

func TestSignalsAndPanics(t *testing.T) {
	t.Run("SIGTERM", func(t *testing.T) {
		term := console(t, Options{})
		term.WaitText("size 80x24")
		term.Signal(syscall.SIGTERM)
		mustEnd(t, term, 0)
	})
	t.Run("panic", func(t *testing.T) {
		term := console(t, Options{})
		term.WaitText("size 80x24")
		term.Keys("!")
		mustEnd(t, term, 2)
	})
	t.Run("SIGKILL", func(t *testing.T) {
		term := console(t, Options{})
		term.WaitText("size 80x24")
		term.Signal(syscall.SIGKILL)
		if code := term.Wait(); code != 128+9 {
			t.Errorf("exit code %d", code)
		}
		err := term.Restored()
		for _, what := range []string{"the modes of the line", "the cursor", "the alternate screen", "bracketed paste"} {
			if err == nil || !strings.Contains(err.Error(), what) {
				t.Errorf("Restored does not see that %s is left: %v", what, err)
			}
		}
	})
}

func TestCloseTerminal(t *testing.T) {
	term := console(t, Options{})
	term.WaitText("size 80x24")
	term.CloseTerminal()
	term.Wait()
}

// With SIGHUP ignored only the end of the input tells that the terminal is gone.
func TestCloseTerminalWithoutSignal(t *testing.T) {
	term := Start(t, Options{Path: "sh", Args: []string{"-c", `trap "" HUP; exec "$0"`, BuildPackage(t, "testdata/console")}})
	term.WaitText("size 80x24")
	term.CloseTerminal()
	term.Wait()
}

func TestResize(t *testing.T) {
	term := console(t, Options{Cols: 100, Rows: 30})
	term.WaitText("size 100x30")
	for i := range 10 {
		term.Resize(60+i, 20+i)
		s := term.WaitText(fmt.Sprintf("size %dx%d", 60+i, 20+i))
		if len(s.Lines) != 20+i {
			t.Errorf("%d lines", len(s.Lines))
		}
	}
}

func TestTerminalAnswers(t *testing.T) {
	script := `before=$(stty -g); stty raw -echo; printf '\033[6n'; head -c 6 | od -An -c; printf 'done'; stty "$before"`
	term := Start(t, Options{Path: "sh", Args: []string{"-c", script}, Answers: true})
	term.WaitText("033   [   1   ;   1   R", "done")
	mustEnd(t, term, 0)
}

func TestQueries(t *testing.T) {
	asked := []string{
		"\x1b]11;?", "\x1b]4;1;?", "\x1b[6n", "\x1b[?6n", "\x1b[c", "\x1b[>c", "\x1b[>0q", "\x1b[?2026$p", "\x1b[?u",
		"\x1b[18t", "\x1bP+q", "\x1bP$q",
	}
	told := "\x1b[31mred\x1b[0m\x1b]0;title?\x07\x1b[?2004h\x1b[2J\x1b[1;1H\x1b]52;c;YQ==\x07\x1b[22;0t\x1b[4 q"
	term := Start(t, Options{Path: "printf", Args: []string{"%s", strings.Join(asked, told) + told}})
	term.Wait()
	if got := term.Queries(); !slices.Equal(got, asked) {
		t.Errorf("got  %q\nwant %q", got, asked)
	}
}

func TestEnvironment(t *testing.T) {
	t.Setenv("CERTTY_FROM_OUTSIDE", "1")
	term := Start(t, Options{Path: "env", Term: "dumb", NoColor: true, Env: []string{"EXTRA=1"}, Cols: 200, Rows: 40})
	mustEnd(t, term, 0)
	out := string(term.Output())
	for _, want := range []string{"TERM=dumb\r\n", "NO_COLOR=1\r\n", "EXTRA=1\r\n", "XDG_STATE_HOME=" + term.Home() + "/state\r\n", "HOME=" + term.Home() + "\r\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in %q", want, out)
		}
	}
	if strings.Contains(out, "CERTTY_FROM_OUTSIDE") || strings.Contains(out, "TERM=xterm") {
		t.Errorf("the environment is not closed: %q", out)
	}
}

func TestBytesSince(t *testing.T) {
	term := console(t, Options{})
	term.WaitText("size 80x24")
	mark := term.Mark()
	term.Keys("j")
	term.WaitText("key j")
	if got := term.BytesSince(mark); !bytes.Contains(got, []byte("key j")) || bytes.Contains(got, []byte("2004")) {
		t.Errorf("got %q", got)
	}
}

// An Escape is a key of its own, however soon the next key follows.
func TestEscapeIsAKey(t *testing.T) {
	term := console(t, Options{})
	term.WaitText("size 80x24")
	for range 5 {
		term.Keys("esc", "j")
	}
	s := term.WaitFor("the last key", func(s Screen) bool { return s.Lines[10] != "" })
	for i, want := range []string{"key esc", "key j"} {
		for line := 1 + i; line <= 10; line += 2 {
			if s.Lines[line] != want {
				t.Fatalf("line %d is %q, want %q:\n%s", line, s.Lines[line], want, s)
			}
		}
	}
	term.Keys("q")
	mustEnd(t, term, 0)
}

func TestCard(t *testing.T) {
	s := Screen{Lines: []string{
		"   board  ┌─ A title ───┐ pane",
		">  row    │ one long    │ pane",
		"          │ sentence    │",
		"          └─────────────┘",
		" ┌─ Half ──┐",
		" │ drawn   │",
	}}
	if !s.CardSays("A title", "one long sentence", "sentence") || s.CardSays("A title", "pane") || s.CardSays("A title", "row") {
		t.Errorf("the card says %q", s.Card("A title"))
	}
	if s.Card("Half") != "" || s.Card("None") != "" {
		t.Error("there is no whole card of that title")
	}
}

// What is shaken comes late, whole and in its order.
func TestShaken(t *testing.T) {
	longest, what := *shakeUpTo, *shakeWhat
	t.Cleanup(func() { *shakeUpTo, *shakeWhat = longest, what })
	*shakeUpTo, *shakeWhat = 20*time.Millisecond, "answers,keys,terminal"
	term := console(t, Options{})
	term.WaitText("size 80x24")
	term.Type("hé")
	term.Keys("down", "esc", "j")
	s := term.WaitText("key j")
	if got := strings.Join(s.Lines[1:6], " "); got != "key h key é key down key esc key j" {
		t.Errorf("got %s", got)
	}
	term.Keys("q")
	mustEnd(t, term, 0)

	server := httptest.NewServer(Late(t.Name(), http.NotFoundHandler()))
	defer server.Close()
	for range 5 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusNotFound {
			t.Errorf("%v, %v", resp.Status, err)
		}
	}
	*shakeWhat = "everything"
	if err := checkShake(); err == nil {
		t.Error("what can't be shaken is taken")
	}
}

// Nothing is paused unless somebody asks for it.
func TestNotShaken(t *testing.T) {
	longest := *shakeUpTo
	t.Cleanup(func() { *shakeUpTo = longest })
	*shakeUpTo = 0
	for _, what := range []string{shakeAnswers, shakeKeys, shakeTerminal, shakeProgram} {
		if newChance(what, t.Name()) != nil || shaken(what) {
			t.Errorf("%s is shaken", what)
		}
	}
}
