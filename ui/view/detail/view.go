package detail

import (
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/act"
	"certty/ui/widget/box"
)

// View is a row on a screen of its own.
type View struct {
	s      *view.Session
	ref    model.Ref
	events []model.Event
	w, h   int
	top    int
	// all shows what is long in full; nil until a person chose, the room decides
	// then.
	all *bool
}

// roomy is the width from which everything is shown in full.
const roomy = 100

func (v *View) everything() bool {
	if v.all != nil {
		return *v.all
	}
	return v.w >= roomy
}

// New makes the screen of the row that shows ref.
func New(s *view.Session, ref model.Ref) *View { return &View{s: s, ref: ref.Row()} }

// Init has the row and its timeline read.
func (v *View) Init() tea.Cmd {
	v.s.Desk.Look(v.ref)
	return v.s.Desk.ReadTimeline(v.ref)
}

// Update takes the timeline, and reads it again when something changed.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.TimelineRead:
		if msg.Ref == v.ref && msg.Err == nil {
			v.events = msg.Events
		}
	case view.DataChanged:
		if msg.Target == v.ref.Target {
			return v.s.Desk.ReadTimeline(v.ref)
		}
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// View draws what fits.
func (v *View) View() []string {
	lines, ok := v.lines()
	if !ok {
		return box.Clamp([]string{"", " This row is not known any more."}, v.w, v.h, "")
	}
	// The row may have become shorter since it was scrolled.
	top := v.within(v.top, len(lines))
	lines = Cut(v.s.Theme, lines[top:], v.h, "lines below")
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return box.Clamp(lines, v.w, v.h, v.s.Theme.Glyphs.Ellipsis)
}

// Cut takes the first h lines. Where there are more, the last one says how many
// are not shown, and what they are.
func Cut(t *theme.Theme, lines []string, h int, what string) []string {
	if len(lines) <= h || h < 2 {
		return lines[:min(len(lines), max(0, h))]
	}
	rest := fmt.Sprintf("%s %d %s", t.Glyphs.Ellipsis, len(lines)-h+1, what)
	return append(slices.Clone(lines[:h-1]), t.Paint(theme.Faint, rest))
}

// lines is all there is to say about the row; false when nothing is known of it.
func (v *View) lines() ([]string, bool) {
	row, ok := v.s.Data.Row(v.ref)
	if !ok {
		return nil, false
	}
	return describe(v.s, row, v.events, max(1, v.w-2), v.everything()), true
}

// within is the line nearest to top that may be the first one shown of n.
func (v *View) within(top, n int) int { return max(0, min(top, n-v.h)) }

// scroll moves by so many lines from what is shown first now.
func (v *View) scroll(by int) {
	lines, _ := v.lines()
	v.top = v.within(v.within(v.top, len(lines))+by, len(lines))
}

// Actions are the row's, and scrolling.
func (v *View) Actions() []keys.Action {
	row, _ := v.s.Data.Row(v.ref)
	actions := act.Row(v.s, row)
	act.StepFirst(v.s, row, actions)
	more := keys.More
	if v.everything() {
		more.Help = "less"
	}
	actions = append(actions, keys.Action{Def: more, Run: func() tea.Cmd { v.all = new(!v.everything()); return nil }})
	scroll := func(def keys.Def, by func() int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.scroll(by()); return nil }}
	}
	return append(actions,
		scroll(keys.Up, func() int { return -1 }), scroll(keys.Down, func() int { return 1 }),
		scroll(keys.PageUp, func() int { return 1 - v.h }), scroll(keys.PageDown, func() int { return v.h - 1 }), // a line says how many follow
		scroll(keys.HalfUp, func() int { return -v.h / 2 }), scroll(keys.HalfDown, func() int { return v.h / 2 }),
		scroll(keys.Top, func() int { return -v.top }), scroll(keys.Bottom, func() int { return 1 << 20 }),
		keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	)
}
