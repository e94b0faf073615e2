// Package problem is the card that explains an error: what failed, on what,
// why, what to do now and who has to, and last what support asks for.
package problem

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// View is an open card.
type View struct {
	s    *view.Session
	err  error
	kept string
	w, h int
}

// New explains err. kept says what of the person's work is still there; "" says
// nothing.
func New(s *view.Session, err error, kept string) *View {
	return &View{s: s, err: err, kept: kept}
}

// Init starts nothing.
func (v *View) Init() tea.Cmd { return nil }

// Update takes nothing.
func (v *View) Update(tea.Msg) tea.Cmd { return nil }

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *View) Capturing() bool { return false }

// Actions close the card.
func (v *View) Actions() []keys.Action {
	closing := func() tea.Cmd { v.s.Host.Close(v); return nil }
	enter := keys.Back
	enter.Keys = []string{"esc", "enter"}
	return []keys.Action{{Def: enter, Run: closing}}
}

// View draws the card.
func (v *View) View() []string {
	w := min(90, v.w)
	advice := backend.AdviceFor(v.err)
	title := "That did not work"
	var lines []string
	add := func(role theme.Role, s string) {
		for _, l := range box.Wrap(s, w-4) {
			lines = append(lines, v.s.Theme.Paint(role, l))
		}
	}
	var e *backend.Error
	if errors.As(v.err, &e) {
		title = e.Op + " " + e.Ref.Key + " (" + e.Ref.Target + ")"
		if e.Kind == backend.KindUncertain {
			title = "It may have happened: " + title
		} else {
			title = "Not done: " + title
		}
	}
	add(theme.Bad, advice.Cause)
	add(theme.Text, advice.Next)
	if v.kept != "" {
		add(theme.Text, v.kept)
	}
	lines = append(lines, "")
	add(theme.Faint, view.Clean(v.err.Error()))
	if e != nil && e.RequestID != "" {
		add(theme.Faint, "request id of the service: "+e.RequestID)
	}
	return box.Frame(v.s.Theme, title, lines, w, v.h)
}
