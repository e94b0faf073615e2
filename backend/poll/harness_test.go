package poll

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/model"
)

// keeper is a Keeper in memory; several pollers may share one, as processes do.
type keeper struct {
	mu          sync.Mutex
	snapshot    *model.Snapshot
	saves       []saving
	events      []model.Event
	latch       *backend.Latch
	fail        error
	breakSaving bool // saving panics

	getLag, setLag time.Duration // how long the latch's calls take
}

type saving struct {
	next *model.Snapshot
	at   time.Duration
}

func (k *keeper) SaveSnapshot(_ context.Context, next *model.Snapshot) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.breakSaving {
		panic("broken")
	}
	if k.fail != nil {
		return k.fail
	}
	k.snapshot = next
	k.saves = append(k.saves, saving{next, time.Since(epoch)})
	return nil
}

func (k *keeper) LoadSnapshot(context.Context, string) (*model.Snapshot, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.snapshot, k.fail
}

func (k *keeper) AppendEvents(_ context.Context, events []model.Event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.events = append(k.events, events...)
	}
	return k.fail
}

func (k *keeper) SetLatch(_ context.Context, latch backend.Latch) error {
	time.Sleep(k.setLag)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.latch = &latch
	}
	return k.fail
}

// GetLatch tells what stood there when it was asked.
func (k *keeper) GetLatch(context.Context, string) (backend.Latch, bool, error) {
	defer time.Sleep(k.getLag) // after the unlocking below
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.latch == nil || k.fail != nil {
		return backend.Latch{}, false, k.fail
	}
	return *k.latch, true, nil
}

func (k *keeper) ClearLatch(context.Context, string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.fail == nil {
		k.latch = nil
	}
	return k.fail
}

func (k *keeper) failWith(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fail = err
}

func (k *keeper) told() []model.Event {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.events)
}

func (k *keeper) latchKept() *backend.Latch {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.latch
}

func (k *keeper) stored() *model.Snapshot {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.snapshot
}

func (k *keeper) savings() []saving {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.saves)
}

// steady are options without jitter: calls are made exactly when they are due.
func steady() Options { return Options{Jitter: func() float64 { return 0.5 }} }

// running is a poller under test and what is needed to end it.
type running struct {
	*Poller
	t      *testing.T
	fake   *fake
	keeper *keeper
	box    *Mailbox
	stop   func() error
}

// start runs a poller of f inside the bubble; it is stopped with the test, and
// the fake must then have seen no two calls for one thing at the same time.
func start(t *testing.T, f *fake, k *keeper, o Options) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := New(f, k, o)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	stop := sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	r := &running{Poller: p, t: t, fake: f, keeper: k, box: p.Subscribe(), stop: stop}
	t.Cleanup(func() {
		_ = stop() // what Run returns is looked at by the tests that make it fail
		if len(f.overlaps) > 0 {
			t.Errorf("calls overlapped: %v", f.overlaps)
		}
	})
	return r
}

// state is the latest state, once everything that can happen now has happened.
func (r *running) state() State {
	r.t.Helper()
	synctest.Wait()
	r.board.mu.Lock()
	defer r.board.mu.Unlock()
	return r.board.state
}

// until lets time pass up to d after the bubble began.
func (r *running) until(d time.Duration) {
	r.t.Helper()
	time.Sleep(time.Until(epoch.Add(d)))
	synctest.Wait()
}
