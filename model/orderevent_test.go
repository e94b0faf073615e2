package model_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
)

// order is a reading of an order in a status, with its certificate's serial
// number.
func order(id, status, serial string, change ...func(*model.Order)) model.Item {
	o := &model.Order{ID: id, Status: status, Phase: model.ParseOrderPhase(status), CommonName: id + ".example.com"}
	for _, f := range change {
		f(o)
	}
	return model.Item{Ref: ref(id), Order: o, Certificate: model.Certificate{Issued: serial != "", Serial: serial, Thumbprint: serial}}
}

// listedOrder is what a list of an account tells.
func listedOrder(id string) model.Item {
	return model.Item{Ref: ref(id), Order: &model.Order{ID: id, CommonName: id + ".example.com"}}
}

func orders(asOf time.Time, items ...model.Item) model.Page {
	return model.Page{Fields: model.FieldOrder, AsOf: asOf, Items: items}
}

// record is the repository's word about an order; nil is none.
func record(asOf time.Time, key string, r *model.Record) model.Page {
	return model.Page{Fields: model.FieldRecord, AsOf: asOf, Items: []model.Item{{Ref: ref(key), Record: r}}}
}

func TestOrderEvents(t *testing.T) {
	swept := []model.Page{list(at(-9), listedOrder("7")), sweep(at(-10), true, listedOrder("7"))}
	with := func(pages ...model.Page) []model.Page { return slices.Concat(swept, pages) }
	stood := func(status, serial string) []model.Page { return with(orders(at(-1), order("7", status, serial))) }
	held := func(r model.Record) []model.Page {
		return with(orders(at(-2), order("7", "Issued", "0a")), record(at(-1), "7", &r))
	}
	revoked := func(o *model.Order) { o.RevokedFor = "4" }
	renewed := func(o *model.Order) { o.Renewed = true }
	placed := model.Record{Key: "7", Step: model.StepPlaced}
	collected := model.Record{Key: "7", Step: model.StepCollected, ChainSerial: "0a"}
	changed := func(r model.Record, f func(*model.Record)) *model.Record { f(&r); return &r }

	tests := []struct {
		name   string
		before []model.Page
		news   model.Page
		want   []string
	}{
		{"a first list", nil, list(at(0), listedOrder("7"), listedOrder("8")), nil},
		{"what a first sweep reads", []model.Page{list(at(0), listedOrder("7"))}, orders(at(1), order("7", "Issued", "0a")), nil},
		{"and what it ends with", []model.Page{list(at(0), listedOrder("7"))}, sweep(at(-1), true), nil},
		{"listed later and read for the first time", with(list(at(-1), listedOrder("8"))), orders(at(0), order("8", "Issued", "0a")), nil},
		{"a new order in a list", with(), list(at(0), listedOrder("8")), []string{"8 appeared: seen for the first time"}},
		{"a new order that was read", with(), orders(at(0), order("8", "Requested", "")), []string{"8 appeared: seen for the first time, Requested"}},
		{"the same again", stood("Requested", ""), orders(at(0), order("7", "REQUESTED", "")), nil},
		{"status", stood("Requested", ""), orders(at(0), order("7", "Approved", "")), []string{"7 status: Approved, was Requested"}},
		{"refused", stood("Applied", ""), orders(at(0), order("7", "Rejected", "")), []string{"7 status: Rejected, was Applied"}},
		{"a status nobody knows", stood("Applied", ""), orders(at(0), order("7", "On hold", "")), []string{"7 status: On hold, was Applied"}},
		{"and another", stood("On hold", ""), orders(at(0), order("7", "On fire", "")), []string{"7 status: On fire, was On hold"}},
		{"issued", stood("Applied", ""), orders(at(0), order("7", "EnrolledPendingDownload", "0a")), []string{"7 issued: EnrolledPendingDownload, was Applied, serial 0a"}},
		{"downloaded", stood("Issued", "0a"), orders(at(0), order("7", "Downloaded", "0a")), nil},
		{"replaced", stood("Issued", "0a"), orders(at(0), order("7", "Issued", "0b")), []string{"7 replaced: new certificate, serial 0b, in the place of 0a"}},
		{"being replaced", stood("Issued", "0a"), orders(at(0), order("7", "Applied", "0a")), []string{"7 status: Applied, was Issued"}},
		{"replaced after that", with(orders(at(-2), order("7", "Issued", "0a")), orders(at(-1), order("7", "Applied", "0a"))), orders(at(0), order("7", "Issued", "0b")), []string{"7 replaced: new certificate, serial 0b, in the place of 0a"}},
		{"marked as replaced", stood("Issued", "0a"), orders(at(0), order("7", "Replaced", "0a")), []string{"7 replaced: Replaced, was Issued, serial 0a"}},
		{"revoked", stood("Issued", "0a"), orders(at(0), order("7", "Revoked", "0a", revoked)), []string{"7 revoked: Revoked, was Issued, serial 0a, reason 4"}},
		{"replaced and revoked", stood("Issued", "0a"), orders(at(0), order("7", "Revoked", "0b")), []string{"7 replaced: new certificate, serial 0b, in the place of 0a", "7 revoked: Revoked, was Issued, serial 0b"}},
		{"renewed", stood("Issued", "0a"), orders(at(0), order("7", "Issued", "0a", renewed)), []string{"7 renewed: another order renewed it"}},
		{"renewed, by a report that does not tell", with(orders(at(-1), order("7", "Issued", "0a", renewed))), orders(at(0), order("7", "Issued", "0a")), nil},
		{"expired", stood("Issued", "0a"), orders(at(0), order("7", "Expired", "0a")), []string{"7 status: Expired, was Issued"}},
		{"an answer that was overtaken", stood("Issued", "0a"), orders(at(-2), order("7", "Applied", "")), nil},
		{"missed twice", with(sweep(at(-5), true)), sweep(at(0), true), []string{"7 not seen: not listed any more"}},
		{"listed again", with(sweep(at(-5), true), sweep(at(-3), true)), list(at(0), listedOrder("7")), []string{"7 appeared: listed again"}},
		{"read again", with(sweep(at(-5), true), sweep(at(-3), true)), orders(at(0), order("7", "Issued", "0a")), []string{"7 appeared: listed again"}},

		{"a record, as each start tells it", with(), record(at(0), "7", &collected), nil},
		{"one of an order without an id", with(), record(at(0), "certty:00:1", &model.Record{Step: model.StepUndecided}), nil},
		{"its order shows up", with(record(at(-1), "8", &placed)), list(at(0), listedOrder("8")), []string{"8 appeared: seen for the first time"}},
		{"in a first sweep", []model.Page{record(at(-1), "8", &placed)}, list(at(0), listedOrder("8")), nil},
		{"collected", held(placed), record(at(0), "7", &collected), []string{"7 collected: the certificate is here, serial 0a"}},
		{"collected anew", held(collected), record(at(0), "7", changed(collected, func(r *model.Record) { r.ChainSerial = "0b" })), []string{"7 collected: the certificate is here, serial 0b"}},
		{"keystore", held(collected), record(at(0), "7", changed(collected, func(r *model.Record) { r.Keystore = model.KeystoreMade })), []string{"7 keystore made: keystore made, serial 0a"}},
		{"deleted here", held(collected), record(at(0), "7", changed(collected, func(r *model.Record) { r.DeletedAt = at(0) })), []string{"7 deleted here: deleted here; the account keeps the order"}},
		{"brought back", held(*changed(collected, func(r *model.Record) { r.DeletedAt = at(-1) })), record(at(0), "7", &collected), []string{"7 brought back here: shown here again"}},
		{"the record goes", held(collected), record(at(0), "7", nil), nil},
		{"not found", held(model.Record{Step: model.StepSending}), record(at(0), "7", &model.Record{Step: model.StepUndecided, Reference: "certty:00:1"}), []string{"7 needs a person: the answer to the order was lost, and no order with its reference certty:00:1 was found"}},
		{"found twice", held(model.Record{Step: model.StepSending}), record(at(0), "7", &model.Record{Step: model.StepDoubled, Reference: "certty:00:1"}), []string{"7 needs a person: two orders carry its reference certty:00:1"}},
		{"still undecided", held(model.Record{Step: model.StepUndecided}), record(at(0), "7", &model.Record{Step: model.StepUndecided, Trouble: "no"}), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			events := news(merge(tt.before...), tt.news)
			if got := tell(events); !slices.Equal(got, tt.want) {
				t.Errorf("events\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(tt.want, "\n "))
			}
			for _, e := range events {
				if tt.news.Summary == nil && !e.At.Equal(at(0)) {
					t.Errorf("%s at %v, want when the news came", e.Kind, e.At)
				}
			}
		})
	}
}

