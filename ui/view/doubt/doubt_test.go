package doubt_test

import (
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
	"certty/ui/view/doubt"
	"certty/ui/view/viewtest"
)

const reference = "certty:00ff00ff00ff00ff:1"

func stage(t *testing.T, step model.RecordStep) (*viewtest.Stage, *viewtest.Account) {
	t.Helper()
	s := viewtest.New(t)
	s.Resize(120, 40)
	a := s.Account()
	lost := a.Unplaced(reference, "pay.example.com", step)
	requested := lost.Record.StepAt.Add(time.Minute)
	likely := viewtest.OrderItem("90", "pay.example.com", func(it *model.Item) { it.Order.Comments, it.Order.Requested = reference+" x", requested })
	a.Listed = []*model.Item{likely}
	s.Put(lost, likely,
		viewtest.OrderItem("91", "pay.example.com", func(it *model.Item) { it.Order.Requested = requested }),
		viewtest.OrderItem("92", "pay.example.com", nil))
	s.Open(doubt.New(s.Session, s.Row(viewtest.AccountName, reference)))
	return s, a
}

// TestItIs: the evidence names the orders that it may be, the one with the
// reference first, and the record gets the id that was chosen.
func TestItIs(t *testing.T) {
	for _, step := range []model.RecordStep{model.StepUndecided, model.StepDoubled} {
		s, a := stage(t, step)
		s.Sees("(sectigo, no id yet)", reference+", attempt 1", "requested from a day before to a day after", "order 90: pay.example.com, Issued", "order 91")
		s.Press("tab", "x", "ctrl+s")
		s.Sees("the id of an order is a number")
		s.Press("backspace", "ctrl+s")
		s.Sees("It is order 90", "Type the name to confirm", "belongs to that order from now on")
		s.Press("tab", "pay.example.com", "enter")
		if h, held := a.Shelf.Holdings["90"]; !held || h.Record.Step != model.StepPlaced {
			t.Errorf("%s: the record is %+v", step, h.Record)
		}
	}
}

// TestLaterAttempt: the reference of the tenth attempt begins with that of the
// first, and is another order's.
func TestLaterAttempt(t *testing.T) {
	s := viewtest.New(t)
	s.Resize(120, 40)
	a := s.Account()
	lost := a.Unplaced(reference, "pay.example.com", model.StepUndecided)
	s.Put(lost,
		viewtest.OrderItem("90", "pay.example.com", func(it *model.Item) { it.Order.Comments = reference + "0 x" }),
		viewtest.OrderItem("91", "pay.example.com", func(it *model.Item) { it.Order.Comments = reference + "; moved" }))
	s.Open(doubt.New(s.Session, s.Row(viewtest.AccountName, reference)))
	s.Sees("order 91")
	if strings.Contains(s.Frame(), "order 90") {
		t.Error("the order of another attempt is offered")
	}
}

// TestNever: what was never placed counts as refused; what was found twice can't
// have been.
func TestNever(t *testing.T) {
	s, a := stage(t, model.StepUndecided)
	s.Press("right", "ctrl+s")
	s.Sees("It was never placed", "A second order costs again")
	s.Press("tab", "enter")
	if a.Shelf.Holdings[reference].Record.Step != model.StepUndecided {
		t.Fatal("decided without the name")
	}
	s.Press("pay.example.com", "enter")
	if step := a.Shelf.Holdings[reference].Record.Step; step != model.StepRefused {
		t.Errorf("the record stands at %s", step)
	}
	s, _ = stage(t, model.StepDoubled)
	s.Press("right")
	s.Sees("it is an order", "More than one order carries the reference")
}

// A word that was not proved can be taken back: the order that it is so far is no
// answer, the other one is offered.
func TestTakeBack(t *testing.T) {
	s := viewtest.New(t)
	s.Resize(120, 40)
	a := s.Account()
	named := viewtest.OrderItem("90", "pay.example.com", func(it *model.Item) { it.Order.Comments = reference })
	right := viewtest.OrderItem("91", "pay.example.com", func(it *model.Item) { it.Order.Comments = reference })
	a.Listed = []*model.Item{named, right}
	a.Held(named, backend.Holding{Record: model.Record{CommonName: "pay.example.com", Reference: reference, Attempt: 1, Decided: true}})
	s.Put(named, right)
	s.Open(doubt.New(s.Session, s.Row(viewtest.AccountName, "90")))
	s.Sees("Which order is it", "You said that it is order 90", "candidate", "order 91")
	s.Press("tab", "backspace", "0", "ctrl+s")
	s.Sees("it counts as that order already")
	s.Press("backspace", "1", "ctrl+s")
	s.Sees("It is order 91", "keys are compared first")
	s.Press("tab", "pay.example.com", "enter")
	if h := a.Shelf.Holdings["91"]; h.Record.Reference != reference || !h.Record.Decided {
		t.Errorf("the other order has %+v", h.Record)
	}
	if h := a.Shelf.Holdings["90"]; h.Record.Reference != "" || h.Record.Decided {
		t.Errorf("the order that was named first has %+v", h.Record)
	}
}
