//go:build unix

package app

import (
	"context"
	"os"
	"os/signal"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"certty/ui/paint"
)

// takeScreen gives frames to a painter of ours and tells the program of every
// new size, which Bubble Tea does only with its own renderer.
func takeScreen(ctx context.Context, m *Model, o Options) (option tea.ProgramOption, watch func(*tea.Program), free func()) {
	m.painter = paint.New(o.Out, o.FPS, func() { discard(o.Out.File) })
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, unix.SIGWINCH)
	watch = func(program *tea.Program) {
		go func() {
			for {
				select {
				case <-resized:
				case <-ctx.Done():
					return
				}
				if w, h, err := term.GetSize(int(o.Out.Fd())); err == nil {
					program.Send(tea.WindowSizeMsg{Width: w, Height: h})
				}
			}
		}()
	}
	return tea.WithoutRenderer(), watch, func() {
		signal.Stop(resized)
		m.painter.Close()
	}
}
