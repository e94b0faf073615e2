// Package problem is the card that explains an error: what failed, on what,
// why, what to do now and who has to, and last what support asks for. Notes of
// the start have the same card.
package problem

import (
	"cmp"
	"errors"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
)

// settle is how long a new card can't be closed by enter, so that one typed
// ahead does not take it away unread.
const settle = 300 * time.Millisecond

// View is an open card.
type View struct {
	s     *view.Session
	armed bool
	notes []string // instead of err
	err   error
	kept  string
	about string
	w, h  int
}

// New explains err. kept says what of the person's work is still there; "" says
// nothing.
func New(s *view.Session, err error, kept string) *View {
	return &View{s: s, err: err, kept: kept}
}

// About names what the call was about where that is no row, as an order that has
// a reference of its own and no id. It gives the view back.
func (v *View) About(name string) *View {
	v.about = name
	return v
}

// called names what a call was about: by the row that shows it, if one does.
func (v *View) called(ref model.Ref) string {
	if row, ok := v.s.Data.Row(ref.Row()); ok {
		return view.Called(row.Item)
	}
	return strings.TrimLeft(cmp.Or(v.about, ref.Key)+" ("+ref.Target+")", " ")
}

type arm struct{ v *View }

// NewNotes shows what a person has to know before anything else: a change
// whose end is not known, a cache that was set aside.
func NewNotes(s *view.Session, notes []string) *View { return &View{s: s, notes: notes} }

// Init lets the card be closed by enter after a moment.
func (v *View) Init() tea.Cmd {
	return tea.Tick(settle, func(time.Time) tea.Msg { return arm{v: v} })
}

// Update arms the card.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	if a, ok := msg.(arm); ok && a.v == v {
		v.armed = true
	}
	return nil
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is false.
func (v *View) Capturing() bool { return false }

// Actions close the card.
func (v *View) Actions() []keys.Action {
	closing := func() tea.Cmd { v.s.Host.Close(v); return nil }
	leave := keys.Back
	if v.armed {
		leave.Keys = []string{"esc", "enter"}
	}
	return []keys.Action{{Def: leave, Run: closing}}
}

// View draws the card.
func (v *View) View() []string {
	w := min(90, v.w)
	if v.notes != nil {
		return v.noted(w)
	}
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
		title = e.Op + " " + v.called(e.Ref)
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

func (v *View) noted(w int) []string {
	var lines []string
	for i, note := range v.notes {
		if i > 0 {
			lines = append(lines, "")
		}
		for _, l := range box.Wrap(view.Clean(note), w-4) {
			lines = append(lines, v.s.Theme.Paint(theme.Warn, l))
		}
	}
	return box.Frame(v.s.Theme, "Before you start", lines, w, v.h)
}
