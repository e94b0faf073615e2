package repository_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// Two machines have a state each, and their keys references of their own: only
// the name tells that the same is ordered twice. The second is not sent, unless
// somebody says that both are meant.
func TestOrderedElsewhere(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	here := w.start(0)
	w.dir = t.TempDir()
	there := w.start(0)
	first := there.place(wish("shop.example.com", approval))
	w.advance(3 * time.Minute)
	record, err := here.Prepare(t.Context(), wish("Shop.example.com", approval))
	if err != nil {
		t.Fatal(err)
	}
	refused := func(when string, beside ...string) {
		t.Helper()
		got, err := here.Place(t.Context(), record.Key, beside...)
		if backend.KindOf(err) != backend.KindConflict || got.Step != model.StepPrepared || !strings.Contains(got.Namesakes, first.Key) ||
			!strings.Contains(got.Trouble, "order "+first.Key+" for shop.example.com (Requested, requested 3m ago by ") {
			t.Errorf("%s: %+v, %v", when, got, err)
		}
		if advice := backend.AdviceFor(err); advice.Who != model.ActorYou || !strings.Contains(advice.Cause, "Somebody else") {
			t.Errorf("%s: advice %+v", when, advice)
		}
	}
	refused("at first")
	refused("again")
	refused("beside another", "4711")
	// Another one came while the person was asked.
	smaller := wish("shop.example.com", approval)
	smaller.Spec.SANs = nil
	prepared, err := there.Prepare(t.Context(), smaller)
	if err != nil {
		t.Fatal(err)
	}
	second, err := there.Place(t.Context(), prepared.Key) // its own order is no stranger's
	if err != nil {
		t.Fatal(err)
	}
	refused("beside what was told", first.Key)
	told := here.record(record.Key)
	ids := told.NamesakeIDs()
	if !slices.Equal(ids, []string{second.Key, first.Key}) {
		t.Errorf("told of %v", ids)
	}
	if all, err := w.server.Orders(); err != nil || len(all) != 2 {
		t.Errorf("%d orders, %v", len(all), err)
	}
	if got, err := here.Place(t.Context(), record.Key, ids...); err != nil || got.Step != model.StepPlaced || got.Namesakes != "" || got.Trouble != "" {
		t.Errorf("beside both: %+v, %v", got, err)
	}
	if got, err := there.Prepare(t.Context(), wish("shop.example.com", approval)); err != nil {
		t.Error(err)
	} else if _, err := there.Place(t.Context(), got.Key, repository.AnyOrder); err != nil {
		t.Errorf("beside any: %v", err)
	}
}

// What is ours is no stranger's: an order whose answer was lost, and one that was
// placed long ago or came to nothing stands in nobody's way.
func TestNoStranger(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	lost, err := c.Prepare(t.Context(), wish("shop.example.com", approval))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.server.Inject(fault.Fault{Kind: fault.ResetAfter, Operation: "Enroll", Times: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Place(t.Context(), lost.Key); backend.KindOf(err) != backend.KindUncertain {
		t.Fatal(err)
	}
	c.place(wish("shop.example.com", approval))
	w.dir = t.TempDir()
	w.advance(3 * 24 * time.Hour)
	w.start(0).place(wish("shop.example.com", approval))
}

// An order is ours by its reference, whatever somebody wrote behind it on SCM's own
// pages; one of a later attempt, which another state made, is not.
func TestOursByItsReference(t *testing.T) {
	for behind, stranger := range map[string]bool{"": false, " for the tests": false, "; moved": false, "0": true, "0 for the tests": true} {
		w := newWorld(t, scmserver.Settings{})
		c := w.start(0)
		lost, err := c.Prepare(t.Context(), wish("shop.example.com", approval))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.server.Add(scmserver.Entry{CommonName: "shop.example.com", Organization: organization, Profile: approval, Term: 199,
			Comments: lost.Reference + behind, Requested: noon, Status: scmserver.StatusRequested}); err != nil {
			t.Fatal(err)
		}
		w.advance(time.Minute)
		record, err := c.Prepare(t.Context(), wish("shop.example.com", approval))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Place(t.Context(), record.Key); (backend.KindOf(err) == backend.KindConflict) != stranger || (got.Step == model.StepPrepared) != stranger {
			t.Errorf("%q behind it: %+v, %v", behind, got, err)
		}
	}
}
