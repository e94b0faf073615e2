package poll

import (
	"context"
	"time"

	"certty/backend"
	"certty/model"
)

const (
	// askedSlots are the slots beyond Options.Concurrency for what a person
	// waits for: the request and the certificate of the row they opened.
	askedSlots = 2
	// silentPace is how long to wait for the next look at a request in progress
	// whose answer carries no Retry-After.
	silentPace = 5 * time.Second
)

// followUps are the waits between the reads that follow an own action.
var followUps = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}

// answer is what came back of a read.
type answer struct {
	job  *job
	page model.Page
	err  error
}

// wantRequest asks for the request of a row to be read, or for its order, if it
// can be.
func (l *loop) wantRequest(key string, c class, rank float64, due time.Time) {
	if l.caps.Read != nil && !l.isDeleted(key) && l.ordered(key) {
		l.schedule.want(l.ref(model.KindRequest, key), c, rank, due)
	}
}

// wantCertificate asks for the certificate of a row to be read, if it can be. At
// a CA account it comes with the order.
func (l *loop) wantCertificate(key string, c class, due time.Time) {
	if l.caps.Read != nil && !l.isDeleted(key) && !l.account() {
		l.schedule.want(l.ref(model.KindCertificate, key), c, 0, due)
	}
}

// sendReads sends what is ready as far as there are slots.
func (l *loop) sendReads(ctx context.Context, now time.Time) {
	for j := l.schedule.top(); j != nil && l.mayRead(j.class, now); j = l.schedule.top() {
		l.schedule.send(now)
		l.reading++
		reader := l.caps.Read
		l.beside(func() {
			page, err := reader.Read(ctx, j.ref)
			l.answers <- answer{job: j, page: page, err: err}
		})
	}
}

// mayRead reports whether a read of class c may leave now. What is refused to
// one class is refused to every less urgent one, so looking at the top of the
// schedule is enough.
func (l *loop) mayRead(c class, now time.Time) bool {
	slots := l.options.Concurrency
	switch {
	case l.latched:
		return false
	case !l.proven:
		return l.reading == 0 && l.sweeps.current == nil && (c == classAsked || !l.resting)
	case c == classAsked:
		return l.reading < slots+askedSlots
	case l.resting || l.readPause.holds(now):
		return false
	case c <= classPending:
		return l.reading < slots
	case c > classWatched && l.firstListing():
		return false
	default:
		return l.reading < max(1, slots-1)
	}
}

// landed takes what came back of a read.
func (l *loop) landed(a answer, now time.Time) {
	l.reading--
	if a.err != nil && l.stopping {
		return
	}
	if a.err != nil {
		l.readFailed(a.job, a.err, now)
		return
	}
	j := a.job
	j.fails = 0
	l.succeeded(j.sent, now)
	l.readPause.succeeded(j.sent)
	if l.read.err != nil {
		l.read = trouble{}
		l.news(now)
	}
	if !j.outdated && l.tells(j, a.page, now) {
		l.merge(l.spare(j, a.page), now)
	}
	if j.class == classAsked {
		l.news(now) // a person waits to see that it was read
	}
	l.readNext(j, now)
}

// tells reports whether the answer says something: that there is no request
// under a name nobody knows does not, nor under one that was recovered just now,
// where reads lag.
func (l *loop) tells(j *job, page model.Page, now time.Time) bool {
	if j.ref.Kind != model.KindRequest || len(page.Items) > 0 && (page.Items[0].Request != nil || page.Items[0].Order != nil) {
		return true
	}
	return l.known.Get(j.ref.Key) != nil && !l.turns(j.ref.Key, now)
}

