package poll

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
)

var errDisk = errors.New("disk full")

// A reader that was away gets the newest state alone, and one that waits gets
// the next.
func TestMailboxKeepsTheNewestState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(100)
		r := start(t, f, &keeper{}, steady())
		first, err := r.box.Wait(t.Context())
		if err != nil || first.Generation != 1 {
			t.Fatalf("first: generation %d, %v", first.Generation, err)
		}
		r.until(30 * time.Second)
		late, err := r.box.Wait(t.Context())
		if err != nil || late.Generation != r.state().Generation || late.Snapshot.Len() != 100 {
			t.Errorf("late: generation %d of %d, %v", late.Generation, r.state().Generation, err)
		}
		before := time.Now()
		next, err := r.box.Wait(t.Context())
		if err != nil || next.Generation != late.Generation+1 || !time.Now().After(before) {
			t.Errorf("next: generation %d after %d, %v", next.Generation, late.Generation, err)
		}

		another := r.Subscribe()
		if s, err := another.Wait(t.Context()); err != nil || s.Generation != next.Generation {
			t.Errorf("a new mailbox: generation %d, %v; want the present one", s.Generation, err)
		}
	})
}

func TestMailboxWaitEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, newFake(), &keeper{}, steady())
		r.Rest(true)
		r.until(time.Minute)
		if _, err := r.box.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := r.box.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("wait with a context that ends: %v", err)
		}
		ended := make(chan error)
		go func() {
			_, err := r.box.Wait(t.Context())
			ended <- err
		}()
		synctest.Wait()
		r.box.Close()
		if err := <-ended; !errors.Is(err, ErrClosed) {
			t.Errorf("wait while it is closed: %v", err)
		}
		r.box.Close()
		if _, err := r.box.Wait(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("wait after it was closed: %v", err)
		}
	})
}

// A screen is told ten times a second at most, but of the first rows at once;
// the last state always arrives, and seeing the same again hardly ever.
func TestPaceOfStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(1000)
		f.page, f.read = 5*time.Millisecond, 5*time.Millisecond
		r := start(t, f, &keeper{}, steady())
		var at []time.Duration
		for {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			s, err := r.box.Wait(ctx)
			cancel()
			if err != nil {
				break
			}
			at = append(at, time.Since(epoch))
			if s.Snapshot.Len() == 0 && len(at) > 3 {
				t.Error("no rows yet")
			}
		}
		if len(at) < 3 || at[1] != 5*time.Millisecond {
			t.Fatalf("states at %v, want the first rows with the first page", at)
		}
		for i, gap := range gaps(at[1:]) {
			if gap < 100*time.Millisecond {
				t.Errorf("state %d after %v", i+2, gap)
			}
		}
		if it := r.state().Snapshot.Get("cert-00999"); r.box.seen != r.state().Generation || it.RequestReadAt.IsZero() {
			t.Errorf("generation %d of %d", r.box.seen, r.state().Generation)
		}
		// A steady sweep: its start, the rows seen again, its end.
		before := r.state().Generation
		r.until(59 * time.Second)
		if got := r.state().Generation; got != before {
			t.Errorf("%d states while nothing happened", got-before)
		}
		r.until(90 * time.Second)
		if got := r.state().Generation - before; got > 3 {
			t.Errorf("%d states for a steady sweep of 40 pages, want at most 3", got)
		}
	})
}

// Nothing stored is written twice, and not for each page.
func TestSavingIsIncremental(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(500), &keeper{}
		f.page, f.read = 500*time.Millisecond, 10*time.Millisecond
		r := start(t, f, k, steady())
		r.until(50 * time.Second)
		saves := k.savings()
		var last time.Duration
		for i, s := range saves {
			if i > 0 && s.next == saves[i-1].next {
				t.Errorf("saving %d is the one before", i)
			}
			if s.at-last < saveNews && i > 0 && s.at != 10*time.Second {
				t.Errorf("saving %d after %v", i, s.at-last)
			}
			last = s.at
		}
		if n := len(saves); n < 5 || n > 8 {
			t.Errorf("%d savings of a sweep of 20 pages within 10 s", n)
		}
		if saves[len(saves)-1].next != r.state().Snapshot {
			t.Error("the last state is not saved")
		}
		for _, e := range k.told() {
			t.Errorf("the first sweep made news: %+v", e)
		}
	})
}

// A keeper that fails does not stop the poller; what it missed it gets later.
func TestFailingKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(10).pending("waits", 0), &keeper{fail: errDisk}
		r := start(t, f, k, steady())
		if s := r.state(); !errors.Is(s.KeeperErr, errDisk) || s.Generation != 1 {
			t.Errorf("first state: %+v", s)
		}
		r.until(10 * time.Minute)
		if s := r.state(); !errors.Is(s.KeeperErr, errDisk) || s.Err != nil || s.Snapshot.Len() != 11 {
			t.Errorf("keeper %v, err %v, %d rows", s.KeeperErr, s.Err, s.Snapshot.Len())
		}
		k.failWith(nil)
		r.until(12 * time.Minute)
		if s := r.state(); s.KeeperErr != nil || k.stored().Len() != 11 || len(k.told()) != 1 || k.told()[0].Kind != model.EventRequest {
			t.Errorf("keeper %v, stored %v, events %+v", s.KeeperErr, k.stored(), k.told())
		}
		k.failWith(errDisk)
		f.pending("another", 0)
		r.Refresh()
		r.until(13 * time.Minute)
		if err := r.stop(); !errors.Is(err, errDisk) {
			t.Errorf("the end with a failing keeper: %v", err)
		}
	})
}
