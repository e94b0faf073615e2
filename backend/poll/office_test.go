package poll

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// office is a CA account in memory whose time is that of the test's bubble, for
// what a real server can't be made to do at a wanted moment. A list, the news and
// a read take as long as the fake's.
type office struct {
	took time.Duration

	mu         sync.Mutex
	orders     map[string]model.Order
	hidden     map[string]bool // left out by lists and news
	calls      []call          // what: list, reports, changes, read
	fail       func(call) error
	incomplete bool
	given      *model.Snapshot // what the last look was given
}

func newOffice(statuses map[string]string) *office {
	o := &office{took: 100 * time.Millisecond, orders: map[string]model.Order{}, hidden: map[string]bool{}}
	for id, status := range statuses {
		o.put(id, status)
	}
	return o
}

// put gives an order a status.
func (o *office) put(id, status string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.orders[id] = model.Order{ID: id, CommonName: id + ".example.com", Status: status, Phase: model.ParseOrderPhase(status)}
}

func (o *office) failWith(fail func(call) error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fail = fail
}

func (o *office) Info() backend.Info { return backend.Info{Name: "v", Kind: "scm"} }

func (o *office) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: o, Read: o, Changes: o}
}

// ask makes a call, and answers with what stood there when it arrived.
func (o *office) ask(ctx context.Context, what, key string, of func(model.Order) bool) ([]model.Item, error) {
	o.mu.Lock()
	c := call{what: what, key: key, at: time.Since(epoch)}
	o.calls = append(o.calls, c)
	var err error
	if o.fail != nil {
		err = o.fail(c)
	}
	var items []model.Item
	for _, id := range slices.Sorted(maps.Keys(o.orders)) {
		order := o.orders[id]
		if key == id || key == "" && !o.hidden[id] && of(order) {
			items = append(items, model.Item{Ref: certificate(id), Order: &order, Certificate: model.Certificate{Issued: order.Phase.Certified(), Serial: "s" + id}})
		}
	}
	o.mu.Unlock()
	if waitErr := wait(ctx, o.took); waitErr != nil {
		return nil, waitErr
	}
	return items, err
}

// Sweep lists every order, and then tells how all but those with the status
// "Secret" stand.
func (o *office) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		started := time.Now()
		items, err := o.ask(ctx, "list", "", func(model.Order) bool { return true })
		if err != nil {
			yield(model.Page{}, err)
			return
		}
		listed := slices.Clone(items)
		for i, it := range listed {
			listed[i] = model.Item{Ref: it.Ref, Order: &model.Order{ID: it.Order.ID, CommonName: it.Order.CommonName}}
		}
		if !yield(model.Page{Fields: model.FieldListing, AsOf: time.Now(), Items: listed}, nil) {
			return
		}
		items, err = o.ask(ctx, "reports", "", func(order model.Order) bool { return order.Status != "Secret" })
		if err != nil {
			yield(model.Page{}, err)
			return
		}
		if !yield(model.Page{Fields: model.FieldOrder, AsOf: time.Now(), Items: items}, nil) {
			return
		}
		o.mu.Lock()
		sum := &model.Summary{Started: started, Total: len(listed), Seen: len(listed), Complete: !o.incomplete}
		o.mu.Unlock()
		yield(model.Page{Fields: model.FieldListing, AsOf: time.Now(), Summary: sum}, nil)
	}
}

// Changes tells of the open orders and of those that moved.
func (o *office) Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		o.mu.Lock()
		o.given = known
		o.mu.Unlock()
		items, err := o.ask(ctx, "changes", "", func(order model.Order) bool {
			it := known.Get(order.ID)
			return order.Phase.Open() && order.Phase != model.OrderUnknown || it != nil && it.Order.Phase != order.Phase
		})
		if err != nil || len(items) > 0 {
			yield(model.Page{Fields: model.FieldOrder, AsOf: time.Now(), Items: items}, err)
		}
	}
}

func (o *office) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	items, err := o.ask(ctx, "read", ref.Key, nil)
	if err == nil && len(items) == 0 {
		err = &backend.Error{Kind: backend.KindNotFound, Op: "read", Ref: ref}
	}
	return model.Page{Fields: model.FieldOrder, AsOf: time.Now(), Items: items}, err
}

// made lists when calls of a kind were made, in seconds.
func (o *office) made(what string) []float64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	var at []float64
	for _, c := range o.calls {
		if c.what == what {
			at = append(at, c.at.Seconds())
		}
	}
	return at
}

// take empties the list of calls and returns it.
func (o *office) take() []call {
	o.mu.Lock()
	defer o.mu.Unlock()
	calls := o.calls
	o.calls = nil
	return calls
}

// begin runs a poller of o inside the bubble; it is stopped with the test.
func (o *office) begin(t *testing.T, k *keeper, options Options) *running {
	t.Helper()
	return beginAt(t, o, k, options)
}

func beginAt(t *testing.T, b backend.Backend, k *keeper, options Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := New(b, k, options)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	r := &running{Poller: p, t: t, keeper: k, box: p.Subscribe(), stop: sync.OnceValue(func() error {
		cancel()
		return <-ended
	})}
	t.Cleanup(func() { _ = r.stop() })
	return r
}
