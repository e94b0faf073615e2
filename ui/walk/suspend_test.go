package walk

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"certty/ui/ptytest"
)

// shell is a shell with job control that starts the program and says when it has
// the terminal back, which it does once for every time the program is stopped.
// What is typed then brings the program back in one way or another.
const shell = `set -m
"$0"
status=$?
while [ $status -eq 147 ] || [ $status -eq 148 ]; do
	jobs -p >pid
	echo "SHELL $(stty -a | grep -o -e '-*icanon') $(stty -a | grep -o -e '-*echo ')"
	read -r how
	eval "$how"
	status=$?
done
echo "ENDED $status"
`

func (w *world) startInShell() *ptytest.Terminal {
	w.t.Helper()
	return ptytest.Start(w.t, ptytest.Options{
		Path: "sh", Args: []string{"-c", shell, ptytest.Build(w.t, "certty")},
		Dir: w.dir, Env: w.env, Cols: 100, Rows: 30,
	})
}

// jobState is what proc(5) says of the program that the shell has stopped, and
// its process id.
func jobState(t *testing.T, dir string) (pid int, state string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	if pid, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
		t.Fatal(err)
	}
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		t.Skip("needs /proc: ", err)
	}
	rest := string(stat[strings.LastIndexByte(string(stat), ')')+1:])
	return pid, strings.Fields(rest)[0]
}

// stops waits until the program was stopped since mark, and for what the shell
// says of its terminal then.
func stops(t *testing.T, term *ptytest.Terminal, dir string, mark int) (pid int, said string) {
	t.Helper()
	waitUntil(t, "the shell", func() bool {
		_, said, _ = strings.Cut(string(term.BytesSince(mark)), "SHELL ")
		return strings.Contains(said, "\n")
	})
	pid, state := jobState(t, dir)
	if state != "T" {
		t.Errorf("the program is not stopped but in state %q", state)
	}
	return pid, said
}

// suspend presses ctrl+z and looks at what the shell gets.
func suspend(t *testing.T, term *ptytest.Terminal, dir string) (pid int) {
	t.Helper()
	mark := term.Mark()
	term.Keys("ctrl+z")
	pid, said := stops(t, term, dir, mark)
	if s := term.Screen(); s.Alternate || !s.CursorVisible || strings.Contains(said, "-icanon") || strings.Contains(said, "-echo") {
		t.Errorf("the shell's terminal is not as it was (%s):\n%s", said, s)
	}
	return pid
}

// TestSuspend: ctrl+z gives the terminal to the shell and stops the program; fg
// brings the board back, on a terminal that was resized meanwhile.
func TestSuspend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startInShell()
	term.WaitText("shop-example-com", "waits: merge")
	term.Keys("M") // the mouse is given back, too
	term.WaitText("the mouse chooses rows")
	suspend(t, term, w.dir)
	mark := term.Mark()
	term.Resize(130, 24)
	term.Type("fg >/dev/null\r")
	s := term.WaitFor("the board in the new size", func(s ptytest.Screen) bool {
		return s.Alternate && s.Contains("shop-example-com", "waits: merge") && strings.Count(s.Lines[2], "─") == 130
	})
	if s.CursorVisible {
		t.Error("the cursor shows on the board")
	}
	if sent := string(term.BytesSince(mark)); !strings.Contains(sent, "\x1b[?1000h") {
		t.Error("the mouse was not asked for again")
	}
	// Keys arrive again; while text is typed ctrl+z works as well.
	term.Keys("/")
	term.Type("shop")
	term.WaitText("filter: shop")
	suspend(t, term, w.dir)
	term.Type("fg >/dev/null\r")
	term.WaitText("filter: shop", "shop-example-com")
	term.Type("-ex")
	term.WaitText("filter: shop-ex")
	term.Keys("esc", "q")
	term.WaitText("ENDED 0")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// TestContinuedInBackground: a suspended program that goes on in the background
// leaves the terminal alone until it is in the foreground again, and can be
// ended like any job.
func TestContinuedInBackground(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startInShell()
	term.WaitText("shop-example-com")
	suspend(t, term, w.dir)
	mark := term.Mark()
	term.Type("bg; read -r how; fg >/dev/null\r")
	waitUntil(t, "the program to go on", func() bool {
		_, state := jobState(t, w.dir)
		return state != "T"
	})
	time.Sleep(300 * time.Millisecond) // the span that is looked at
	if sent := string(term.BytesSince(mark)); strings.Contains(sent, "\x1b[") {
		t.Errorf("it wrote in the background: %q", sent)
	}
	term.Type("\r")
	term.WaitFor("the board", onBoard)
	suspend(t, term, w.dir)
	mark = term.Mark()
	// The first alone waits for the program to go on, so shells send both.
	term.Type("kill -TERM %1; kill -CONT %1; wait %1; false\r")
	term.WaitText("ended by signal: terminated", "ENDED 1")
	term.Wait()
	if sent := string(term.BytesSince(mark)); strings.Contains(sent, "\x1b[") {
		t.Errorf("it wrote at its end: %q", sent)
	}
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

func onBoard(s ptytest.Screen) bool {
	return s.Alternate && s.Contains("shop-example-com", "waits: merge")
}

// TestStoppedFromOutside: SIGSTOP leaves no time to give the terminal back, but
// afterwards it is the program's again, whatever the shell did to it.
func TestStoppedFromOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, true)
	term := w.startInShell()
	term.WaitFor("the board", onBoard)
	pid := suspend(t, term, w.dir)
	term.Type("fg >/dev/null\r")
	term.WaitFor("the board", onBoard)
	mark := term.Mark()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stops(t, term, w.dir, mark)
	// The shell has the terminal raw, in which only a line feed ends a line.
	term.Type("clear; stty sane; echo cleared; read -r how; fg >/dev/null\n")
	term.WaitText("cleared")
	mark = term.Mark()
	term.Type("\r")
	term.WaitFor("the board", func(s ptytest.Screen) bool { return onBoard(s) && !s.Contains("cleared") })
	if sent := string(term.BytesSince(mark)); !strings.Contains(sent, "\x1b[2J") {
		t.Errorf("the board was not drawn anew: %q", sent)
	}
	term.Keys("/")
	term.Type("shop")
	term.WaitText("filter: shop")
	term.Keys("esc", "q")
	term.WaitText("ENDED 0")
	term.Wait()
	if err := term.Restored(); err != nil {
		t.Error(err)
	}
}

// TestSuspendWithoutShell: nobody could continue it, so it does not stop and
// says why.
func TestSuspendWithoutShell(t *testing.T) {
	t.Parallel()
	term := newWorld(t, true).start()
	term.WaitText("shop-example-com")
	term.Keys("ctrl+z")
	term.WaitText("not now: no shell is there to continue the program")
	term.Keys("?")
	term.WaitText("This row")
}
