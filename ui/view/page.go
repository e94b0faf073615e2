package view

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/widget/box"
)

// Page is text that is wrapped to its width, in columns, as it is added.
type Page struct {
	Theme *theme.Theme
	Width int
	// Lines are what was added, painted.
	Lines []string
}

// Add adds a text. An empty one is an empty line.
func (p *Page) Add(role theme.Role, text string) {
	for _, line := range box.Wrap(text, p.Width) {
		p.Lines = append(p.Lines, p.Theme.Paint(role, line))
	}
}

// AddUnread says why something could not be read, and what to do about it.
func (p *Page) AddUnread(err error) {
	advice := backend.AdviceFor(err)
	p.Add(theme.Bad, "Not read. "+advice.Cause+" "+advice.Next)
	p.Add(theme.Faint, Clean(err.Error()))
}

// Scrolling are the actions that move text in a card of h rows: top is the first
// line that is shown, and never below 0. Its end is the drawing's to find.
func Scrolling(top *int, h int) []keys.Action {
	scroll := func(def keys.Def, by int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { *top = max(0, *top+by); return nil }}
	}
	return []keys.Action{scroll(keys.Up, -1), scroll(keys.Down, 1), scroll(keys.PageUp, 2-h), scroll(keys.PageDown, h-2)}
}
