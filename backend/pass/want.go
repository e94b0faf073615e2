package pass

import (
	"slices"

	"certty/backend/poll"
	"certty/model"
)

// urgency says what is read first: what is left over when the time is up should
// be what matters least.
type urgency uint8

const (
	soon     urgency = iota // may well have moved
	later                   // read only because everything is
	optional                // nobody asked for it: without it the look is whole as well
)

// queue are the reads that wait.
type queue struct {
	waiting [optional + 1][]model.Ref // by urgency
	seen    map[model.Ref]urgency
}

// add adds ref, which is read once in a look.
func (q *queue) add(ref model.Ref, u urgency) {
	if _, seen := q.seen[ref]; !seen {
		q.seen[ref] = u
		q.waiting[u] = append(q.waiting[u], ref)
	}
}

// again adds ref once more, after a pause.
func (q *queue) again(ref model.Ref) { q.waiting[soon] = append(q.waiting[soon], ref) }

// optional reports whether ref is read though the look is whole without it.
func (q *queue) optional(ref model.Ref) bool { return q.seen[ref] == optional }

// needed is how much waits that the look is not whole without.
func (q *queue) needed() int { return len(q.waiting[soon]) + len(q.waiting[later]) }

func (q *queue) empty() bool { return q.needed() == 0 && len(q.waiting[optional]) == 0 }

// next takes the next one out of a queue that is not empty.
func (q *queue) next() model.Ref {
	waiting := &q.waiting[soon]
	for u := later; len(*waiting) == 0; u++ {
		waiting = &q.waiting[u]
	}
	ref := (*waiting)[0]
	*waiting = (*waiting)[1:]
	return ref
}

// drop forgets everything that waits, and says how much of it was needed.
func (q *queue) drop() int {
	n := q.needed()
	q.waiting = [optional + 1][]model.Ref{}
	return n
}

// want has something of a row read, if it can be.
func (l *look) want(kind model.Kind, key string, u urgency) {
	if l.caps.Read == nil {
		return
	}
	l.queue.add(model.Ref{Target: l.info.Name, Kind: kind, Key: key}, u)
	if l.trouble.spared {
		l.spare()
	}
}

// spare makes no more reads: they would all fail.
func (l *look) spare() {
	l.trouble.spared = true
	l.trouble.failed += l.queue.drop()
}

// listed takes a page of the list of the live rows, and has read what it makes
// necessary.
func (l *look) listed(page model.Page) {
	turns := l.merge(page)
	if l.account || page.Fields&model.FieldListing == 0 {
		return
	}
	for _, t := range turns {
		if t.Is.Deletion != nil {
			continue
		}
		switch {
		case t.Is.Request.Open(), !t.Is.Certificate.Issued, t.Was == nil && !l.first, t.Was != nil && poll.Changed(t.Was, t.Is):
			l.want(model.KindRequest, t.Is.Ref.Key, soon)
		case l.options.Deep:
			l.want(model.KindRequest, t.Is.Ref.Key, later)
		}
		if poll.Reissued(t.Was, t.Is) {
			l.want(model.KindCertificate, t.Is.Ref.Key, soon)
		}
	}
}

// wantOpen has the requests read that were known to be in progress, whatever the
// list says of their rows.
func (l *look) wantOpen() {
	if l.opened || l.account {
		return
	}
	l.opened = true
	for _, it := range l.known.Items() {
		if it.Request.Open() && it.Deletion == nil {
			l.want(model.KindRequest, it.Ref.Key, soon)
		}
	}
}

// wantOrders has the orders read that nothing was read of, and those that may
// still move and are in no list that is asked for, once their answers are as old
// as a poller lets them get.
func (l *look) wantOrders() {
	if !l.account {
		return
	}
	since := l.began
	if !l.options.Deep {
		since = since.Add(-poll.Defaults().Rest)
	}
	for _, it := range l.known.Items() {
		if it.Order == nil || it.Vanished() {
			continue
		}
		if it.RequestReadAt.IsZero() || poll.Unproved(it, since) {
			l.want(model.KindRequest, it.Ref.Key, soon)
		}
	}
}

// explained is how many orders that wait for the CA a look that is not deep has
// read at most, two calls each: monitoring waits for its end, and the next look
// goes on.
const explained = 25

// wantExplained has those orders read that wait for the CA and of which it is not
// known whether somebody has to publish a record: no list tells that.
func (l *look) wantExplained() {
	o := &l.options
	if !l.account || l.caps.Validation == nil || !o.Deep && !o.Explain {
		return
	}
	age := o.MaxAge
	if !o.Deep {
		age = max(age, poll.Defaults().Rest)
	}
	var due []*model.Item
	for _, it := range l.known.Items() {
		if poll.Unexplained(it, l.began, age) {
			due = append(due, it)
		}
	}
	slices.SortFunc(due, poll.ExplainFirst)
	u := later
	if !o.Deep {
		u, due = optional, due[:min(len(due), explained)]
	}
	for _, it := range due {
		l.want(model.KindRequest, it.Ref.Key, u)
	}
}
