package app

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/view"
)

// doubtPause is how long news wait until they are held against what is uncertain:
// what was read has to be stored first, and more of it mostly follows.
const doubtPause = 3 * time.Second

// messages about what is uncertain.
type (
	doubtsDue  struct{}
	doubtsRead []view.Doubt
)

// readDoubts reads what is uncertain.
func (m *Model) readDoubts() tea.Cmd {
	if m.parts == nil || m.parts.Doubts == nil {
		return nil
	}
	ctx, read := m.ctx, m.parts.Doubts
	return func() tea.Msg { return doubtsRead(read(ctx)) }
}

// laterDoubts reads what is uncertain once there may be more to say of it.
func (m *Model) laterDoubts() tea.Cmd {
	if m.doubting || m.parts == nil || m.parts.Doubts == nil {
		return nil
	}
	m.doubting = true
	return tea.Tick(doubtPause, func(time.Time) tea.Msg { return doubtsDue{} })
}

// doubt takes what is uncertain.
func (m *Model) doubt(list []view.Doubt) tea.Cmd {
	if !m.s.Data.SetDoubts(list) {
		return nil
	}
	var cmds []tea.Cmd
	for _, name := range m.s.Data.Targets() {
		cmds = append(cmds, m.all(view.DataChanged{Target: name}))
	}
	return tea.Batch(cmds...)
}
