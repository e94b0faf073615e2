// Package toast shows one line of news for a few seconds. Nothing is lost with
// it: what a toast says also stands on the row, in the journal or in the log.
package toast

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
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

// View is the line; "" when there is nothing to say.
func (t *Toast) View(th *theme.Theme) string {
	if t.text == "" {
		return ""
	}
	switch t.level {
	case Done:
		return th.Paint(theme.Good, th.Glyphs.Check+" "+t.text)
	case Warn:
		return th.Paint(theme.Warn, th.Glyphs.Warn+" "+t.text)
	case Error:
		return th.Paint(theme.Bad, th.Glyphs.Cross+" "+t.text)
	default:
		return t.text
	}
}
