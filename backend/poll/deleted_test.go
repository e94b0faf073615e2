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

// bin is a fake that lists what was deleted, with three live rows, cert-00000
// to cert-00002, and one deleted one, "old".
func bin() *fake {
	f := newFake().issued(3)
	f.keeps = true
	f.rows["old"] = &row{certificate: f.rows["cert-00000"].certificate,
		deletion: &model.Deletion{At: epoch.AddDate(0, 0, -12), PurgeAt: epoch.AddDate(0, 0, 78)}}
	return f
}

// stand says how the poller shows a row.
func (r *running) stand(key string) string {
	r.t.Helper()
	it := r.state().Snapshot.Get(key)
	if it == nil {
		return "unknown"
	}
	return [...]string{"live", "deleted", "purged"}[standing(it)]
}

// kinds lists what was told of a row.
func (k *keeper) kinds(key string) []model.EventKind {
	var kinds []model.EventKind
	for _, e := range k.told() {
		if e.Ref.Key == key {
			kinds = append(kinds, e.Kind)
		}
	}
	return kinds
}

func TestDeletedAreListedAfterTheFirstSweepAndEveryTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := bin(), &keeper{}
		f.page = time.Second
		r := start(t, f, k, steady())
		r.until(1500 * time.Millisecond)
		if s := r.state(); s.Loading {
			t.Error("listing the deleted certificates shows as loading")
		}
		r.until(25 * time.Minute)
		want := []time.Duration{time.Second, 10*time.Minute + time.Second, 20*time.Minute + time.Second}
		if got := f.made("deleted", ""); !slices.Equal(got, want) {
			t.Errorf("listed at %v, want %v", got, want)
		}
		if got := r.stand("old"); got != "deleted" {
			t.Errorf("old is %s", got)
		}
		if st := r.state().Snapshot.Get("old").Status(time.Now()); st.State != model.StateDeleted || st.Next != "77 d kept" {
			t.Errorf("status %+v", st)
		}
		if got := append(f.made("request", "old"), f.made("certificate", "old")...); len(got) != 0 {
			t.Errorf("the deleted row was read at %v", got)
		}
		if got := k.kinds("old"); len(got) != 0 {
			t.Errorf("told %v of a row that was deleted all the time", got)
		}
	})
}

// Changes by others: deleted, recovered, purged. Each is told once.
func TestDeletionsByOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := bin(), &keeper{}
		r := start(t, f, k, steady())
		r.until(5 * time.Minute)
		f.change("cert-00001", func(r *row) { r.deletion = &model.Deletion{At: time.Now(), PurgeAt: epoch.AddDate(0, 0, 90)} })
		r.until(11 * time.Minute)
		if got := r.stand("cert-00001"); got != "deleted" {
			t.Errorf("cert-00001 is %s", got)
		}
		f.take()
		f.change("cert-00001", func(r *row) { r.deletion = nil })
		f.remove("old")
		r.until(12*time.Minute + 30*time.Second)
		if got := r.stand("cert-00001"); got != "live" {
			t.Errorf("cert-00001 is %s", got)
		}
		if got := f.made("request", "cert-00001"); len(got) == 0 {
			t.Error("the request of the recovered row was not asked for")
		}
		r.until(22 * time.Minute)
		if got := r.stand("old"); got != "purged" {
			t.Errorf("old is %s", got)
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if got, want := k.kinds("cert-00001"), []model.EventKind{model.EventVanished, model.EventDeleted, model.EventRecovered}; !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		if got, want := k.kinds("old"), []model.EventKind{model.EventPurged}; !slices.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		// What was told of once is gone at the next start, also from the store.
		next := start(t, newFake(), k, steady())
		if next.stand("old") != "unknown" || next.stand("cert-00001") != "live" {
			t.Errorf("next start: old is %s, cert-00001 is %s", next.stand("old"), next.stand("cert-00001"))
		}
		if err := next.stop(); err != nil || k.stored().Get("old") != nil {
			t.Errorf("stored after the next start: %v, %+v", err, k.stored().Get("old"))
		}
	})
}

// Deleted rows have no part in the slice of answers that are read again.
func TestDeletedRowsTakeNoPartInTheSlice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(120)
		f.keeps = true
		r := start(t, f, &keeper{}, steady())
		r.until(59 * time.Second)
		for i := range 60 {
			f.change(fmt.Sprintf("cert-%05d", i), func(r *row) { r.deletion = &model.Deletion{At: time.Now()} })
		}
		r.Refresh()
		r.until(90 * time.Second)
		if got := r.stand("cert-00000"); got != "deleted" {
			t.Fatalf("cert-00000 is %s", got)
		}
		f.take()
		r.until(690 * time.Second)
		if got := f.made("request", ""); len(got) != 10 {
			t.Errorf("%d answers read again in ten minutes, want 60 × 10 ÷ 60", len(got))
		}
	})
}

