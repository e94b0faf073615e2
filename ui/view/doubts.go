package view

import (
	"maps"
	"slices"
	"time"

	"certty/model"
	"certty/model/timetext"
)

// Doubt is a change of a row of a vault that was sent from here and whose end
// nobody knows.
type Doubt struct {
	Ref model.Ref
	// Op is the call, as the journal names it.
	Op string
	// At is when it was asked for.
	At time.Time
	// Why is what is known of it by now.
	Why string
}

// String says what happened, and what to do.
func (d Doubt) String() string {
	return "Uncertain: " + d.Op + " was asked from here at " + timetext.Moment(d.At) + ", and no answer came. It may have happened: " +
		Clean(d.Why) + ". Look before you do it again."
}

// Uncertain is what a row with a doubt says of its next step.
const Uncertain = "uncertain"

// SetDoubts takes the changes whose end is not known, in place of those that it
// had, and reports whether any is new or gone.
func (d *Data) SetDoubts(list []Doubt) bool {
	doubts := make(map[model.Ref]Doubt, len(list))
	for _, one := range list {
		doubts[one.Ref.Row()] = one
	}
	if maps.Equal(doubts, d.doubts) {
		return false
	}
	d.doubts = doubts
	d.rows, d.hidden = slices.Clone(d.rows), slices.Clone(d.hidden) // the old ones are the table's
	d.version++
	return true
}

// Doubt is the change of a row whose end is not known.
func (d *Data) Doubt(ref model.Ref) (Doubt, bool) {
	one, ok := d.doubts[ref.Row()]
	return one, ok
}

// Doubts is how many rows have one.
func (d *Data) Doubts() int { return len(d.doubts) }
