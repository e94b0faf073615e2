package poll

import (
	"context"
	"errors"
	"time"

	"certty/backend"
	"certty/model"
)

const (
	// firstPause is the wait after a first failure that names none.
	firstPause = 5 * time.Second
	// longestBackoff bounds the waits that grow.
	longestBackoff = 5 * time.Minute
	// longestAsked bounds what a service may ask for: a date read with a wrong
	// clock must not stop a target for good.
	longestAsked = time.Hour
)

// pause holds calls back after failures.
type pause struct {
	until time.Time
	tries int       // failures in a row
	set   time.Time // when the last of them was counted
	asked bool      // the service asked for the wait: no key ends it
}

// holds reports whether calls are held back at now.
func (p *pause) holds(now time.Time) bool { return now.Before(p.until) }

// late reports whether a call that left at sent tells nothing new: it was
// under way when the pause began.
func (p *pause) late(sent time.Time) bool { return sent.Before(p.set) }

// failed counts a failure of a call that left at sent. retryAfter is what the
// service asks for, 0 where it does not say. A service that throttles is taken
// at its word; after other failures the wait grows all the same.
func (p *pause) failed(o Options, sent, now time.Time, retryAfter time.Duration, throttled bool) {
	wait := min(retryAfter, longestAsked)
	if !p.late(sent) {
		p.set, p.asked = now, false
		grown := min(o.spread(firstPause<<min(p.tries, 8)), longestBackoff)
		p.tries++
		if wait == 0 || !throttled {
			wait = max(wait, grown)
		}
	}
	p.asked = p.asked || throttled || retryAfter > 0
	if until := now.Add(wait); until.After(p.until) {
		p.until = until
	}
}

// succeeded ends the trouble when a call that left at sent, after it began,
// came back well.
func (p *pause) succeeded(sent time.Time) bool {
	if p.late(sent) {
		return false
	}
	*p = pause{}
	return true
}

// trouble is a failure that goes on, and since when.
type trouble struct {
	err   error
	since time.Time
}

func (t *trouble) set(err error, now time.Time) {
	if t.err == nil {
		t.since = now
	}
	t.err = err
}

// failed sorts a failed call that left at sent and reports whether the target
// as a whole is concerned rather than the one thing that was asked for.
func (l *loop) failed(err error, sent, now time.Time) bool {
	switch backend.KindOf(err) {
	case backend.KindAuth:
		l.target.set(err, now)
		l.latch(err, now)
	case backend.KindThrottled:
		l.hold(err, sent, now, true)
	case backend.KindUnavailable, backend.KindNetwork, backend.KindUncertain, backend.KindLocal, backend.KindSignIn:
		l.hold(err, sent, now, false)
	default:
		return false
	}
	l.news(now)
	return true
}

func (l *loop) hold(err error, sent, now time.Time, throttled bool) {
	var retryAfter time.Duration
	if e, ok := errors.AsType[*backend.Error](err); ok {
		retryAfter = e.RetryAfter
	}
	l.pause.failed(l.options, sent, now, retryAfter, throttled)
	l.proven = false
	l.target.set(err, now)
	l.log.Warn("target paused", "until", l.pause.until, "error", err)
}

// succeeded notes that a call that left at sent came back well.
func (l *loop) succeeded(sent, now time.Time) {
	if !l.pause.succeeded(sent) || l.latched {
		return
	}
	l.proven = true
	if l.target.err != nil {
		l.log.Info("target answers again", "after", now.Sub(l.target.since).Round(time.Second))
		l.target = trouble{}
		l.news(now)
	}
}

// latch stops every call until a person or another process clears it.
func (l *loop) latch(err error, now time.Time) {
	l.proven = false
	if l.latched {
		return
	}
	l.latched, l.latchStored = true, false
	l.latchedBy = backend.Latch{Target: l.info.Name, Reason: err.Error(), At: now}
	l.sweeps.stop()
	l.scribe.setLatch(l.latchedBy)
	l.log.Warn("target latched", "error", err)
}

// latchSeen takes note of what the store says about the latch: another process
// may have set or cleared it. It reports whether calls may be made.
func (l *loop) latchSeen(seen latchAnswer, now time.Time) bool {
	l.keeperSaid(&l.keeperErrs.latch, seen.err, now)
	dismissed := seen.ok && !seen.latch.At.After(l.dismissed)
	switch {
	case seen.err != nil:
		return !l.latched
	case l.latched && (dismissed || !seen.ok && !l.latchStored):
		// Ours is not written yet, so what is there says nothing.
		l.scribe.setLatch(l.latchedBy)
		return false
	case dismissed:
		// A person has decided about this one; clearing it did not work.
		l.scribe.clearLatch()
		return true
	case l.latched && seen.ok:
		return false
	case l.latched:
		if !seen.asked.After(l.latchStoredAt) {
			return false
		}
		l.unlatch(now)
		return true
	case seen.ok:
		l.latched, l.latchStored, l.latchedBy = true, true, seen.latch
		l.proven = false
		l.target.set(&backend.Error{Kind: backend.KindAuth, Op: "call", Ref: l.ref(model.KindCertificate, ""), Message: seen.latch.Reason}, seen.latch.At)
		l.news(now)
		return false
	}
	return true
}

func (l *loop) unlatch(now time.Time) {
	l.log.Info("latch taken off")
	l.latched, l.latchStored, l.latchedBy = false, false, backend.Latch{}
	l.target, l.pause = trouble{}, pause{}
	l.news(now)
}

// retry is Poller.Retry.
func (l *loop) retry() {
	now := time.Now()
	if l.latched {
		l.dismissed = now
		l.unlatch(now)
		l.scribe.clearLatch()
	}
	l.refresh()
}

// latchAnswer is what the keeper says about the latch.
type latchAnswer struct {
	asked time.Time
	latch backend.Latch
	ok    bool
	err   error
}

// lookUpLatch asks the keeper. It is called from the sweep's goroutine too.
func lookUpLatch(ctx context.Context, k Keeper, target string) latchAnswer {
	asked := time.Now()
	latch, ok, err := k.GetLatch(ctx, target)
	return latchAnswer{asked: asked, latch: latch, ok: ok, err: err}
}
