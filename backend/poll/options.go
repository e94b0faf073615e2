package poll

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"certty/backend"
	"certty/model"
)

// Keeper stores what outlives the process. Its methods are called from more
// than one goroutine. When one fails the poller goes on and says so in
// [State.KeeperErr].
type Keeper interface {
	// SaveSnapshot stores next. It does not hold on to it: what differs from the
	// one before is the keeper's own knowledge.
	SaveSnapshot(ctx context.Context, next *model.Snapshot) error
	// LoadSnapshot is the last snapshot stored for target; nil when there is none.
	LoadSnapshot(ctx context.Context, target string) (*model.Snapshot, error)
	// AppendEvents adds to the timeline.
	AppendEvents(ctx context.Context, events []model.Event) error

	// SetLatch stores that the service does not accept the credential.
	SetLatch(ctx context.Context, latch backend.Latch) error
	// GetLatch is the latch of target; ok is false when there is none.
	GetLatch(ctx context.Context, target string) (latch backend.Latch, ok bool, err error)
	// ClearLatch removes the latch of target, if there is one.
	ClearLatch(ctx context.Context, target string) error
}

// Options are the settings of a poller; zero values mean the defaults.
type Options struct {
	// Every is the time from the start of one sweep to the start of the next;
	// 60 s by default. Sweeps never overlap. A CA account that tells what changed
	// is asked only that.
	Every time.Duration
	// Live is what Every is at a CA account while one of its orders that may
	// still move is visible or marked; 20 s by default, and never more than
	// Every.
	Live time.Duration
	// Whole is the time from one complete listing of a CA account to the next;
	// 24 h by default. One that seems to hold no order is listed every time.
	Whole time.Duration
	// Deleted is the time from the start of one sweep of the soft-deleted
	// certificates to the start of the next; 10 min by default. The first
	// follows the first sweep.
	Deleted time.Duration
	// Marked is the age at which the answer of a visible, marked or named row
	// is read again; 10 min by default.
	Marked time.Duration
	// Rest is that age for all other rows; 60 min by default.
	Rest time.Duration
	// Concurrency is how many reads may be under way at once, beside the one
	// page of a sweep; 8 by default. What a person waits for has two slots more.
	Concurrency int
	// Jitter returns numbers from 0 up to 1 that spread calls in time; random
	// by default.
	Jitter func() float64
	// Log gets what happened; discarded by default.
	Log *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Every <= 0 {
		o.Every = time.Minute
	}
	if o.Live <= 0 {
		o.Live = 20 * time.Second
	}
	if o.Whole <= 0 {
		o.Whole = 24 * time.Hour
	}
	if o.Deleted <= 0 {
		o.Deleted = 10 * time.Minute
	}
	if o.Marked <= 0 {
		o.Marked = 10 * time.Minute
	}
	if o.Rest <= 0 {
		o.Rest = time.Hour
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// spread moves d by up to ±10 %, so that rows read together drift apart and
// several consoles do not call in step.
func (o Options) spread(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*o.Jitter()))
}
