package doubt

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend/repository"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/box"
	"certty/ui/widget/confirm"
	"certty/ui/widget/form"
)

const (
	fieldAnswer = "answer"
	fieldOrder  = "order"
)

// The answers.
const (
	itIs     = "it is an order"
	replaced = "it is an order that was replaced elsewhere"
	never    = "it was never placed"
)

// View is the open form.
type View struct {
	*sheet.Sheet
	s   *view.Session
	row view.Row
	// candidates are the account's orders that it may be.
	candidates []*model.Item
}

// New opens the form for a row whose record needs a person.
func New(s *view.Session, row view.Row) *View {
	v := &View{s: s, row: row, candidates: candidates(s.Data, row.Item)}
	v.Sheet = sheet.New(s, sheet.Def{
		View: v, Title: v.title,
		Submit: "decide", From: "the state's", Head: v.head, Filled: v.filled,
	})
	answers := []string{itIs, never, replaced}
	if r := row.Item.Record; r.Step == model.StepDoubled || r.Decided {
		answers = []string{itIs, replaced}
	}
	first := ""
	if len(v.candidates) > 0 {
		first = v.candidates[0].Order.ID
	}
	v.Form = form.New(s.Theme, "Decide", "Back",
		form.Field{ID: fieldAnswer, Label: "Answer", Options: answers, Hint: "look in SCM's own order list first where you are not sure"},
		form.Field{ID: fieldOrder, Label: "Order id", Value: first, Hint: "the id that SCM shows for the order",
			Show:  func(value func(string) string) bool { return value(fieldAnswer) != never },
			Check: v.checkID, Note: v.known})
	return v
}

func (v *View) checkID(value string) string {
	switch {
	case value == "" || strings.Trim(value, "0123456789") != "":
		return "the id of an order is a number"
	case value == v.row.Item.Ref.Key:
		return "it counts as that order already"
	}
	return ""
}

func (v *View) title() string {
	if v.row.Item.Record.Decided {
		return "Which order is it: " + view.Called(v.row.Item)
	}
	return "Was it ordered: " + view.Called(v.row.Item)
}

// known says what stands behind an id that is typed.
func (v *View) known(value func(string) string) string {
	ref := model.Ref{Target: v.row.Item.Ref.Target, Kind: model.KindCertificate, Key: value(fieldOrder)}
	row, ok := v.s.Data.Row(ref)
	switch {
	case ref.Key == "":
		return ""
	case !ok:
		return "The account's list has no such order so far."
	}
	return describe(row.Item)
}

// candidates are the orders that carry the record's reference,
// then those of the same name that were requested near that time and were not placed
// from here.
func candidates(data *view.Data, it *model.Item) []*model.Item {
	var same, near []*model.Item
	r := it.Record
	for _, row := range slices.Concat(data.Rows(), data.Deleted()) {
		o := row.Item.Order
		if row.Item.Ref.Target != it.Ref.Target || o == nil || o.ID == "" || o.ID == it.Ref.Key {
			continue
		}
		day := o.Requested.Sub(sent(r)).Abs().Hours() / 24
		switch {
		case o.Carries(r.Reference):
			same = append(same, row.Item)
		case (row.Item.Record == nil || row.Item.Record.Imported) && strings.EqualFold(o.CommonName, r.CommonName) && !o.Requested.IsZero() && day <= 2:
			near = append(near, row.Item)
		}
	}
	return append(same, near...)
}

func describe(it *model.Item) string {
	o := it.Order
	text := fmt.Sprintf("order %s: %s, %s", o.ID, it.Name(), cmp.Or(o.Status, "its status was not read yet"))
	if !o.Requested.IsZero() {
		text += ", requested " + timetext.Moment(o.Requested)
	}
	if o.Requester != "" {
		text += " by " + o.Requester
	}
	return text
}

// head is the evidence.
func (v *View) head(w int) []string {
	r := v.row.Item.Record
	facts := []sheet.Fact{{Name: "name", Value: r.CommonName}}
	if r.Renews != "" {
		facts = append(facts, sheet.Fact{Name: "renews", Value: "order " + r.Renews})
	} else {
		facts = append(facts, sheet.Fact{Name: "reference", Value: fmt.Sprintf("%s, attempt %d", r.Reference, r.Attempt)})
	}
	facts = append(facts, sheet.Fact{Name: "sent", Value: timetext.Moment(sent(r))}, sheet.Fact{Name: "looked at", Value: looked(r)})
	if r.Trouble != "" {
		facts = append(facts, sheet.Fact{Name: "found", Value: r.Trouble})
	}
	for _, c := range v.candidates {
		facts = append(facts, sheet.Fact{Name: "candidate", Value: describe(c)})
	}
	lines := sheet.Facts(facts, w+4)
	for _, l := range box.Wrap(meaning(r), w) {
		lines = append(lines, v.s.Theme.Paint(theme.Warn, l))
	}
	return append(lines, "")
}

// sent is when the order was sent, as well as that is known.
func sent(r *model.Record) time.Time {
	if r.SentAt.IsZero() {
		return r.StepAt
	}
	return r.SentAt
}

func looked(r *model.Record) string {
	if r.Renews != "" {
		return "whether order " + r.Renews + " counts as renewed at the account"
	}
	return "the account's orders of that name requested from a day before to a day after, for the reference in their comments"
}

func meaning(r *model.Record) string {
	switch {
	case r.Decided:
		return "You said that it is order " + r.Key + ", and its certificate has not shown a key that fits. Name the order that it is instead: the record and its key go there."
	case r.Step == model.StepDoubled:
		return "More than one order carries the reference. Say which one is this; the others stay at the account and may cost."
	}
	return "It was sent, its answer was lost, and it was not found for 20 minutes. Nothing is sent again by itself."
}

func (v *View) filled() tea.Cmd {
	ref := v.row.Item.Ref
	typed, label := view.TypedName(v.row.Item)
	q := confirm.Question{No: "Back", Typed: typed, TypedLabel: label}
	var decision repository.Decision
	if v.Form.Value(fieldAnswer) == never {
		q.Title, q.Yes = "It was never placed: "+view.Called(v.row.Item), "It was never placed"
		q.Lines = []string{"The record counts as refused from now on; ordering again is another attempt.",
			"If the order does exist after all, it stands among the account's rows, held by nobody here, and costs. A second order costs again."}
	} else {
		decision.OrderID, decision.OtherKey = v.Form.Value(fieldOrder), v.Form.Value(fieldAnswer) == replaced
		q.Title, q.Yes = "It is order "+decision.OrderID+": "+view.Called(v.row.Item), "It is order "+decision.OrderID
		q.Lines = effect.Decided()
		if decision.OtherKey {
			q.Lines = effect.TookOtherKey()
		}
		q.Lines = append(q.Lines, "", v.known(v.Form.Value))
	}
	return v.Ask(q, func() (uint64, tea.Cmd) { return v.s.Desk.Decide(ref, decision) })
}
