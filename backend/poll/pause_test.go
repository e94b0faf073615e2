package poll

import (
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
	for _, kind := range []backend.ErrorKind{backend.KindThrottled, backend.KindNetwork, backend.KindUnavailable, backend.KindLocal, backend.KindSignIn} {
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
		f.failWith(failBetween(10*time.Second, 40*time.Minute, refuse(backend.KindNetwork, 0)))
		r := start(t, f, &keeper{}, steady())
		r.until(40 * time.Minute)
		if s := r.state(); s.PausedUntil.Before(epoch.Add(40*time.Minute + 10*time.Second)) {
			t.Fatalf("paused until %v", s.PausedUntil)
		}
		f.take()
		r.Refresh()
		r.until(40*time.Minute + time.Second)
		if s := r.state(); s.Err != nil || len(f.made("page", "")) != 1 || len(f.made("request", "waits")) != 1 {
			t.Errorf("err %v, calls %+v", s.Err, f.log())
		}
	})
}

// After a pause one call goes alone; a list that falls due meanwhile waits.
func TestOneCallProvesTheTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().pending("a", 0).pending("b", 0)
		f.read = 4 * time.Second
		r := start(t, f, &keeper{}, steady())
		r.until(30 * time.Second)
		// The polls that leave at 36.1 s are refused at 40.1 s, so the pause ends
		// at 58.1 s, and a sweep falls due while the first poll is under way.
		f.failWith(failBetween(30*time.Second, 40*time.Second, refuse(backend.KindThrottled, 18*time.Second)))
		r.until(55 * time.Second)
		f.take()
		f.failWith(nil)
		r.until(70 * time.Second)
		calls := f.log()
		if len(calls) < 3 {
			t.Fatalf("calls %+v", calls)
		}
		back := calls[0].at + f.read
		if calls[1].at < back {
			t.Errorf("calls %+v, want the second after the first is back at %v", calls, back)
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
		if s.Err != nil || backend.KindOf(s.PartErr) != backend.KindPermission || s.Snapshot.Len() != 300 || len(f.made("page", "cert-00000")) != 60 {
			t.Errorf("err %v and %v, %d rows, %d sweeps", s.Err, s.PartErr, s.Snapshot.Len(), len(f.made("page", "cert-00000")))
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
