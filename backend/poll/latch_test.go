package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
)

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
		f.take()
		k.failWith(nil)
		r.until(12 * time.Minute)
		if calls := f.log(); len(calls) > 0 {
			t.Errorf("called because the store knew of no latch: %+v", calls)
		}
		if s := r.state(); !s.Latched || s.KeeperErr != nil || k.latchKept() == nil {
			t.Errorf("when the keeper works: latched %v, keeper %v, stored %v", s.Latched, s.KeeperErr, k.latchKept())
		}
	})
}

// While a latch is being written, an answer from before does not lift it.
func TestLatchIsNotLiftedByAnOldAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake().issued(1), &keeper{getLag: 2 * time.Second, setLag: time.Second}
		f.failWith(failBetween(0, time.Hour, refuse(backend.KindAuth, 0)))
		r := start(t, f, k, steady())
		r.until(4200 * time.Millisecond) // two looks at the latch, and one call that was refused
		if len(f.log()) != 1 || !r.state().Latched {
			t.Fatalf("latched %v, calls %+v", r.state().Latched, f.log())
		}
		r.Refresh() // asks the store, which hears of the latch a second later
		r.until(time.Minute)
		if len(f.log()) != 1 || !r.state().Latched {
			t.Errorf("latched %v, calls %+v", r.state().Latched, f.log())
		}
	})
}

// TestAgeAfterARestart: where the login is refused after a restart, what is shown
// is as old as the last look of the process before: at an account the last one at
// what changed, and not the last listing of everything.
func TestAgeAfterARestart(t *testing.T) {
	for name, begin := range map[string]func(*testing.T, *keeper, error) *running{
		"account": func(t *testing.T, k *keeper, refused error) *running {
			o := newOffice(map[string]string{"1": "Issued", "2": "Requested"})
			o.failWith(func(call) error { return refused })
			return o.begin(t, k, steady())
		},
		"vault": func(t *testing.T, k *keeper, refused error) *running {
			f := newFake().issued(3)
			f.failWith(func(call) error { return refused })
			return start(t, f, k, steady())
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &keeper{}
				first := begin(t, k, nil)
				first.until(3*time.Hour + 30*time.Second)
				want := epoch.Add(3 * time.Hour)
				if at := first.state().ReadAt(); !at.Equal(want) {
					t.Fatalf("before the restart it was read at %v", at)
				}
				if err := first.stop(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				late := begin(t, k, &backend.Error{Kind: backend.KindAuth})
				if at := late.state().ReadAt(); !at.Equal(want) {
					t.Errorf("the first state was read at %v, want %v", at, want)
				}
				time.Sleep(time.Hour)
				if s := late.state(); !s.Latched || !s.ReadAt().Equal(want) {
					t.Errorf("latched %t, read at %v", s.Latched, s.ReadAt())
				}
			})
		})
	}
}
