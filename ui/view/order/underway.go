package order

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/confirm"
)

// unsettled is an order for that common name of which nobody knows yet whether it
// was placed, or that is written down and was not sent; nil where there is none. A
// new key has a reference of its own, so only the name tells that the same is
// ordered once more.
func unsettled(s *view.Session, target, name string) *model.Record {
	for _, row := range s.Data.Rows() {
		r := row.Item.Record
		if row.Item.Ref.Target != target || r == nil || !r.DeletedAt.IsZero() || !strings.EqualFold(r.CommonName, name) {
			continue
		}
		if r.Unsettled() {
			record := *r
			return &record
		}
	}
	return nil
}

// open names the orders for that common name that the account has and that have
// no end yet, as far as their status is known, and gives their ids.
func open(s *view.Session, target, name string) (said string, ids []string) {
	var named []string
	for _, row := range s.Data.Rows() {
		o := row.Item.Order
		if row.Item.Ref.Target == target && o != nil && o.Status != "" && o.Phase.Open() && strings.EqualFold(o.CommonName, name) {
			named = append(named, row.Item.Ref.Key+" ("+o.Status+")")
			ids = append(ids, row.Item.Ref.Key)
		}
	}
	return strings.Join(named, ", "), ids
}

// beside is the card over an order for the same name that is not settled. Two
// certificates for one name can be meant, so the order can be placed all the same;
// not at once after a call, which takes the passwords out of the form.
func (v *Order) beside(r model.Record, called bool) *sheet.Card {
	return sheet.NewCard(v.s, func() sheet.Situation {
		now := sheet.Situation{
			Title: "An order for this name is not settled",
			Text:  fmt.Sprintf("The order %s has another key. %s Nothing was sent now. If both are placed, both cost a certificate.", nameOf(&r), r.Stands()),
			Ways:  there(v.s, v.cat.target, &r),
			Leave: "back to the form; what you typed is kept",
		}
		if r.Step == model.StepPrepared {
			now.Ways = append(now.Ways, v.placing(&r))
		}
		if called {
			now.Title, now.Leave = "Another program began an order for this name", "back to the form; what you typed is kept, but for the passwords"
			return now
		}
		again := keys.OrderTwice
		again.Long = "order for this name all the same"
		now.Ways = append(now.Ways, keys.Action{Def: again, Run: func() tea.Cmd { return v.askBeside(&r) }})
		return now
	})
}

// askBeside asks whether the order is placed beside one that is not settled.
func (v *Order) askBeside(r *model.Record) tea.Cmd {
	q := v.question(false)
	q.Lines = append([]string{"The order " + nameOf(r) + " is not settled: " + r.Stands() + " This is another order. If both are placed, both cost a certificate.", ""}, q.Lines...)
	q.Typed, q.TypedLabel = strings.ToLower(r.CommonName), "Type the name to order it all the same"
	return v.send(q, false)
}

// begunError says that another program began an order for the same name.
type begunError struct{ record model.Record }

// Error names the order.
func (e *begunError) Error() string {
	return fmt.Sprintf("another program began an order for this name meanwhile: %s. %s", e.record.Key, e.record.Stands())
}

// meanwhile refuses an order where another program on this state folder began one
// for the same name, with another key, that was not on the screen when the
// question was asked. It runs while nobody else can write an order down.
func (v *Order) meanwhile(name string) func([]model.Record) error {
	seen, own := map[string]bool{}, keyPart(v.key.der())
	for _, row := range v.s.Data.Rows() {
		if r := row.Item.Record; r != nil && row.Item.Ref.Target == v.cat.target {
			seen[r.Reference] = true
		}
	}
	return func(now []model.Record) error {
		for i := range now {
			r := &now[i]
			switch {
			case r.Reference == "", seen[r.Reference], !r.DeletedAt.IsZero(), !strings.EqualFold(r.CommonName, name):
				continue
			case own != "" && strings.HasPrefix(r.Reference, own):
				continue // the same key, which says more than the name
			}
			if r.Begun() {
				return &begunError{record: *r}
			}
		}
		return nil
	}
}

// warnOpen is what the question says of orders for the same name that are open.
func (v *Order) warnOpen(name string) []string {
	ids, _ := open(v.s, v.cat.target, name)
	if ids == "" {
		return nil
	}
	return []string{v.s.Theme.Glyphs.Warn + " For this name the account has an open order already: " + ids + ". This is another one.", ""}
}

// send asks the question and orders. again orders once more for a key that was
// ordered for. The orders that the question names are no reason to ask a second time.
func (v *Order) send(q confirm.Question, again bool) tea.Cmd {
	name := strings.ToLower(v.Form.Value(fieldName))
	unless := v.meanwhile(name)
	_, named := open(v.s, v.cat.target, name)
	return v.Ask(q, func() (uint64, tea.Cmd) { return v.s.Desk.Order(v.cat.target, v.wish(again, unless), named...) })
}
