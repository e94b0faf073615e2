package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
)

// failBetween makes calls fail that are made in a span of time.
func failBetween(from, to time.Duration, err error) func(call) error {
	return func(c call) error {
		if c.at >= from && c.at < to {
			return err
		}
		return nil
	}
}

// 429 pauses the whole target until its Retry-After. The listing under way
// goes on where it stood, and one call goes first, alone.
func TestThrottlingPausesTheTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(75).pending("cert-00000-p", 10*time.Second).pending("cert-00001-p", 10*time.Second)
		r := start(t, f, &keeper{}, steady())
		f.failWith(func(c call) error {
			if c.what == "request" && c.at < 30*time.Second {
				return refuse(backend.KindThrottled, 30*time.Second)
			}
			return nil
		})
		r.until(time.Second)
		// Reads left with the first page at 100 ms and failed at 150 ms, while
		// the second page was under way.
		s := r.state()
		if want := epoch.Add(30*time.Second + 150*time.Millisecond); !s.PausedUntil.Equal(want) || backend.KindOf(s.Err) != backend.KindThrottled {
			t.Errorf("paused until %v with %v, want %v", s.PausedUntil, s.Err, want)
		}
		if s.Snapshot.Len() != 50 || !s.Loading {
			t.Errorf("%d rows, loading %v; want what came before the pause", s.Snapshot.Len(), s.Loading)
		}
		r.Refresh() // a key does not end what the service asked for
		r.until(30*time.Second + 149*time.Millisecond)
		if got := len(f.log()); got != 4 {
			t.Fatalf("%d calls before the pause ended, want two pages and two reads: %+v", got, f.log())
		}
		r.until(30*time.Second + 249*time.Millisecond)
		if got := f.log()[4:]; len(got) != 1 || got[0].key != "cert-00048" || got[0].at != 30*time.Second+150*time.Millisecond {
			t.Errorf("first calls after the pause: %+v, want the third page alone", got)
		}
		r.until(40 * time.Second)
		if s := r.state(); s.Err != nil || !s.PausedUntil.IsZero() || s.Snapshot.Len() != 77 {
			t.Errorf("after the pause: err %v, paused until %v, %d rows", s.Err, s.PausedUntil, s.Snapshot.Len())
		}
	})
}

// Where no Retry-After is given, or the service can't be reached, tries are
// 5, 10, 20 … 300 s apart, one call each, and success starts afresh.
func TestFailuresBackOff(t *testing.T) {
	for _, kind := range []backend.ErrorKind{backend.KindThrottled, backend.KindNetwork, backend.KindUnavailable} {
		t.Run(kind.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().issued(40)
				f.page = 0
				f.failWith(failBetween(0, time.Hour, refuse(kind, 0)))
				r := start(t, f, &keeper{}, steady())
				r.until(time.Hour)
				want := []time.Duration{5, 10, 20, 40, 80, 160, 300, 300}
				got := gaps(f.made("page", ""))
				for i := range want {
					if got[i] != want[i]*time.Second {
						t.Fatalf("tries %v apart, want %v s", got, want)
					}
				}
				if reads := f.made("request", ""); len(reads) != 0 {
					t.Errorf("%d reads, want none", len(reads))
				}
				s := r.state()
				if s.Err == nil || !s.ErrSince.Equal(epoch) || s.PausedUntil.IsZero() {
					t.Errorf("err %v since %v, paused until %v", s.Err, s.ErrSince, s.PausedUntil)
				}
				r.until(time.Hour + 6*time.Minute)
				if s := r.state(); s.Err != nil || s.Snapshot.Len() != 40 || !s.PausedUntil.IsZero() {
					t.Errorf("when it is back: err %v, %d rows", s.Err, s.Snapshot.Len())
				}
				// The next failure starts at 5 s again.
				f.failWith(failBetween(0, 10*time.Hour, refuse(kind, 0)))
				f.take()
				r.until(time.Hour + 8*time.Minute)
				calls := f.take()
				if len(calls) < 2 || calls[1].at-calls[0].at > 5*time.Second+f.read {
					t.Errorf("after a success: %+v, want 5 s apart", calls)
				}
			})
		})
	}
}

// A person who mended the network need not wait; a key tries at once.
func TestRefreshEndsAWaitAfterFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(3).pending("waits", 0)
		f.failWith(failBetween(10*time.Second, 301*time.Second, refuse(backend.KindNetwork, 0)))
		r := start(t, f, &keeper{}, steady())
		r.until(302 * time.Second)
		if s := r.state(); s.PausedUntil.Before(epoch.Add(320 * time.Second)) {
			t.Fatalf("paused until %v", s.PausedUntil)
		}
		f.take()
		r.Refresh()
		r.until(303 * time.Second)
		if s := r.state(); s.Err != nil || len(f.made("page", "")) != 1 || len(f.made("request", "waits")) != 1 {
			t.Errorf("err %v, calls %+v", s.Err, f.log())
		}
	})
}

