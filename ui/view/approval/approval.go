package approval

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

const fieldMessage = "message"

// View is the open form.
type View struct {
	*sheet.Sheet
	s   *view.Session
	row view.Row
	way way
}

// way is what is decided.
type way struct {
	// verb is what is done, past the same as what the account calls it.
	verb string
	// effect says what happens and what does not.
	effect string
	// hint says what belongs into the message, message what it starts with.
	hint, message string
	send          func(*view.Desk, model.Ref, string) (uint64, tea.Cmd)
}

// NewApproval opens the form that approves the order of a row.
func NewApproval(s *view.Session, row view.Row) *View {
	return open(s, row, way{
		verb:   "Approve",
		effect: "The order goes on to the CA, which validates and issues. From then on it can't be cancelled, and it costs one certificate of the contract.",
		hint:   "kept with the order: why you approve it",
		send:   (*view.Desk).Approve,
	})
}

// NewRefusal opens the form that declines the order of a row.
func NewRefusal(s *view.Session, row view.Row) *View {
	return open(s, row, way{
		verb:   "Decline",
		effect: "The order is refused: no certificate comes of it. Whoever ordered it can order again.",
		hint:   "kept with the order: why you decline it",
		send:   (*view.Desk).Decline,
	})
}

// NewCancellation opens the form that declines the order of a row because
// nobody wants it any more. Effect is what the account's backend says of it.
func NewCancellation(s *view.Session, row view.Row, effect string) *View {
	return open(s, row, way{
		verb:    "Decline",
		effect:  "SCM has no call that cancels an order. " + effect,
		hint:    "kept with the order: why it is cancelled",
		message: "Cancelled: not needed any more",
		send:    (*view.Desk).Decline,
	})
}

func open(s *view.Session, row view.Row, w way) *View {
	v := &View{s: s, row: row, way: w}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: func() string { return w.verb + " " + view.Called(row.Item) },
		Submit: strings.ToLower(w.verb), From: "SCM's", Head: v.head, Filled: v.filled,
	})
	message := sheet.Message(fieldMessage, "Message", w.hint)
	message.Value = w.message
	v.Form = form.New(s.Theme, w.verb, "Back", message)
	return v
}

func (v *View) head(w int) []string {
	lines := sheet.Facts(sheet.Order(v.row.Item), w+4)
	lines = append(lines, "")
	for _, l := range box.Wrap(v.way.effect, w) {
		lines = append(lines, v.s.Theme.Paint(theme.Text, l))
	}
	return append(lines, "")
}

// filled asks. That the order stands otherwise by now is said before anything is
// sent: what was looked at is not what would be decided.
func (v *View) filled() tea.Cmd {
	if now, ok := v.s.Data.Row(v.row.Item.Ref); ok && now.Item.Order != nil && now.Item.Order.Phase != model.OrderRequested {
		return v.Complain("It is too late: the order is " + now.Item.Order.Status + " now. Nothing was sent.")
	}
	message := v.Form.Value(fieldMessage)
	ref := v.row.Item.Ref
	w, _ := v.Size()
	lines := sheet.Facts(append(sheet.Order(v.row.Item), sheet.Fact{Name: "message", Value: message}), w)
	lines = append(lines, "", v.way.effect, "",
		"Sends: POST /ssl/v1/"+strings.ToLower(v.way.verb)+"/"+ref.Key+" to "+v.s.Desk.Target(ref.Target).Info.Address)
	return v.Ask(confirm.Question{
		Title: v.way.verb + " " + view.Called(v.row.Item), Lines: lines, Yes: v.way.verb, No: "Back",
	}, func() (uint64, tea.Cmd) { return v.way.send(v.s.Desk, ref, message) })
}
