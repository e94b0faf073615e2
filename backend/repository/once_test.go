package repository_test

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// histories is how many random histories TestOrderedOnce plays:
//
//	go test ./backend/repository -run TestOrderedOnce -histories 5000
var histories = flag.Int("histories", 50, "random histories of TestOrderedOnce")

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

// end lets a fresh console find out what became of everything, and checks it.
// thorough says that the answer must be found: lists are not late.
func (w *world) end(what string, thorough bool) {
	w.t.Helper()
	w.server.ClearFaults()
	last := w.start(0)
	follower := last.Follower()
	for range 12 {
		w.advance(5 * time.Minute)
		known, err := last.Check(w.t.Context())
		if err != nil {
			w.t.Fatalf("%s: %v", what, err)
		}
		if _, err := follower.Follow(w.t.Context(), known); err != nil {
			w.t.Fatalf("%s: %v", what, err)
		}
	}
	records, err := last.store.Records(w.t.Context(), "sectigo")
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range records {
		if r.Reference == "" {
			continue
		}
		n := w.server.Enrolls(r.Reference)
		if n > 1 {
			w.t.Errorf("%s: %s was ordered %d times", what, r.Reference, n)
		}
		want := "placed, collected"
		ok := r.Step == model.StepPlaced || r.Step == model.StepCollected
		if n == 0 {
			want, ok = "prepared, refused or undecided", r.Step == model.StepPrepared || r.Step == model.StepRefused || r.Step == model.StepUndecided
		}
		if !ok && (thorough || r.Step != model.StepUndecided) {
			w.t.Errorf("%s: %s was ordered %d times and ends as %q, want %s", what, r.Reference, n, r.Step, want)
		}
	}
	for comments, n := range w.server.Enrolled() {
		if n > 1 {
			w.t.Errorf("%s: %d orders with the comments %q", what, n, comments)
		}
	}
}

// TestOrderedOnce plays random histories of two consoles on one state: they are
// killed, the connection breaks, lists and reports are late, people try again
// and again. The account counts.
func TestOrderedOnce(t *testing.T) {
	for seed := range *histories {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			play(t, rand.New(rand.NewPCG(uint64(seed), 1)))
		})
	}
}

func play(t *testing.T, dice *rand.Rand) {
	lag := time.Duration(dice.IntN(4)) * 4 * time.Minute
	w := newWorld(t, scmserver.Settings{ListingDelay: lag, ReportDelay: lag, AutoApprove: dice.IntN(2) == 0})
	consoles := []*console{w.start(dice.IntN(20)), w.start(dice.IntN(40))}
	follower := []*repository.Follower{consoles[0].Follower(), consoles[1].Follower()}
	faults := []fault.Kind{fault.ResetBefore, fault.ResetAfter, fault.TruncatedJSON, fault.HTML, fault.Empty, fault.Refuse}
	operations := []string{"Enroll", "Enroll", "Enroll", "ReportCertificates", "ListCertificates", "GetCertificate", "Collect", ""}
	var keys []string
	for range 14 {
		i := dice.IntN(2)
		if consoles[i].shelf.dead {
			consoles[i] = w.start(dice.IntN(20))
			follower[i] = consoles[i].Follower()
		}
		c := consoles[i]
		switch dice.IntN(8) {
		case 0, 1:
			profile := []int{quick, approval, 999}[dice.IntN(3)]
			record, err := c.Prepare(t.Context(), wish(fmt.Sprintf("shop%d.example.com", len(keys)), profile))
			if err == nil {
				keys = append(keys, record.Key)
			}
		case 2, 3, 4:
			if len(keys) > 0 {
				key := keys[dice.IntN(len(keys))]
				record, err := c.Place(t.Context(), key)
				if err == nil && record.Step != model.StepPlaced && record.Step != model.StepSending && !record.NeedsPerson() {
					t.Errorf("placed without an error, and it stands at %q", record.Step)
				}
			}
		case 5:
			f := fault.Fault{Kind: faults[dice.IntN(len(faults))], Operation: operations[dice.IntN(len(operations))], Times: 1 + dice.IntN(2)}
			if f.Kind == fault.Refuse {
				f.Status = []int{429, 500, 503}[dice.IntN(3)]
			}
			if err := w.server.Inject(f); err != nil {
				t.Fatal(err)
			}
		case 6:
			w.advance(time.Duration(dice.IntN(12)) * time.Minute)
		case 7:
			known, _ := c.Check(t.Context())
			// What fails here is what the history is about.
			_, _ = follower[i].Follow(t.Context(), known)
		}
	}
	w.end("history", lag == 0)
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
