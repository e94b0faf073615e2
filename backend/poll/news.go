package poll

import (
	"maps"
	"slices"
	"time"

	"certty/model"
)

// listed takes a page of s.
func (l *loop) listed(page model.Page, s *sweep, now time.Time) {
	page.Items = l.mend(l.current(page, now), s.asked)
	if page.Fields&model.FieldOrder != 0 {
		page.Items = l.unread(page.Items, s.started)
	}
	l.merge(page, now)
}

// mend returns items with what was learned while the list was on its way: a
// list that left before a merge still shows the row without a certificate.
func (l *loop) mend(items []model.Item, asked time.Time) []model.Item {
	mended := false
	for i := range items {
		known := l.known.Get(items[i].Ref.Key)
		if known == nil || !known.CertificateReadAt.After(asked) {
			continue
		}
		if !mended {
			items, mended = slices.Clone(items), true
		}
		items[i].Certificate = known.Certificate
	}
	return items
}

// merge adds a page to what is known, tells what changed, and has read what
// must be read because of it.
func (l *loop) merge(page model.Page, now time.Time) {
	turns, events := l.known.Merge(page)
	l.scribe.remember(events)
	changed := len(events) > 0
	for _, t := range turns {
		changed = changed || !same(t.Was, t.Is)
		l.afterDeletion(t.Was, t.Is, now)
		if page.Fields&model.FieldListing != 0 && !l.account() {
			l.afterListing(t.Was, t.Is, now)
		}
		if page.Fields&model.FieldOrder != 0 {
			l.schedule.settle(l.ref(model.KindRequest, t.Is.Ref.Key))
		}
		if page.Fields&model.FieldRequest != 0 {
			l.afterRequest(t.Was, t.Is, now)
		}
	}
	if changed {
		l.news(now)
		l.saveBy(now.Add(saveNews))
	} else {
		l.quiet(now)
		l.saveBy(now.Add(saveQuiet))
	}
}

// note is Poller.Note. Records are news although they are none of the service's.
func (l *loop) note(page model.Page) {
	now := time.Now()
	l.merge(page, now)
	l.news(now)
	l.saveBy(now.Add(saveNews))
}

// resume schedules a row that was stored.
func (l *loop) resume(it *model.Item, now time.Time) {
	switch {
	case it.Request.Open():
		l.wantRequest(it.Ref.Key, classOpen, 0, later(it.RequestReadAt.Add(pace(it.Request)), now))
	case l.account() && it.Order == nil:
	case it.RequestReadAt.IsZero() && !it.Vanished():
		l.wantUnread(it, now)
	}
}

// later is t, or now where t is past or, by a clock that was wrong, far off.
func later(t, now time.Time) time.Time {
	if t.After(now) && t.Before(now.Add(longestBackoff)) {
		return t
	}
	return now
}

// afterListing schedules what a list entry makes necessary.
func (l *loop) afterListing(was, is *model.Item, now time.Time) {
	if is.Deletion != nil {
		return
	}
	switch {
	case is.RequestReadAt.IsZero():
		l.wantUnread(is, now)
	case was == nil || Changed(was, is):
		if l.caps.Read != nil {
			l.schedule.wantAgain(l.ref(model.KindRequest, is.Ref.Key), classChanged, now, false)
		}
	}
	if Reissued(was, is) {
		l.wantCertificate(is.Ref.Key, classChanged, now)
	}
}

// wantUnread schedules the first read of a row's request.
func (l *loop) wantUnread(it *model.Item, now time.Time) {
	c := classUnread
	if _, watched := l.watched[it.Ref.Key]; !it.Certificate.Issued && it.Order == nil {
		c = classPending
	} else if watched {
		c = classWatched
	}
	l.wantRequest(it.Ref.Key, c, urgency(it, now), now)
}

// afterRequest schedules what an answer about a request makes necessary. A
// request that completed made a certificate that only the next sweep would show.
func (l *loop) afterRequest(was, is *model.Item, now time.Time) {
	if Completed(was, is) {
		l.wantCertificate(is.Ref.Key, classChanged, now)
	}
}

// urgency ranks rows as the board does: by severity, then by the life left.
func urgency(it *model.Item, now time.Time) float64 {
	st := it.Status(now)
	left := st.LifeLeft
	if left < 0 {
		left = 1
	}
	return float64(st.Severity)*10 + left
}

// same reports whether two states of a row differ in nothing but when they
// were read.
func same(was, is *model.Item) bool {
	if was == nil || is == nil {
		return was == is
	}
	return sameCertificate(was, is) && sameRequest(was.Request, is.Request) && sameDeletion(was.Deletion, is.Deletion) &&
		sameOrder(was.Order, is.Order) && was.Certificate.Serial == is.Certificate.Serial && was.Record == is.Record &&
		was.Policy == is.Policy &&
		was.Missed == is.Missed && was.RequestReadAt.IsZero() == is.RequestReadAt.IsZero()
}

// sameCertificate compares what a list tells; what only a read tells changes
// with its time.
func sameCertificate(was, is *model.Item) bool {
	a, b := &was.Certificate, &is.Certificate
	return was.CertificateReadAt.Equal(is.CertificateReadAt) &&
		a.Issued == b.Issued && a.Enabled == b.Enabled && a.Thumbprint == b.Thumbprint &&
		a.Subject == b.Subject && a.RecoveryLevel == b.RecoveryLevel && a.RecoverableDays == b.RecoverableDays && a.Updated.Equal(b.Updated) &&
		a.NotBefore.Equal(b.NotBefore) && a.NotAfter.Equal(b.NotAfter) && a.Created.Equal(b.Created) &&
		maps.Equal(a.Tags, b.Tags)
}

func sameRequest(a, b *model.Request) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.ID == b.ID && a.Status == b.Status && a.Details == b.Details && a.CancelAsked == b.CancelAsked &&
		a.ErrorCode == b.ErrorCode && a.ErrorMessage == b.ErrorMessage && a.Target == b.Target &&
		a.Issuer.Name == b.Issuer.Name && a.Gone == b.Gone && a.Replaced == b.Replaced && a.RetryAfter == b.RetryAfter
}

func sameDeletion(a, b *model.Deletion) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.At.Equal(b.At) && a.PurgeAt.Equal(b.PurgeAt) && a.Purged == b.Purged
}
