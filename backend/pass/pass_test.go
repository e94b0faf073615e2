package pass_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
)

// Twenty vaults, each answering after 200 ms, cost what the slowest costs: one of
// them hangs, one refuses, and the rest is complete.
func TestAFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var targets []pass.Target
		var fakes []*fake
		for i := range 20 {
			fakes = append(fakes, newFake(fmt.Sprintf("v%02d", i), 60, "a", "b"))
			targets = append(targets, pass.Target{Backend: fakes[i]})
		}
		k := newKeeper()
		fakes[7].failWith(func(string) error { return errHangs })
		refusal := &backend.Error{Kind: backend.KindAuth, Op: "list", Message: "who are you?"}
		fakes[9].failWith(func(string) error { return refusal })
		began := time.Now()
		results := pass.Make(t.Context(), targets, pass.Options{Keeper: k, Timeout: 5 * time.Second, Concurrency: 4})
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("all took %v, as long as the one that hangs is 5 s", took)
		}
		for i, r := range results {
			switch i {
			case 7:
				if r.Complete || backend.KindOf(r.Err) != backend.KindNetwork || !strings.Contains(r.Err.Error(), "v07") || r.Took != 5*time.Second {
					t.Errorf("the one that hangs: complete %v after %v, %v", r.Complete, r.Took, r.Err)
				}
			case 9:
				latch, ok := k.latches["v09"]
				if !ok || r.Latch == nil || *r.Latch != latch || !errors.Is(r.Err, refusal) || len(fakes[9].took()) != 1 {
					t.Errorf("the one that refuses: latch %v, %v", r.Latch, r.Err)
				}
			default:
				// Three pages one after the other, and beside them what else there is.
				if r.Err != nil || !r.Complete || r.Snapshot.Len() != 62 || r.Took > 800*time.Millisecond {
					t.Errorf("%s: %d rows, complete %v, after %v: %v", r.Info.Name, r.Snapshot.Len(), r.Complete, r.Took, r.Err)
				}
			}
		}
		if fakes[0].most > 4+2 {
			t.Errorf("%d calls at once, with 4 reads and two lists", fakes[0].most)
		}
	})
}

// What is called, by what is known and what happened meanwhile.
func TestCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake("v", 30, "open", "sent"), newKeeper()
		lists := map[string]int{"list": 2, "deleted": 1}
		wants := func(what string, o pass.Options, reads ...string) pass.Result {
			t.Helper()
			o.Keeper = k
			time.Sleep(time.Hour)
			r := look(t, f, o)
			want := maps.Clone(lists)
			for _, read := range reads {
				want[read]++
			}
			if got := f.took(); !maps.Equal(got, want) || r.Err != nil || !r.Complete {
				t.Errorf("%s: called %v, want %v; complete %v, %v", what, got, want, r.Complete, r.Err)
			}
			return r
		}
		wants("the first look", pass.Options{}, "request open", "request sent")
		if r := wants("nothing new", pass.Options{}, "request open", "request sent"); !r.Snapshot.Get("cert-0001").RequestReadAt.IsZero() {
			t.Error("the request of a certificate was read for no reason")
		}

		f.change("cert-0003", func(it *model.Item) { it.Certificate.Updated = time.Now() })
		f.change("later", func(it *model.Item) {
			it.Certificate = model.Certificate{Issued: true, Thumbprint: "ab", Updated: time.Now()}
		})
		wants("a changed and a new row", pass.Options{}, "request open", "request sent", "request cert-0003", "request later")

		f.change("sent", func(it *model.Item) {
			it.Request = &model.Request{ID: "id-sent", Status: "completed", Phase: model.PhaseCompleted}
		})
		wants("a request that completed", pass.Options{}, "request open", "request sent", "certificate sent")
		f.change("sent", func(it *model.Item) {
			it.Certificate = model.Certificate{Issued: true, Thumbprint: "cd", Updated: time.Now()}
		})
		wants("its certificate, which was read before", pass.Options{}, "request open", "request sent", "certificate sent")

		all := []string{"request open", "request sent", "request later"}
		for i := range 30 {
			all = append(all, fmt.Sprintf("request cert-%04d", i))
		}
		wants("a deep look", pass.Options{Deep: true}, all...)

		lists = map[string]int{}
		for _, o := range []pass.Options{{MaxAge: 2 * time.Hour}, {MaxAge: 3 * time.Hour, Deep: true}} {
			if r := wants("young enough", o); !r.Stored || r.Snapshot.Len() != 33 {
				t.Errorf("stored %v with %d rows", r.Stored, r.Snapshot.Len())
			}
		}
		k.latches["v"] = backend.Latch{Target: "v", Reason: "it said no"}
		r := look(t, f, pass.Options{Keeper: k})
		if len(f.took()) > 0 || r.Latch == nil || backend.KindOf(r.Err) != backend.KindAuth || !strings.Contains(r.Err.Error(), "it said no") || r.Snapshot.Len() != 33 {
			t.Errorf("latched: %+v", r)
		}
	})
}

