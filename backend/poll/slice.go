package poll

import (
	"math"
	"slices"
	"time"

	"certty/model"
)

// rotation spreads the second readings of answers that do not change by
// themselves evenly over the age they may reach.
type rotation struct {
	at             time.Time // of the last slice
	marked, others quota
}

// quota is how many rows may be read: rows × time ÷ age, with the fraction that
// was left over last time.
type quota struct{ left float64 }

// take is how many of rows are due after elapsed.
func (q *quota) take(rows int, elapsed, age time.Duration) int {
	q.left += float64(rows) * min(1, float64(elapsed)/float64(age))
	n := math.Floor(q.left)
	q.left -= n
	return int(n)
}

// slice schedules the answers that this sweep reads again: of the watched rows
// and of the others so many that all of them are read once within their age,
// the oldest first, and whatever is over its age.
func (l *loop) slice(now time.Time) {
	elapsed := now.Sub(l.rotation.at)
	l.rotation.at = now
	var marked, rest []*model.Item
	for _, it := range l.known.Items() {
		if !rereads(it) || it.Request.Open() || it.Order != nil && !l.unproved(it, now) {
			continue
		}
		if _, watched := l.watched[it.Ref.Key]; watched {
			marked = append(marked, it)
		} else {
			rest = append(rest, it)
		}
	}
	o := l.options
	l.reread(marked, l.rotation.marked.take(len(marked), elapsed, o.Marked), o.Marked, classWatched, now)
	l.reread(rest, l.rotation.others.take(len(rest), elapsed, o.Rest), o.Rest, classStale, now)
}

// reread schedules the n oldest of items, and every one over its age.
func (l *loop) reread(items []*model.Item, n int, age time.Duration, c class, now time.Time) {
	slices.SortFunc(items, func(a, b *model.Item) int { return a.RequestReadAt.Compare(b.RequestReadAt) })
	for i, it := range items {
		if i >= n && now.Sub(it.RequestReadAt) < age {
			return
		}
		l.wantRequest(it.Ref.Key, c, float64(i), now)
	}
}
