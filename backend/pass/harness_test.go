package pass_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
)

// keeper is a poll.Keeper in memory, for several targets.
type keeper struct {
	mu        sync.Mutex
	snapshots map[string]*model.Snapshot
	events    []model.Event
	latches   map[string]backend.Latch
	saves     int
	fail      error
}

func newKeeper() *keeper {
	return &keeper{snapshots: map[string]*model.Snapshot{}, latches: map[string]backend.Latch{}}
}

func (k *keeper) SaveSnapshot(_ context.Context, next *model.Snapshot) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.snapshots[next.Target()] = next
		k.saves++
	}
	return k.fail
}

func (k *keeper) LoadSnapshot(_ context.Context, target string) (*model.Snapshot, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.snapshots[target], k.fail
}

func (k *keeper) AppendEvents(_ context.Context, events []model.Event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.events = append(k.events, events...)
	return k.fail
}

func (k *keeper) SetLatch(_ context.Context, latch backend.Latch) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.latches[latch.Target] = latch
	return k.fail
}

func (k *keeper) GetLatch(_ context.Context, target string) (backend.Latch, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	latch, ok := k.latches[target]
	return latch, ok, k.fail
}

func (k *keeper) ClearLatch(_ context.Context, target string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.latches, target)
	return k.fail
}

// fake is a vault in memory, whose time is that of the test's bubble: calls that
// overlap, come too early or are one too many can't be produced at a real
// server's will.
type fake struct {
	name  string
	delay time.Duration // of each answer

	mu      sync.Mutex
	rows    map[string]model.Item
	deleted []model.Item
	fail    func(what string) error // decides whether a call fails
	calls   []string
	flying  int
	most    int // calls under way at once, at most
}

// newFake makes a vault of n certificates without requests; the names of open
// are requests in progress.
func newFake(name string, n int, open ...string) *fake {
	f := &fake{name: name, delay: 200 * time.Millisecond, rows: map[string]model.Item{}}
	born := time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		key := fmt.Sprintf("cert-%04d", i)
		f.rows[key] = model.Item{Certificate: model.Certificate{Issued: true, Enabled: true, Thumbprint: fmt.Sprintf("%040x", i+1),
			Created: born, Updated: born, NotBefore: born, NotAfter: born.AddDate(1, 0, 0)}}
	}
	for _, key := range open {
		f.rows[key] = model.Item{Certificate: model.Certificate{Created: born, Updated: born},
			Request: &model.Request{ID: "id-" + key, Status: "inProgress", Phase: model.PhaseInProgress}}
	}
	return f
}

func (f *fake) Info() backend.Info { return backend.Info{Name: f.name, Kind: "vault"} }

func (f *fake) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: sweeper{f, "list"}, SweepDeleted: sweeper{f, "deleted"}, Read: f}
}

// call is one call; it hangs where fail says so.
func (f *fake) call(ctx context.Context, what string) error {
	f.mu.Lock()
	f.calls = append(f.calls, what)
	f.flying++
	f.most = max(f.most, f.flying)
	var err error
	if f.fail != nil {
		err = f.fail(what)
	}
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.flying--
	}()
	if errors.Is(err, errHangs) {
		<-ctx.Done()
		return &backend.Error{Kind: backend.KindNetwork, Op: what, Err: ctx.Err()}
	}
	select {
	case <-time.After(f.delay):
		return err
	case <-ctx.Done():
		return &backend.Error{Kind: backend.KindNetwork, Op: what, Err: ctx.Err()}
	}
}

var errHangs = errors.New("this call hangs")

// took are the calls so far, each kind with its number, and begins anew.
func (f *fake) took() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := map[string]int{}
	for _, what := range f.calls {
		n[what]++
	}
	f.calls = nil
	return n
}

func (f *fake) failWith(fail func(what string) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

// change changes a row.
func (f *fake) change(key string, with func(*model.Item)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	it := f.rows[key]
	with(&it)
	f.rows[key] = it
}

// sweeper lists the rows of a fake, 25 a page.
type sweeper struct {
	*fake
	what string
}

func (s sweeper) items() []model.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.what == "deleted" {
		return slices.Clone(s.deleted)
	}
	var items []model.Item
	for key, it := range s.rows {
		items = append(items, model.Item{Ref: s.ref(model.KindCertificate, key), Certificate: it.Certificate})
	}
	slices.SortFunc(items, func(a, b model.Item) int {
		if a.Ref.Key < b.Ref.Key {
			return -1
		}
		return 1
	})
	return items
}

func (s sweeper) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		started, items, seen := time.Now(), s.items(), 0
		fields := map[string]model.Fields{"list": model.FieldListing, "deleted": model.FieldDeleted}[s.what]
		for {
			if err := s.call(ctx, s.what); err != nil {
				yield(model.Page{}, err)
				return
			}
			n := min(25, len(items))
			page := model.Page{Fields: fields, AsOf: time.Now(), Items: items[:n]}
			items, seen = items[n:], seen+n
			if len(items) == 0 {
				page.Summary = &model.Summary{Started: started, Total: -1, Seen: seen, Complete: true}
			}
			if !yield(page, nil) || len(items) == 0 {
				return
			}
		}
	}
}

func (f *fake) ref(kind model.Kind, key string) model.Ref {
	return model.Ref{Target: f.name, Kind: kind, Key: key}
}

func (f *fake) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	if err := f.call(ctx, string(ref.Kind)+" "+ref.Key); err != nil {
		return model.Page{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	it := f.rows[ref.Key]
	page := model.Page{Fields: model.FieldRequest, AsOf: time.Now(), Items: []model.Item{{Ref: ref.Row(), Request: it.Request}}}
	if ref.Kind == model.KindCertificate {
		page.Fields, page.Items[0] = model.FieldCertificate, model.Item{Ref: ref, Certificate: it.Certificate}
	}
	return page, nil
}

// look looks at one target.
func look(t *testing.T, b backend.Backend, o pass.Options) pass.Result {
	t.Helper()
	r := pass.Make(t.Context(), []pass.Target{{Backend: b}}, o)
	if len(r) != 1 || r[0].Snapshot == nil || r[0].Info.Name != b.Info().Name {
		t.Fatalf("results %+v", r)
	}
	return r[0]
}

// pool trusts the authority in a file.
func pool(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New(file + " holds no certificate")
	}
	return pool, nil
}
