package pass

import (
	"context"
	"iter"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

// listing is one way through a list. Its goroutine waits for a word after each
// page, so that no call leaves while the target is paused.
type listing struct {
	out     chan heard
	gate    chan struct{}
	waiting bool      // for that word
	changes bool      // it tells only what changed
	asked   time.Time // when its last call left
	ended   bool
	err     error // how it ended
	pages   int
}

// heard is what a listing tells: a page, or an error as the last.
type heard struct {
	page model.Page
	err  error
}

// list begins a listing; its first call leaves when it is told to go on.
func (l *look) list(ctx context.Context, pages iter.Seq2[model.Page, error]) *listing {
	s := &listing{out: make(chan heard), gate: make(chan struct{}, 1), waiting: true}
	go func() {
		defer close(s.out)
		defer func() {
			if v := recover(); v != nil {
				l.options.crashes.note(v)
				select {
				case s.out <- heard{err: errCrashed}:
				case <-ctx.Done():
				}
			}
		}()
		if !s.mayGoOn(ctx) {
			return
		}
		for page, err := range pages {
			select {
			case s.out <- heard{page, err}:
			case <-ctx.Done():
				return
			}
			if err != nil || page.Summary == nil && !s.mayGoOn(ctx) {
				return
			}
		}
	}()
	return s
}

func (s *listing) mayGoOn(ctx context.Context) bool {
	select {
	case <-s.gate:
		return true
	case <-ctx.Done():
		return false
	}
}

// goOn lets the listing make its next call.
func (s *listing) goOn() {
	if s != nil && s.waiting {
		s.waiting, s.asked = false, time.Now()
		s.gate <- struct{}{}
	}
}

// news is what the listing tells; nil, which never is ready, when there is none.
func (s *listing) news() <-chan heard {
	if s == nil || s.ended {
		return nil
	}
	return s.out
}

// over reports whether nothing is to come of the listing, or there is none.
func (s *listing) over() bool { return s == nil || s.ended }

// took notes what the listing told.
func (s *listing) took(h heard, ok bool) {
	switch {
	case !ok:
		s.ended = true
	case h.err != nil:
		s.err = h.err
	default:
		s.pages++
		s.waiting = h.page.Summary == nil
	}
}

// listLive lists everything but what is deleted: of an account only what changed,
// where everything was listed within a day and there was something to list, as
// the poller does.
func (l *look) listLive(ctx context.Context) {
	if l.account && !l.wholeDue() {
		l.live = l.list(ctx, l.caps.Changes.Changes(ctx, l.known.Snapshot()))
		l.live.changes = true
		return
	}
	l.live = l.list(ctx, sweep(ctx, l.caps.Sweep))
}

// wholeDue reports whether an account has to be listed as a whole.
func (l *look) wholeDue() bool {
	swept, now := l.known.Snapshot().SweptAt(), l.options.Now()
	return !l.known.HoldsOrders() || swept.IsZero() || swept.After(now) || now.Sub(swept) >= poll.Defaults().Whole
}

func sweep(ctx context.Context, s backend.Sweeper) iter.Seq2[model.Page, error] {
	if s == nil {
		return func(func(model.Page, error) bool) {}
	}
	return s.Sweep(ctx)
}

// heardLive takes what the list of the live rows told.
func (l *look) heardLive(ctx context.Context, h heard, ok bool) {
	s := l.live
	s.took(h, ok)
	switch {
	case !ok:
		l.liveListed(ctx)
	case h.err != nil:
	default:
		if s.waiting && l.pause.IsZero() {
			s.goOn() // before the merging, which takes its time
		}
		if h.page.Summary != nil {
			l.result.Complete = h.page.Summary.Complete
		}
		l.listed(h.page)
		l.proven(ctx)
	}
}

// liveListed notes that the listing of the live rows has ended.
func (l *look) liveListed(ctx context.Context) {
	s := l.live
	switch {
	case s.err == nil:
		if l.account {
			l.result.Complete = true
		}
		if s.changes {
			l.known.Looked(l.began)
		}
	case l.listAgain(ctx, s, func() { l.listLive(ctx) }):
		return
	default:
		l.trouble.list = s.err
		if s.pages == 0 && poll.OfTarget(s.err) {
			return // nothing else would get through
		}
	}
	l.proven(ctx)
	l.wantOrders()
	l.wantExplained()
}

// listAgain reports whether a listing that failed ended the look, or begins once
// more after a pause.
func (l *look) listAgain(ctx context.Context, s *listing, begin func()) bool {
	stop, again := l.stops(ctx, s.err, s.asked)
	if again {
		begin()
	}
	return stop || again
}

// proven begins the rest once a call has got through.
func (l *look) proven(ctx context.Context) {
	if l.deleted == nil && !l.account && l.caps.SweepDeleted != nil {
		l.listDeleted(ctx)
	}
	l.wantOpen()
}

func (l *look) listDeleted(ctx context.Context) {
	l.deleted = l.list(ctx, sweep(ctx, l.caps.SweepDeleted))
}

// heardDeleted takes what the list of the deleted certificates told. Its pages
// are merged after the live ones, as a poller reads them.
func (l *look) heardDeleted(ctx context.Context, h heard, ok bool) {
	s := l.deleted
	s.took(h, ok)
	switch {
	case ok && h.err == nil:
		l.late = append(l.late, h.page)
	case !ok && s.err != nil:
		switch {
		case l.listAgain(ctx, s, func() { l.listDeleted(ctx) }):
		case backend.KindOf(s.err) == backend.KindPermission:
			l.result.Lacks = s.err
		default:
			l.trouble.deleted = s.err
		}
	}
}
