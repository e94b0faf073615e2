package poll

import (
	"maps"
	"slices"
	"time"

	"certty/model"
)

const (
	// wholeAgain is the wait before an account whose listing was not complete is
	// listed once more; meanwhile what changed is read.
	wholeAgain = 10 * time.Minute
	// twice is within which time a second Refresh means the whole account, and
	// how far two such listings are apart.
	twice = time.Minute
)

// account reports whether the target is a CA account that tells what changed.
func (l *loop) account() bool { return l.caps.Changes != nil }

// nextLive is how the live rows are listed now: an account only as far as it
// changed, unless the whole is due.
func (l *loop) nextLive(now time.Time) sweepKind {
	if l.account() && l.sweeps.whole.After(now) {
		return sweepChanges
	}
	l.sweeps.wholeBegan = now
	return sweepLive
}

// every is the time from one sweep to the next.
func (l *loop) every() time.Duration {
	if l.account() && l.watchesOpen() {
		return min(l.options.Live, l.options.Every)
	}
	return l.options.Every
}

// watchesOpen reports whether an order that may still move is visible or marked.
func (l *loop) watchesOpen() bool {
	for key := range l.watched {
		if it := l.known.Get(key); it != nil && it.Order != nil && it.Order.Phase.Open() {
			return true
		}
	}
	return false
}

// hasten brings the next look forward where somebody watches open orders now.
func (l *loop) hasten() {
	if !l.account() || l.sweeps.began.IsZero() {
		return
	}
	if at := l.sweeps.began.Add(l.every()); at.Before(l.sweeps.next) {
		l.sweeps.next = at
	}
}

// refreshWhole has the whole account listed for a person who asks twice.
func (l *loop) refreshWhole(now time.Time) {
	if now.Sub(l.sweeps.refreshed) < twice && now.Sub(l.sweeps.wholeBegan) >= twice {
		l.sweeps.whole = now
	}
	l.sweeps.refreshed = now
}

// ordersListed decides after a look at an account when the next whole one is,
// and which orders have to be read because no list told how they stand.
func (l *loop) ordersListed(s *sweep, now time.Time) {
	if !l.account() {
		return
	}
	if s.kind == sweepLive {
		again := wholeAgain
		switch {
		case s.complete && l.known.HoldsOrders():
			again = l.options.Whole
		case s.complete:
			// What changed would tell nothing of orders of old, and costs more.
			again = 0
		}
		l.sweeps.whole = s.started.Add(again)
		l.packing.due = l.packing.due || s.complete
		for _, it := range l.known.Items() {
			l.resume(it, now)
		}
	}
	if s.err == nil {
		if s.kind == sweepChanges {
			l.known.Looked(s.started)
			l.quiet(now)
		}
		l.slice(now)
		l.explain(true, now)
	}
}

// unproved reports whether the last looks did not tell how an order stands that
// may still move: no list is asked for its status.
func (l *loop) unproved(it *model.Item, now time.Time) bool {
	return Unproved(it, now.Add(-2*l.options.Every))
}

// explain has those orders read that wait for the CA: no list tells whether it
// waits for a record that somebody has to publish. Of those on a screen what was
// never told is read now. With a look goes one order more, which keeps it within
// eight calls: in turn one on a screen that was told of long ago and one that nobody
// sees, so that many of the first don't keep the others unexplained.
func (l *loop) explain(look bool, now time.Time) {
	if !l.account() || l.caps.Validation == nil {
		return
	}
	maps.DeleteFunc(l.explained, func(_ string, at time.Time) bool { return now.Sub(at) >= l.options.Rest })
	var seen, other *model.Item
	for key := range l.watched {
		switch it := l.known.Get(key); {
		case it == nil || !Unexplained(it, now, l.options.Rest):
		case it.Order.Validation == nil:
			l.wantRequest(key, classWatched, urgency(it, now), now)
		case l.mayExplain(it) && (seen == nil || ExplainFirst(it, seen) < 0):
			seen = it
		}
	}
	if !look {
		return
	}
	for _, it := range l.known.Items() {
		_, watched := l.watched[it.Ref.Key]
		if !watched && Unexplained(it, now, l.options.Rest) && l.mayExplain(it) && (other == nil || ExplainFirst(it, other) < 0) {
			other = it
		}
	}
	next, class := seen, classWatched
	if seen == nil || other != nil && l.explainedSeen {
		next, class = other, classStale
	}
	if next != nil {
		l.explainedSeen = next == seen
		l.explained[next.Ref.Key] = now
		l.wantRequest(next.Ref.Key, class, 0, now)
	}
}

// mayExplain reports whether an order can be read to explain it: one that is being
// read, or could not be read, must not hold up the others.
func (l *loop) mayExplain(it *model.Item) bool {
	_, tried := l.explained[it.Ref.Key]
	return !tried && !l.schedule.has(l.ref(model.KindRequest, it.Ref.Key))
}

// unread returns those items of which nothing was read since a look began: it
// tells how they stood before.
func (l *loop) unread(items []model.Item, began time.Time) []model.Item {
	read := func(it model.Item) bool {
		known := l.known.Get(it.Ref.Key)
		return known != nil && known.RequestReadAt.After(began)
	}
	if !slices.ContainsFunc(items, read) {
		return items
	}
	return slices.DeleteFunc(slices.Clone(items), read)
}

// ordered reports whether there is something to ask for under key: an order
// that was prepared here and not placed has no id yet.
func (l *loop) ordered(key string) bool {
	it := l.known.Get(key)
	return !l.account() || it == nil || it.Order != nil
}

// followOrders reads what an own action concerns: the order it was done to, and
// those that came of it.
func (l *loop) followOrders(ref model.Ref, page model.Page, now time.Time) {
	if l.caps.Read == nil {
		return
	}
	keys := []string{ref.Key}
	for i := range page.Items {
		keys = append(keys, page.Items[i].Ref.Key)
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		if l.ordered(key) {
			l.follow(l.ref(model.KindRequest, key), now)
		}
	}
}

// sameOrder reports whether two readings of an order differ in nothing but when
// they were made.
func sameOrder(a, b *model.Order) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Status == b.Status && a.CommonName == b.CommonName && a.Comments == b.Comments && a.Renewed == b.Renewed &&
		a.Requester == b.Requester && a.ExternalRequester == b.ExternalRequester && a.RevokedFor == b.RevokedFor &&
		a.OrganizationID == b.OrganizationID && a.ProfileID == b.ProfileID && a.Profile == b.Profile &&
		a.Issued.Equal(b.Issued) && a.Expires.Equal(b.Expires) && a.Since.Equal(b.Since) &&
		slices.Equal(a.SANs, b.SANs) && slices.Equal(a.CustomFields, b.CustomFields) && sameValidation(a.Validation, b.Validation)
}

// sameValidation compares what is known of the proofs of control.
func sameValidation(a, b *model.OrderValidation) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Trouble == b.Trouble && slices.Equal(a.Domains, b.Domains)
}