// A service that throttles is waited for once; what was read stays.
func TestThrottled(t *testing.T) {
	throttled := &backend.Error{Kind: backend.KindThrottled, Op: "read", RetryAfter: 3 * time.Second}
	for name, c := range map[string]struct {
		what    string        // what is throttled
		until   time.Duration // for how long
		timeout time.Duration
		ok      bool
		took    time.Duration
	}{
		"a read once":            {"request ", time.Second, 30 * time.Second, true, 4 * time.Second},
		"the list once":          {"list", time.Second, 30 * time.Second, true, 4 * time.Second},
		"the deleted once":       {"deleted", time.Second, 30 * time.Second, true, 4 * time.Second},
		"longer than it said":    {"request ", 9 * time.Second, 30 * time.Second, false, 4 * time.Second},
		"longer than there is":   {"request ", time.Second, 2 * time.Second, false, time.Second},
		"its list longer so too": {"list", 9 * time.Second, 30 * time.Second, false, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, began := newFake("v", 10, "a", "b", "c"), time.Now()
				f.failWith(func(what string) error {
					if strings.HasPrefix(what, c.what) && time.Since(began) < c.until {
						return throttled
					}
					return nil
				})
				r := look(t, f, pass.Options{Keeper: newKeeper(), Timeout: c.timeout})
				if c.ok && (r.Err != nil || r.Failed > 0 || !r.Complete) || !c.ok && !errors.Is(r.Err, throttled) {
					t.Errorf("complete %v, %d failed: %v", r.Complete, r.Failed, r.Err)
				}
				if r.Took > c.took {
					t.Errorf("took %v, at most %v", r.Took, c.took)
				}
				for what, n := range f.took() {
					if n > 2 {
						t.Errorf("%q was called %d times", what, n)
					}
				}
			})
		})
	}
}

// A read that fails is counted and loses nothing; what fails for all is not tried
// for each.
func TestFailedReads(t *testing.T) {
	for name, c := range map[string]struct {
		kind   backend.ErrorKind
		row    string // which reads fail
		calls  int    // reads that are made, at most
		failed int
	}{
		"one is unreadable":       {backend.KindOther, "request cert-0003", 40, 1},
		"one is out of order":     {backend.KindUnavailable, "request cert-0003", 40, 1},
		"one went meanwhile":      {backend.KindNotFound, "request cert-0003", 40, 0},
		"none is allowed":         {backend.KindPermission, "request ", 2, 40},
		"the service broke down":  {backend.KindUnavailable, "request ", 6, 40},
		"all answers are foreign": {backend.KindOther, "request ", 40, 40},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, k := newFake("v", 40), newKeeper()
				failure := &backend.Error{Kind: c.kind, Op: "read"}
				f.failWith(func(what string) error {
					if strings.HasPrefix(what, c.row) {
						return failure
					}
					return nil
				})
				r := look(t, f, pass.Options{Keeper: k, Deep: true, Concurrency: 2})
				if r.Failed != c.failed || (c.failed > 0) != errors.Is(r.Err, failure) || !r.Complete || r.Snapshot.Len() != 40 {
					t.Errorf("%d failed, complete %v with %d rows: %v", r.Failed, r.Complete, r.Snapshot.Len(), r.Err)
				}
				if n := len(f.took()) - 2; n > c.calls {
					t.Errorf("%d reads, at most %d", n, c.calls)
				}
				if k.snapshots["v"] != r.Snapshot {
					t.Error("what was read is not stored")
				}
			})
		})
	}
}

