package guard

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"certty/backend"
	"certty/model"
)

// errTimeUp is the cause of a context that guard ended.
var errTimeUp = errors.New("time is up")

type reader struct {
	next    backend.Reader
	timeout time.Duration
}

func (r reader) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	limit, cancel := context.WithTimeoutCause(ctx, r.timeout, errTimeUp)
	defer cancel()
	page, err := r.next.Read(limit, ref)
	return page, timeUp(limit, err, "read", ref, r.timeout)
}

type sweeper struct {
	next    backend.Sweeper
	target  string
	timeout time.Duration
}

// Sweep bounds the wait for each page, not the whole sweep: a vault with ten
// thousand certificates takes its time and is no less alive for it.
func (s sweeper) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		limit, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		timer := time.AfterFunc(s.timeout, func() { cancel(errTimeUp) })
		defer timer.Stop()
		for page, err := range s.next.Sweep(limit) {
			timer.Stop()
			if !yield(page, timeUp(limit, err, "list", model.Ref{Target: s.target}, s.timeout)) {
				return
			}
			timer.Reset(s.timeout)
		}
	}
}

// timeUp says in words that guard ended a read, where it did.
func timeUp(ctx context.Context, err error, op string, ref model.Ref, timeout time.Duration) error {
	if err == nil || !errors.Is(context.Cause(ctx), errTimeUp) {
		return err
	}
	return &backend.Error{
		Kind: backend.KindNetwork, Op: op, Ref: ref,
		Message: fmt.Sprintf("no answer within %s", timeout), Err: err,
	}
}
