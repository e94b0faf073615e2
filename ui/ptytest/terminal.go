//go:build unix

package ptytest

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// Patience bounds a wait for something that is sure to come. It is only reached
// by a test that fails.
const Patience = time.Minute

// Options say what to start, and in what kind of terminal.
type Options struct {
	Path string
	Args []string
	// Dir is the working directory; empty means a fresh one.
	Dir string
	// Env is added to an environment that otherwise holds only PATH, HOME and
	// the XDG directories (fresh ones), LANG=C.UTF-8, and TERM.
	Env []string
	// Cols and Rows are the size; 0 means 80 and 24.
	Cols, Rows int
	// Term is the value of TERM; empty means xterm-256color.
	Term string
	// NoColor sets NO_COLOR.
	NoColor bool
	// Answers makes the terminal answer queries for colours and for the
	// cursor's position. Without it the terminal never answers, as in "ssh -tt"
	// from cron.
	Answers bool
}

// Terminal is a program in a pseudo terminal. Its methods are for the test's
// goroutine; those that wait end the test when nothing comes.
type Terminal struct {
	tb     testing.TB
	cmd    *exec.Cmd
	home   string
	master *os.File
	before *term.State
	typing *chance // pauses between keys

	mu      sync.Mutex
	screen  vt10x.Terminal
	output  []byte
	fed     int           // bytes of output that the screen has seen
	changed chan struct{} // closed and replaced whenever something happens
	tty     *os.File      // our own end of the program's side; nil once it ended
	after   *term.State
	gone    bool // CloseTerminal was called

	ended   chan struct{} // the program has ended
	drained chan struct{} // and all its output is here
}

// Start starts a program in a terminal. It is killed and everything is removed
// when the test ends.
func Start(tb testing.TB, o Options) *Terminal {
	tb.Helper()
	t := &Terminal{
		tb: tb, home: tb.TempDir(),
		typing:  newChance(shakeKeys, tb.Name()),
		changed: make(chan struct{}), ended: make(chan struct{}), drained: make(chan struct{}),
	}
	cols, rows := orDefault(o.Cols, 80), orDefault(o.Rows, 24)
	var err error
	if t.master, t.tty, err = openPTY(); err != nil {
		tb.Fatalf("open a pseudo terminal: %v", err)
	}
	tb.Cleanup(t.cleanUp)
	answers := io.Discard
	if o.Answers {
		answers = t.master
	}
	t.screen = vt10x.New(vt10x.WithSize(cols, rows), vt10x.WithWriter(answers))
	if err := pty.Setsize(t.tty, winsize(cols, rows)); err != nil {
		tb.Fatalf("set the terminal's size: %v", err)
	}
	if t.before, err = term.GetState(int(t.tty.Fd())); err != nil {
		tb.Fatalf("read the terminal's modes: %v", err)
	}
	t.start(o)
	return t
}

func (t *Terminal) start(o Options) {
	t.tb.Helper()
	// Not CommandContext: the test's context ends before its cleanup, which
	// shows how the program stood.
	t.cmd = exec.Command(o.Path, o.Args...)
	t.cmd.Dir = o.Dir
	if t.cmd.Dir == "" {
		t.cmd.Dir = t.home
	}
	t.cmd.Env = t.environment(o)
	t.cmd.Stdin, t.cmd.Stdout, t.cmd.Stderr = t.tty, t.tty, t.tty
	t.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := t.cmd.Start(); err != nil {
		t.cmd = nil
		t.tb.Fatalf("start %s: %v", o.Path, err)
	}
	if err := slow(t.cmd.Process.Pid); err != nil {
		t.tb.Errorf("make %s slow: %v", o.Path, err)
	}
	go t.readOutput()
	go t.awaitEnd()
}

