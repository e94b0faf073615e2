package ledger

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// Ledger is a list of R, which are known by K. Start with [New].
type Ledger[K comparable, R table.Row[K]] struct {
	*table.Table[K, R]

	s     *view.Session
	noun  string
	below int
	w, h  int
}

// New makes an empty list of entries that are called noun. below is how many
// lines the one under the cursor has under the list; empty is said where nothing
// is listed.
func New[K comparable, R table.Row[K]](s *view.Session, noun string, below int, empty string, columns ...table.Column[R]) *Ledger[K, R] {
	t := s.Theme
	return &Ledger[K, R]{s: s, noun: noun, below: below, Table: table.New[K](table.Options{
		Header: true, Ellipsis: t.Glyphs.Ellipsis, Empty: empty,
		Styles: table.Styles{Header: t.Painter(theme.Faint), Cursor: t.Painter(theme.Selected), Empty: t.Painter(theme.Faint)},
	}, columns...)}
}

// SetSize tells the room of the whole screen, in cells.
func (l *Ledger[K, R]) SetSize(w, h int) {
	l.w, l.h = w, h
	l.Table.SetSize(l.Inner(), l.room())
}

// Inner is the width inside the frame, in cells.
func (l *Ledger[K, R]) Inner() int { return max(1, l.w-4) }

func (l *Ledger[K, R]) room() int { return max(1, l.h-2-1-l.below) }

// Capturing is false: there is nothing to type.
func (l *Ledger[K, R]) Capturing() bool { return false }

// NoEntry is why nothing can be done with the entry under the cursor; "" where
// there is one.
func (l *Ledger[K, R]) NoEntry() string {
	if _, ok := l.Cursor(); ok {
		return ""
	}
	return "no " + l.noun + " is chosen"
}

// Copy copies the entry under the cursor as text says it. long is what the help
// says of it.
func (l *Ledger[K, R]) Copy(long string, text func(R) string) keys.Action {
	a := keys.Action{Def: keys.Copy, Disabled: l.NoEntry(), Run: func() tea.Cmd {
		entry, _ := l.Cursor()
		return l.s.Clip.Copy("the "+l.noun, text(entry))
	}}
	a.Help, a.Long = "copy", long
	return a
}

// Moves move the cursor.
func (l *Ledger[K, R]) Moves() []keys.Action { return view.Moves(l.Table, nil) }

// Frame draws a titled frame of the whole screen around body.
func (l *Ledger[K, R]) Frame(title string, body []string) []string {
	return box.Frame(l.s.Theme, title, body, l.w, l.h)
}

// Lines draws the list with details, as many lines of them as there are for
// them, below it.
func (l *Ledger[K, R]) Lines(title string, details []string) []string {
	lines := append(strings.Split(l.Table.View(), "\n"), "")
	lines = append(lines, details[:min(len(details), l.below)]...)
	for len(lines) < l.room()+1+l.below {
		lines = append(lines, "")
	}
	return l.Frame(title, lines)
}
