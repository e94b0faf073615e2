package sheet

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// Situation is what a [Card] says. It is asked for anew with every frame, since
// the rows move on while a card is open.
type Situation struct {
	Title string
	// Text says what stands in the way, and what became of the person's work.
	Text string
	// Ways are what can be done about it, the best one first.
	Ways []keys.Action
	// Leave says what esc does; "" where there is nothing to leave.
	Leave string
}

// Card says what stands in the way of a form, with each way out one key away.
type Card struct {
	s    *view.Session
	now  func() Situation
	w, h int
}

// NewCard opens a card about what now tells.
func NewCard(s *view.Session, now func() Situation) *Card { return &Card{s: s, now: now} }

// Init starts nothing.
func (v *Card) Init() tea.Cmd { return nil }

// Update takes nothing: a card has actions only.
func (v *Card) Update(tea.Msg) tea.Cmd { return nil }

// SetSize tells the room.
func (v *Card) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: its keys are those of the ways out.
func (v *Card) Capturing() bool { return false }

// Actions are the ways out. Each closes the card.
func (v *Card) Actions() []keys.Action {
	var actions []keys.Action
	for _, way := range v.now().Ways {
		run := way.Run
		way.Run = func() tea.Cmd { v.s.Host.Close(v); return run() }
		actions = append(actions, way)
	}
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

// View draws the card.
func (v *Card) View() []string {
	w := min(Width, v.w)
	now := v.now()
	lines := append(box.Wrap(now.Text, w-4), "")
	way := func(def keys.Def, does string) {
		lines = append(lines, "  "+v.s.Theme.Paint(theme.Key, box.Fit(def.Label(), 5, ""))+does)
	}
	for _, a := range now.Ways {
		way(a.Def, a.Long)
	}
	if now.Leave == "" {
		lines = append(lines, "esc  back")
	} else {
		way(keys.Back, now.Leave)
	}
	return box.Frame(v.s.Theme, now.Title, lines, w, v.h)
}
