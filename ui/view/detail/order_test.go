package detail_test

import (
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
	"certty/ui/view/detail"
	"certty/ui/view/viewtest"
)

// TestOrder: everything of an order that an operator may need stands there, and
// what is not known is named.
func TestOrder(t *testing.T) {
	s := viewtest.New(t)
	a := s.Account()
	const reference = "certty:00ff00ff00ff00ff:1"
	it := viewtest.OrderItem("17", "pay.example.com", func(it *model.Item) {
		o := it.Order
		o.Comments, o.ExternalRequester, o.RequestedVia, o.BackendID = reference+" shop", "shop@example.com", "REST API", "4711"
		o.CustomFields = []model.CustomValue{{Name: "Cost centre", Value: "12"}}
		o.Unreadable = []string{"approved"}
		it.Certificate.DER = []byte{1}
	})
	a.Held(it, backend.Holding{Record: model.Record{Step: model.StepCollected, Reference: reference, Attempt: 1, KeyHeld: true, ChainSerial: "0b", KeystoreType: "jks", Keystore: model.KeystoreWaits, Trouble: "the disk was full"}})
	s.Put(it)
	text := strings.Join(strings.Fields(strings.Join(detail.Lines(s.Session, s.Row(viewtest.AccountName, "17"), nil, 76), "\n")), " ")
	for _, want := range []string{
		"pay.example.com sectigo", "ORDER 17", "status Issued", "org Contoso GmbH (10)", "profile Standard SSL (101)", "term 199 days", "requester Ada Lovelace",
		"external shop@example.com", "via REST API", "comments shop", "field Cost centre=12", "CA's id 4711", "requested 2026-08-12 14:05 UTC", "issued 2026-08-13",
		"form that can't be read: approved", "serial a93e17", "sha256 4bf5122f344554c5", "reference " + reference, "key made here, held encrypted",
		"collected, serial 0b; the account has a newer one", "keystore JKS, waits for its password", "trouble the disk was full", "K makes it",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

// TestOrderMeaning: each state says what it means and who acts.
func TestOrderMeaning(t *testing.T) {
	a := viewtest.New(t).Account()
	open := func(status string) *model.Item {
		return viewtest.OrderItem("17", "a", func(it *model.Item) { viewtest.Uncertified(it, status) })
	}
	waits := open("Applied")
	waits.Order.Validation = &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "a"}, {Domain: "b", Valid: true}}}
	hidden := viewtest.OrderItem("17", "a", nil)
	a.Held(hidden, backend.Holding{Record: model.Record{DeletedAt: viewtest.Noon}})
	old := viewtest.OrderItem("17", "a", func(it *model.Item) {
		it.Order.Expires, it.Certificate.NotAfter = viewtest.Noon.Add(-time.Hour), viewtest.Noon.Add(-time.Hour)
	})
	undelivered := viewtest.OrderItem("17", "a", nil)
	a.Held(undelivered, backend.Holding{Record: model.Record{Step: model.StepCollected, ChainSerial: "a93e17", Files: model.FilesDue, Trouble: "no folder"}})
	foreign := viewtest.OrderItem("17", "a", nil)
	a.Held(foreign, backend.Holding{Record: model.Record{Step: model.StepCollected, ChainSerial: "a93e17", Files: model.FilesWithheld}})
	for want, it := range map[string]*model.Item{
		"W delivers it": foreign,
		"writing its files, or on_issued after that, failed": undelivered, "f tries it at once": undelivered,
		"has to approve it": open("Requested"), "can't be cancelled any more": open("Approved"), "The CA validates": open("Applied"),
		"1 of 2 domains are not validated": waits, "An administrator declined it": open("Declined"), "The CA refused it": open("Rejected"),
		"own checks refused it": open("Invalid"), "«Frozen»": open("Frozen"), "Only a list was read": open(""), "Deleted here": hidden,
		"Clients refuse it. You: renew": old, "O orders": a.Unplaced("r", "a", model.StepPrepared), "never sent again": a.Unplaced("r", "a", model.StepSending),
		"not found for 20 minutes": a.Unplaced("r", "a", model.StepUndecided), "more than one order": a.Unplaced("r", "a", model.StepDoubled),
		"nothing was ordered": a.Unplaced("r", "a", model.StepRefused),
	} {
		s := viewtest.New(t)
		s.Account()
		s.Put(it)
		if got := strings.Join(detail.Meaning(s.Row(viewtest.AccountName, it.Ref.Key)), " "); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
