package poll

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
)

// bundle is the answer to an action on a row.
func bundle(f *fake, key string, d *model.Deletion) model.Page {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := model.Page{Fields: model.FieldDeleted, AsOf: time.Now(), Items: []model.Item{{Ref: certificate(key), Deletion: d}}}
	if d == nil {
		p.Fields |= model.FieldCertificate
	}
	if r := f.rows[key]; r != nil {
		p.Items[0].Certificate = r.certificate
	}
	return p
}

// Lists lag behind a deletion, a recovery and a purge for up to a minute; the
// row does not go to and fro, and the deleted list is read now and when it has
// caught up.
func TestListsLagBehindOwnActions(t *testing.T) {
	deletion := &model.Deletion{At: epoch.Add(5 * time.Minute), PurgeAt: epoch.AddDate(0, 0, 90)}
	for _, tc := range []struct {
		name, key, want string
		act             func(*row)
		page            *model.Deletion
		told            []model.EventKind
	}{
		{"deleted", "waits", "deleted", func(r *row) { r.deletion = deletion }, deletion, []model.EventKind{model.EventRequest, model.EventDeleted}},
		{"recovered", "old", "live", func(r *row) { r.deletion = nil }, nil, []model.EventKind{model.EventRecovered}},
		{"purged", "old", "purged", func(r *row) { r.deletion = nil }, &model.Deletion{Purged: true}, []model.EventKind{model.EventPurged}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, k := bin().pending("waits", 0), &keeper{}
				r := start(t, f, k, steady())
				r.until(5 * time.Minute)
				f.change(tc.key, func(r *row) { tc.act(r); r.lagging = true })
				f.take()
				r.Acted(certificate(tc.key), bundle(f, tc.key, tc.page))
				for at := 5*time.Minute + 200*time.Millisecond; at < 6*time.Minute-time.Second; at += time.Second {
					r.until(at)
					if got := r.stand(tc.key); got != tc.want {
						t.Fatalf("at %v it is %s, want %s", at, got, tc.want)
					}
				}
				if tc.want == "purged" {
					f.remove(tc.key)
				} else {
					f.change(tc.key, func(r *row) { r.lagging = false })
				}
				r.until(9 * time.Minute)
				if got := r.stand(tc.key); got != tc.want {
					t.Errorf("at the end it is %s, want %s", got, tc.want)
				}
				want := []time.Duration{5 * time.Minute, 6 * time.Minute}
				if got := f.made("deleted", ""); len(got) != 2 || got[0].Truncate(time.Second) != want[0] || got[1].Truncate(time.Second) != want[1] {
					t.Errorf("the deleted ones were listed at %v, want %v", got, want)
				}
				if got := f.made("request", tc.key); (len(got) == 0) != (tc.want != "live") {
					t.Errorf("request read at %v", got)
				}
				if got := f.made("certificate", tc.key); (len(got) == 0) != (tc.want != "live") {
					t.Errorf("certificate read at %v", got)
				}
				if err := r.stop(); err != nil {
					t.Fatal(err)
				}
				if got := k.kinds(tc.key); !slices.Equal(got, tc.told) {
					t.Errorf("told %v, want %v", got, tc.told)
				}
			})
		})
	}
}

// The request of a recovered certificate is not gone because reads lag.
func TestRecoveredRequestIsNotGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := bin().pending("waits", 0), &keeper{}
		r := start(t, f, k, steady())
		r.until(5 * time.Minute)
		deletion := &model.Deletion{At: time.Now(), PurgeAt: epoch.AddDate(0, 0, 90)}
		f.change("waits", func(r *row) { r.deletion = deletion })
		r.Acted(certificate("waits"), bundle(f, "waits", deletion))
		r.until(8 * time.Minute)
		f.change("waits", func(r *row) { r.deletion, r.lagging = nil, true })
		r.Acted(certificate("waits"), bundle(f, "waits", nil))
		r.until(8*time.Minute + 50*time.Second)
		f.change("waits", func(r *row) { r.lagging = false })
		r.until(10 * time.Minute)
		it := r.state().Snapshot.Get("waits")
		if it.Request.Gone || it.Deletion != nil || !it.RequestReadAt.After(epoch.Add(9*time.Minute)) {
			t.Errorf("request %+v read at %v", it.Request, it.RequestReadAt)
		}
		if slices.Contains(k.kinds("waits"), model.EventGone) {
			t.Errorf("told %v", k.kinds("waits"))
		}
	})
}

// An answer under way when a row is deleted says nothing of the time after.
func TestAnswersFromBeforeADeletionAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin().pending("waits", 0)
		f.read = time.Second
		r := start(t, f, &keeper{}, steady())
		r.until(30 * time.Second)
		r.Acted(request("waits"), model.Page{}) // is followed by several reads
		r.Look(certificate("waits"))
		r.until(30*time.Second + 100*time.Millisecond)
		deletion := &model.Deletion{At: time.Now()}
		r.Acted(certificate("waits"), bundle(f, "waits", deletion)) // the fake still answers as before
		r.until(35 * time.Second)
		if got := r.stand("waits"); got != "deleted" {
			t.Errorf("it is %s", got)
		}
		f.take()
		r.until(59 * time.Second)
		if got := append(f.made("request", "waits"), f.made("certificate", "waits")...); len(got) != 0 {
			t.Errorf("the deleted row is read at %v", got)
		}
	})
}

// An action without an answer is settled by reading: also the list of what was
// deleted.
func TestUncertainDeletionIsSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin()
		r := start(t, f, &keeper{}, steady())
		r.until(5 * time.Minute)
		f.change("cert-00001", func(r *row) { r.deletion = &model.Deletion{At: time.Now(), PurgeAt: epoch.AddDate(0, 0, 90)} })
		f.take()
		r.Acted(certificate("cert-00001"), model.Page{})
		r.until(5*time.Minute + time.Second)
		if got := r.stand("cert-00001"); got != "deleted" {
			t.Errorf("it is %s", got)
		}
		if got := f.made("certificate", "cert-00001"); len(got) != 1 {
			t.Errorf("certificate read at %v, want once", got)
		}
	})
}

func TestUncertainRecoveryIsSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := bin()
		r := start(t, f, &keeper{}, steady())
		r.until(5*time.Minute + time.Second)
		f.change("old", func(r *row) { r.deletion, r.lagging = nil, true })
		f.take()
		r.Acted(certificate("old"), model.Page{})
		r.until(5*time.Minute + 2500*time.Millisecond)
		if got := f.made("request", "old"); r.stand("old") != "deleted" || len(got) != 0 {
			t.Errorf("while it lags: it is %s, request read at %v", r.stand("old"), got)
		}
		f.change("old", func(r *row) { r.lagging = false })
		r.until(5*time.Minute + 10*time.Second)
		if got := f.made("request", "old"); r.stand("old") != "live" || len(got) != 1 {
			t.Errorf("it is %s, request read at %v; want it live and read once", r.stand("old"), got)
		}
	})
}
