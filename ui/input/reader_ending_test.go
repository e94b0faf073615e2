//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"io"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"
)

// The end of the program during a pause ends the Read that waits, and the
// terminal stays as it was given back, whatever comes late.
func TestReaderCloseWhilePaused(t *testing.T) {
	b := open(t)
	b.read()
	b.write("a")
	b.expect(`"a"`)
	if err := handOver(b.reader)(); err != nil {
		t.Fatal(err)
	}
	given := b.mode()
	if err := b.reader.Close(); err != nil {
		t.Fatal(err)
	}
	b.expect("error: EOF")
	b.reader.halt()
	if err := b.reader.resume(true); err != nil {
		t.Fatal(err)
	}
	if b.mode() != given {
		t.Error("a closed Reader took the terminal")
	}
}

func TestReaderCloseEndsRead(t *testing.T) {
	b := open(t)
	b.read()
	b.write("a")
	b.expect(`"a"`)
	if err := b.reader.Close(); err != nil {
		t.Fatal(err)
	}
	b.expect("error: EOF")
	if _, err := b.reader.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("Read after Close: %v", err)
	}
}

func TestReaderHangup(t *testing.T) {
	b := open(t)
	b.read()
	b.write("a")
	b.expect(`"a"`)
	if err := b.master.Close(); err != nil {
		t.Fatal(err)
	}
	b.expect("hangup", "error: EOF")
	if _, err := b.reader.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("Read after the hang-up: %v", err)
	}
	if len(b.events) != 0 {
		t.Errorf("OnHangup was called again: %s", <-b.events)
	}
	if err := b.reader.Close(); err != nil {
		t.Errorf("Close after the hang-up: %v", err)
	}
}

// A terminal that goes away during a pause must not leave a Reader that waits
// for ever.
func TestReaderHangupWhilePaused(t *testing.T) {
	b := open(t)
	if err := handOver(b.reader)(); err != nil {
		t.Fatal(err)
	}
	if err := b.master.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.reader.resume(false); err == nil {
		t.Error("a terminal that is gone was taken")
	}
	b.read()
	b.expect("hangup", "error: EOF")
}

// Send may block until the event loop runs, and the event loop may be in Close:
// that must not lock up.
func TestReaderCloseWhileSending(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = errors.Join(tty.Close(), master.Close()) }()
	sending, goOn := make(chan struct{}), make(chan struct{})
	r, err := Open(tty, Options{Send: func(tea.Msg) {
		close(sending)
		<-goOn
	}})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := r.Read(make([]byte, 256))
		ended <- err
	}()
	if _, err := io.WriteString(master, "\x1b[200~x\x1b[201~"); err != nil {
		t.Fatal(err)
	}
	<-sending
	if err := errors.Join(handOver(r)(), r.Close()); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("Read ended with %v", err)
	}
}