// readNext decides when the thing that was just read is read again.
func (l *loop) readNext(j *job, now time.Time) {
	if j.again {
		l.schedule.repeat(j, j.class, now)
		return
	}
	var request *model.Request
	if it := l.known.Get(j.ref.Key); it != nil && j.ref.Kind == model.KindRequest {
		request = it.Request
	}
	switch {
	case len(j.steps) > 0:
		wait := min(j.steps[0], pace(request))
		j.steps = j.steps[1:]
		l.schedule.repeat(j, classAsked, now.Add(wait))
	case l.isDeleted(j.ref.Key):
		l.schedule.drop(j)
	case request.Open():
		l.schedule.repeat(j, classOpen, now.Add(l.options.spread(pace(request))))
	default:
		l.schedule.drop(j)
	}
}

// pace is how long to wait before the next look at r.
func pace(r *model.Request) time.Duration {
	if r == nil || r.RetryAfter <= 0 {
		return silentPace
	}
	return r.RetryAfter
}

// readFailed sorts a failed read. A row that keeps failing is tried less and
// less, so that it can't hold up the others.
func (l *loop) readFailed(j *job, err error, now time.Time) {
	kind := backend.KindOf(err)
	if kind == backend.KindNotFound {
		l.succeeded(j.sent, now)
		if len(j.steps) == 0 && !j.again {
			l.schedule.drop(j)
			return
		}
		l.readNext(j, now)
		return
	}
	if l.failed(err, j.sent, now) {
		due := now
		if kind != backend.KindThrottled && kind != backend.KindAuth {
			j.fails++
			due = now.Add(l.rowBackoff(j.fails))
		}
		if due.Before(l.pause.until) {
			due = l.pause.until
		}
		l.schedule.repeat(j, j.class, due)
		return
	}
	if kind == backend.KindPermission {
		// No row can be read, so the others are spared the attempt.
		l.readPause.failed(l.options, j.sent, now, 0, false)
	}
	j.fails++
	l.read.set(err, now)
	l.news(now)
	l.schedule.repeat(j, max(j.class, classOpen), now.Add(l.rowBackoff(j.fails)))
}

func (l *loop) rowBackoff(fails int) time.Duration {
	return min(l.options.spread(firstPause<<min(fails-1, 8)), longestBackoff)
}

// look is Poller.Look.
func (l *loop) look(ref model.Ref) {
	now := time.Now()
	l.wantRequest(ref.Key, classAsked, 0, now)
	l.wantCertificate(ref.Key, classAsked, now)
}

// watch is Poller.Watch.
func (l *loop) watch(watched map[string]struct{}) {
	l.watched = watched
	for key := range watched {
		l.schedule.raise(l.ref(model.KindRequest, key), classWatched)
	}
	l.hasten()
	l.explain(false, time.Now())
}

// acted is Poller.Acted. A page without items says that it is not known how the
// action ended.
func (l *loop) acted(ref model.Ref, page model.Page) {
	now := time.Now()
	wasDeleted := l.isDeleted(ref.Key)
	if len(page.Items) > 0 {
		page.Own = true
		l.merge(page, now)
	}
	if l.account() {
		l.followOrders(ref, page, now)
		return
	}
	isDeleted := l.isDeleted(ref.Key)
	unknown := len(page.Items) == 0 && ref.Kind == model.KindCertificate
	if wasDeleted || isDeleted || unknown {
		l.listDeleted(now)
	}
	if l.caps.Read == nil || isDeleted && !unknown {
		return
	}
	if !isDeleted {
		l.follow(l.ref(model.KindRequest, ref.Key), now)
	}
	certificate := l.ref(model.KindCertificate, ref.Key)
	it := l.known.Get(ref.Key)
	switch unread := it != nil && it.ListedAt.IsZero() && it.CertificateReadAt.IsZero(); {
	case wasDeleted:
		// After a recovery the certificate is not found for a while.
		l.follow(certificate, now)
	case unknown, unread, l.schedule.has(certificate):
		l.schedule.wantAgain(certificate, classAsked, now, true)
	}
}

// follow reads ref now, not counting what is on its way, and a few times after.
func (l *loop) follow(ref model.Ref, now time.Time) {
	l.schedule.wantAgain(ref, classAsked, now, true)
	l.schedule.jobs[ref].steps = followUps
}