// TestSerialOfOrderEvents: what is told of a certificate names it.
func TestSerialOfOrderEvents(t *testing.T) {
	known := merge(sweep(at(-10), true, listedOrder("7")), orders(at(-1), order("7", "Applied", "")))
	events := news(known, orders(at(0), order("7", "Issued", "0a")))
	if len(events) != 1 || events[0].Ref.Revision != "0a" || events[0].Ref.Row() != ref("7") {
		t.Errorf("events %+v", events)
	}
}

// TestRecordRows: a row that only the repository knows is never missing and goes
// with its record; one that the account told of stays.
func TestRecordRows(t *testing.T) {
	sending := &model.Record{Key: "certty:00:1", Step: model.StepSending, CommonName: "a.example.com"}
	s := merge(
		record(at(-20), "certty:00:1", sending), record(at(-20), "7", &model.Record{Key: "7", Step: model.StepPlaced}),
		sweep(at(-10), true, listedOrder("7")), orders(at(-8), order("7", "Issued", "0a")),
	)
	for i := range 3 {
		s = s.Merge(sweep(at(10*i), true, listedOrder("7")))
	}
	if it := s.Get("certty:00:1"); it == nil || it.Missed != 0 || it.Vanished() || it.Record != sending {
		t.Errorf("the row of the record is %+v", it)
	}
	if it := s.Get("7"); it.Record == nil || it.Order == nil {
		t.Errorf("sweeps left %+v of an order with a record", it)
	}
	before := s
	draft := s.Draft()
	turns, events := draft.Merge(model.Page{Fields: model.FieldRecord, AsOf: at(40), Items: []model.Item{
		{Ref: ref("certty:00:1")}, {Ref: ref("7")}, {Ref: ref("never heard of")},
	}})
	if s = draft.Snapshot(); !slices.Equal(keys(s), []string{"7"}) || s.Get("7").Record != nil || s.Get("7").Order == nil {
		t.Errorf("without records there are %v", keys(s))
	}
	if len(turns) != 1 || len(events) != 0 || before.Len() != 2 {
		t.Errorf("turns %+v, events %+v, the snapshot before has %d rows", turns, events, before.Len())
	}
	// The repository's rows are not the cache's.
	kept := model.NewSnapshot("prod", []*model.Item{{Ref: ref("certty:00:1")}, before.Get("7")}, at(0)).WithoutPurged()
	if !slices.Equal(keys(kept), []string{"7"}) {
		t.Errorf("a start shows %v", keys(kept))
	}
}

