// Package help shows every key of what is on the screen, and why what can't be
// done now can't be done.
package help

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View is the open help.
type View struct {
	s       *view.Session
	actions []keys.Action
	w, h    int
	top     int
}

// New shows the given actions.
func New(s *view.Session, actions []keys.Action) *View { return &View{s: s, actions: actions} }

// Init starts nothing.
func (v *View) Init() tea.Cmd { return nil }

// Update takes nothing.
func (v *View) Update(tea.Msg) tea.Cmd { return nil }

// SetSize tells the room.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.top = v.within(v.top, len(v.lines()))
}

// Capturing is false.
func (v *View) Capturing() bool { return false }

// Actions scroll and close.
func (v *View) Actions() []keys.Action {
	scroll := func(def keys.Def, by int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.top = v.within(v.top+by, len(v.lines())); return nil }}
	}
	closing := func() tea.Cmd { v.s.Host.Close(v); return nil }
	leave := keys.Back
	leave.Keys = []string{"esc", "?", "q", "enter"}
	return []keys.Action{
		scroll(keys.Up, -1), scroll(keys.Down, 1),
		scroll(keys.PageUp, -v.room()), scroll(keys.PageDown, v.room()),
		{Def: leave, Run: closing},
	}
}

func (v *View) room() int { return max(1, v.h-2) }

func (v *View) width() int { return min(100, v.w) }

// within is the line nearest to top that may be the first one shown of n.
func (v *View) within(top, n int) int { return max(0, min(top, n-v.room())) }

// View draws the part that fits.
func (v *View) View() []string {
	lines := v.lines()
	title := "Help"
	if len(lines) > v.room() {
		title = "Help: arrows scroll"
	}
	return box.Frame(v.s.Theme, title, lines[v.top:], v.width(), v.h)
}

func (v *View) lines() []string {
	w := v.width() - 4
	t := v.s.Theme
	var lines []string
	tag := ""
	var elsewhere []string
	for _, a := range v.actions {
		if a.Elsewhere {
			elsewhere = append(elsewhere, a.Label()+" "+a.Help)
			continue
		}
		if a.Tag != tag {
			if tag != "" {
				lines = append(lines, "")
			}
			tag = a.Tag
			lines = append(lines, t.Paint(theme.Title, tag))
		}
		lines = append(lines, v.action(a, w)...)
	}
	if len(elsewhere) > 0 {
		lines = append(lines, "", t.Paint(theme.Title, "Only rows of another kind have"))
		lines = append(lines, box.Wrap(strings.Join(elsewhere, ", "), w)...)
	}
	return append(lines, v.columns(w)...)
}

// keyRoom is the room of the keys at the left.
const keyRoom = 14

// action is what an action does, and below that why it can't be done now. One
// that can't is quiet as a whole.
func (v *View) action(a keys.Action, w int) []string {
	t := v.s.Theme
	label, text := theme.Key, theme.Text
	if a.Disabled != "" {
		label, text = theme.Faint, theme.Faint
	}
	var labels []string
	for _, k := range a.Keys {
		name := keys.Label(k)
		if name == "⏎" {
			name = t.Glyphs.Enter
		}
		labels = append(labels, name)
	}
	indent := strings.Repeat(" ", keyRoom)
	start := t.Paint(label, box.Fit(strings.Join(labels, " "), keyRoom, t.Glyphs.Ellipsis))
	var lines []string
	for _, l := range box.Wrap(a.Long, w-keyRoom) {
		lines = append(lines, start+t.Paint(text, l))
		start = indent
	}
	if a.Disabled != "" {
		for _, l := range box.Wrap("not now: "+a.Disabled, w-keyRoom-2) {
			lines = append(lines, indent+"  "+t.Paint(theme.Faint, l))
		}
	}
	return lines
}

// columns says what the board's shortest column means. It is there once an
// account is.
func (v *View) columns(w int) []string {
	if !slices.ContainsFunc(v.s.Desk.Targets(), func(t view.Target) bool { return t.Repository != nil }) {
		return nil
	}
	t := v.s.Theme
	lines := []string{"", t.Paint(theme.Title, "On the board")}
	start := t.Paint(theme.Key, box.Fit("H  "+t.Glyphs.Here, keyRoom, ""))
	for _, l := range box.Wrap("the order is held here, in the local repository: followed, and collected by itself. Without the sign it is at its account only; i takes it over.", w-keyRoom) {
		lines = append(lines, start+l)
		start = strings.Repeat(" ", keyRoom)
	}
	return lines
}
