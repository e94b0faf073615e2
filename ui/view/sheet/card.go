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
	// Ways are what can be done about it, in the order in which they are offered.
	// Each closes the card but [keys.Wait], whose Run is the card's own.
	Ways []keys.Action
	// Leave says what esc does; "" where there is nothing to leave.
	Leave string
	// Over is true once nothing stands in the way any more. Then follows on that
	// where the person waited.
	Over bool
	Then func() tea.Cmd
}

// Card says what stands in the way of a form, with each way out one key away.
type Card struct {
	s       *view.Session
	now     func() Situation
	waiting bool
	w, h    int
}

// NewCard opens a card about what now tells.
func NewCard(s *view.Session, now func() Situation) *Card { return &Card{s: s, now: now} }

// Init starts nothing.
func (v *Card) Init() tea.Cmd { return nil }

// Update goes on when the person waited for the end of what is in the way.
func (v *Card) Update(msg tea.Msg) tea.Cmd {
	if _, news := msg.(view.DataChanged); !news || !v.waiting {
		return nil
	}
	if now := v.now(); now.Over {
		v.s.Host.Close(v)
		return now.Then()
	}
	return nil
}

// SetSize tells the room.
func (v *Card) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false: its keys are those of the ways out.
func (v *Card) Capturing() bool { return false }

// Actions are the ways out.
func (v *Card) Actions() []keys.Action {
	var actions []keys.Action
	for _, way := range v.now().Ways {
		run := func() tea.Cmd { v.s.Host.Close(v); return way.Run() }
		if way.ID == keys.Wait.ID {
			run = func() tea.Cmd { v.waiting = true; return nil }
		}
		actions = append(actions, keys.Action{Def: way.Def, Disabled: way.Disabled, Run: run})
	}
	return append(actions, keys.Action{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }})
}

// View draws the card.
func (v *Card) View() []string {
	const key = 7 // the room of a key and the blanks around it
	w := min(Width, v.w)
	now := v.now()
	lines := append(box.Wrap(now.Text, w-4), "")
	way := func(def keys.Def, does string) {
		start := "  " + v.s.Theme.Paint(theme.Key, box.Fit(def.Label(), key-2, ""))
		for _, l := range box.Wrap(does, max(10, w-4-key)) {
			lines = append(lines, start+l)
			start = box.Fit("", key, "")
		}
	}
	for _, a := range now.Ways {
		if a.ID != keys.Wait.ID || !v.waiting {
			way(a.Def, a.Long)
		}
	}
	if now.Leave == "" {
		lines = append(lines, "esc  back")
	} else {
		way(keys.Back, now.Leave)
	}
	if v.waiting {
		lines = append(lines, "", v.s.Theme.Paint(theme.Waits, "Waiting. It goes on by itself when this has ended."))
	}
	return box.Frame(v.s.Theme, now.Title, lines, w, v.h)
}