// A list that breaks off leaves its rows, and what was known is read all the same.
func TestBrokenLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake("v", 60, "open"), newKeeper()
		look(t, f, pass.Options{Keeper: k})
		f.took()
		pages := 0
		broken := &backend.Error{Kind: backend.KindOther, Op: "list", Message: "it leads elsewhere"}
		f.failWith(func(what string) error {
			if what == "list" {
				pages++
			}
			if pages == 2 && what == "list" {
				return broken
			}
			return nil
		})
		r := look(t, f, pass.Options{Keeper: k})
		want := map[string]int{"list": 2, "deleted": 1, "request open": 1}
		if got := f.took(); !maps.Equal(got, want) || r.Complete || !errors.Is(r.Err, broken) || r.Snapshot.Len() != 61 {
			t.Errorf("called %v, complete %v with %d rows: %v", got, r.Complete, r.Snapshot.Len(), r.Err)
		}

		f.failWith(func(what string) error {
			if what == "deleted" {
				return broken
			}
			return nil
		})
		if r := look(t, f, pass.Options{Keeper: k}); !r.Complete || !errors.Is(r.Err, broken) {
			t.Errorf("without the deleted: complete %v, %v", r.Complete, r.Err)
		}

		// Who may not list them is told so, and nothing failed; who may not list the
		// certificates knows nothing.
		refused := &backend.Error{Kind: backend.KindPermission, Op: "list"}
		for _, list := range []string{"deleted", "list"} {
			f.failWith(func(what string) error {
				if what == list {
					return refused
				}
				return nil
			})
			r := look(t, f, pass.Options{Keeper: k})
			lacks := list == "deleted"
			if r.Complete != lacks || (r.Err == nil) != lacks || errors.Is(r.Lacks, refused) != lacks {
				t.Errorf("no right to the %s: complete %v, %v, lacks %v", list, r.Complete, r.Err, r.Lacks)
			}
		}

		away := &backend.Error{Kind: backend.KindNetwork, Op: "list"}
		f.failWith(func(string) error { return away })
		f.took()
		if r := look(t, f, pass.Options{Keeper: k, Deep: true}); !errors.Is(r.Err, away) || len(f.took()) != 1 || r.Snapshot.Len() != 61 {
			t.Errorf("a service that is not there: %v", r.Err)
		}
	})
}

// Whoever ends the look gets what is known by then, and it is stored.
func TestEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake("v", 40), newKeeper()
		f.failWith(func(what string) error {
			if what == "request cert-0030" {
				return errHangs
			}
			return nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		r := pass.Make(ctx, []pass.Target{{Backend: f}}, pass.Options{Keeper: k, Deep: true})[0]
		if r.Took != 3*time.Second || r.Failed != 1 || !r.Complete || !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("%d failed after %v, complete %v: %v", r.Failed, r.Took, r.Complete, r.Err)
		}
		if k.snapshots["v"] != r.Snapshot || r.Snapshot.Get("cert-0029").RequestReadAt.IsZero() {
			t.Error("what was read is not stored")
		}
	})
}

// A keeper that fails costs what it should have kept and nothing else.
func TestKeeperFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKeeper()
		k.fail = errors.New("disk full")
		r := look(t, newFake("v", 3, "open"), pass.Options{Keeper: k})
		if r.Err != nil || !r.Complete || r.Snapshot.Len() != 4 || !errors.Is(r.KeeperErr, k.fail) {
			t.Errorf("complete %v with %d rows, %v; keeper %v", r.Complete, r.Snapshot.Len(), r.Err, r.KeeperErr)
		}
	})
}

// The records of the local repository stand beside what the service says, also
// where nothing is called.
func TestRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFake("v", 2), newKeeper()
		records := func(context.Context) (model.Page, error) {
			return model.Page{Fields: model.FieldRecord, AsOf: time.Now(), Items: []model.Item{
				{Ref: f.ref(model.KindCertificate, "prepared"), Record: &model.Record{CommonName: "new.example.com"}}}}, nil
		}
		target := []pass.Target{{Backend: f, Records: records}}
		for _, o := range []pass.Options{{Keeper: k}, {Keeper: k, MaxAge: time.Hour}} {
			r := pass.Make(t.Context(), target, o)[0]
			if it := r.Snapshot.Get("prepared"); r.Err != nil || r.Snapshot.Len() != 3 || it == nil || it.Record == nil || it.Missed > 0 {
				t.Errorf("max age %v: %d rows, the prepared one %+v: %v", o.MaxAge, r.Snapshot.Len(), it, r.Err)
			}
		}
	})
}
