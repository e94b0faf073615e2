// Console is the program that the tests of ptytest drive: a screen that writes
// down what reaches it.
package main

import (
	"fmt"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/config/earlyenv"
	"certty/ui/input"
)

func main() {
	earlyenv.Restore()
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "console:", err)
	}
	os.Exit(code)
}

func run() (int, error) {
	m := &screen{}
	var program *tea.Program
	reader, err := input.Open(os.Stdin, input.Options{
		Send:     func(msg tea.Msg) { program.Send(msg) },
		OnHangup: func() { program.Quit() },
	})
	if err != nil {
		return 1, err
	}
	program = tea.NewProgram(m, reader.ProgramOption(), tea.WithAltScreen())
	_, err = program.Run()
	if closeErr := reader.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return 2, err
	}
	return m.code, nil
}

// screen is a model that lists what it was told.
type screen struct {
	lines []string
	code  int
	w, h  int
}

func (s *screen) Init() tea.Cmd { return nil }

func (s *screen) View() string {
	shown := s.lines[max(0, len(s.lines)-max(1, s.h-2)):]
	return fmt.Sprintf("size %dx%d\n", s.w, s.h) + strings.Join(shown, "\n")
}

func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch m := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = m.Width, m.Height
	case tea.KeyMsg:
		s.lines = append(s.lines, "key "+m.String())
		return s, s.key(m.String())
	case input.PasteMsg:
		s.lines = append(s.lines, fmt.Sprintf("paste %q", m.Text))
	}
	return s, nil
}

func (s *screen) key(name string) tea.Cmd {
	switch name {
	case "ctrl+c":
		s.code = 3
		return tea.Quit
	case "q":
		return tea.Quit
	case "!":
		panic("asked for")
	}
	return nil
}
