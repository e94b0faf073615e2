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
