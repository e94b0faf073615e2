package forms

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/model/effect"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
)

// settle is how long a new question takes no answer, so that keys typed ahead
// decide nothing.
const settle = 300 * time.Millisecond

// Version is the question before a new version is asked for from the stored
// policy.
type Version struct {
	s   *view.Session
	ref model.Ref
	way conflict
	// q is nil while the stored policy is not known; shown is the one that it
	// shows.
	q     *confirm.Confirm
	shown *model.Policy
	asked uint64 // counts questions, so that a timer arms only its own
	call  sheet.Call
	w, h  int
}

// NewVersion opens the question for the certificate that row shows. ways lists
// what can be done with a row, for the conflict with a request in progress.
func NewVersion(s *view.Session, row view.Row, ways Ways) *Version {
	v := &Version{s: s, ref: row.Item.Ref.Row()}
	again := func() tea.Cmd { return s.Host.Open(NewVersion(s, row, ways)) }
	v.way = conflict{s: s, ways: ways, then: again}
	return v
}

// settled lets a question take answers.
type settled struct {
	ref   model.Ref
	asked uint64
}

// Init has the row read, so that the question shows what is stored now. A
// request in progress takes the place of the question: Key Vault allows one at
// a time.
func (v *Version) Init() tea.Cmd {
	if row, ok := v.s.Data.Row(v.ref); ok && row.Item.Request.Open() {
		return v.inTheWay(row)
	}
	v.s.Desk.Look(v.ref)
	return v.refresh()
}

// SetSize tells the room.
func (v *Version) SetSize(w, h int) { v.w, v.h = w, h }

// Capturing is true: every key is an answer.
func (v *Version) Capturing() bool { return true }

// Actions is empty: a question has answers, not actions.
func (v *Version) Actions() []keys.Action { return nil }

// Arm lets the question take answers now.
func (v *Version) Arm() {
	if v.q != nil {
		v.q.Arm()
	}
}

// Update takes the policy, the answer, and what came of it.
func (v *Version) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case view.DataChanged:
		return v.refresh()
	case settled:
		if msg.ref == v.ref && msg.asked == v.asked {
			v.Arm()
		}
	case tea.KeyMsg:
		return v.key(msg)
	case view.OpDone:
		if v.call.Ended(msg) {
			return v.done(msg)
		}
	}
	return nil
}

// refresh asks anew when the stored policy is another one than is shown. The
// new question has to be read first, so it settles again.
func (v *Version) refresh() tea.Cmd {
	row, ok := v.s.Data.Row(v.ref)
	if !ok || row.Item.Policy == nil || v.call.Running() {
		return nil
	}
	if v.shown != nil && len(changes(*v.shown, *row.Item.Policy)) == 0 {
		return nil
	}
	v.shown = row.Item.Policy
	v.asked++
	v.q = confirm.New(v.s.Theme, v.question(row))
	now := settled{ref: v.ref, asked: v.asked}
	return tea.Tick(settle, func(time.Time) tea.Msg { return now })
}

func (v *Version) key(msg tea.KeyMsg) tea.Cmd {
	if v.call.Running() || v.q == nil {
		// A call that runs goes on; the root tells how it ended.
		if msg.String() == "esc" {
			v.s.Host.Close(v)
		}
		return nil
	}
	switch v.q.Key(msg) {
	case confirm.No:
		v.s.Host.Close(v)
	case confirm.Yes:
		return v.send()
	case confirm.Pending:
	}
	return nil
}

func (v *Version) send() tea.Cmd {
	if row, ok := v.s.Data.Row(v.ref); ok && row.Item.Request.Open() {
		return v.inTheWay(row)
	}
	return v.call.Send(v.s.Desk.NewVersion(v.ref))
}

func (v *Version) inTheWay(row view.Row) tea.Cmd {
	v.s.Host.Close(v)
	return v.s.Host.Open(v.way.before(row))
}

func (v *Version) done(msg view.OpDone) tea.Cmd {
	v.s.Host.Close(v)
	if msg.Err == nil {
		return nil
	}
	v.s.Desk.Explained(msg.ID)
	return v.s.Host.Open(v.way.refused(msg, ""))
}

func (v *Version) question(row view.Row) confirm.Question {
	p := *row.Item.Policy
	lines := []string{
		"vault  " + v.ref.Target + "  " + v.s.Desk.Target(v.ref.Target).Info.Address,
		effect.NewVersion(row.Item, p),
		"Sends: POST /certificates/" + v.ref.Key + "/create, without a policy",
		"",
		"The policy that is stored in the vault is used as it stands:",
	}
	lines = append(lines, sheet.Facts(factsOf(p), v.w)...)
	return confirm.Question{Title: "New version of " + v.ref.Key + " (" + v.ref.Target + ")", Lines: lines, Yes: "Ask for it", No: "Back"}
}

// View draws the question.
func (v *Version) View() []string {
	w := min(sheet.Width, v.w)
	title := "New version of " + v.ref.Key + " (" + v.ref.Target + ")"
	switch {
	case v.call.Running():
		return box.Frame(v.s.Theme, title, []string{v.s.Theme.Paint(theme.Waits, sheet.Waiting(""))}, w, v.h)
	case v.q == nil:
		return box.Frame(v.s.Theme, title, []string{"Its stored policy is being read.", "", "esc  back"}, w, v.h)
	}
	return v.q.View(w, v.h)
}
