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

// TestKilledAtEveryStep kills the console at every step between a person's word
// and the answer, and starts another one. Whatever happened, the account has at
// most one order of that reference, and the record ends placed, or prepared, or
// needs a person.
func TestKilledAtEveryStep(t *testing.T) {
	killed := 0
	for step := 1; ; step++ {
		w := newWorld(t, scmserver.Settings{})
		first := w.start(step)
		record, err := first.Prepare(t.Context(), wish("shop.example.com", quick))
		if err == nil {
			record, err = first.Place(t.Context(), record.Key)
		}
		if err == nil {
			if first.shelf.dead {
				t.Fatal("a killed console went on")
			}
			if killed < 8 {
				t.Errorf("only %d steps could be interrupted", killed)
			}
			if record.Step != model.StepPlaced {
				t.Errorf("undisturbed it ends as %q", record.Step)
			}
			return
		}
		if !errors.Is(err, errKilled) {
			t.Fatalf("step %d: %v", step, err)
		}
		killed++
		w.end(fmt.Sprint("killed at step ", step), true)
	}
}

// TestCutAtTheOrder cuts the connection before and after the order was taken,
// and answers in every other useless way.
func TestCutAtTheOrder(t *testing.T) {
	for name, tt := range map[string]struct {
		fault  fault.Fault
		placed int
		step   model.RecordStep
	}{
		"before the answer": {fault.Fault{Kind: fault.ResetBefore}, 0, model.StepSending},
		"after the order":   {fault.Fault{Kind: fault.ResetAfter}, 1, model.StepSending},
		"half an answer":    {fault.Fault{Kind: fault.TruncatedJSON}, 1, model.StepSending},
		"an empty answer":   {fault.Fault{Kind: fault.Empty}, 1, model.StepSending},
		"a proxy's page":    {fault.Fault{Kind: fault.HTML, Status: 502}, 0, model.StepSending},
		"no service":        {fault.Fault{Kind: fault.Refuse, Status: 503}, 0, model.StepSending},
		"throttled":         {fault.Fault{Kind: fault.Refuse, Status: 429, RetryAfter: "5"}, 0, model.StepPrepared},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, scmserver.Settings{})
			c := w.start(0)
			record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
			if err != nil {
				t.Fatal(err)
			}
			tt.fault.Operation, tt.fault.Times = "Enroll", 1
			if err := w.server.Inject(tt.fault); err != nil {
				t.Fatal(err)
			}
			got, err := c.Place(t.Context(), record.Key)
			if err == nil || got.Step != tt.step {
				t.Errorf("it ended as %q with %v, want %q and an error", got.Step, err, tt.step)
			}
			if n := w.server.Enrolls(record.Reference); n > tt.placed {
				t.Errorf("ordered %d times", n)
			}
			w.end(name, true)
		})
	}
}

// A person's word ends the doubt, one way or the other.
func TestDecide(t *testing.T) {
	w := newWorld(t, scmserver.Settings{ListingDelay: 48 * time.Hour, ReportDelay: 48 * time.Hour})
	c := w.start(0)
	lose := func(name string, kind fault.Kind) model.Record {
		record, err := c.Prepare(t.Context(), wish(name, quick))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.server.Inject(fault.Fault{Kind: kind, Operation: "Enroll", Times: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Place(t.Context(), record.Key); backend.KindOf(err) != backend.KindUncertain {
			t.Fatalf("a lost answer gave %v", err)
		}
		return record
	}
	lost, never := lose("shop.example.com", fault.ResetAfter), lose("api.example.com", fault.ResetBefore)
	if got, err := c.Settle(t.Context(), lost.Key); err != nil || got.Step != model.StepSending {
		t.Fatalf("settled at once: %q, %v", got.Step, err)
	}
	w.advance(repository.Patience)
	for _, r := range []model.Record{lost, never} {
		if got, err := c.Settle(t.Context(), r.Key); err != nil || got.Step != model.StepUndecided || !got.NeedsPerson() {
			t.Fatalf("after 20 minutes: %q, %v", got.Step, err)
		}
		if _, err := c.Place(t.Context(), r.Key); err == nil {
			t.Error("an undecided order was sent again")
		}
	}
	orders, err := w.server.Orders()
	if err != nil || len(orders) != 1 {
		t.Fatalf("%d orders, %v", len(orders), err)
	}
	id := fmt.Sprint(orders[0].ID)
	if got, err := c.Decide(t.Context(), lost.Key, repository.Decision{OrderID: id}); err != nil || got.Key != id || got.Step != model.StepPlaced {
		t.Errorf("decided for order %s: %+v, %v", id, got, err)
	}
	if got, err := c.Decide(t.Context(), never.Key, repository.Decision{}); err != nil || got.Step != model.StepRefused || got.Trouble == "" {
		t.Errorf("decided that it was never placed: %+v, %v", got, err)
	}
}

// Two orders with one reference are a person's to sort out.
func TestTwoOrdersWithOneReference(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	record, err := c.Prepare(t.Context(), wish("shop.example.com", quick))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := w.server.Add(scmserver.Entry{CommonName: "shop.example.com", Organization: organization, Profile: quick, Term: 199,
			Comments: record.Reference + " by somebody else", Requested: noon, Status: scmserver.StatusRequested}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.Place(t.Context(), record.Key)
	if err != nil || got.Step != model.StepDoubled || got.Trouble == "" {
		t.Errorf("%+v, %v", got, err)
	}
	if n := len(w.server.Enrolled()); n != 0 {
		t.Errorf("%d orders were placed on top", n)
	}
}