// A credential that is not accepted is tried once: no call until a person
// presses retry, not even by another process or a later one.
func TestRefusedCredentialLatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(40).pending("cert-00000-p", 0), &keeper{}
		f.failWith(failBetween(0, time.Hour, refuse(backend.KindAuth, 0)))
		r := start(t, f, k, steady())
		r.until(10 * time.Minute)
		r.Look(certificate("cert-00001"))
		r.Refresh()
		r.until(30 * time.Minute)
		if len(f.log()) != 1 {
			t.Errorf("%d calls, want one", len(f.log()))
		}
		s := r.state()
		if !s.Latched || backend.KindOf(s.Err) != backend.KindAuth || s.LatchReason == "" || k.latchKept() == nil {
			t.Errorf("latched %v, err %v, reason %q, stored %v", s.Latched, s.Err, s.LatchReason, k.latchKept())
		}

		other := start(t, newFake().issued(1).pending("p", 0), k, steady())
		if s := other.state(); !s.Latched || s.Generation != 1 || s.LatchReason == "" || backend.KindOf(s.Err) != backend.KindAuth {
			t.Errorf("another process: first state %+v", s)
		}
		r.until(40 * time.Minute)
		if len(other.fake.log()) != 0 {
			t.Errorf("another process called: %+v", other.fake.log())
		}

		r.Retry() // still refused: one call, and latched again
		r.until(50 * time.Minute)
		if len(f.log()) != 2 || !r.state().Latched || k.latchKept() == nil {
			t.Errorf("after retry: %d calls, latched %v, stored %v", len(f.log()), r.state().Latched, k.latchKept())
		}

		r.until(70 * time.Minute)
		f.take()
		other.Retry() // now it works; the first notices before its next sweep
		r.until(72 * time.Minute)
		if s := r.state(); s.Latched || s.Err != nil || s.Snapshot.Len() != 41 {
			t.Errorf("latched %v, err %v, %d rows", s.Latched, s.Err, s.Snapshot.Len())
		}
		if s := other.state(); s.Latched || s.Snapshot.Len() != 2 {
			t.Errorf("the other: latched %v, %d rows", s.Latched, s.Snapshot.Len())
		}
	})
}

// A latch that another process sets is respected from the next sweep on, and
// the listing under way of a process that latches ends.
func TestLatchOfAnotherProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(3), &keeper{}
		r := start(t, f, k, steady())
		r.until(30 * time.Second)
		if err := k.SetLatch(t.Context(), backend.Latch{Target: "v", Reason: "wrong secret", At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		f.take()
		r.until(5 * time.Minute)
		if s := r.state(); !s.Latched || s.LatchReason != "wrong secret" || len(f.log()) != 0 {
			t.Errorf("latched %v because of %q, calls %+v", s.Latched, s.LatchReason, f.log())
		}
		if err := k.ClearLatch(t.Context(), "v"); err != nil {
			t.Fatal(err)
		}
		r.until(7 * time.Minute)
		if s := r.state(); s.Latched || len(f.made("page", "")) == 0 {
			t.Errorf("latched %v, calls %+v", s.Latched, f.log())
		}
	})
}

// A latch holds in memory even if it can't be stored, and is stored later.
func TestLatchWithAFailingKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(60), &keeper{}
		r := start(t, f, k, steady())
		r.until(30 * time.Second)
		k.failWith(errDisk)
		f.failWith(failBetween(60*time.Second+50*time.Millisecond, time.Hour, refuse(backend.KindAuth, 0)))
		r.until(10 * time.Minute)
		if pages := f.made("page", ""); !slices.Equal(pages[3:], []time.Duration{60 * time.Second, 60*time.Second + 100*time.Millisecond}) {
			t.Errorf("pages %v, want no third one and no other sweep", pages)
		}
		if s := r.state(); !s.Latched || s.KeeperErr == nil {
			t.Errorf("latched %v, keeper %v", s.Latched, s.KeeperErr)
		}
		k.failWith(nil)
		r.until(12 * time.Minute)
		if s := r.state(); !s.Latched || s.KeeperErr != nil || k.latchKept() == nil {
			t.Errorf("when the keeper works: latched %v, keeper %v, stored %v", s.Latched, s.KeeperErr, k.latchKept())
		}
	})
}

// A credential that may list but not get costs a handful of refusals, not one
// for each row.
func TestForbiddenReadsAreNotRepeatedForEachRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(300)
		f.failWith(func(c call) error {
			if c.what != "page" && c.at < time.Hour {
				return refuse(backend.KindPermission, 0)
			}
			return nil
		})
		r := start(t, f, &keeper{}, steady())
		r.until(59*time.Minute + 59*time.Second)
		if n := len(f.made("request", "")); n > 200 {
			t.Errorf("%d forbidden reads within an hour", n)
		}
		s := r.state()
		if backend.KindOf(s.Err) != backend.KindPermission || s.Snapshot.Len() != 300 || len(f.made("page", "cert-00000")) != 60 {
			t.Errorf("err %v, %d rows, %d sweeps", s.Err, s.Snapshot.Len(), len(f.made("page", "cert-00000")))
		}
		f.take()
		r.Look(certificate("cert-00150")) // a person may ask all the same
		r.state()
		if len(f.made("certificate", "cert-00150")) != 1 {
			t.Errorf("calls %+v", f.log())
		}
		r.until(time.Hour + 10*time.Minute)
		if s := r.state(); s.Err != nil || s.Snapshot.Get("cert-00299").RequestReadAt.IsZero() {
			t.Errorf("when it may: err %v, %+v", s.Err, s.Snapshot.Get("cert-00299"))
		}
	})
}
