package order_test

import (
	"testing"
	"time"

	"certty/model"
	"certty/ui/view/viewtest"
)

// An order for the same name that somebody else placed is told before this one is
// sent, and it is sent beside that one only, once both are said to be meant.
func TestOrderedElsewhere(t *testing.T) {
	d := newDesk(t)
	d.Namesakes = []model.Order{{
		ID: "1042", CommonName: "shop.example.com", Status: "Requested", Phase: model.OrderRequested,
		Requester: "ada", Requested: viewtest.Noon.Add(-3*time.Minute - time.Second),
	}}
	fillIn(d)
	d.Press("ctrl+s", "tab", "enter")
	d.sent()
	d.Sees("Not sent: the order for shop.example.com", "Somebody else ordered for the same name", "order 1042", "requested 3m ago by ada", "O send it now")
	d.Press("O")
	d.Sees("were not placed from here: 1042.", "costs another certificate")
	d.Namesakes = append(d.Namesakes, model.Order{ID: "1043", CommonName: "shop.example.com", Status: "Applied", Phase: model.OrderApplied, Requested: viewtest.Noon})
	d.Press("tab", "enter") // another one came meanwhile
	d.sent()
	d.Sees("Somebody else ordered for the same name", "order 1043")
}

// An order that the question named is no reason for a second question, where it was
// placed elsewhere; one that came meanwhile is.
func TestOneQuestionForOneCause(t *testing.T) {
	open := model.Order{ID: "1042", CommonName: "shop.example.com", Status: "Applied", Phase: model.OrderApplied, Requested: viewtest.Noon.Add(-time.Hour)}
	for name, test := range map[string]struct {
		listed, found []model.Order
		asked         bool
	}{
		"none":                         {},
		"named, and found":             {listed: []model.Order{open}, found: []model.Order{open}},
		"found only":                   {found: []model.Order{open}, asked: true},
		"named, and another one found": {listed: []model.Order{open}, found: []model.Order{{ID: "1043", CommonName: "shop.example.com", Requested: viewtest.Noon}}, asked: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for i := range test.listed {
				o := test.listed[i]
				d.Put(viewtest.OrderItem(o.ID, o.CommonName, func(it *model.Item) { it.Order = &o }))
			}
			d.Namesakes = test.found
			fillIn(d)
			d.Press("ctrl+s")
			if len(test.listed) > 0 {
				d.Sees("an open order already: 1042 (Applied)")
			}
			d.Press("tab", "enter")
			if test.asked {
				d.sent()
				d.Sees("Somebody else ordered for the same name")
				return
			}
			d.sent("order shop.example.com")
		})
	}
}
