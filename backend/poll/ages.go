package poll

import (
	"time"

	"certty/model"
)

// Ages are how old an answer about a request gets before it is read again, as
// the settings say.
type Ages struct {
	// Every is the time from one sweep to the next, which begins the second
	// readings; Marked and Rest are those of [Options].
	Every, Marked, Rest time.Duration
}

func (o Options) ages() Ages { return Ages{Every: o.Every, Marked: o.Marked, Rest: o.Rest} }

// Slack is how long a second reading may take: from when it is due to the next
// sweep, and the reads that are before it. A row that came onto the screen has
// as long before the age of visible rows counts for it, too.
func (a Ages) Slack() time.Duration { return 2 * max(a.Every, time.Minute) }

// Overdue reports whether the request of a row should have been read again by
// now and was not: what the row says of it is old. watched is how long the row
// has been visible or marked, 0 when it is not.
//
// A request that was never read is no matter of age, see
// [model.Status.RenewalUnknown]; neither is that of a row which is not read.
func (a Ages) Overdue(it *model.Item, now time.Time, watched time.Duration) bool {
	if a == (Ages{}) || !rereads(it) {
		return false
	}
	limit := a.Rest
	switch o := it.Order; {
	case o != nil && !o.Phase.Open():
		// Every look at the account would have told that it moved.
		return false
	case watched >= a.Slack(), it.Request.Open(), o != nil && o.Phase != model.OrderUnknown:
		limit = min(a.Marked, a.Rest)
	}
	return now.Sub(it.RequestReadAt) >= limit+a.Slack()
}

// rereads reports whether the request of a row is read a second time.
func rereads(it *model.Item) bool {
	return !it.RequestReadAt.IsZero() && !it.Vanished() && it.Deletion == nil
}
