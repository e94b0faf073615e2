//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"io"
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
	}
	return c, nil
}

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
