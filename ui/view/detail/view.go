package detail

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
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
	row, ok := v.s.Data.Row(v.ref)
	if !ok {
		return box.Clamp([]string{"", " This row is not known any more."}, v.w, v.h, "")
	}
	lines := describe(v.s, row, v.events, max(1, v.w-2), v.everything())
	v.top = max(0, min(v.top, len(lines)-v.h))
	lines = lines[v.top:min(len(lines), v.top+max(0, v.h))]
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	return box.Clamp(lines, v.w, v.h, v.s.Theme.Glyphs.Ellipsis)
}

// Actions are the row's, and scrolling.
func (v *View) Actions() []keys.Action {
	row, _ := v.s.Data.Row(v.ref)
	actions := act.Row(v.s, row)
	more := keys.More
	if v.everything() {
		more.Help = "less"
	}
	actions = append(actions, keys.Action{Def: more, Run: func() tea.Cmd { v.all = new(!v.everything()); return nil }})
	scroll := func(def keys.Def, by func() int) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { v.top = max(0, v.top+by()); return nil }}
	}
	return append(actions,
		scroll(keys.Up, func() int { return -1 }), scroll(keys.Down, func() int { return 1 }),
		scroll(keys.PageUp, func() int { return -v.h }), scroll(keys.PageDown, func() int { return v.h }),
		scroll(keys.HalfUp, func() int { return -v.h / 2 }), scroll(keys.HalfDown, func() int { return v.h / 2 }),
		scroll(keys.Top, func() int { return -v.top }), scroll(keys.Bottom, func() int { return 1 << 20 }),
		keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }},
	)
}
