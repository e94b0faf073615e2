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
	return within(ctx, r.timeout, "read", ref, func(ctx context.Context) (model.Page, error) {
		return r.next.Read(ctx, ref)
	})
}

type versionReader struct {
	next    backend.VersionReader
	timeout time.Duration
}

func (r versionReader) Versions(ctx context.Context, ref model.Ref) ([]model.Certificate, error) {
	return within(ctx, r.timeout, "list versions", ref, func(ctx context.Context) ([]model.Certificate, error) {
		return r.next.Versions(ctx, ref)
	})
}

func (r versionReader) Version(ctx context.Context, ref model.Ref) (model.Certificate, error) {
	return within(ctx, r.timeout, "read version", ref, func(ctx context.Context) (model.Certificate, error) {
		return r.next.Version(ctx, ref)
	})
}

type cataloger struct {
	next    backend.Cataloger
	target  string
	timeout time.Duration
}

func (c cataloger) Issuers(ctx context.Context) ([]model.IssuerInfo, error) {
	return within(ctx, c.timeout, "list issuers", model.Ref{Target: c.target}, c.next.Issuers)
}

func (c cataloger) Contacts(ctx context.Context) ([]model.Contact, error) {
	return within(ctx, c.timeout, "read contacts", model.Ref{Target: c.target}, c.next.Contacts)
}

// within bounds one read.
func within[T any](ctx context.Context, timeout time.Duration, op string, ref model.Ref,
	read func(context.Context) (T, error),
) (T, error) {
	limit, cancel := context.WithTimeoutCause(ctx, timeout, errTimeUp)
	defer cancel()
	got, err := read(limit)
	return got, timeUp(limit, err, op, ref, timeout)
}

type sweeper struct {
	next    backend.Sweeper
	op      string
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
			if !yield(page, timeUp(limit, err, s.op, model.Ref{Target: s.target}, s.timeout)) {
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
