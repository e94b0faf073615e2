package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"certty/backend"
	"certty/model"
)

// Pace bounds what Follow does by itself.
const (
	// collections is how many certificates one call collects: an import of
	// thousands of orders must not become thousands of calls at once.
	collections = 8
	// workCollections is that of a pass without a screen: it makes one call after
	// the other, nobody waits for it, and cron may start the next one hours later.
	workCollections = 500
	// firstWait and longestWait bound the waits after something failed.
	firstWait, longestWait = time.Minute, time.Hour
	// nextCollections is the wait before the ones that were left are collected.
	nextCollections = 10 * time.Second
	// settleEvery is how often a lost order is looked for while there is hope,
	// doubtEvery once a person was asked.
	settleEvery, doubtEvery = time.Minute, 10 * time.Minute
)

// Follower goes on with what the repository holds, again and again, as the
// account's snapshots come. It is for one goroutine.
type Follower struct {
	m     *Manager
	mu    sync.Mutex
	waits map[string]wait
	// failed are the errors of single orders in the last call.
	failed []error
}

// wait is when something is tried again that failed, or was in vain.
type wait struct {
	since, until time.Time
	span         time.Duration
	// password is true where the keystore's password was asked for in vain: files
	// that are due without it wait no longer.
	password bool
}

// over reports whether it is time. A clock that was turned back does not make
// the wait longer.
func (w wait) over(now time.Time) bool { return now.Before(w.since) || !now.Before(w.until) }

// Follower makes a follower.
func (m *Manager) Follower() *Follower { return &Follower{m: m, waits: map[string]wait{}} }

// Failed gives the errors of single orders that the last Follow noted.
func (f *Follower) Failed() []error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.failed)
}

// Follow does what is due: it settles orders without an answer, collects
// certificates that are issued and not here, and delivers files that are due. It
// returns when the next thing is
// due as far as is known; zero when nothing is. Errors of single orders are
// noted there and don't stop the others; the error says that the repository
// itself, or the credential, did not work.
func (f *Follower) Follow(ctx context.Context, known *model.Snapshot) (next time.Time, err error) {
	return f.follow(ctx, known, collections)
}

func (f *Follower) follow(ctx context.Context, known *model.Snapshot, left int) (next time.Time, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	records, err := f.m.o.Shelf.Records(ctx, f.m.o.Target)
	if err != nil {
		return time.Time{}, err
	}
	f.failed = nil
	// What was ordered here does not wait behind thousands that were imported.
	slices.SortStableFunc(records, func(a, b model.Record) int {
		switch {
		case a.Imported == b.Imported:
			return 0
		case b.Imported:
			return -1
		default:
			return 1
		}
	})
	for i := range records {
		r := &records[i]
		serial, wanted := f.wanted(r, known)
		if r.Files != model.FilesWaiting && f.waits[r.Key].password {
			delete(f.waits, r.Key)
		}
		switch {
		case !wanted && !f.lost(r) && !f.undelivered(r):
			delete(f.waits, r.Key)
			continue
		case !f.waits[r.Key].over(f.m.o.Now()):
		case wanted && left == 0:
			f.hold(r.Key, nextCollections)
		case wanted:
			left--
			err = f.tried(ctx, r, f.collect(ctx, r.Key, serial))
		case !f.lost(r):
			if err = f.tried(ctx, r, f.m.redeliver(ctx, r.Key)); err == nil && r.Files == model.FilesWaiting {
				f.ask(r.Key)
			}
		default:
			_, settled := f.m.Settle(ctx, r.Key)
			f.hold(r.Key, settlePace(r))
			err = f.tried(ctx, r, settled)
		}
		if err != nil {
			return time.Time{}, err
		}
		if w := f.waits[r.Key].until; !w.IsZero() && (next.IsZero() || w.Before(next)) {
			next = w
		}
	}
	return next, nil
}

// lost reports whether the answer to the record's order is missing.
func (f *Follower) lost(r *model.Record) bool {
	return r.Step == model.StepSending || r.Step == model.StepUndecided
}

// undelivered reports whether files of the record are due that no program is at.
// Those that wait for their keystore are, where the configuration tells a password:
// it may have come, or changed, since.
func (f *Follower) undelivered(r *model.Record) bool {
	due := r.Files == model.FilesDue || r.Files == model.FilesWaiting && f.m.o.Password != nil
	return due && f.m.o.Deploy != nil && r.Step == model.StepCollected && r.DeletedAt.IsZero() && !claimedFiles(r, f.m.o.Now())
}

// ask notes that files which waited for their keystore were tried with the password
// that is configured. Where they wait still, it is asked for again after a while:
// who is asked may be a keyring.
func (f *Follower) ask(key string) {
	if w, failed := f.waits[key]; failed && !w.over(f.m.o.Now()) {
		return
	}
	f.hold(key, longestWait)
	w := f.waits[key]
	w.password = true
	f.waits[key] = w
}

func settlePace(r *model.Record) time.Duration {
	if r.Step == model.StepUndecided {
		return doubtEvery
	}
	return settleEvery
}

// wanted reports whether the record's certificate is to be collected, and the
// serial number that the account tells.
func (f *Follower) wanted(r *model.Record, known *model.Snapshot) (serial string, ok bool) {
	if r.Step != model.StepPlaced && r.Step != model.StepCollected || !r.DeletedAt.IsZero() || known == nil {
		return "", false
	}
	it := known.Get(r.Key)
	if it == nil || it.Order == nil || it.Order.Phase != model.OrderIssued {
		return "", false
	}
	serial = it.Certificate.Serial
	if r.Step == model.StepPlaced {
		return serial, true
	}
	return serial, serial != "" && serial != r.ChainSerial
}

func (f *Follower) collect(ctx context.Context, key, serial string) error {
	_, err := f.m.Collect(ctx, key, serial)
	return err
}

// tried notes how a try ended, and gives the error back when it concerns every
// record.
func (f *Follower) tried(ctx context.Context, r *model.Record, err error) error {
	switch {
	case err == nil:
		if !f.lost(r) {
			delete(f.waits, r.Key)
		}
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case backend.KindOf(err) == backend.KindAuth, backend.KindOf(err) == backend.KindThrottled:
		return err
	case errors.Is(err, errMoved):
		return nil
	}
	span := min(max(firstWait, 2*f.waits[r.Key].span), longestWait)
	var e *backend.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		span = e.RetryAfter
	}
	f.hold(r.Key, span)
	if backend.IsState(err, backend.StateNotIssued) {
		return nil
	}
	f.failed = append(f.failed, fmt.Errorf("%s %s: %w", r.CommonName, r.Key, err))
	f.m.o.Log.WarnContext(ctx, "an order could not be followed", "order", r.Key, "step", r.Step, "error", err)
	return f.m.trouble(ctx, r.Key, err)
}

func (f *Follower) hold(key string, span time.Duration) {
	now := f.m.o.Now()
	f.waits[key] = wait{since: now, until: now.Add(span), span: span}
}
