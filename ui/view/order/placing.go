package order

import (
	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/problem"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
)

// placing asks whether an order that is written down is sent, and follows it.
type placing struct {
	s    *view.Session
	ref  model.Ref
	name string
	// warns says beside which orders it would be, beside are their ids.
	warns, beside []string
	call          sheet.Call
	w, h          int
}

func newPlacing(s *view.Session, ref model.Ref, r *model.Record) *placing {
	return &placing{s: s, ref: ref, name: view.Clean(r.CommonName), warns: ask.Beside(s, ref.Target, r), beside: r.NamesakeIDs()}
}

// Init asks.
func (v *placing) Init() tea.Cmd {
	lines := []string{
		"The order for " + v.name + " is sent to " + v.ref.Target + ", as it was written down. It is looked for first: one that was placed meanwhile is not sent again.",
		"", "It costs one certificate of the contract.", "", "Sends: POST /ssl/v1/enroll, once",
	}
	q := confirm.Question{Title: "Order " + v.name + " (" + v.ref.Target + ")", Lines: append(v.warns, lines...), Yes: "Order", No: "Back"}
	return v.s.Host.Open(ask.New(v.s, q, func() tea.Cmd { return v.call.Send(v.s.Desk.Place(v.ref, v.beside...)) }))
}

// Update follows the call.
func (v *placing) Update(msg tea.Msg) tea.Cmd {
	done, ok := msg.(view.OpDone)
	if !ok || !v.call.Ended(done) {
		return nil
	}
	v.s.Host.Close(v)
	switch {
	case done.Err == nil:
		return nil
	case uncertain(done):
		v.s.Desk.Explained(done.ID)
		return v.s.Host.Open(uncertainCard(v.s, v.ref.Target, done))
	}
	v.s.Desk.Explained(done.ID)
	return v.s.Host.Open(problem.New(v.s, done.Err, "The order stands among the rows, as its row says.").About(v.name))
}

// SetSize tells the room.
func (v *placing) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *placing) Capturing() bool { return false }

// Actions close it.
func (v *placing) Actions() []keys.Action {
	return []keys.Action{{Def: keys.Back, Run: func() tea.Cmd { v.s.Host.Close(v); return nil }}}
}

// View says what is waited for.
func (v *placing) View() []string {
	text := "Nothing was sent."
	if v.call.Running() {
		text = sheet.Waiting("SCM's")
	}
	return box.Frame(v.s.Theme, "Order "+v.name+" ("+v.ref.Target+")", []string{v.s.Theme.Paint(theme.Waits, text), "", "esc  back"}, min(sheet.Width, v.w), v.h)
}
