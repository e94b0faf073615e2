package pass

import (
	"context"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

// look is one look at one target. One goroutine owns it; calls run in their own
// and bring their answers to it.
type look struct {
	target  Target
	options Options
	info    backend.Info
	caps    backend.Capabilities
	account bool // a CA account that tells what changed

	known  *model.Draft
	events []model.Event
	kept   bool // there is something to store
	first  bool // nothing was listed completely before

	began         time.Time // by the options' clock
	opened        bool      // the requests in progress are wanted
	live, deleted *listing
	late          []model.Page // of the deleted certificates, which wait for the end of live
	queue         queue
	reading       int // reads under way
	spareable     int // those of them that the look is whole without
	readers       int // goroutines that make them
	reads         chan model.Ref
	answers       chan answer

	pause    time.Time // no call leaves before, once the service asked for it
	deadline time.Time
	trouble  trouble
	result   Result
}

// answer is what came back of a read.
type answer struct {
	ref  model.Ref
	sent time.Time
	page model.Page
	err  error
}

func newLook(t Target, o Options) *look {
	caps := t.Capabilities()
	return &look{
		target: t, options: o, info: t.Info(), caps: caps, account: caps.Changes != nil,
		queue: queue{seen: map[model.Ref]urgency{}}, reads: make(chan model.Ref, o.Concurrency), answers: make(chan answer, o.Concurrency),
		result: Result{Info: t.Info()},
	}
}

// make is the whole look.
func (l *look) make(ctx context.Context) Result {
	began := time.Now()
	l.load(ctx)
	l.records(ctx)
	switch {
	case l.latched(ctx):
	case l.youngEnough():
		l.result.Stored, l.result.Complete = true, true
	default:
		l.call(ctx)
	}
	l.result.Took = time.Since(began)
	l.result.Snapshot = l.known.Snapshot()
	l.result.Err = l.trouble.err()
	l.result.Failed = l.trouble.failed
	if l.kept {
		l.save(ctx)
	}
	return l.result
}

// records merges what the local repository holds of an account.
func (l *look) records(ctx context.Context) {
	if l.target.Records == nil {
		return
	}
	page, err := l.target.Records(ctx)
	if err != nil {
		l.keeperFailed("read the records of", err)
		return
	}
	l.merge(page)
}

// youngEnough reports whether what was stored answers everything.
func (l *look) youngEnough() bool {
	now := l.options.Now()
	within := func(at time.Time) bool {
		return !at.IsZero() && !at.After(now) && now.Sub(at) <= l.options.MaxAge
	}
	if l.options.MaxAge <= 0 || !within(l.known.Snapshot().ReadAt()) {
		return false
	}
	if !l.options.Deep {
		return true
	}
	for _, it := range l.known.Items() {
		switch {
		case l.account && poll.Unexplained(it, now, l.options.MaxAge):
			return false
		case !l.account && it.Deletion == nil && !it.Vanished() && !within(it.RequestReadAt):
			return false
		}
	}
	return true
}

// call makes the calls of the look, until all is read or nothing more can be.
func (l *look) call(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, l.options.Timeout)
	defer cancel()
	l.deadline, _ = ctx.Deadline()
	defer close(l.reads)
	l.kept, l.began = true, l.options.Now()
	l.listLive(ctx)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for !l.trouble.ended() {
		now := time.Now()
		var pause <-chan time.Time
		if wait := l.pause.Sub(now); wait > 0 {
			timer.Reset(wait)
			pause = timer.C
		} else {
			l.pause = time.Time{}
			l.goOn(ctx)
		}
		if l.live.over() {
			l.mergeLate()
		}
		if l.live.over() && l.deleted.over() && l.reading == 0 && l.queue.empty() {
			return
		}
		select {
		case <-ctx.Done():
			if l.live.over() && l.deleted.over() && l.reading == l.spareable && l.queue.needed() == 0 {
				l.leave()
				return
			}
			l.cutOff(ctx)
		case <-pause:
		case h, ok := <-l.live.news():
			l.heardLive(ctx, h, ok)
		case h, ok := <-l.deleted.news():
			l.heardDeleted(ctx, h, ok)
		case a := <-l.answers:
			l.landed(ctx, a)
		}
	}
	cancel()
	l.leave()
}

// goOn makes the calls that can be made now.
func (l *look) goOn(ctx context.Context) {
	l.live.goOn()
	l.deleted.goOn()
	for l.reading < l.options.Concurrency && !l.queue.empty() {
		if l.reading++; l.reading > l.readers {
			l.readers++
			go l.read(ctx)
		}
		ref := l.queue.next()
		if l.queue.optional(ref) {
			l.spareable++
		}
		l.reads <- ref // has room for as many as are under way
	}
}

// read makes reads as long as there are any. A goroutine makes many: its stack has
// to grow for the first one.
func (l *look) read(ctx context.Context) {
	for ref := range l.reads {
		l.answers <- l.readOne(ctx, ref)
	}
}

func (l *look) readOne(ctx context.Context, ref model.Ref) (a answer) {
	a = answer{ref: ref, sent: time.Now()}
	defer func() {
		if v := recover(); v != nil {
			l.options.crashes.note(v)
			a.err = errCrashed
		}
	}()
	a.page, a.err = l.caps.Read.Read(ctx, ref)
	return a
}

// landed takes what came back of a read.
func (l *look) landed(ctx context.Context, a answer) {
	l.back(a)
	if a.err != nil {
		l.readFailed(ctx, a)
		return
	}
	l.trouble.row = 0
	for _, t := range l.answered(a) {
		if !l.account && a.page.Fields&model.FieldRequest != 0 && poll.Completed(t.Was, t.Is) {
			l.want(model.KindCertificate, t.Is.Ref.Key, soon)
		}
	}
}

// back counts a read that came back.
func (l *look) back(a answer) {
	l.reading--
	if l.queue.optional(a.ref) {
		l.spareable--
	}
}

// answered merges what a read brought.
func (l *look) answered(a answer) []model.Turn {
	return l.merge(poll.Spare(l.known.Get(a.ref.Key), a.page))
}

// leave counts what is not read any more. Answers that are there already are
// taken.
func (l *look) leave() {
	l.mergeLate()
	for l.reading > 0 {
		select {
		case a := <-l.answers:
			l.back(a)
			switch {
			case a.err == nil:
				l.answered(a)
			case !l.queue.optional(a.ref):
				l.trouble.failed++
			}
		default:
			l.trouble.failed += l.reading - l.spareable
			l.reading, l.spareable = 0, 0
		}
	}
	l.spare()
}

// mergeLate merges the pages of the deleted certificates.
func (l *look) mergeLate() {
	for _, page := range l.late {
		l.merge(page)
	}
	l.late = nil
}

// merge adds a page to what is known.
func (l *look) merge(page model.Page) []model.Turn {
	turns, events := l.known.Merge(page)
	l.events = append(l.events, events...)
	return turns
}
