//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"
)

// console is a model that reports its messages and runs what a key asks for.
type console struct {
	bench *bench
	keys  map[string]tea.Cmd
}

func (c *console) Init() tea.Cmd { return nil }
func (c *console) View() string  { return "" }

func (c *console) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.KeyMsg:
		c.bench.events <- m.String()
		return c, c.keys[m.String()]
	case PasteMsg:
		c.bench.events <- describe(event{paste: &m})
	case childDone:
		c.bench.events <- fmt.Sprintf("child done: %v", m.err)
	case SuspendErrorMsg:
		c.bench.events <- m.Err.Error()
	}
	return c, nil
}

type childDone struct{ err error }

// run starts a Bubble Tea program that reads through a Reader on a pty. The
// returned function waits for its end.
func run(t *testing.T, keys func(*bench) map[string]tea.Cmd) (*bench, func() error) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, master: master, tty: tty, events: make(chan string, 64)}
	var program *tea.Program
	b.reader, err = Open(tty, Options{
		Send:     func(m tea.Msg) { program.Send(m) },
		OnHangup: func() { program.Quit() },
	})
	if err != nil {
		t.Fatal(err)
	}
	program = tea.NewProgram(&console{bench: b, keys: keys(b)}, b.reader.ProgramOption(),
		tea.WithOutput(io.Discard), tea.WithoutRenderer(), tea.WithoutSignalHandler())
	done := make(chan error, 1)
	go func() {
		_, err := program.Run()
		done <- err
	}()
	t.Cleanup(func() {
		program.Kill()
		program.Wait()
		_ = errors.Join(b.reader.Close(), tty.Close(), master.Close())
	})
	return b, func() error { return <-done }
}

func quitKey(*bench) map[string]tea.Cmd { return map[string]tea.Cmd{"q": tea.Quit} }

func TestProgramOrder(t *testing.T) {
	b, wait := run(t, quitKey)
	b.write("jj\x1b[200~one\rtwo\x1b[201~k\x1b[200~three\x1b[201~q")
	b.expect("j", "j", `paste("one\rtwo")`, "k", `paste("three")`, "q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}

// A paste that arrives while the program ends must not hold Close up.
func TestProgramQuitsDuringPaste(t *testing.T) {
	b, wait := run(t, quitKey)
	b.write("q\x1b[200~late\x1b[201~")
	b.expect("q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
	if err := b.reader.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestProgramEndsOnHangup(t *testing.T) {
	b, wait := run(t, quitKey)
	b.write("j")
	b.expect("j")
	if err := b.master.Close(); err != nil {
		t.Fatal(err)
	}
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}

// lines is the output of a child, as events.
type lines struct{ to chan<- string }

func (l lines) Write(b []byte) (int, error) {
	l.to <- string(b)
	return len(b), nil
}

// The child gets the terminal as it was before the program, and every key typed
// while it runs; the program gets those after it.
func TestProgramExec(t *testing.T) {
	b, wait := run(t, func(b *bench) map[string]tea.Cmd {
		keys := quitKey(b)
		for _, k := range []string{"e", "f"} {
			cmd := exec.CommandContext(t.Context(), "sh", "-c", "echo ready; exec head -n 1")
			cmd.Stdout = lines{b.events}
			keys[k] = b.reader.Exec(cmd, func(err error) tea.Msg { return childDone{err} })
		}
		return keys
	})
	for _, k := range []string{"e", "f"} {
		b.write(k)
		b.expect(k, "ready\n")
		b.write("q for the child\n")
		b.expect("q for the child\n", "child done: <nil>")
	}
	b.write("jq")
	b.expect("j", "q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}

func TestProgramExecFails(t *testing.T) {
	b, wait := run(t, func(b *bench) map[string]tea.Cmd {
		keys := quitKey(b)
		keys["e"] = b.reader.Exec(exec.CommandContext(t.Context(), "/nonexistent/editor"),
			func(err error) tea.Msg { return childDone{err} })
		return keys
	})
	b.write("e")
	b.expect("e", "child done: run /nonexistent/editor: fork/exec /nonexistent/editor: no such file or directory")
	b.write("q")
	b.expect("q")
	if err := wait(); err != nil {
		t.Fatal(err)
	}
}
