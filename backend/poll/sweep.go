package poll

import (
	"context"
	"iter"
	"time"

	"certty/model"
)

// sweeps is what the loop knows of listing: when the next one starts and the
// one that is under way. There is never more than one, of whatever kind.
type sweeps struct {
	next     time.Time
	current  *sweep
	began    time.Time // when the last one of the live certificates started
	again    bool      // somebody asked for another one while one was under way
	finished int       // how many of the live certificates ended, well or not

	whole      time.Time // at a CA account, when everything is listed next
	wholeBegan time.Time // when that was done last
	refreshed  time.Time // when a person asked last

	deleted      time.Time // when the next one of the deleted certificates starts; zero: never
	deletedAgain time.Time // when one more must, because of an own action
}

// sweep is one listing under way. Its goroutine stops at a gate before each
// call, so that a pause of the target holds the listing where it is.
type sweep struct {
	kind     sweepKind
	cancel   context.CancelFunc
	out      chan sweepNews
	gate     chan struct{}
	started  time.Time
	asked    time.Time // when the call under way left
	waiting  bool      // stands at the gate
	checked  bool      // the latch was looked up, and calls may be made
	pages    int
	seen     int
	complete bool // its summary says that everything was listed
	err      error
	stopped  bool // by the loop: how it ends says nothing
}

// sweepKind says what a sweep lists.
type sweepKind uint8

const (
	sweepLive    sweepKind = iota // everything but what is deleted
	sweepDeleted                  // the deleted certificates
	sweepChanges                  // what changed at a CA account
)

// String is for the log.
func (k sweepKind) String() string { return [...]string{"live", "deleted", "changes"}[k] }

// pages begins the listing: its calls are made as its pages are asked for.
func (l *loop) pages(ctx context.Context, kind sweepKind) iter.Seq2[model.Page, error] {
	sweeper := l.caps.Sweep
	switch kind {
	case sweepChanges:
		return l.caps.Changes.Changes(ctx, l.known.Snapshot())
	case sweepDeleted:
		sweeper = l.caps.SweepDeleted
	case sweepLive:
	}
	if sweeper == nil {
		return func(func(model.Page, error) bool) {}
	}
	return sweeper.Sweep(ctx)
}

// sweepNews is what a sweep's goroutine tells: first what the keeper says of
// the latch, then pages, and an error as the last.
type sweepNews struct {
	latch *latchAnswer
	page  model.Page
	err   error
}

// news is the channel of the sweep under way; nil, which never is ready, when
// there is none.
func (s *sweeps) news() <-chan sweepNews {
	if s.current == nil {
		return nil
	}
	return s.current.out
}

// loading reports whether a listing of the live certificates is under way, and
// not only the look at the latch before it.
func (s *sweeps) loading() bool {
	return s.current != nil && s.current.checked && s.current.kind != sweepDeleted
}

// due reports whether a sweep is due at now, and which: the one that has waited
// longer, so that slow lists of one kind can't keep the other back for ever.
func (s *sweeps) due(now time.Time) (deleted, ok bool) {
	deleted = due(s.deleted, now) && (s.next.After(now) || s.deleted.Before(s.next))
	return deleted, deleted || !s.next.After(now)
}

// stop ends the sweep under way, if there is one.
func (s *sweeps) stop() {
	if s.current != nil {
		s.current.stopped = true
		s.current.cancel()
	}
}

// sweepOn starts a sweep that is due, or lets the one under way go on.
func (l *loop) sweepOn(ctx context.Context, now time.Time) {
	s := l.sweeps.current
	deleted, ok := l.sweeps.due(now)
	switch {
	case s == nil && !l.resting && ok:
		l.startSweep(ctx, now, deleted)
	case s != nil && s.waiting && s.checked && (l.proven || l.reading == 0):
		s.waiting, s.asked = false, now
		s.gate <- struct{}{}
	}
}

func (l *loop) startSweep(ctx context.Context, now time.Time, deleted bool) {
	ctx, cancel := context.WithCancel(ctx)
	s := &sweep{cancel: cancel, out: make(chan sweepNews), gate: make(chan struct{}, 1), started: now}
	l.sweeps.current = s
	if deleted {
		s.kind = sweepDeleted
		l.deletedListed(now)
	} else {
		s.kind = l.nextLive(now)
		l.sweeps.again, l.sweeps.began = false, now
		l.sweeps.next = now.Add(l.every())
	}
	keeper, target, pages := l.keeper, l.info.Name, l.pages(ctx, s.kind)
	l.beside(func() {
		defer close(s.out)
		defer cancel()
		seen := lookUpLatch(ctx, keeper, target)
		if s.tell(ctx, sweepNews{latch: &seen}) {
			s.list(ctx, pages)
		}
	})
}

