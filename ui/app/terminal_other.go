//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package app

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/input"
)

// takeScreen leaves the screen to Bubble Tea's renderer, which also sets the
// console's modes here.
func takeScreen(_ context.Context, m *Model, _ Options, _ *input.Reader) (option tea.ProgramOption, watch func(*tea.Program), free func()) {
	m.noSuspend = "this system has no job control"
	return tea.WithAltScreen(), func(*tea.Program) {}, func() {}
}
