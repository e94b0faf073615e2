package poll

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
	"weak"

	"certty/backend"
	"certty/model"
)

// loop is the one goroutine that owns what is known and what is to be done.
type loop struct {
	poller  *Poller
	options Options
	keeper  Keeper
	info    backend.Info
	caps    backend.Capabilities
	log     *slog.Logger

	known   *model.Draft
	watched map[string]struct{}
	resting bool
	turned  map[string]time.Time // when a row was deleted, recovered or purged, not long ago
	// explained is when an order that waits for its CA was to be read in its turn.
	explained map[string]time.Time
	// explainedSeen is whether the last of those was on a screen.
	explainedSeen bool

	schedule *schedule
	answers  chan answer
	reading  int // reads under way
	calls    sync.WaitGroup
	crashes  chan string // panics in other goroutines
	sweeps   sweeps
	rotation rotation
	packing  packing
	scribe   *scribe

	// proven is false until a call has succeeded since the start or the last
	// pause. Until then calls go one at a time: a credential that is not
	// accepted, or a service that has enough, is asked once and not ten times.
	proven    bool
	stopping  bool    // the context has ended: failures say nothing any more
	pause     pause   // of the whole target
	readPause pause   // of reads the credential has no permission for
	target    trouble // the target as a whole
	listing   trouble // the last sweep
	deleted   trouble // the last sweep of the deleted certificates
	read      trouble // the last read

	latched       bool
	latchedBy     backend.Latch
	latchStored   bool      // the store holds the latch
	latchStoredAt time.Time // since when, where it was stored from here
	dismissed     time.Time // latches up to here were cleared by a person

	keeperErrs struct{ load, save, latch error }
	publishAt  time.Time // zero: nothing new
	published  time.Time
	empty      bool // what was published last has no rows
	pauseShown bool
	saveAt     time.Time // zero: nothing new
}

func newLoop(p *Poller) *loop {
	info := p.backend.Info()
	return &loop{
		poller:    p,
		options:   p.options,
		keeper:    p.keeper,
		info:      info,
		caps:      p.backend.Capabilities(),
		log:       p.options.Log.With("target", info.Name),
		schedule:  newSchedule(),
		turned:    make(map[string]time.Time),
		explained: make(map[string]time.Time),
		answers:   make(chan answer, p.options.Concurrency+askedSlots),
		crashes:   make(chan string, 1),
		scribe:    newScribe(p.keeper, info.Name),
	}
}

// run is the life of the loop.
func (l *loop) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // also when it panics
	l.load(ctx)
	var scribes sync.WaitGroup
	scribes.Go(func() {
		defer l.crashed()
		l.scribe.run(context.WithoutCancel(ctx))
	})
	defer scribes.Wait()
	defer close(l.scribe.work)

	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := time.Now()
		l.step(ctx, now)
		wait := timer.C
		if at, ok := l.wakeAt(now); ok {
			timer.Reset(at.Sub(now))
		} else {
			wait = nil
		}
		l.wait(ctx, wait)
	}
	return l.shutDown()
}

// beside runs a call in a goroutine of its own.
func (l *loop) beside(f func()) {
	l.calls.Go(func() {
		defer l.crashed()
		f()
	})
}

// crashed, deferred, hands a panic to the loop.
func (l *loop) crashed() {
	if v := recover(); v != nil {
		select {
		case l.crashes <- fmt.Sprintf("%v\n\n%s", v, debug.Stack()):
		default: // one is enough
		}
	}
}

// step does everything that can be done at now without waiting.
func (l *loop) step(ctx context.Context, now time.Time) {
	for _, f := range l.poller.takeRemarks() {
		f(l)
	}
	l.schedule.promote(now)
	if !l.pause.holds(now) {
		if l.pauseShown {
			l.news(now)
		}
		l.sweepOn(ctx, now)
		l.sendReads(ctx, now)
	}
	if due(l.saveAt, now) {
		l.save()
	}
	l.scribe.next()
	if due(l.publishAt, now) {
		l.publish(now)
	}
	l.pack(now)
}

// due reports whether at was set and has come.
func due(at, now time.Time) bool { return !at.IsZero() && !at.After(now) }

// wait sleeps until something happens and takes note of it.
func (l *loop) wait(ctx context.Context, timer <-chan time.Time) {
	select {
	case <-ctx.Done():
	case <-l.poller.wake:
	case <-timer:
	case a := <-l.answers:
		l.landed(a, time.Now())
	case n, ok := <-l.sweeps.news():
		l.swept(n, ok, time.Now())
	case w, ok := <-l.scribe.done:
		if ok {
			l.wrote(w, time.Now())
		}
	case crash := <-l.crashes:
		panic(crash)
	}
}

