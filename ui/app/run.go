package app

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"certty/model"
	"certty/ui/clip"
	"certty/ui/input"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/board"
	"certty/ui/view/detail"
	"certty/ui/view/logs"
	"certty/ui/view/vaults"
)

// Options are what a screen needs.
type Options struct {
	In *os.File
	// Out is the terminal; what is written to it in one call arrives in one
	// piece.
	Out *Output
	// Lookup reads the environment.
	Lookup func(string) (string, bool)
	// Names are the targets' names, known before they are open.
	Names    []string
	Sandbox  bool
	ReadOnly bool
	Theme    theme.Options
	// FPS is how often the screen is drawn at most, per second.
	FPS int
	// Open opens the targets. It runs beside the first frame.
	Open func(context.Context) (*Parts, error)
	// Clock tells the time.
	Clock func() time.Time
	// Log is what the log view shows; nil for none.
	Log *logs.Ring
	// Mouse asks the terminal for clicks and the wheel from the start.
	Mouse bool
	// Book knows the configuration, for adding vaults.
	Book vaults.Book
}

// SignalError says that a signal ended the screen.
type SignalError struct{ Signal syscall.Signal }

// ExitCode is 128 and the signal's number, as shells have it.
func (e *SignalError) ExitCode() int { return 128 + int(e.Signal) }

// Error names the signal.
func (e *SignalError) Error() string { return "ended by signal: " + e.Signal.String() }

// New makes the root model. Its messages come from Bubble Tea or, in tests,
// from the test.
func New(ctx context.Context, o Options) *Model {
	m := &Model{ctx: ctx, open: o.Open, book: o.Book, log: o.Log, mouse: o.Mouse, sandbox: o.Sandbox, readOnly: o.ReadOnly}
	m.noSuspend = "this screen is on no terminal"
	m.s = &view.Session{
		Theme: theme.New(o.Theme),
		Data:  view.NewData(o.Names, o.Clock()),
		Desk:  view.NewDesk(ctx),
		Host:  m,
		Clip:  clip.New(o.Out, o.Lookup),
		Clock: o.Clock,
	}
	m.s.Detail = func(ref model.Ref) view.View { return detail.New(m.s, ref) }
	m.base = board.New(m.s)
	return m
}

// Run shows the screen until the person leaves it, ctx ends, or the terminal is
// closed. The terminal is as it was afterwards. send gives the program's
// message queue to whoever has news for the screen.
func Run(ctx context.Context, o Options, send func(func(Message))) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := New(ctx, o)
	if w, h, err := term.GetSize(int(o.Out.Fd())); err == nil {
		// Known before the first frame, so that it is whole.
		m.resize(w, h)
	}

	var program *tea.Program
	reader, err := input.Open(o.In, input.Options{
		Send:     func(msg tea.Msg) { program.Send(msg) },
		OnHangup: func() { program.Quit() },
	})
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }() // the screen is gone; the exit code is the run's
	screen, watch, free := takeScreen(ctx, m, o, reader)
	defer free()
	program = tea.NewProgram(m, reader.ProgramOption(), tea.WithOutput(o.Out), screen,
		tea.WithContext(ctx), tea.WithFPS(o.FPS), tea.WithoutSignalHandler())
	watch(program)
	send(program.Send)

	caught := watchSignals(ctx, program)
	_, err = program.Run()
	stopped := ctx.Err() != nil // by whoever started the screen
	cancel()
	if s := caught(); s != 0 {
		return &SignalError{Signal: s}
	}
	if stopped && errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic) {
		return m.err
	}
	return errors.Join(m.err, err)
}

// watchSignals ends the program on the signals that end programs. Bubble Tea
// handles only two of them, and the others would leave the terminal raw.
func watchSignals(ctx context.Context, program *tea.Program) (caught func() syscall.Signal) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	var first syscall.Signal
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case s := <-signals:
			first, _ = s.(syscall.Signal)
			// A second one ends the process, should the end get stuck.
			signal.Stop(signals)
			program.Quit()
		case <-ctx.Done():
		}
	})
	return func() syscall.Signal {
		signal.Stop(signals)
		wg.Wait()
		return first
	}
}

// Output is the terminal for Bubble Tea and for the clipboard. Each Write is
// whole, so that an OSC 52 sequence never lands inside a frame.
type Output struct {
	*os.File
	mu sync.Mutex
}

// Write writes b in one piece.
func (o *Output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.File.Write(b)
}
