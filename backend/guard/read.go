package guard

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"certty/backend"
	"certty/model"
)

// errTimeUp is the cause of a context that guard ended.
var errTimeUp = errors.New("time is up")

// bounds are what a read is held to, and where it is written down.
type bounds struct {
	timeout time.Duration
	log     *slog.Logger
}

// times are the bounds of something that makes n calls.
func (b bounds) times(n int) bounds { return bounds{time.Duration(n) * b.timeout, b.log} }

type reader struct {
	next  backend.Reader
	reads bounds
}

func (r reader) Read(ctx context.Context, ref model.Ref) (model.Page, error) {
	return within(ctx, r.reads, "read", ref, func(ctx context.Context) (model.Page, error) {
		return r.next.Read(ctx, ref)
	})
}

type versionReader struct {
	next  backend.VersionReader
	reads bounds
}

func (r versionReader) Versions(ctx context.Context, ref model.Ref) ([]model.Certificate, error) {
	return within(ctx, r.reads, "list versions", ref, func(ctx context.Context) ([]model.Certificate, error) {
		return r.next.Versions(ctx, ref)
	})
}

func (r versionReader) Version(ctx context.Context, ref model.Ref) (model.Certificate, error) {
	return within(ctx, r.reads, "read version", ref, func(ctx context.Context) (model.Certificate, error) {
		return r.next.Version(ctx, ref)
	})
}

type cataloger struct {
	next   backend.Cataloger
	target string
	reads  bounds
}

func (c cataloger) Issuers(ctx context.Context) ([]model.IssuerInfo, error) {
	return within(ctx, c.reads, "list issuers", model.Ref{Target: c.target}, c.next.Issuers)
}

func (c cataloger) Contacts(ctx context.Context) ([]model.Contact, error) {
	return within(ctx, c.reads, "read contacts", model.Ref{Target: c.target}, c.next.Contacts)
}

// within bounds one read and writes it down.
func within[T any](ctx context.Context, by bounds, op string, ref model.Ref,
	read func(context.Context) (T, error),
) (T, error) {
	limit, cancel := context.WithTimeoutCause(ctx, by.timeout, errTimeUp)
	defer cancel()
	started := time.Now()
	got, err := read(limit)
	err = timeUp(limit, err, op, ref, by.timeout)
	noteRead(ctx, by.log, op, ref, time.Since(started), err)
	return got, err
}

type sweeper struct {
	next   backend.Sweeper
	op     string
	target string
	reads  bounds
}

// Sweep bounds the wait for each page, not the whole sweep: a vault with ten
// thousand certificates takes its time and is no less alive for it. It is
// written down as one call, with the pages and what stood on them.
func (s sweeper) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		started, pages, items, failure := time.Now(), 0, 0, error(nil)
		ref := model.Ref{Target: s.target}
		defer func() {
			noteRead(ctx, s.reads.log, s.op, ref, time.Since(started), failure, slog.Int("pages", pages), slog.Int("items", items))
		}()
		limit, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		timer := time.AfterFunc(s.reads.timeout, func() { cancel(errTimeUp) })
		defer timer.Stop()
		for page, err := range s.next.Sweep(limit) {
			timer.Stop()
			if failure = timeUp(limit, err, s.op, ref, s.reads.timeout); failure == nil {
				pages, items = pages+1, items+len(page.Items)
			}
			if !yield(page, failure) {
				return
			}
			timer.Reset(s.reads.timeout)
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