// wakeAt is the next time at which something can be done; ok is false when
// nothing is waited for but a call or a person.
func (l *loop) wakeAt(now time.Time) (at time.Time, ok bool) {
	add := func(t time.Time) {
		if !t.IsZero() && (!ok || t.Before(at)) {
			at, ok = t, true
		}
	}
	add(l.publishAt)
	if !l.scribe.saving {
		add(l.saveAt)
	}
	if l.pause.holds(now) {
		add(l.pause.until)
		return at, ok
	}
	if l.sweeps.current == nil && !l.resting {
		add(l.sweeps.next)
		add(l.sweeps.deleted)
	}
	if l.latched {
		return at, ok
	}
	if next, some := l.schedule.nextDue(); some {
		add(next)
	}
	if l.readPause.holds(now) && l.schedule.top() != nil {
		add(l.readPause.until)
	}
	return at, ok
}

// load starts from what the keeper has.
func (l *loop) load(ctx context.Context) {
	now := time.Now()
	stored, err := l.keeper.LoadSnapshot(ctx, l.info.Name)
	if err != nil {
		err = fmt.Errorf("load what is known of %s: %w", l.info.Name, err)
	}
	l.keeperSaid(&l.keeperErrs.load, err, now)
	if stored == nil {
		stored = model.NewSnapshot(l.info.Name, nil, time.Time{})
	} else {
		l.scribe.saved = weak.Make(stored)
	}
	l.known = stored.WithoutPurged().Draft()
	l.known.KeepUnchanged()
	l.packing.due = stored.Len() == 0
	l.sweeps.next, l.sweeps.whole = now, now
	if swept := stored.SweptAt(); !swept.IsZero() && swept.Before(now) && l.known.HoldsOrders() {
		l.sweeps.whole = swept.Add(l.options.Whole)
	}
	l.rotation.at = now
	l.latchSeen(lookUpLatch(ctx, l.keeper, l.info.Name), now)
	for _, it := range l.known.Items() {
		l.resume(it, now)
	}
	l.publish(now)
}

// shutDown waits for the calls under way, whose context has ended, and saves.
func (l *loop) shutDown() error {
	l.stopping = true
	l.calls.Wait()
	for len(l.answers) > 0 {
		l.landed(<-l.answers, time.Now())
	}
	if !l.publishAt.IsZero() {
		l.publish(time.Now())
	}
	err := l.scribe.finish(l.known.Snapshot())
	select {
	case crash := <-l.crashes:
		panic(crash)
	default:
	}
	if err != nil {
		return fmt.Errorf("poll %s: %w", l.info.Name, err)
	}
	return nil
}

// saveBy asks for the snapshot to be saved no later than at.
func (l *loop) saveBy(at time.Time) {
	if l.saveAt.IsZero() || at.Before(l.saveAt) {
		l.saveAt = at
	}
}

func (l *loop) save() {
	if !l.scribe.saving {
		l.saveAt = time.Time{}
		l.scribe.save(l.known.Snapshot())
	}
}

// wrote takes note of how a piece of the keeper's work ended.
func (l *loop) wrote(w wrote, now time.Time) {
	l.scribe.landed(w)
	switch w.what {
	case wroteSnapshot:
		l.keeperSaid(&l.keeperErrs.save, w.err, now)
		if w.err != nil {
			l.saveBy(now.Add(saveRetry))
		} else {
			l.keeperSaid(&l.keeperErrs.load, nil, now)
		}
	case wroteLatch:
		l.keeperSaid(&l.keeperErrs.latch, w.err, now)
		if w.err == nil && l.latched {
			l.latchStored, l.latchStoredAt = true, now
		}
	case wroteLatchGone:
		l.keeperSaid(&l.keeperErrs.latch, w.err, now)
	}
}

// keeperSaid notes an error of the keeper, or that there is none any more.
func (l *loop) keeperSaid(slot *error, err error, now time.Time) {
	if err != nil && (*slot == nil || (*slot).Error() != err.Error()) {
		l.log.Warn("keeper failed", "error", err)
	}
	if (*slot == nil) != (err == nil) {
		l.news(now)
	}
	*slot = err
}

// ref names something of this target, whatever its revision.
func (l *loop) ref(kind model.Kind, key string) model.Ref {
	return model.Ref{Target: l.info.Name, Kind: kind, Key: key}
}
