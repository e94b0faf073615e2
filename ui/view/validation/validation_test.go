package validation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/ui/view/validation"
	"certty/ui/view/viewtest"
)

func stage(t *testing.T) (*viewtest.Stage, *viewtest.Account) {
	t.Helper()
	s := viewtest.New(t)
	a := s.Account()
	applied := func(it *model.Item) { viewtest.Uncertified(it, "Applied") }
	s.Put(viewtest.OrderItem("17", "pay.example.org", applied), viewtest.OrderItem("18", "www.example.org", applied), viewtest.OrderItem("19", "done.example.org", nil))
	a.Proof = model.OrderValidation{ReadAt: viewtest.Noon, Trouble: "CAA forbids it", Domains: []model.DomainValidation{
		{Domain: "example.com", Valid: true, Status: "Validated", Method: "CNAME", Expires: time.Date(2027, 3, 2, 0, 0, 0, 0, time.UTC)},
		{Domain: "example.org", Status: "Not Validated", Method: "CNAME", Host: "_0a.example.org", Point: "0b.sectigo.com", LastCheck: viewtest.Noon.Add(-time.Hour), NextCheck: viewtest.Noon.Add(time.Hour)},
		{Domain: "example.net", Status: "Not Validated", Method: "EMAIL", Email: "admin@example.net"},
	}}
	row := s.Row(viewtest.AccountName, "17")
	s.Open(validation.New(s.Session, row.ID()))
	return s, a
}

// TestDomains: each domain with what to publish, and the orders that it holds up.
func TestDomains(t *testing.T) {
	s, _ := stage(t)
	s.Sees("Validation of pay.example.org (sectigo, order 17)", "The CA says: CAA forbids it", "example.com validated until 2027-03-02, CNAME", "Nothing: control of the domain is proved")
	s.Press("y")
	s.Said("not now: nothing like that has to be published")
	s.Press("down")
	s.Sees("name _0a.example.org", "value 0b.sectigo.com", "last look 2026-11-21", "next look 2026-11-21", "holds up www.example.org (order 18)")
	if strings.Contains(s.Frame(), "done.example.org") {
		t.Error("an order that is issued is held up")
	}
	s.Press("y")
	s.Said("example.org: record")
	s.Press("down")
	s.Sees("mailbox admin@example.net")
}

// The CA is asked again after a question only, and what is told then is shown.
func TestRecheck(t *testing.T) {
	s, a := stage(t)
	s.Press("down", "c", "enter")
	if len(a.Calls) != 0 {
		t.Fatalf("it did not start on Back: %q", a.Calls)
	}
	a.Proof.Domains[1].Valid = true
	s.Press("c", "tab", "enter")
	if !slices.Equal(a.Calls, []string{"recheck sectigo/17"}) {
		t.Errorf("sent %q", a.Calls)
	}
	s.Sees("TO PUBLISH FOR example.org", "Nothing: control of the domain is proved")
}

// What was known stays when it can't be read again.
func TestUnreadable(t *testing.T) {
	s, a := stage(t)
	a.ReadErr = errors.New("no way")
	s.Press("r")
	s.Sees("Not read.", "no way", "example.org")
}
