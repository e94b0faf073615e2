package poll

import (
	"errors"
	"time"
)

const (
	// publishNews and publishQuiet are the shortest times between two states:
	// a screen redraws at most ten times a second, and every ten seconds when all
	// that changed is when things were read.
	publishNews  = 100 * time.Millisecond
	publishQuiet = 10 * time.Second
)

// news asks for a state to be published as soon as the pace allows; the first
// rows on an empty screen wait for nothing.
func (l *loop) news(now time.Time) {
	at := l.published.Add(publishNews)
	if l.empty && len(l.known.Items()) > 0 {
		at = now
	}
	l.publishBy(at, now)
}

// quiet asks for a state in which only times of reading changed.
func (l *loop) quiet(now time.Time) { l.publishBy(l.published.Add(publishQuiet), now) }

func (l *loop) publishBy(at, now time.Time) {
	if at.Before(now) {
		at = now
	}
	if l.publishAt.IsZero() || at.Before(l.publishAt) {
		l.publishAt = at
	}
}

// publish hangs out the present state.
func (l *loop) publish(now time.Time) {
	l.publishAt, l.published, l.empty = time.Time{}, now, len(l.known.Items()) == 0
	state := State{
		Info:      l.info,
		Snapshot:  l.known.Snapshot(),
		Ages:      l.options.ages(),
		Loading:   l.sweeps.loading(),
		Latched:   l.latched,
		KeeperErr: errors.Join(l.keeperErrs.load, l.keeperErrs.save, l.keeperErrs.latch),
	}
	for i, t := range []trouble{l.target, l.listing, l.deleted, l.read} {
		part := i > 1
		switch {
		case t.err == nil:
		case part && !OfTarget(t.err):
			if state.PartErr == nil {
				state.PartErr = t.err
			}
		case state.Err == nil:
			state.Err, state.ErrSince = t.err, t.since
		}
	}
	if l.latched {
		state.LatchReason, state.LatchedAt = l.latchedBy.Reason, l.latchedBy.At
	} else if l.pause.holds(now) {
		state.PausedUntil = l.pause.until
	}
	l.pauseShown = !state.PausedUntil.IsZero()
	l.poller.board.publish(state)
}