func (s *sweep) list(ctx context.Context, pages iter.Seq2[model.Page, error]) {
	for page, err := range pages {
		if !s.tell(ctx, sweepNews{page: page, err: err}) || err != nil {
			return
		}
	}
}

// tell hands n to the loop and waits for its word to go on.
func (s *sweep) tell(ctx context.Context, n sweepNews) bool {
	select {
	case s.out <- n:
	case <-ctx.Done():
		return false
	}
	select {
	case <-s.gate:
		return true
	case <-ctx.Done():
		return false
	}
}

// swept takes what a sweep's goroutine told; ok is false when it has ended.
func (l *loop) swept(n sweepNews, ok bool, now time.Time) {
	s := l.sweeps.current
	switch {
	case !ok:
		l.sweepEnded(s, now)
	case n.latch != nil:
		s.waiting = true
		if !l.latchSeen(*n.latch, now) {
			l.sweeps.stop()
			return
		}
		s.checked = true
		if s.kind != sweepDeleted {
			if !l.account() {
				l.slice(now)
			}
			l.news(now)
		}
	case n.err != nil:
		s.err = n.err
		s.cancel()
	default:
		if s.waiting = n.page.Summary == nil; !s.waiting {
			// No call follows, so there is nothing to hold back.
			s.complete = n.page.Summary.Complete
			s.gate <- struct{}{}
		}
		s.pages++
		s.seen += len(n.page.Items)
		l.succeeded(s.asked, now)
		l.listed(n.page, s, now)
	}
}

func (l *loop) sweepEnded(s *sweep, now time.Time) {
	l.sweeps.current = nil
	if s.checked {
		if s.kind != sweepDeleted {
			l.liveListed(now)
		}
		l.saveBy(now)
		l.judge(s, now)
	}
	if l.sweeps.again {
		l.sweeps.next = now
	}
}

// liveListed notes that a sweep of the live certificates has ended. The deleted
// ones follow the first.
func (l *loop) liveListed(now time.Time) {
	l.sweeps.finished++
	if l.sweeps.finished == 1 && l.caps.SweepDeleted != nil {
		l.sweeps.deleted = now
	}
	l.news(now)
}

// judge decides what the end of a sweep says of the target.
func (l *loop) judge(s *sweep, now time.Time) {
	next, listing := &l.sweeps.next, &l.listing
	if s.kind == sweepDeleted {
		next, listing = &l.sweeps.deleted, &l.deleted
	}
	switch {
	case s.stopped:
	case s.err == nil:
		if listing.err != nil {
			l.news(now)
		}
		*listing = trouble{}
		l.succeeded(s.asked, now) // also where it had nothing to tell
		l.ordersListed(s, now)
		l.log.Debug("swept", "kind", s.kind, "pages", s.pages, "items", s.seen, "took", now.Sub(s.started))
	case l.failed(s.err, s.asked, now):
		if !l.latched {
			*next = l.pause.until
		}
	default:
		listing.set(s.err, now)
		l.ordersListed(s, now)
		l.news(now)
		l.log.Warn("sweep failed", "kind", s.kind, "pages", s.pages, "error", s.err)
	}
}

// firstListing reports whether the first sweep of this process is yet to end.
// Reads that can wait do so until then.
func (l *loop) firstListing() bool { return l.sweeps.finished == 0 }

// sameAnswer is how long the answer to a call may be from before it was asked for:
// a key that is pressed twice asks once.
const sameAnswer = time.Second

// outdated reports whether what comes of the sweep may be older than now although
// not a page of it is there: its first call left long ago.
func (s *sweep) outdated(now time.Time) bool {
	return !s.asked.IsZero() && now.Sub(s.asked) >= sameAnswer
}

// refresh is Poller.Refresh.
func (l *loop) refresh() {
	now := time.Now()
	if l.pause.holds(now) && !l.pause.asked {
		l.pause.until = time.Time{}
		l.news(now)
	}
	l.readPause = pause{}
	l.schedule.forgive(now)
	l.refreshWhole(now)
	if s := l.sweeps.current; s == nil || s.kind == sweepDeleted {
		l.sweeps.next = now
	} else if s.pages > 0 || s.stopped || s.outdated(now) {
		l.sweeps.again = true
	}
	if !l.sweeps.deleted.IsZero() {
		l.sweeps.deleted = now
	}
	for _, it := range l.known.Items() {
		if it.Request.Open() {
			l.wantRequest(it.Ref.Key, classOpen, 0, now)
		}
	}
}

// rest is Poller.Rest.
func (l *loop) rest(resting bool) { l.resting = resting }
