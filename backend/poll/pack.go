package poll

import "time"

// packAtOnce is how many rows are moved before a state lets go of where they were:
// to move them all at once would take their memory twice.
const packAtOnce = 512

// packing moves what is known to fresh memory, see [model.Draft.Pack], once a
// target was read as a whole.
type packing struct {
	due   bool
	at    int       // the next row
	moved time.Time // when the last ones were
}

// pack moves some rows when nothing is to be read and the screens were told of
// those before.
func (l *loop) pack(now time.Time) {
	if !l.packing.due || l.firstListing() || l.reading > 0 || l.schedule.top() != nil || !l.published.After(l.packing.moved) {
		return
	}
	more := l.known.Pack(l.packing.at, packAtOnce)
	l.packing.at, l.packing.moved = l.packing.at+packAtOnce, now
	if !more {
		l.packing = packing{}
	}
	l.news(now)
}
