package view

import (
	"certty/backend"
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
