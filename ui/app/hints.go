package app

import (
	"slices"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/widget/box"
)

// hints are the keys that do something here now, as many as fit. The way out
// stands at the right edge, always in the same place, and beside it the help
// where the header has no room for it.
func (m *Model) hints() string {
	if m.top().Capturing() {
		if len(m.stack) == 0 {
			return m.fit(m.base.Typing())
		}
		return ""
	}
	actions := m.actions()
	list := keys.Hints(actions)
	right := ""
	if i := m.wayOut(list); i >= 0 {
		right = m.hint(list[i])
		list = slices.Delete(list, i, i+1)
	}
	if m.w < wide {
		if i := slices.IndexFunc(actions, func(a keys.Action) bool { return a.ID == keys.Help.ID }); i >= 0 {
			right = m.hint(actions[i]) + right
		}
	}
	room := m.w - ansi.StringWidth(right)
	line, width := "", 0
	for _, a := range list {
		hint := m.hint(a)
		w := ansi.StringWidth(hint)
		if width+w > room {
			break
		}
		line += hint
		width += w
	}
	return box.Fit(line, room, "") + right
}

// wayOut is the hint that leaves what is open, or else the program; -1 without
// one.
func (m *Model) wayOut(hints []keys.Action) int {
	for _, id := range []string{keys.Back.ID, keys.Quit.ID} {
		if i := slices.IndexFunc(hints, func(a keys.Action) bool { return a.ID == id }); i >= 0 {
			return i
		}
	}
	return -1
}

// hint is one key and what it does, with a blank on either side.
func (m *Model) hint(a keys.Action) string {
	t := m.s.Theme
	label := a.Label()
	if label == "⏎" {
		label = t.Glyphs.Enter
	}
	return " " + t.Paint(theme.Key, label) + " " + a.Help + " "
}
