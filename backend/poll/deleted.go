package poll

import (
	"maps"
	"slices"
	"time"

	"certty/model"
)

const (
	// turnLag is how long the lists may show a row as it was before it was
	// deleted, recovered or purged. Recorded traffic of Key Vault shows up to a
	// minute.
	turnLag = 90 * time.Second
	// deletedAgain is the wait before the deleted certificates are listed once
	// more after an own action, when the list has caught up with it.
	deletedAgain = time.Minute
)

// afterDeletion keeps in mind that a row was deleted, recovered or purged just
// now. What is not live any more is not read, what came back is.
func (l *loop) afterDeletion(was, is *model.Item, now time.Time) {
	if was == nil || standing(was) == standing(is) {
		return
	}
	l.turned[is.Ref.Key] = now
	request := l.ref(model.KindRequest, is.Ref.Key)
	switch {
	case is.Deletion != nil:
		l.schedule.cancel(request)
		l.schedule.cancel(l.ref(model.KindCertificate, is.Ref.Key))
	case l.caps.Read != nil:
		l.schedule.wantAgain(request, classChanged, now, false)
	}
}

// stand is how a row stands as to deletion.
type stand uint8

const (
	live stand = iota
	deleted
	purged
)

func standing(it *model.Item) stand {
	switch {
	case it.Deletion == nil:
		return live
	case it.Deletion.Purged:
		return purged
	default:
		return deleted
	}
}

// turns reports whether a row turned so short a time ago that what a list or an
// answer says to the contrary may be of before.
func (l *loop) turns(key string, now time.Time) bool {
	at, ok := l.turned[key]
	return ok && now.Sub(at) < turnLag
}

// current returns those items of a list that do not speak of before: a live
// one of a certificate just deleted, a deleted one of one just recovered or
// purged. Nothing is lost by that, the next list says it again.
func (l *loop) current(page model.Page, now time.Time) []model.Item {
	maps.DeleteFunc(l.turned, func(_ string, at time.Time) bool { return now.Sub(at) >= turnLag })
	if len(l.turned) == 0 {
		return page.Items
	}
	listed := live
	if page.Fields&model.FieldDeleted != 0 {
		listed = deleted
	}
	outdated := func(it model.Item) bool {
		known := l.known.Get(it.Ref.Key)
		return known != nil && standing(known) != listed && l.turns(it.Ref.Key, now)
	}
	if !slices.ContainsFunc(page.Items, outdated) {
		return page.Items
	}
	return slices.DeleteFunc(slices.Clone(page.Items), outdated)
}

// isDeleted reports whether there is nothing to read under key, since its
// certificate was deleted.
func (l *loop) isDeleted(key string) bool {
	it := l.known.Get(key)
	return it != nil && it.Deletion != nil
}

// listDeleted has the deleted certificates listed now, and once more when the
// list has caught up with what was done from here.
func (l *loop) listDeleted(now time.Time) {
	if l.caps.SweepDeleted != nil {
		l.sweeps.deleted, l.sweeps.deletedAgain = now, now.Add(deletedAgain)
	}
}

// deletedListed notes that a sweep of the deleted certificates begins, and when
// the next one does.
func (l *loop) deletedListed(now time.Time) {
	l.sweeps.deleted = now.Add(l.options.Deleted)
	if again := l.sweeps.deletedAgain; again.After(now) && again.Before(l.sweeps.deleted) {
		l.sweeps.deleted = again
	}
}
