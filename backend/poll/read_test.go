package poll

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// gaps are the times between calls.
func gaps(at []time.Duration) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(at); i++ {
		out = append(out, at[i]-at[i-1])
	}
	return out
}

// A request in progress is read again at the Retry-After of its answer, spread
// by a tenth at most, and after 5 s where it carries none.
func TestRequestsInProgressKeepTheirPace(t *testing.T) {
	const call = 50 * time.Millisecond
	for _, tc := range []struct {
		name       string
		retryAfter time.Duration
		jitter     float64
		want       time.Duration
	}{
		{"Retry-After", 10 * time.Second, 0.5, 10 * time.Second},
		{"none", 0, 0.5, 5 * time.Second},
		{"earliest", 10 * time.Second, 0, 9 * time.Second},
		{"latest", 10 * time.Second, 1, 11 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake().pending("waits", tc.retryAfter)
				r := start(t, f, &keeper{}, Options{Jitter: func() float64 { return tc.jitter }})
				r.until(50 * time.Second)
				got := gaps(f.made("request", "waits"))
				if len(got) < 3 {
					t.Fatalf("read %d times", len(got)+1)
				}
				for _, gap := range got {
					if gap != tc.want+call {
						t.Errorf("read after %v, want %v", gap, tc.want+call)
					}
				}
			})
		})
	}
}

// Requests in progress keep their pace while thousands of rows are read for
// the first time, and a status nobody knows is not taken for an end.
func TestBackgroundDoesNotStarvePolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(1000).pending("waits", 0)
		f.change("waits", func(r *row) { r.request.Status, r.request.Phase = "pondering", model.PhaseUnknown })
		f.page, f.read = 10*time.Millisecond, 700*time.Millisecond
		r := start(t, f, &keeper{}, steady())
		r.until(70 * time.Second)
		if n := len(f.made("request", "")); n < 650 {
			t.Errorf("%d reads within 70 s, want seven at a time", n)
		}
		for _, gap := range gaps(f.made("request", "waits")) {
			if gap != 5700*time.Millisecond {
				t.Errorf("polled after %v, want 5.7 s (5 s and the call)", gap)
			}
		}
		if f.mostAtOnce() > 8 {
			t.Errorf("%d reads at once, want at most 8", f.mostAtOnce())
		}
	})
}

// Rows that were never read come in the board's order of urgency.
func TestMostUrgentRowsAreReadFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(300)
		f.change("cert-00200", func(r *row) { r.certificate.NotAfter = epoch.Add(-time.Hour) })  // expired
		f.change("cert-00100", func(r *row) { r.certificate.NotAfter = epoch.AddDate(0, 0, 1) }) // expires
		r := start(t, f, &keeper{}, Options{Concurrency: 1, Jitter: func() float64 { return 0.5 }})
		r.until(30 * time.Second)
		var order []string
		for _, c := range f.log() {
			if c.what == "request" {
				order = append(order, c.key)
			}
		}
		if len(order) != 300 || order[0] != "cert-00200" || order[1] != "cert-00100" {
			t.Errorf("read %d rows, first %v; want the expired one, then the one that expires", len(order), order[:2])
		}
	})
}

// Visible rows go before the others, also while the first list is on its way.
func TestWatchedRowsAreReadFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(300)
		r := start(t, f, &keeper{}, steady())
		r.until(150 * time.Millisecond)
		r.Watch([]model.Ref{certificate("cert-00007"), certificate("cert-00030")})
		r.until(300 * time.Millisecond)
		if got := f.made("request", "cert-00007"); !slices.Equal(got, []time.Duration{150 * time.Millisecond}) {
			t.Errorf("row that was listed before it was watched: read at %v", got)
		}
		if got := f.made("request", "cert-00030"); !slices.Equal(got, []time.Duration{200 * time.Millisecond}) {
			t.Errorf("row that was watched before it was listed: read at %v", got)
		}
		if got := len(f.made("request", "")); got != 2 {
			t.Errorf("%d rows read while listing, want the two", got)
		}
	})
}

