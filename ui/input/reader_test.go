//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// bench is a Reader on a real pseudo terminal, with its reads collected.
type bench struct {
	t      *testing.T
	master *os.File
	tty    *os.File
	reader *Reader
	events chan string // what Read returned, what Send got, errors
}

func open(t *testing.T) *bench {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, master: master, tty: tty, events: make(chan string, 64)}
	b.reader, err = Open(tty, Options{
		Send:     func(m tea.Msg) { b.events <- describe(event{paste: new(m.(PasteMsg))}) },
		OnHangup: func() { b.events <- "hangup" },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = b.reader.Close()
		_ = tty.Close()
		_ = master.Close()
	})
	return b
}

// read runs a read loop as Bubble Tea's: it ends at the first error.
func (b *bench) read() {
	go func() {
		buf := make([]byte, 256)
		for {
			n, err := b.reader.Read(buf)
			if err != nil {
				b.events <- "error: " + err.Error()
				return
			}
			b.events <- fmt.Sprintf("%q", buf[:n])
		}
	}()
}

func (b *bench) write(s string) {
	b.t.Helper()
	if _, err := io.WriteString(b.master, s); err != nil {
		b.t.Fatal(err)
	}
}

// expect waits for events. The bound is only there for a test that fails.
func (b *bench) expect(want ...string) {
	b.t.Helper()
	for _, w := range want {
		select {
		case got := <-b.events:
			if got != w {
				b.t.Fatalf("got %s, want %s", got, w)
			}
		case <-time.After(5 * time.Minute):
			b.t.Fatalf("nothing came, want %s", w)
		}
	}
}

func (b *bench) mode() string {
	b.t.Helper()
	state, err := term.GetState(int(b.tty.Fd()))
	if err != nil {
		b.t.Fatal(err)
	}
	return fmt.Sprint(*state)
}

func TestReaderKeys(t *testing.T) {
	b := open(t)
	b.read()
	b.write("jj\x1b[B")
	b.expect(`"j"`, `"j"`, `"\x1b[B"`)
	b.write("\x1b")
	b.expect(`"\x1b"`)
	b.write("\x03")
	b.expect(`"\x03"`)
}

func TestReaderPaste(t *testing.T) {
	b := open(t)
	b.read()
	b.write("a\x1b[200~b\rc\x1b[201~d")
	b.expect(`"a"`, `paste("b\rc")`, `"d"`)
	b.write("\x1b[200~cut")
	b.expect(`paste+open("cut")`)
	b.write("q")
	b.expect(`"q"`)
	b.write("ab\rcd\r")
	b.expect(`burst("ab\rcd\r")`)
}

func TestReaderShortBuffer(t *testing.T) {
	b := open(t)
	b.write("\x1b[1;5Cj")
	var got []byte
	for buf := make([]byte, 2); len(got) < 7; {
		n, err := b.reader.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	if string(got) != "\x1b[1;5Cj" {
		t.Errorf("got %q", got)
	}
	if n, err := b.reader.Read(nil); n != 0 || err != nil {
		t.Errorf("Read(nil) = %d, %v", n, err)
	}
}

func TestReaderRestoresTerminal(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(tty.Close(), master.Close()) }()
	b := &bench{t: t, master: master, tty: tty}
	before := b.mode()
	r, err := Open(tty, Options{Send: func(tea.Msg) {}})
	if err != nil {
		t.Fatal(err)
	}
	raw := b.mode()
	if raw == before {
		t.Error("Open did not set raw mode")
	}
	steps := []struct {
		name string
		do   func() error
		want string
	}{
		{"pause", handOver(r), before},
		{"pause again", handOver(r), before},
		{"resume", func() error { return r.resume(false) }, raw},
		{"Close", r.Close, before},
		{"Close again", r.Close, before},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if b.mode() != s.want {
			t.Errorf("%s: the terminal is not as it should be", s.name)
		}
	}
}

// handOver is what a suspension does before the process is stopped.
func handOver(r *Reader) func() error {
	return func() error {
		r.halt()
		return r.giveTerminal()
	}
}

// What a paused Reader did not read is left to the shell, and the Read that
// waits goes on afterwards.
func TestReaderPauseEatsNothing(t *testing.T) {
	b := open(t)
	b.read()
	b.write("a")
	b.expect(`"a"`)
	if err := handOver(b.reader)(); err != nil {
		t.Fatal(err)
	}
	b.write("for the shell\n")
	line := make([]byte, 64)
	n, err := b.tty.Read(line)
	if err != nil || string(line[:n]) != "for the shell\n" {
		t.Fatalf("the shell read %q, %v", line[:n], err)
	}
	if err := b.reader.resume(false); err != nil {
		t.Fatal(err)
	}
	b.write("b")
	b.expect(`"b"`)
}

func TestOpenRefuses(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := Open(f, Options{Send: func(tea.Msg) {}}); !errors.Is(err, ErrNotTerminal) {
		t.Errorf("a file: %v, want ErrNotTerminal", err)
	}
	if _, err := Open(f, Options{}); err == nil || errors.Is(err, ErrNotTerminal) {
		t.Errorf("no Send: %v", err)
	}
}
