package poll

import (
	"testing"
	"time"

	"certty/model"
)

func TestFirstSweepFillsTheBoard(t *testing.T) {
	bubble(t, func(t *testing.T) {
		f := newFake().issued(100).pending("waits", 0)
		r := start(t, f, &keeper{}, steady())
		if s := r.state(); s.Generation != 1 || s.Snapshot.Len() != 0 {
			t.Fatalf("at first: generation %d, %d rows", s.Generation, s.Snapshot.Len())
		}
		r.until(250 * time.Millisecond)
		if s := r.state(); s.Snapshot.Len() != 50 || !s.Loading || s.Err != nil {
			t.Fatalf("after two pages: %d rows, loading %v, err %v", s.Snapshot.Len(), s.Loading, s.Err)
		}
		r.until(2 * time.Second)
		s := r.state()
		if s.Snapshot.Len() != 101 || s.Loading {
			t.Fatalf("at the end: %d rows, loading %v", s.Snapshot.Len(), s.Loading)
		}
		for _, it := range s.Snapshot.Items() {
			if it.RequestReadAt.IsZero() {
				t.Errorf("%s: request never read", it.Ref)
			}
		}
		if got := len(f.made("request", "")); got != 101 {
			t.Errorf("%d reads, want one for each row", got)
		}
		if got := s.Snapshot.Get("waits").Request; got == nil || got.Phase != model.PhaseInProgress {
			t.Errorf("request of waits: %+v", got)
		}
	})
}