// A new date of purging is news; when a deletion was seen is not.
func TestSameDeletion(t *testing.T) {
	was := model.Item{Ref: certificate("old"), Deletion: &model.Deletion{At: epoch, PurgeAt: epoch.AddDate(0, 0, 90), SeenAt: epoch}}
	for _, tc := range []struct {
		name string
		is   *model.Deletion
		same bool
	}{
		{"seen again", &model.Deletion{At: epoch, PurgeAt: epoch.AddDate(0, 0, 90), SeenAt: epoch.Add(time.Hour)}, true},
		{"kept longer", &model.Deletion{At: epoch, PurgeAt: epoch.AddDate(0, 0, 91), SeenAt: epoch}, false},
		{"deleted again", &model.Deletion{At: epoch.Add(1), PurgeAt: epoch.AddDate(0, 0, 90), SeenAt: epoch}, false},
		{"purged", &model.Deletion{At: epoch, PurgeAt: epoch.AddDate(0, 0, 90), SeenAt: epoch, Purged: true}, false},
		{"live", nil, false},
	} {
		is := was
		is.Deletion = tc.is
		if got := same(&was, &is); got != tc.same {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

// The deleted ones are listed in time although nothing else happens.
func TestDeletedListWakesThePoller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin()
		o := steady()
		o.Every, o.Deleted = 5*time.Hour, 3*time.Minute
		r := start(t, f, &keeper{}, o)
		r.until(3*time.Minute + 400*time.Millisecond)
		want := []time.Duration{100 * time.Millisecond, 3*time.Minute + 100*time.Millisecond}
		if got := f.made("deleted", ""); !slices.Equal(got, want) {
			t.Errorf("listed at %v, want %v", got, want)
		}
	})
}

// The list of the deleted respects pause, latch and rest, and its failure is
// shown and removes nothing.
func TestDeletedListRespectsThePauses(t *testing.T) {
	fails := func(err error) func(call) error {
		return func(c call) error {
			if c.what == "deleted" {
				return err
			}
			return nil
		}
	}
	for _, tc := range []struct {
		name  string
		err   error
		calls int // within 30 minutes
		shown bool
	}{
		{"throttled", refuse(backend.KindThrottled, 7*time.Minute), 5, true},
		{"latched", refuse(backend.KindAuth, 0), 1, true},
		{"not permitted", refuse(backend.KindPermission, 0), 3, true},
		{"fine", nil, 3, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := bin()
				f.failWith(fails(tc.err))
				r := start(t, f, &keeper{}, steady())
				r.until(29 * time.Minute)
				s := r.state()
				if got := f.made("deleted", ""); len(got) != tc.calls {
					t.Errorf("listed at %v, want %d times", got, tc.calls)
				}
				if (s.Err != nil || s.PartErr != nil) != tc.shown || s.Snapshot.Len() < 3 {
					t.Errorf("error %v, %d rows", s.Err, s.Snapshot.Len())
				}
				if tc.name == "not permitted" && s.Err != nil {
					t.Errorf("one missing permission marks the whole target: %v", s.Err)
				}
			})
		})
	}
	t.Run("resting", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			f := bin()
			r := start(t, f, &keeper{}, steady())
			r.until(time.Minute / 2)
			r.Rest(true)
			r.state()
			f.take()
			r.until(30 * time.Minute)
			if calls := f.take(); len(calls) != 0 {
				t.Errorf("called while resting: %+v", calls)
			}
			r.Rest(false)
			r.until(30*time.Minute + time.Second)
			if got := f.made("deleted", ""); len(got) != 1 {
				t.Errorf("listed at %v, want once when looked at again", got)
			}
		})
	})
}

// A person who refreshes gets the deleted ones too, once.
func TestRefreshListsTheDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin()
		r := start(t, f, &keeper{}, steady())
		r.until(30 * time.Second)
		f.take()
		r.Refresh()
		r.until(50 * time.Second)
		if got := f.made("deleted", ""); !slices.Equal(got, []time.Duration{30*time.Second + 100*time.Millisecond}) {
			t.Errorf("listed at %v", got)
		}
	})
}

// Slow lists of the live certificates do not keep the deleted ones waiting.
func TestSlowSweepsLeaveRoomForTheDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin()
		for i := range 50 {
			f.rows[fmt.Sprintf("more-%02d", i)] = &row{certificate: f.rows["cert-00000"].certificate}
		}
		f.page = 30 * time.Second // three pages, longer than the interval
		r := start(t, f, &keeper{}, steady())
		r.until(25 * time.Minute)
		if got := f.made("deleted", ""); len(got) != 3 {
			t.Errorf("listed at %v, want three times", got)
		}
	})
}
