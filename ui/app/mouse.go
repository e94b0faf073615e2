package app

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/widget/toast"
)

// wheelRows is how many rows one notch of the wheel moves.
const wheelRows = 3

// toggleMouse is the action that asks the terminal for the mouse, or gives it
// back: as long as it is ours, the terminal selects no text by itself.
func (m *Model) toggleMouse() keys.Action {
	return keys.Action{Def: keys.Mouse, Run: func() tea.Cmd {
		said := "the mouse chooses rows; M lets the terminal select text again"
		if m.mouse {
			said = "the mouse is the terminal's"
		}
		return tea.Batch(m.setMouse(!m.mouse), m.Toast(toast.Info, said))
	}}
}

// startMouse takes the mouse where it is wanted from the start.
func (m *Model) startMouse() tea.Cmd {
	if !m.mouse {
		return nil
	}
	return m.setMouse(true)
}

func (m *Model) setMouse(on bool) tea.Cmd {
	m.mouse = on
	switch {
	case m.painter != nil:
		m.painter.SetMouse(on)
		return nil
	case on:
		return tea.EnableMouseCellMotion
	default:
		return tea.DisableMouse
	}
}

// point takes the mouse: the wheel moves in the view on top, a click chooses a
// row of the board. Nothing that changes anything can be clicked.
func (m *Model) point(e tea.MouseEvent) tea.Cmd {
	if !m.mouse || m.w < minWidth || m.h < minHeight || e.Action != tea.MouseActionPress {
		return nil
	}
	switch e.Button {
	case tea.MouseButtonWheelUp:
		return m.wheel(keys.Up)
	case tea.MouseButtonWheelDown:
		return m.wheel(keys.Down)
	case tea.MouseButtonLeft:
		y := e.Y - m.headerLines()
		if _, h := m.body(); len(m.stack) == 0 && !m.base.Capturing() && y >= 0 && y < h {
			return m.base.Update(view.Click{X: e.X, Y: y})
		}
	default:
	}
	return nil
}

// wheel is the key, a few times over.
func (m *Model) wheel(def keys.Def) tea.Cmd {
	top := m.top()
	if top.Capturing() {
		return nil
	}
	var cmds []tea.Cmd
	for _, a := range top.Actions() {
		if a.ID != def.ID || a.Disabled != "" {
			continue
		}
		for range wheelRows {
			cmds = append(cmds, a.Run())
		}
		break
	}
	return tea.Batch(cmds...)
}