func (t *Terminal) environment(o Options) []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + t.home,
		"LANG=C.UTF-8",
		"TERM=xterm-256color",
	}
	for name, dir := range map[string]string{
		"XDG_CONFIG_HOME": "config", "XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache",
		"XDG_DATA_HOME": "data", "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp",
	} {
		path := filepath.Join(t.home, dir)
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.tb.Fatalf("make the program's directories: %v", err)
		}
		env = append(env, name+"="+path)
	}
	if o.Term != "" {
		env = append(env, "TERM="+o.Term)
	}
	if shaken(shakeProgram) {
		env = append(env, "GOMAXPROCS=1")
	}
	if o.NoColor {
		env = append(env, "NO_COLOR=1")
	}
	return append(env, o.Env...)
}

// Home is the program's HOME, under which all its XDG directories lie.
func (t *Terminal) Home() string { return t.home }

// PID is the program's process id.
func (t *Terminal) PID() int { return t.cmd.Process.Pid }

// readOutput feeds the screen until the last end of the terminal is closed. What
// is read is on the screen before anybody looks.
func (t *Terminal) readOutput() {
	defer close(t.drained)
	conn, err := t.master.SyscallConn()
	if err != nil {
		return // it is closed
	}
	buf := make([]byte, 32<<10)
	reading := newChance(shakeTerminal, t.tb.Name())
	for {
		// A program that ends waits for its last words half a second.
		const frame = 16
		time.Sleep(reading.pause(frame))
		n := 0
		var failed error
		err := conn.Read(func(fd uintptr) bool {
			t.mu.Lock()
			defer t.mu.Unlock()
			if n, failed = unix.Read(int(fd), reading.piece(buf)); n > 0 {
				t.output = append(t.output, buf[:n]...)
				t.feed()
				t.touch()
			}
			return !errors.Is(failed, unix.EAGAIN) && !errors.Is(failed, unix.EINTR)
		})
		if err != nil || failed != nil || n <= 0 {
			return
		}
	}
}

// awaitEnd waits for the program and looks at the terminal it leaves.
func (t *Terminal) awaitEnd() {
	_ = t.cmd.Wait() // the state tells
	t.mu.Lock()
	if state, err := term.GetState(int(t.tty.Fd())); err == nil {
		t.after = state
	}
	// The last one: now the reading side sees an end.
	_ = t.tty.Close()
	t.tty = nil
	close(t.ended)
	t.touch()
	t.mu.Unlock()
}

// touch tells waiters that something happened. t.mu is held.
func (t *Terminal) touch() {
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *Terminal) hasEnded() bool {
	select {
	case <-t.ended:
		return true
	default:
		return false
	}
}

func (t *Terminal) cleanUp() {
	if t.cmd != nil {
		if t.tb.Failed() {
			t.tb.Logf("the screen at the end:\n%s", t.Screen())
		}
		if !t.hasEnded() {
			_ = t.cmd.Process.Kill() // it may have ended just now
		}
		<-t.ended
	} else {
		_ = t.tty.Close()
	}
	_ = t.closeMaster() // the test's result matters more
	if t.cmd != nil {
		<-t.drained
	}
}

// Signal sends a signal to the program.
func (t *Terminal) Signal(s os.Signal) {
	t.tb.Helper()
	if err := t.cmd.Process.Signal(s); err != nil {
		t.tb.Fatalf("send %v: %v", s, err)
	}
}

// CloseTerminal closes the terminal's window: the program gets SIGHUP and reads
// the end of its input.
func (t *Terminal) CloseTerminal() {
	t.tb.Helper()
	if err := t.closeMaster(); err != nil {
		t.tb.Fatalf("close the terminal: %v", err)
	}
}

// closeMaster closes the terminal's side, once. It waits for whoever reads, who
// wants t.mu.
func (t *Terminal) closeMaster() error {
	t.mu.Lock()
	gone := t.gone
	t.gone = true
	t.mu.Unlock()
	if gone {
		return nil
	}
	return t.master.Close()
}

// Resize changes the size; the program gets SIGWINCH.
func (t *Terminal) Resize(cols, rows int) {
	t.tb.Helper()
	t.mu.Lock()
	defer t.mu.Unlock()
	// Before the program can draw for the new size.
	t.screen.Resize(cols, rows)
	if t.tty == nil {
		return
	}
	if err := pty.Setsize(t.tty, winsize(cols, rows)); err != nil {
		t.tb.Fatalf("resize the terminal: %v", err)
	}
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}
}
