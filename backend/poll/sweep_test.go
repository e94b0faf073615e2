package poll

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

func TestFirstSweepFillsTheBoard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(100).pending("waits", 0)
		r := start(t, f, &keeper{}, steady())
		if s := r.state(); s.Generation != 1 || s.Snapshot.Len() != 0 {
			t.Fatalf("at first: generation %d, %d rows", s.Generation, s.Snapshot.Len())
		}
		r.until(350 * time.Millisecond)
		if s := r.state(); s.Snapshot.Len() < 50 || !s.Loading || s.Err != nil {
			t.Fatalf("after three pages: %d rows, loading %v, err %v", s.Snapshot.Len(), s.Loading, s.Err)
		}
		r.until(2 * time.Second)
		s := r.state()
		if s.Snapshot.Len() != 101 || s.Loading || !s.Snapshot.SweptAt().Equal(epoch) {
			t.Fatalf("at the end: %d rows, loading %v, swept %v", s.Snapshot.Len(), s.Loading, s.Snapshot.SweptAt())
		}
		for _, it := range s.Snapshot.Items() {
			if it.RequestReadAt.IsZero() {
				t.Errorf("%s: request never read", it.Ref)
			}
		}
		if got := len(f.made("request", "")); got != 101 {
			t.Errorf("%d reads, want one for each row", got)
		}
		if got := len(f.made("certificate", "")); got != 0 {
			t.Errorf("%d certificates read, want none", got)
		}
		if got := s.Snapshot.Get("waits").Request; got == nil || got.Phase != model.PhaseInProgress {
			t.Errorf("request of waits: %+v", got)
		}
	})
}

// What the list gives away as pending is read while listing goes on: it stands
// within 1.25 times the time of the page chain alone. What can wait, waits.
func TestPendingRowsAreReadWhileListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(900)
		f.read = f.page
		for i := range 100 {
			f.pending(fmt.Sprintf("cert-%05d-p", i*9), time.Hour)
		}
		chain := 40 * f.page
		r := start(t, f, &keeper{}, steady())
		r.until(chain - time.Millisecond)
		if n := len(f.made("request", "")); n > 100 {
			t.Errorf("%d reads while listing, want only those of the 100 pending rows", n)
		}
		r.until(chain * 5 / 4)
		s := r.state()
		for i := range 100 {
			if it := s.Snapshot.Get(fmt.Sprintf("cert-%05d-p", i*9)); it.RequestReadAt.IsZero() {
				t.Errorf("%s not read within 1.25 × the page chain", it.Ref)
			}
		}
		if f.mostAtOnce() > 8 {
			t.Errorf("%d reads at once, want at most 8", f.mostAtOnce())
		}
	})
}

func TestSweepsStartEveryMinuteAndNeverOverlap(t *testing.T) {
	for _, tc := range []struct {
		name string
		page time.Duration
		want []time.Duration // when sweeps start
	}{
		{"fast", time.Second, []time.Duration{0, 60 * time.Second, 120 * time.Second}},
		{"slower than the interval", 80 * time.Second, []time.Duration{0, 80 * time.Second, 160 * time.Second}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().issued(20)
				f.page = tc.page
				r := start(t, f, &keeper{}, steady())
				r.until(tc.want[len(tc.want)-1] + time.Second)
				if got := f.made("page", ""); !slices.Equal(got, tc.want) {
					t.Errorf("sweeps at %v, want %v", got, tc.want)
				}
			})
		})
	}
}

// A failed sweep and one that was cut short remove nothing; two complete ones
// that do not list a row make it "not seen".
func TestOnlyCompleteSweepsMakeRowsVanish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(30)
		k := &keeper{}
		r := start(t, f, k, steady())
		r.until(30 * time.Second)
		f.remove("cert-00029")
		f.cutShort(true)
		r.until(210 * time.Second) // three sweeps cut short
		f.cutShort(false)
		f.failWith(func(c call) error {
			if c.key == "cert-00025" {
				return refuse(backend.KindOther, 0)
			}
			return nil
		})
		r.until(390 * time.Second) // three that fail on the second page
		s := r.state()
		if got := s.Snapshot.Get("cert-00029"); got == nil || got.Missed != 0 {
			t.Fatalf("after failed sweeps: %+v", got)
		}
		if s.Err == nil || !s.ErrSince.Equal(epoch.Add(240*time.Second+200*time.Millisecond)) {
			t.Errorf("error %v since %v", s.Err, s.ErrSince)
		}
		f.failWith(nil)
		r.until(450 * time.Second)
		if s := r.state(); s.Err != nil || s.Snapshot.Get("cert-00029").Vanished() {
			t.Errorf("after one complete sweep: err %v, vanished %v", s.Err, s.Snapshot.Get("cert-00029").Vanished())
		}
		r.until(510 * time.Second)
		if it := r.state().Snapshot.Get("cert-00029"); it == nil || !it.Vanished() {
			t.Errorf("after two complete sweeps: %+v, want vanished and still there", it)
		}
		if !slices.ContainsFunc(k.told(), func(e model.Event) bool { return e.Kind == model.EventVanished }) {
			t.Errorf("no event of the row that vanished: %+v", k.told())
		}
	})
}

func TestRefreshSweepsNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(60).pending("waits", time.Hour)
		r := start(t, f, &keeper{}, steady())
		r.until(30 * time.Second)
		f.take()
		r.Refresh()
		r.state()
		if got := f.made("page", ""); !slices.Equal(got, []time.Duration{30 * time.Second}) {
			t.Errorf("pages at %v, want one now", got)
		}
		if got := f.made("request", "waits"); !slices.Equal(got, []time.Duration{30 * time.Second}) {
			t.Errorf("request in progress read at %v, want now", got)
		}
		// While that sweep is on its second page, more keys make one sweep more.
		r.until(30*time.Second + 150*time.Millisecond)
		r.Refresh()
		r.Refresh()
		r.until(80 * time.Second)
		if got, want := f.made("page", "cert-00000"), []time.Duration{30 * time.Second, 30*time.Second + 300*time.Millisecond}; !slices.Equal(got, want) {
			t.Errorf("sweeps at %v, want %v", got, want)
		}
	})
}

// A page that is long under way may be from before the key was pressed.
func TestRefreshDuringASlowPage(t *testing.T) {
	for pressed, want := range map[time.Duration][]time.Duration{
		500 * time.Millisecond: {0},
		4 * time.Second:        {0, 5 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake().issued(1)
			f.page = 5 * time.Second
			r := start(t, f, &keeper{}, steady())
			r.until(pressed)
			r.Refresh()
			r.until(20 * time.Second)
			if got := f.made("page", ""); !slices.Equal(got, want) {
				t.Errorf("pressed after %v: pages at %v, want %v", pressed, got, want)
			}
		})
	}
}

// A target without a capability is polled with the other one.
func TestMissingCapabilities(t *testing.T) {
	for _, tc := range []struct {
		name         string
		with         func(*fake) backend.Capabilities
		pages, reads int
	}{
		{"no reads", func(f *fake) backend.Capabilities { return backend.Capabilities{Sweep: f, ReadWhy: "not here"} }, 2, 0},
		{"no sweep", func(f *fake) backend.Capabilities { return backend.Capabilities{Read: f, SweepWhy: "not here"} }, 0, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().issued(1)
				r := start(t, f, &keeper{}, steady())
				_ = r.stop()
				p := New(limitedFake{f, tc.with(f)}, &keeper{}, steady())
				f.take()
				ctx, cancel := context.WithCancel(t.Context())
				ended := make(chan error, 1)
				go func() { ended <- p.Run(ctx) }()
				time.Sleep(time.Second)
				p.Look(certificate("cert-00000"))
				p.Acted(request("cert-00000"), model.Page{})
				time.Sleep(59500 * time.Millisecond)
				cancel()
				if err := <-ended; err != nil {
					t.Error(err)
				}
				pages, certificates := len(f.made("page", "")), len(f.made("certificate", ""))
				if pages != tc.pages || tc.reads == 0 && certificates != 0 || tc.reads > 0 && certificates == 0 {
					t.Errorf("%d pages, %d certificates read", pages, certificates)
				}
			})
		})
	}
}

type limitedFake struct {
	*fake
	caps backend.Capabilities
}

func (l limitedFake) Capabilities() backend.Capabilities { return l.caps }

// A context that ends while a sweep and reads are under way ends them, and
// what had come is saved.
func TestRunEndsDuringASweep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(100).pending("cert-00001-p", 0)
		f.read = time.Minute
		k := &keeper{}
		r := start(t, f, k, steady())
		r.until(250 * time.Millisecond)
		if f.underWay() == 0 {
			t.Fatal("no read under way")
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if f.underWay() != 0 || f.listing() {
			t.Errorf("still under way: %d reads, listing %v", f.underWay(), f.listing())
		}
		if k.stored() == nil || k.stored().Len() != 50 {
			t.Errorf("saved: %v", k.stored())
		}
		if s := r.state(); s.Err != nil {
			t.Errorf("the end shows as an error: %v", s.Err)
		}
		if err := r.Run(t.Context()); err == nil {
			t.Error("a second Run works")
		}
	})
}

// endless lists pages whatever its context says, as a test of nothing but the
// order of ending: the loop stops pulling.
type endless struct{ *fake }

func (e endless) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: e, Read: e.fake}
}

func (e endless) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		for i := 0; ; i++ {
			time.Sleep(10 * time.Millisecond)
			key := fmt.Sprintf("row-%06d", i)
			page := model.Page{Fields: model.FieldListing, AsOf: time.Now(), Items: []model.Item{{Ref: certificate(key)}}}
			if !yield(page, nil) {
				return
			}
		}
	}
}

func TestSweepIsNoLongerPulledAfterTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := New(endless{newFake()}, &keeper{}, steady())
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Second, errors.New("enough"))
		defer cancel()
		if err := p.Run(ctx); err != nil {
			t.Error(err)
		}
		if took := time.Since(epoch); took > 5*time.Second+20*time.Millisecond {
			t.Errorf("ended after %v, want 5 s and the page under way", took)
		}
	})
}

// A panic in a call or in the keeper comes up in Run, where the caller can
// catch it, and leaves nothing behind.
func TestPanicsComeUpInRun(t *testing.T) {
	for _, tc := range []struct {
		name    string
		arrange func(*fake, *keeper)
	}{
		{"list", func(f *fake, _ *keeper) { f.failWith(func(call) error { panic("broken") }) }},
		{"read", func(f *fake, _ *keeper) {
			f.failWith(func(c call) error {
				if c.what == "request" {
					panic("broken")
				}
				return nil
			})
		}},
		{"save", func(_ *fake, k *keeper) { k.breakSaving = true }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, k := newFake().issued(60).pending("p", 0), &keeper{}
				tc.arrange(f, k)
				var caught any
				func() {
					defer func() { caught = recover() }()
					ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
					defer cancel()
					if err := New(f, k, steady()).Run(ctx); err != nil {
						t.Error(err)
					}
				}()
				if text, ok := caught.(string); !ok || !strings.HasPrefix(text, "broken\n") {
					t.Errorf("caught %v", caught)
				}
			})
		})
	}
}
