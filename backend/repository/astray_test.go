package repository_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// A clock that was wrong for a while leaves nothing to wait for years.
func TestClockTurnedBack(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	year := 365 * 24 * time.Hour
	w.advance(year)
	lose := func(name string, kind fault.Kind) model.Record {
		record, err := c.Prepare(t.Context(), wish(name, quick))
		if err != nil {
			t.Fatal(err)
		}
		w.advance(-year) // the account's clock is right
		if err := w.server.Inject(fault.Fault{Kind: kind, Operation: "Enroll", Times: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Place(t.Context(), record.Key); backend.KindOf(err) != backend.KindUncertain {
			t.Fatalf("a lost answer gave %v", err)
		}
		// The console sent it by its wrong clock.
		if err := c.store.Change(t.Context(), "sectigo", record.Key, func(h *backend.Holding) error {
			h.Record.StepAt, h.Record.SentAt = h.Record.StepAt.Add(year), h.Record.SentAt.Add(year)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		w.advance(year)
		return record
	}
	placed, never := lose("shop.example.com", fault.ResetAfter), lose("api.example.com", fault.ResetBefore)
	f := c.Follower()
	w.advance(-year)
	for range 7 {
		c.follow(f)
		w.advance(5 * time.Minute)
	}
	if r := c.record(placed.Reference); r.Step != model.StepPlaced && r.Step != model.StepCollected {
		t.Errorf("what was placed stands at %q", r.Step)
	}
	if r := c.record(never.Reference); r.Step != model.StepUndecided {
		t.Errorf("what was not placed stands at %q", r.Step)
	}
	if err := c.store.SetDue(t.Context(), "sectigo", "sync", w.now().Add(year)); err != nil {
		t.Fatal(err)
	}
	if due, err := c.SyncDue(t.Context()); err != nil || !due {
		t.Errorf("a sync that is due in a year, weekly: due %t, %v", due, err)
	}
}

// An order that can't be looked for needs a person after a while: nobody would
// hear of it otherwise.
func TestLookedForInVain(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), record.Key); backend.KindOf(err) != backend.KindUncertain {
		t.Fatal(err)
	}
	for _, operation := range []string{"ReportCertificates", "ListCertificates"} {
		if err := w.server.Inject(fault.Fault{Kind: fault.Refuse, Operation: operation, Status: 403, Code: "-3"}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := c.Settle(t.Context(), record.Key); err == nil || got.Step != model.StepSending {
		t.Errorf("at once: %+v, %v", got, err)
	}
	w.advance(repository.Patience)
	if got, err := c.Settle(t.Context(), record.Key); err != nil || !got.NeedsPerson() || got.Trouble == "" {
		t.Errorf("after 20 minutes: %+v, %v", got, err)
	}
	// It goes on being looked for, days later by the time at which it was sent.
	w.server.ClearFaults()
	w.advance(10 * 24 * time.Hour)
	if got, err := c.Settle(t.Context(), record.Key); err != nil || got.Step != model.StepPlaced {
		t.Errorf("once it can be looked for: %+v, %v", got, err)
	}
}

// A person's word has to name an order that there is.
func TestDecideForNoOrder(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetBefore, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), record.Key); err == nil {
		t.Fatal("answered")
	}
	w.advance(repository.Patience)
	if _, err := c.Settle(t.Context(), record.Key); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Decide(t.Context(), record.Key, repository.Decision{OrderID: "4711"}); err == nil {
		t.Errorf("decided for an order that is not there: %+v", got)
	}
	if r := c.record(record.Key); r.Step != model.StepUndecided {
		t.Errorf("it stands at %q", r.Step)
	}
}

// A state folder from a backup does not know that the order was placed. The
// account does.
func TestRestoredFromABackup(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	w.advance(5 * 24 * time.Hour)
	backup, err := c.store.Holding(t.Context(), "sectigo", record.Key)
	if err != nil {
		t.Fatal(err)
	}
	placed, err := c.Place(t.Context(), record.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.Drop(t.Context(), "sectigo", placed.Key, func(*backend.Holding) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.store.Add(t.Context(), *backup); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Hour)
	// One of the two ways to look is not there; the other has to suffice.
	if err := w.server.Inject(fault.Fault{Kind: fault.Refuse, Operation: "ListCertificates", Status: 503}); err != nil {
		t.Fatal(err)
	}
	again, err := c.Place(t.Context(), record.Key)
	if err != nil || again.Key != placed.Key {
		t.Errorf("placed again as %+v, %v", again, err)
	}
	if n := w.server.Enrolls(record.Reference); n != 1 {
		t.Errorf("ordered %d times", n)
	}
}

// A replacement that the service refused leaves what is here as it was.
func TestReplaceRefused(t *testing.T) {
	for _, managed := range []bool{true, false} {
		t.Run(fmt.Sprint("managed ", managed), func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			c := w.start(0)
			record := c.place(wish("shop.example.com", quick))
			w.advance(time.Minute)
			known := c.follow(c.Follower())
			if !managed {
				if err := c.store.Drop(t.Context(), "sectigo", record.Key, func(*backend.Holding) error { return nil }); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := c.store.Holding(t.Context(), "sectigo", record.Key)
			ref := known.Get(record.Key).Ref
			ref.Revision = known.Get(record.Key).Certificate.Serial
			wrong := successor()
			wrong.CommonName, wrong.SANs = "shop.example.org", []string{"not.ours.example.net"}
			if _, err := c.Replace(t.Context(), ref, wrong); err == nil {
				t.Fatal("it was taken")
			}
			after, err := c.store.Holding(t.Context(), "sectigo", record.Key)
			if !managed {
				if !errors.Is(err, backend.ErrNotHeld) {
					t.Errorf("left over: %+v, %v", after, err)
				}
				return
			}
			if err != nil || len(after.Keys) != len(before.Keys) || after.Record != before.Record {
				t.Errorf("%v\n got %+v\nwant %+v", err, after.Record, before.Record)
			}
		})
	}
}
