// Minimal is the smallest Bubble Tea program that fills a screen. The console's
// first frame is measured against it.
package main

import (
	"os"
	"strings"

	"certty/config/earlyenv"

	tea "github.com/charmbracelet/bubbletea"
)

type model struct{}

func (model) Init() tea.Cmd { return nil }

func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, ok := msg.(tea.KeyMsg); ok {
		return m, tea.Quit
	}
	return m, nil
}

func (model) View() string { return strings.Repeat("minimal\n", 20) + "ready" }

func main() {
	earlyenv.Restore()
	if _, err := tea.NewProgram(model{}, tea.WithAltScreen()).Run(); err != nil {
		os.Exit(1)
	}
}
