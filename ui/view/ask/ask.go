package ask

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/widget/confirm"
)

// settle is how long a new question takes no answer, so that keys typed ahead
// decide nothing.
const settle = 300 * time.Millisecond

// View is one open question.
type View struct {
	s    *view.Session
	q    *confirm.Confirm
	do   func() tea.Cmd
	w, h int
}

type arm struct{ v *View }

// New asks q; on yes the question closes and do runs.
func New(s *view.Session, q confirm.Question, do func() tea.Cmd) *View {
	return &View{s: s, q: confirm.New(s.Theme, q), do: do}
}

// Init lets the question take answers after a moment.
func (v *View) Init() tea.Cmd {
	return tea.Tick(settle, func(time.Time) tea.Msg { return arm{v: v} })
}

// Update takes the answer.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case arm:
		if msg.v == v {
			v.q.Arm()
		}
	case tea.KeyMsg:
		switch v.q.Key(msg) {
		case confirm.Yes:
			v.s.Host.Close(v)
			return v.do()
		case confirm.No:
			v.s.Host.Close(v)
		}
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: every key is an answer.
func (v *View) Capturing() bool { return true }

// Actions is empty: a question has answers, not actions.
func (v *View) Actions() []keys.Action { return nil }

// View draws the question.
func (v *View) View() []string { return v.q.View(min(90, v.w), v.h) }

// Arm lets the question take answers now.
func (v *View) Arm() { v.q.Arm() }
