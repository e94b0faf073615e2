//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package app

import (
	"context"
	"os"
	"os/signal"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"certty/ui/input"
	"certty/ui/paint"
)

// takeScreen gives frames to a painter of ours and makes suspending possible.
// watch tells the program of every new size, which Bubble Tea does only with its
// own renderer, and takes the terminal again after a stop that nobody here asked
// for.
func takeScreen(ctx context.Context, m *Model, o Options, reader *input.Reader) (option tea.ProgramOption, watch func(*tea.Program), free func()) {
	m.painter = paint.New(o.Out, o.FPS, func() { discard(o.Out.File) })
	resized, continued := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(resized, unix.SIGWINCH)
	signal.Notify(continued, unix.SIGCONT)
	m.suspend, m.noSuspend = func() tea.Msg {
		signal.Stop(continued) // this one is awaited
		defer signal.Notify(continued, unix.SIGCONT)
		return resumed(o.Out, reader.Suspend(ctx, m.painter))
	}, ""
	if err := reader.CanSuspend(); err != nil {
		m.noSuspend = err.Error()
	}
	watch = func(program *tea.Program) {
		go func() {
			for {
				select {
				case <-resized:
					if w, h := size(o.Out); w > 0 && h > 0 {
						program.Send(tea.WindowSizeMsg{Width: w, Height: h})
					}
				case <-continued:
					program.Send(resumed(o.Out, reader.Retake(ctx, m.painter)))
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	return tea.WithoutRenderer(), watch, func() {
		signal.Stop(resized)
		signal.Stop(continued)
		m.painter.Close()
	}
}

func resumed(out *Output, err error) resumedMsg {
	w, h := size(out)
	return resumedMsg{w: w, h: h, err: err}
}

// size is the terminal's size in cells; 0 where it is not known.
func size(out *Output) (w, h int) {
	w, h, err := term.GetSize(int(out.Fd()))
	if err != nil {
		return 0, 0
	}
	return w, h
}