// TestAbsentOrders: an order that the account does not list is marked after two
// complete sweeps, and never goes.
func TestAbsentOrders(t *testing.T) {
	s := merge(sweep(at(-10), true, listedOrder("7"), listedOrder("8")), orders(at(-8), order("7", "Issued", "0a"), order("8", "Issued", "0b")))
	steps := []struct {
		page model.Page
		gone bool
	}{
		{sweep(at(0), false, listedOrder("8")), false},
		{sweep(at(1), true, listedOrder("8")), false},
		{orders(at(3), order("8", "Issued", "0b")), false},
		{sweep(at(10), true, listedOrder("8")), true},
		{sweep(at(20), true, listedOrder("8")), true},
		{orders(at(30), order("7", "Issued", "0a")), false}, // read: a delegation hides it from the list
		{sweep(at(40), true, listedOrder("8")), false},
		{sweep(at(25), true, listedOrder("8")), false}, // began before it was read
		{sweep(at(50), true, listedOrder("8")), true},
	}
	for i, step := range steps {
		s = s.Merge(step.page)
		it := s.Get("7")
		if it == nil || it.Vanished() != step.gone || it.Order.Phase != model.OrderIssued {
			t.Fatalf("after page %d: %+v, want vanished %v", i, it, step.gone)
		}
		if s.Get("8").Missed != 0 {
			t.Fatalf("after page %d the other is missed", i)
		}
	}
}
