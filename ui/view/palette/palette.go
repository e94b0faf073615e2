// Package palette finds an action by its words and runs it. It offers what the
// keys of the view below offer, from the same registry, with the same reasons
// for what can't be done now.
package palette

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/field"
	"certty/ui/widget/toast"
)

// View is the open palette.
type View struct {
	s *view.Session
	// offers gives the actions as they are at the moment: news may change them
	// while the palette is open.
	offers func() []keys.Action
	found  []keys.Action
	typing *field.Field
	at     int
	w, h   int
}

// New offers actions.
func New(s *view.Session, offers func() []keys.Action) *View {
	v := &View{s: s, offers: offers, typing: field.New("")}
	v.search()
	return v
}

// search keeps what is typed in step with what is offered.
func (v *View) search() {
	all := v.offers()
	offered := make([]keys.Action, 0, len(all))
	for _, a := range all {
		// What rows of another kind have is found by its words only.
		if a.ID != keys.Palette.ID && (!a.Elsewhere || v.typing.Value() != "") {
			offered = append(offered, a)
		}
	}
	v.found = rank(offered, v.typing.Value())
	v.at = max(0, min(v.at, len(v.found)-1))
}

// Init starts nothing.
func (v *View) Init() tea.Cmd { return nil }

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: keys are text.
func (v *View) Capturing() bool { return true }

// Actions is empty: every key is the palette's.
func (v *View) Actions() []keys.Action { return nil }

// Update takes what is typed.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged, view.OpDone:
		v.keepPlace()
	case input.PasteMsg:
		return view.Typed(v.s, msg, func(text string) { v.typing.Insert(text); v.at = 0; v.search() })
	case tea.KeyMsg:
		return v.key(msg)
	}
	return nil
}

// keepPlace follows the chosen action when others come or go.
func (v *View) keepPlace() {
	chosen := ""
	if v.at < len(v.found) {
		chosen = v.found[v.at].ID
	}
	v.search()
	for i, a := range v.found {
		if a.ID == chosen {
			v.at = i
		}
	}
}

func (v *View) key(msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "esc":
		v.s.Host.Close(v)
	case "up", "ctrl+p", "shift+tab":
		v.at = max(0, v.at-1)
	case "down", "ctrl+n", "tab":
		v.at = max(0, min(v.at+1, len(v.found)-1))
	case "pgup":
		v.at = max(0, v.at-v.room())
	case "pgdown":
		v.at = max(0, min(v.at+v.room(), len(v.found)-1))
	case "enter":
		return v.run()
	default:
		v.typing.Key(msg)
		v.at = 0
		v.search()
	}
	return nil
}

// run does the chosen action as it is now.
func (v *View) run() tea.Cmd {
	v.keepPlace()
	if v.at >= len(v.found) {
		return nil
	}
	a := v.found[v.at]
	if a.Disabled != "" {
		return v.s.Host.Toast(toast.Warn, "not now: "+a.Disabled)
	}
	v.s.Host.Close(v)
	return a.Run()
}

// room is how many actions fit; the field, its gap and the reason take lines
// of their own.
func (v *View) room() int { return max(1, v.h-5-whatLines) }

// View draws the field, the actions, and what the chosen one does.
func (v *View) View() []string {
	t := v.s.Theme
	w := min(100, v.w)
	inner := w - 4
	lines := []string{": " + v.typing.View(t, max(8, inner-2), true), ""}
	if len(v.found) == 0 {
		lines = append(lines, t.Paint(theme.Faint, "No action has these words."))
	}
	top := max(0, min(v.at-v.room()/2, len(v.found)-v.room()))
	for i := top; i < min(len(v.found), top+v.room()); i++ {
		lines = append(lines, v.line(v.found[i], i == v.at, inner))
	}
	if v.at < len(v.found) {
		lines = append(lines, "")
		lines = append(lines, v.what(v.found[v.at], inner)...)
	}
	return box.Frame(t, fmt.Sprintf("Commands: %d", len(v.found)), lines, w, v.h)
}

// nameRoom is the room of the actions' names.
const nameRoom = 19

func (v *View) line(a keys.Action, chosen bool, w int) string {
	t := v.s.Theme
	label := a.Label()
	if label == "⏎" {
		label = t.Glyphs.Enter
	}
	marker := "  "
	names := min(nameRoom, w/2)
	name := box.Fit(strings.TrimRight(a.Help, "…"), names, t.Glyphs.Ellipsis)
	rest := a.Long
	if a.Disabled != "" {
		rest = "not now: " + a.Disabled
	}
	rest = box.Fit(rest, max(0, w-2-8-names-1), t.Glyphs.Ellipsis)
	key := t.Paint(theme.Key, box.Fit(label, 8, t.Glyphs.Ellipsis))
	switch {
	case chosen:
		return "> " + key + t.Paint(theme.Selected, name) + " " + rest
	case a.Disabled != "":
		return marker + key + t.Paint(theme.Faint, name+" "+rest)
	}
	return marker + key + name + " " + t.Paint(theme.Faint, rest)
}

// whatLines is the room for what the chosen action does.
const whatLines = 2

// what says of the chosen action what its line has no room for, in as many lines
// each time, so that the frame stands still.
func (v *View) what(a keys.Action, w int) []string {
	text := a.Long
	if a.Disabled != "" {
		text = "not now: " + a.Disabled
	}
	lines := box.Wrap(text, w)
	if len(lines) > whatLines {
		lines[whatLines-1] += v.s.Theme.Glyphs.Ellipsis
	}
	return box.Clamp(lines, w, whatLines, v.s.Theme.Glyphs.Ellipsis)
}
