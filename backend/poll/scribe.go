package poll

import (
	"context"
	"errors"
	"fmt"
	"time"
	"weak"

	"certty/backend"
	"certty/model"
)

const (
	// saveNews and saveQuiet are the longest times before something that
	// changed, and something that only was seen again, is handed to the keeper.
	saveNews  = 2 * time.Second
	saveQuiet = 30 * time.Second
	// saveRetry is the wait after a failed saving.
	saveRetry = 10 * time.Second
	// saveLimit bounds one piece of work of the keeper: another process may
	// hold its lock.
	saveLimit = 15 * time.Second
	// keepEvents bounds the events that wait for a keeper that fails.
	keepEvents = 10_000
)

// scribe hands things to the keeper, one after the other and away from the
// loop, which must not wait for a disk.
type scribe struct {
	keeper Keeper
	target string

	// saved is what the keeper is known to hold; nil: not known. To hold it
	// strongly would keep every row twice after each sweep.
	saved  weak.Pointer[model.Snapshot]
	events []model.Event // not stored yet

	queue  []func(context.Context) wrote
	busy   bool // a piece of work is under way
	saving bool // a snapshot is queued or under way
	work   chan func(context.Context) wrote
	done   chan wrote
}

// wrote is how a piece of the keeper's work ended.
type wrote struct {
	what     wroteWhat
	err      error
	snapshot weak.Pointer[model.Snapshot] // stored now; nil when it was not
	events   int                          // how many events were stored
}

type wroteWhat uint8

const (
	wroteSnapshot wroteWhat = iota
	wroteLatch
	wroteLatchGone
)

func newScribe(k Keeper, target string) *scribe {
	return &scribe{keeper: k, target: target, work: make(chan func(context.Context) wrote), done: make(chan wrote, 1)}
}

// run does the work until the channel is closed. Its context outlives the
// poller's: what was begun is finished.
func (s *scribe) run(ctx context.Context) {
	defer close(s.done)
	for f := range s.work {
		s.done <- limited(ctx, f)
	}
}

func limited(ctx context.Context, f func(context.Context) wrote) wrote {
	ctx, cancel := context.WithTimeout(ctx, saveLimit)
	defer cancel()
	return f(ctx)
}

// next starts the next piece of work unless one is under way.
func (s *scribe) next() {
	if s.busy || len(s.queue) == 0 {
		return
	}
	f := s.queue[0]
	s.queue[0] = nil // it holds a snapshot, which must not outlive it here
	s.queue = s.queue[1:]
	s.busy = true
	s.work <- f
}

// landed takes the result of a piece of work.
func (s *scribe) landed(w wrote) {
	s.busy = false
	if w.what != wroteSnapshot {
		return
	}
	s.saving = false
	s.events = s.events[w.events:]
	if w.snapshot != (weak.Pointer[model.Snapshot]{}) {
		s.saved = w.snapshot
	}
}

// remember keeps events until they are stored; the oldest go when a failing
// keeper makes them too many.
func (s *scribe) remember(events []model.Event) {
	s.events = append(s.events, events...)
	if over := len(s.events) - keepEvents; over > 0 && !s.saving {
		s.events = s.events[over:]
	}
}

// save queues next, unless an earlier one is still being saved. Events go
// first: after a crash in between they are found again, and twice is better
// than never.
func (s *scribe) save(next *model.Snapshot) {
	if s.saving {
		return
	}
	s.saving = true
	saved, events := s.saved, s.events
	s.queue = append(s.queue, func(ctx context.Context) wrote {
		w := wrote{what: wroteSnapshot}
		if len(events) > 0 {
			if err := s.keeper.AppendEvents(ctx, events); err != nil {
				w.err = fmt.Errorf("store events of %s: %w", s.target, err)
				return w
			}
			w.events = len(events)
		}
		if saved == weak.Make(next) {
			return w
		}
		if err := s.keeper.SaveSnapshot(ctx, next); err != nil {
			w.err = fmt.Errorf("store what is known of %s: %w", s.target, err)
			return w
		}
		w.snapshot = weak.Make(next)
		return w
	})
}

// finish does what is queued and a last saving.
func (s *scribe) finish(last *model.Snapshot) error {
	for s.busy || len(s.queue) > 0 {
		if _, ok := s.await(); !ok {
			return errScribe
		}
	}
	if s.saved == weak.Make(last) && len(s.events) == 0 {
		return nil
	}
	s.save(last)
	w, ok := s.await()
	if !ok {
		return errScribe
	}
	return w.err
}

// errScribe is the error of a keeper that panicked; the loop has its words.
var errScribe = errors.New("the keeper ended early")

// await finishes one piece of work; ok is false when run has ended.
func (s *scribe) await() (w wrote, ok bool) {
	s.next()
	if w, ok = <-s.done; ok {
		s.landed(w)
	}
	return w, ok
}

func (s *scribe) setLatch(latch backend.Latch) {
	s.queue = append(s.queue, func(ctx context.Context) wrote {
		err := s.keeper.SetLatch(ctx, latch)
		if err != nil {
			err = fmt.Errorf("store the latch of %s: %w", s.target, err)
		}
		return wrote{what: wroteLatch, err: err}
	})
}

func (s *scribe) clearLatch() {
	s.queue = append(s.queue, func(ctx context.Context) wrote {
		err := s.keeper.ClearLatch(ctx, s.target)
		if err != nil {
			err = fmt.Errorf("clear the latch of %s: %w", s.target, err)
		}
		return wrote{what: wroteLatchGone, err: err}
	})
}
