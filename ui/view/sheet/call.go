package sheet

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/view"
)

// Call is the changing call that a view waits for. The zero Call is none.
type Call struct{ id uint64 }

// Send notes a call of the desk, whose id and command these are, and returns
// the command.
func (c *Call) Send(id uint64, cmd tea.Cmd) tea.Cmd {
	c.id = id
	return cmd
}

// Running reports whether the call was sent and has no answer.
func (c *Call) Running() bool { return c.id != 0 }

// Ended reports whether msg is the answer that was waited for. None is after
// that.
func (c *Call) Ended(msg view.OpDone) bool {
	if c.id == 0 || msg.ID != c.id {
		return false
	}
	c.id = 0
	return true
}
