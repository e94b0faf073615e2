package pass

import (
	"context"
	"errors"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

// inARow is how many reads may fail one after the other for a reason of the
// whole target before the rest is spared.
const inARow = 5

// trouble is what failed in a look.
type trouble struct {
	end     error // what ended the look
	list    error // how the list of the live rows ended
	deleted error // and that of the deleted certificates
	read    error // the first of the reads
	failed  int   // how many requests were not read
	row     int   // how many reads failed in a row for a reason of the target
	spared  bool  // no more are made
	// throttled is when the service was waited for: that is done once.
	throttled time.Time
}

// ended reports whether nothing more is called.
func (t *trouble) ended() bool { return t.end != nil }

// err is the error that tells most.
func (t *trouble) err() error {
	for _, err := range []error{t.end, t.list, t.deleted, t.read} {
		if err != nil {
			return err
		}
	}
	return nil
}

// stops reports whether err of a call that left at sent ends the look, and
// whether the call is to be made again after a pause that the service asked for.
func (l *look) stops(ctx context.Context, err error, sent time.Time) (stop, again bool) {
	switch kind := backend.KindOf(err); {
	case ctx.Err() != nil:
		l.cutOff(ctx)
	case backend.RefusesLogin(err):
		l.latch(ctx, err)
		l.trouble.end = err
	case kind == backend.KindThrottled && l.mayWait(err, sent):
		return false, true
	case kind == backend.KindThrottled:
		l.trouble.end = err
	default:
		return false, false
	}
	return true, false
}

// mayWait reports whether a throttled call may be made again: once the service
// may say how long to wait, as long as the look lasts that long. Calls that were
// under way together are throttled together.
func (l *look) mayWait(err error, sent time.Time) bool {
	if !l.trouble.throttled.IsZero() {
		return sent.Before(l.trouble.throttled)
	}
	wait := poll.FirstPause
	if e, ok := errors.AsType[*backend.Error](err); ok && e.RetryAfter > 0 {
		wait = e.RetryAfter
	}
	now := time.Now()
	if !now.Add(wait).Before(l.deadline) {
		return false
	}
	l.trouble.throttled, l.pause = now, now.Add(wait)
	return true
}

// cutOff ends the look when its context has.
func (l *look) cutOff(ctx context.Context) {
	message := "there was no complete answer within " + l.options.Timeout.String()
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) || time.Now().Before(l.deadline) {
		message = "it was ended before everything was read"
	}
	l.trouble.end = &backend.Error{
		Kind: backend.KindNetwork, Op: "look at", Ref: model.Ref{Target: l.info.Name}, Message: message, Err: ctx.Err(),
	}
}

// readFailed sorts a failed read.
func (l *look) readFailed(ctx context.Context, a answer) {
	if l.queue.optional(a.ref) && !backend.RefusesLogin(a.err) {
		// Others would fail for the same reason, or wait for what nobody asked for.
		if backend.KindOf(a.err) == backend.KindPermission || poll.OfTarget(a.err) {
			l.queue.waiting[optional] = nil
		}
		return
	}
	stop, again := l.stops(ctx, a.err, a.sent)
	switch kind := backend.KindOf(a.err); {
	case again:
		l.queue.again(a.ref)
		return
	case stop:
	case kind == backend.KindNotFound:
		return // it went meanwhile; the next list tells
	case kind == backend.KindPermission:
		l.spare() // no row can be read
	case poll.OfTarget(a.err):
		if l.trouble.row++; l.trouble.row >= inARow {
			l.spare()
		}
	}
	l.trouble.failed++
	if l.trouble.read == nil {
		l.trouble.read = a.err
	}
}
