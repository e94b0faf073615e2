// Package ask is the questions before something is changed that needs no form:
// cancelling and deleting a request.
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

// Cancel asks before cancellation of a row's request is asked for. What was on
// the screen is what is sent: the ref carries the request id of this moment.
func Cancel(s *view.Session, row view.Row) *View {
	ref := row.Item.RequestRef()
	plan := s.Desk.Target(ref.Target).Capabilities.Cancel.PlanCancel(row.Item)
	return New(s, confirm.Question{
		Title: "Ask for cancellation of " + ref.Key + " (" + ref.Target + ")",
		Lines: append(identity(row), plan.Effect),
		Yes:   "Ask for cancellation", No: "Back",
	}, func() tea.Cmd {
		_, cmd := s.Desk.Cancel(ref)
		return cmd
	})
}

// DeleteRequest asks before a row's request is deleted.
func DeleteRequest(s *view.Session, row view.Row) *View {
	ref := row.Item.RequestRef()
	lines := append(identity(row), "The request object is deleted. This cannot be undone.")
	if row.Item.Request.Manual() {
		lines = append(lines, "Its key is lost to it: a certificate signed for this CSR can't be merged any more.")
	} else {
		lines = append(lines, "The order at issuer "+row.Item.Request.Issuer.Name+" may go on, and may cost.")
	}
	lines = append(lines, "The certificate object and its name remain.")
	return New(s, confirm.Question{
		Title: "Delete the request of " + ref.Key + " (" + ref.Target + ")",
		Lines: lines,
		Yes:   "Delete the request", No: "Back",
		Typed: ref.Key, TypedLabel: "Type the name to confirm",
	}, func() tea.Cmd {
		_, cmd := s.Desk.DeleteRequest(ref)
		return cmd
	})
}

// identity says which request is meant.
func identity(row view.Row) []string {
	r := row.Item.Request
	id := r.ID
	if id == "" {
		id = "(the vault tells no id)"
	}
	line := "request " + id + ", " + string(row.Status.State)
	if r.Manual() {
		line += ", manual"
	} else {
		line += ", issuer " + r.Issuer.Name
	}
	return []string{line, "read " + view.Moment(row.Item.RequestReadAt), ""}
}

// Arm lets the question take answers now.
func (v *View) Arm() { v.q.Arm() }
