package order_test

import (
	"strings"
	"testing"

	"certty/model"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// A new key has a reference of its own, so an order for the same name whose end
// nobody knows is found by that name, and is not paid for twice unseen.
func TestNameNotSettled(t *testing.T) {
	for step, caught := range map[model.RecordStep]bool{
		model.StepPrepared: true, model.StepSending: true, model.StepUndecided: true, model.StepDoubled: true,
		model.StepRefused: false, model.StepCollected: false,
	} {
		t.Run(string(step), func(t *testing.T) {
			d := newDesk(t)
			d.Put(d.Unplaced("certty:0123456789abcdef:1", "SHOP.example.com", step))
			fillIn(d)
			d.Press("ctrl+s")
			if got := strings.Contains(d.Frame(), "An order for this name is not settled"); got != caught {
				t.Fatalf("caught: %t\n%s", got, d.Frame())
			}
			if !caught {
				return
			}
			d.Sees("has another key.", "Nothing was sent now.", "g go to that order", "a order for this name all the same")
			d.Press("a")
			d.Sees("If both are placed, both cost a certificate.", "Type the name to order it all the same")
			d.Press("tab", "enter")
			d.sent()
			d.Press("shop.example.com", "enter")
			d.sent("order shop.example.com")
		})
	}
}

// An order for the same name that the account has and that is open is told before
// another one is paid for.
func TestNameOpenAtTheAccount(t *testing.T) {
	for status, told := range map[string]bool{"Applied": true, "Issued": false} {
		d := newDesk(t)
		it := d.Unplaced("certty:0123456789abcdef:1", "shop.example.com", model.StepPlaced)
		it.Ref.Key, it.Record.Key = "1042", "1042"
		it.Order = &model.Order{ID: "1042", CommonName: "shop.example.com", Status: status, Phase: model.ParseOrderPhase(status)}
		d.Put(it)
		fillIn(d)
		d.Press("ctrl+s")
		d.Sees("Order shop.example.com (sectigo)")
		if got := strings.Contains(d.Frame(), "an open order already: 1042 (Applied)"); got != told {
			t.Errorf("%s: told %t\n%s", status, got, d.Frame())
		}
	}
}

// Another console on the same state folder may begin the same order while the
// question stands here.
func TestNameBegunMeanwhile(t *testing.T) {
	d := newDesk(t)
	fillIn(d)
	d.Press("ctrl+s")
	d.Sees("Order shop.example.com (sectigo)")
	d.Unplaced("certty:fedcba9876543210:1", "shop.example.com", model.StepSending)
	d.Press("tab", "enter")
	d.sent()
	d.Sees("Another program began an order for this name", "It may have been placed; it is being looked for. Nothing was sent now.", "g go to that order", "but for the passwords")
	if strings.Contains(d.Frame(), "all the same") {
		t.Errorf("it is ordered without the passwords, which are gone:\n%s", d.Frame())
	}
}

// fillIn opens a form that could be sent.
func fillIn(d *desk) {
	d.Open(order.New(d.Session, viewtest.AccountName))
	d.Press("shop.example.com")
	d.password(canary)
	d.fill("Cost centre", "4711")
}
