package ask_test

import (
	"slices"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/view"
	"certty/ui/view/ask"
	"certty/ui/view/viewtest"
)

// TestOrderQuestions: each says what stays at the account, starts on Back, and
// wants the name where it can't be undone.
func TestOrderQuestions(t *testing.T) {
	remove := func(key bool) func(*view.Session, view.Row) *ask.View {
		return func(s *view.Session, row view.Row) *ask.View { return ask.RemoveHere(s, row, key) }
	}
	held := backend.Holding{Record: model.Record{Step: model.StepCollected, KeyHeld: true}, Keys: []backend.HeldKey{{PublicKey: "00"}}}
	deleted := held
	deleted.Record.DeletedAt = viewtest.Noon
	withheld := held
	withheld.Record.Files, withheld.Record.ChainSerial = model.FilesWithheld, "a93e17"
	withheld.Chain = [][]byte{viewtest.NewAuthority(t).Issue(viewtest.Key(t), "pay.example.com")}
	for _, tt := range []struct {
		name    string
		holding *backend.Holding
		open    func(*view.Session, view.Row) *ask.View
		says    []string
		typed   bool
		sends   []string
		after   func(backend.Holding) bool
	}{
		{"delete here, never held", nil, remove(false), []string{"Delete here: pay.example.com (sectigo, order 17)", "the account keeps the order", "is:deleted-here"}, false, nil,
			func(h backend.Holding) bool { return !h.Record.DeletedAt.IsZero() }},
		{"delete here, keeping the key", &held, remove(false), []string{"stays, encrypted as it is"}, false, nil,
			func(h backend.Holding) bool { return !h.Record.DeletedAt.IsZero() && len(h.Keys) == 1 }},
		{"delete here with the key", &held, remove(true), []string{"destroyed for good", "Type the name"}, true, nil,
			func(h backend.Holding) bool { return !h.Record.DeletedAt.IsZero() && len(h.Keys) == 0 }},
		{"restore", &deleted, ask.RestoreHere, []string{"Show again", "Nothing is sent"}, false, nil, func(h backend.Holding) bool { return h.Record.DeletedAt.IsZero() }},
		{"deliver all the same", &withheld, ask.Deliver, []string{"Deliver all the same: pay.example.com (sectigo, order 17)", "none of the keys", "Type the name"}, true, nil,
			func(h backend.Holding) bool { return h.Record.Files == model.FilesNone && len(h.KeysElsewhere) == 1 }},
		{"delete at the account", nil, func(s *view.Session, row view.Row) *ask.View {
			return ask.DeleteAtAccount(s, row, "The record is deleted.")
		},
			[]string{"Delete at the account", "The record is deleted.", "DELETE /ssl/v1/17"}, true, []string{"cancel sectigo/17@a93e17"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := viewtest.New(t)
			a := s.Account()
			it := viewtest.OrderItem("17", "pay.example.com", nil)
			if tt.holding != nil {
				a.Held(it, *tt.holding)
			}
			before := a.Shelf.Holdings["17"]
			s.Put(it)
			open := func() { s.Open(tt.open(s.Session, s.Row(viewtest.AccountName, "17"))) }
			open()
			s.Sees(tt.says...)
			s.Press("enter")
			unchanged := func() bool {
				now := a.Shelf.Holdings["17"]
				return len(a.Calls) == 0 && now.Record == before.Record && len(now.Keys) == len(before.Keys)
			}
			if !unchanged() {
				t.Fatal("it did not start on Back")
			}
			open()
			s.Press("tab", "enter")
			if tt.typed {
				if !unchanged() {
					t.Fatal("done without the name")
				}
				s.Press("pay.example.com", "enter")
			}
			if !slices.Equal(a.Calls, tt.sends) {
				t.Errorf("sent %q, want %q", a.Calls, tt.sends)
			}
			if tt.after != nil && !tt.after(a.Shelf.Holdings["17"]) {
				t.Errorf("what is held: %+v", a.Shelf.Holdings["17"])
			}
		})
	}
}

// An order that was prepared is sent once it was said what it costs.
func TestPlace(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	s.Put(a.Unplaced("certty:00ff:1", "pay.example.com", model.StepPrepared))
	s.Open(ask.Place(s.Session, s.Row(viewtest.AccountName, "certty:00ff:1")))
	s.Sees("Order pay.example.com (sectigo, no id yet)", "costs one certificate", "certty:00ff:1")
	s.Press("tab", "enter")
	if !slices.Equal(a.Calls, []string{"order pay.example.com"}) || a.Shelf.Holdings["900"].Record.Step != model.StepPlaced {
		t.Errorf("sent %q, held %+v", a.Calls, a.Shelf.Holdings)
	}
}

// Beside what else was begun from here for the same name an order that is written
// down is not sent unseen.
func TestPlaceBesideOwn(t *testing.T) {
	for step, told := range map[model.RecordStep]bool{
		model.StepPrepared: true, model.StepSending: true, model.StepUndecided: true, model.StepDoubled: true, model.StepPlaced: true,
		model.StepRefused: false, model.StepCollected: false,
	} {
		s := viewtest.New(t)
		s.Resize(120, 40)
		a := s.Account()
		s.Put(a.Unplaced("certty:00:1", "pay.example.com", model.StepPrepared), a.Unplaced("certty:11:1", "PAY.example.com", step))
		s.Open(ask.Place(s.Session, s.Row(viewtest.AccountName, "certty:00:1")))
		s.Sees("It costs one certificate")
		if got := strings.Contains(s.Frame(), "another order from here, certty:11:1"); got != told {
			t.Errorf("%s: told %t\n%s", step, got, s.Frame())
		}
	}
}
