package repository_test

import (
	"testing"
	"time"

	"certty/backend/sandbox/scmserver"
)

// Orders of old that a first list did not show are seen with the next pass of the
// work, and not a day later.
func TestWorkListsAnEmptyAccountAgain(t *testing.T) {
	w := newWorld(t, scmserver.Settings{})
	c := w.start(0)
	f := c.Follower()
	known, err := c.Work(t.Context(), f, nil)
	if err != nil || known.HoldsOrders() || known.SweptAt().IsZero() {
		t.Fatalf("%d rows, swept at %v, %v", known.Len(), known.SweptAt(), err)
	}
	old := w.now().AddDate(-1, 0, 0)
	if _, err := w.server.Add(scmserver.Entry{CommonName: "shop.example.com", Organization: organization, Profile: quick, Term: 199, Requested: old, Since: old, Status: scmserver.StatusIssued}); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Minute)
	if known, err = c.Work(t.Context(), f, known); err != nil || !known.HoldsOrders() {
		t.Fatalf("%d rows, %v", known.Len(), err)
	}
	swept := known.SweptAt()
	w.advance(time.Minute)
	if known, err = c.Work(t.Context(), f, known); err != nil || !known.SweptAt().Equal(swept) {
		t.Errorf("with an order it was listed again: %v, %v", known.SweptAt(), err)
	}
	// It was asked what changed, and is known as of then.
	if !known.ReadAt().Equal(w.now()) {
		t.Errorf("read at %v, want %v", known.ReadAt(), w.now())
	}
}
