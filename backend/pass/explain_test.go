package pass_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
)

// office is a CA account in memory with orders that wait for the CA, which are
// explained when they are read.
type office struct {
	backend.Validator
	mu     sync.Mutex
	orders int
	read   map[string]int
	// fails is how reads end; nil lets them succeed.
	fails func(context.Context) error
	// refused is how a look at what changed ends; nil lets it succeed.
	refused error
}

func (o *office) Info() backend.Info { return backend.Info{Name: "a", Kind: "scm"} }

func (o *office) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: o, Changes: o, Read: o, Validation: o}
}

func (o *office) page(keys ...string) model.Page {
	page := model.Page{Fields: model.FieldOrder, AsOf: time.Now()}
	for _, key := range keys {
		page.Items = append(page.Items, model.Item{
			Ref:   model.Ref{Target: "a", Kind: model.KindCertificate, Key: key},
			Order: &model.Order{ID: key, CommonName: key + ".example.com", Status: "Applied", Phase: model.OrderApplied},
		})
	}
	return page
}

func (o *office) all() model.Page {
	time.Sleep(100 * time.Millisecond)
	keys := make([]string, o.orders)
	for i := range keys {
		keys[i] = fmt.Sprint(1000 + i)
	}
	return o.page(keys...)
}

func (o *office) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		listed := o.all()
		listed.Fields = model.FieldListing
		listed.Summary = &model.Summary{Started: time.Now(), Total: o.orders, Seen: o.orders, Complete: true}
		if yield(o.all(), nil) {
			yield(listed, nil)
		}
	}
}

func (o *office) Changes(context.Context, *model.Snapshot) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		if o.refused != nil {
			yield(model.Page{}, o.refused)
			return
		}
		yield(o.all(), nil)
	}
}

func (o *office) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	if o.fails != nil {
		if err := o.fails(ctx); err != nil {
			return model.Page{}, err
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.read[ref.Key]++
	page := o.page(ref.Key)
	page.Items[0].Order.Validation = &model.OrderValidation{ReadAt: time.Now(), Domains: []model.DomainValidation{{Domain: "example.com"}}}
	return page, nil
}

// took is how many reads there were since it was asked last; each order is read
// once at most.
func (o *office) took(t *testing.T) int {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.read)
	for key, times := range o.read {
		if times > 1 {
			t.Errorf("%s was read %d times in a look", key, times)
		}
	}
	clear(o.read)
	return n
}

// Why orders wait for the CA is asked: by a deep look of all that were not told
// within the age it allows, by monitoring of some, once an hour, and by others not
// at all. What was told is stored.
func TestExplains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, k := &office{orders: 60, read: map[string]int{}}, newKeeper()
		waiting := func() (n int) {
			for _, it := range k.snapshots["a"].Items() {
				if it.Status(time.Now()).Who == model.ActorDNS {
					n++
				}
			}
			return n
		}
		for i, step := range []struct {
			after   time.Duration
			options pass.Options
			reads   int
			waiting int
		}{
			{0, pass.Options{}, 0, 0},
			{0, pass.Options{Explain: true}, 25, 25},
			{5 * time.Minute, pass.Options{Explain: true}, 25, 50},
			{5 * time.Minute, pass.Options{Explain: true}, 10, 60},
			{5 * time.Minute, pass.Options{Explain: true}, 0, 60},
			{46 * time.Minute, pass.Options{Explain: true}, 25, 60},
			{0, pass.Options{Explain: true, MaxAge: 2 * time.Hour}, 0, 60},
			{0, pass.Options{Deep: true, MaxAge: 30 * time.Minute}, 35, 60},
			{20 * time.Minute, pass.Options{Deep: true, MaxAge: 30 * time.Minute}, 0, 60},
			{time.Second, pass.Options{Deep: true}, 60, 60},
		} {
			time.Sleep(step.after)
			step.options.Keeper = k
			if r := look(t, o, step.options); r.Err != nil || r.Failed > 0 || r.KeeperErr != nil {
				t.Errorf("look %d: %v, %d failed, %v", i, r.Err, r.Failed, r.KeeperErr)
			}
			if reads := o.took(t); reads != step.reads || waiting() != step.waiting {
				t.Errorf("look %d read %d orders, want %d; %d wait for a DNS owner, want %d", i, reads, step.reads, waiting(), step.waiting)
			}
		}
	})
}

// What nobody asked to be explained is no trouble where it can't be: a login that may
// only list, a service that is busy or slow. A person who asks for it is told, and a
// refused login ends every look.
func TestUnexplainedIsNoTrouble(t *testing.T) {
	fails := func(kind backend.ErrorKind) func(context.Context) error {
		return func(context.Context) error { return &backend.Error{Kind: kind, Op: "read"} }
	}
	for name, tt := range map[string]struct {
		fails  func(context.Context) error
		wanted bool // also where nobody asked
	}{
		"no right":      {fails(backend.KindPermission), false},
		"throttled":     {fails(backend.KindThrottled), false},
		"no connection": {fails(backend.KindNetwork), false},
		"odd":           {fails(backend.KindOther), false},
		"no answer":     {func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, false},
		"refused":       {fails(backend.KindAuth), true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o, k := &office{orders: 60, read: map[string]int{}}, newKeeper()
				if r := look(t, o, pass.Options{Keeper: k}); r.Err != nil {
					t.Fatal(r.Err)
				}
				o.fails = tt.fails
				r := look(t, o, pass.Options{Keeper: k, Explain: true})
				if whole := r.Err == nil && r.Complete && r.Failed == 0; whole == tt.wanted {
					t.Errorf("in passing: %v, complete %t, %d failed", r.Err, r.Complete, r.Failed)
				}
				if r.Snapshot.Len() != o.orders {
					t.Errorf("%d orders are known", r.Snapshot.Len())
				}
				if r := look(t, o, pass.Options{Keeper: k, Deep: true}); r.Err == nil {
					t.Error("nobody is told that what was asked for failed")
				}
			})
		})
	}
}