// A row that somebody opens is read at once, though every slot is taken.
func TestLookGoesBeforeEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(500)
		f.page, f.read = 10*time.Millisecond, 10*time.Second
		for i := range 20 {
			f.pending(fmt.Sprintf("p-%02d", i), 0)
		}
		r := start(t, f, &keeper{}, steady())
		r.until(5 * time.Second)
		if f.underWay() != 8 {
			t.Fatalf("%d reads under way, want every slot taken", f.underWay())
		}
		r.Look(certificate("cert-00499"))
		r.Look(certificate("cert-00499"))
		r.until(16 * time.Second)
		want := []time.Duration{5 * time.Second}
		if got := f.made("request", "cert-00499"); !slices.Equal(got, want) {
			t.Errorf("request read at %v, want %v", got, want)
		}
		if got := f.made("certificate", "cert-00499"); !slices.Equal(got, want) {
			t.Errorf("certificate read at %v, want %v", got, want)
		}
		if it := r.state().Snapshot.Get("cert-00499"); it.CertificateReadAt.IsZero() || it.RequestReadAt.IsZero() {
			t.Errorf("not merged: %+v", it)
		}
		if f.mostAtOnce() != 10 {
			t.Errorf("%d reads at once, want two beyond the eight", f.mostAtOnce())
		}
	})
}

// Looking for a name that does not exist makes no row.
func TestLookAtNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(1)
		r := start(t, f, &keeper{}, steady())
		r.until(time.Second)
		r.Look(certificate("nothing"))
		r.until(2 * time.Second)
		if s := r.state(); s.Snapshot.Len() != 1 || s.Err != nil {
			t.Errorf("%d rows, err %v", s.Snapshot.Len(), s.Err)
		}
		if len(f.made("request", "nothing")) != 1 || len(f.made("certificate", "nothing")) != 1 {
			t.Errorf("calls: %+v", f.log())
		}
	})
}

// While nobody looks nothing is read, but an own action is followed to its end.
func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(5).pending("waits", 0)
		r := start(t, f, &keeper{}, steady())
		r.until(10 * time.Second)
		r.Rest(true)
		r.state()
		f.take()
		r.until(10 * time.Minute)
		if calls := f.take(); len(calls) != 0 {
			t.Errorf("called while resting: %+v", calls)
		}
		r.Acted(request("waits"), model.Page{})
		r.until(11 * time.Minute)
		if got := f.made("request", "waits"); len(got) != 4 || len(f.log()) != 4 {
			t.Errorf("after an action while resting: %+v, want 4 reads", f.log())
		}
		f.take()
		r.Rest(false)
		r.state()
		if p, q := f.made("page", ""), f.made("request", "waits"); len(p) != 1 || len(q) != 1 || p[0] != 11*time.Minute {
			t.Errorf("when looked at again: pages %v, polls %v; want one of each at once", p, q)
		}
	})
}

// A row whose reads fail is tried less and less, and does not hold up others.
func TestAFailingRowDoesNotHoldUpOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(20).pending("waits", 0)
		f.failWith(func(c call) error {
			if c.what == "request" && c.key == "cert-00003" {
				return refuse(backend.KindOther, 0)
			}
			return nil
		})
		r := start(t, f, &keeper{}, steady())
		r.until(30 * time.Minute)
		s := r.state()
		for _, it := range s.Snapshot.Items() {
			if it.RequestReadAt.IsZero() != (it.Ref.Key == "cert-00003") {
				t.Errorf("%s: read at %v", it.Ref, it.RequestReadAt)
			}
		}
		at := f.made("request", "cert-00003")
		if n := len(at); n < 8 || n > 13 { // 5, 10, 20 … 300 s
			t.Errorf("%d tries within 30 minutes", n)
		}
		f.failWith(nil)
		f.take()
		r.Refresh()
		r.state()
		if got := f.made("request", "cert-00003"); len(got) != 1 {
			t.Errorf("a key that refreshes reads it at %v, want at once", got)
		}
		if got := gaps(at)[len(at)-2]; got < longestBackoff || got > longestBackoff+time.Second {
			t.Errorf("last tries %v apart, want 5 min", got)
		}
	})
}
