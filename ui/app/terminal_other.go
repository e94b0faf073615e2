//go:build !unix

package app

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"
)

// takeScreen leaves the screen to Bubble Tea's renderer, which also sets the
// console's modes here.
func takeScreen(context.Context, *Model, Options) (option tea.ProgramOption, watch func(*tea.Program), free func()) {
	return tea.WithAltScreen(), func(*tea.Program) {}, func() {}
}
