// Package toast shows news for a few seconds. Nothing is lost with
// it: what a toast says also stands on the row, in the journal or in the log.
package toast

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
	"certty/ui/widget/box"
)

// Level is how loud the news is.
type Level uint8

// The levels.
const (
	Info Level = iota
	Done
	Warn
	Error
)

// Expired is the message that takes a toast away.
type Expired struct{ id uint64 }

// Toast holds the newest piece of news. The zero value shows nothing.
type Toast struct {
	level Level
	text  string
	id    uint64
}

// Show replaces what is shown; the command takes it away again.
func (t *Toast) Show(level Level, text string) tea.Cmd {
	t.id++
	t.level, t.text = level, text
	stay := 4 * time.Second
	if level >= Warn {
		stay = 10 * time.Second
	}
	id := t.id
	return tea.Tick(stay, func(time.Time) tea.Msg { return Expired{id: id} })
}

// Expire takes the toast away unless a newer one stands there.
func (t *Toast) Expire(msg Expired) {
	if msg.id == t.id {
		t.text = ""
	}
}

// Clear takes the toast away before its time.
func (t *Toast) Clear() { t.text = "" }

// View is the news in lines of at most w cells, nearly always one; none when
// there is nothing to say.
func (t *Toast) View(th *theme.Theme, w int) []string {
	if t.text == "" {
		return nil
	}
	text, role := t.text, theme.Text
	switch t.level {
	case Done:
		text, role = th.Glyphs.Check+" "+text, theme.Good
	case Warn:
		text, role = th.Glyphs.Warn+" "+text, theme.Warn
	case Error:
		text, role = th.Glyphs.Cross+" "+text, theme.Bad
	case Info:
	}
	lines := box.Wrap(text, w)
	for i, line := range lines {
		lines[i] = th.Paint(role, line)
	}
	return lines
}
