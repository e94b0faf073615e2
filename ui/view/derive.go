package view

import (
	"slices"
	"strings"
	"time"

	"certty/model"
	"certty/model/query"
)

// difference lists the items that are in one of two snapshots of a target only.
// Items are immutable, so one that changed is in both lists. Either snapshot
// may be nil. Where the lists would hold more than most, few is false and they
// are cut short: after a listing of a whole account that is every row.
func difference(old, fresh *model.Snapshot, most int) (gone, come []*model.Item, few bool) {
	a, b := itemsOf(old), itemsOf(fresh)
	for len(a)+len(b) > 0 && len(gone)+len(come) <= most {
		switch {
		case len(a) == 0:
			come, b = append(come, b[0]), b[1:]
			continue
		case len(b) == 0:
			gone, a = append(gone, a[0]), a[1:]
			continue
		case a[0] == b[0]:
			a, b = a[1:], b[1:]
			continue
		}
		c := strings.Compare(a[0].Ref.Key, b[0].Ref.Key)
		if c <= 0 {
			gone, a = append(gone, a[0]), a[1:]
		}
		if c >= 0 {
			come, b = append(come, b[0]), b[1:]
		}
	}
	return gone, come, len(gone)+len(come) <= most
}

func itemsOf(s *model.Snapshot) []*model.Item {
	if s == nil {
		return nil
	}
	return s.Items()
}

// renew brings the rows of a target up to date with its items, of which many
// changed. A listing of a whole account makes every item anew, because of when it
// was read, and nearly all of them stand where they stood: only the row itself is
// made.
func (d *Data) renew(name string) {
	items := itemsOf(d.states[name].Snapshot)
	shown := make([]bool, len(items))
	rows := make([]*Row, 0, len(d.rows)+max(0, len(items)-len(d.rows)))
	var hidden []*Row
	put := func(r *Row) {
		if r.Item.Hidden() {
			hidden = append(hidden, r)
		} else {
			rows = append(rows, r)
		}
	}
	for _, old := range [...][]*Row{d.rows, d.hidden} {
		for _, r := range old {
			if r.Item.Ref.Target != name {
				put(r)
				continue
			}
			if i, ok := slices.BinarySearchFunc(items, r.Item.Ref.Key, byKey); ok {
				shown[i] = true
				put(r.now(items[i], d.Now))
			}
		}
	}
	for i, it := range items {
		if !shown[i] {
			put(&Row{Item: it, Status: it.Status(d.Now)})
		}
	}
	d.show(rows, hidden)
}

func byKey(it *model.Item, key string) int { return strings.Compare(it.Ref.Key, key) }

// age brings the status of every row up to the present.
func (d *Data) age() {
	// New slices, for the old ones are the table's.
	rows, hidden := slices.Clone(d.rows), slices.Clone(d.hidden)
	for _, list := range [...][]*Row{rows, hidden} {
		for i, r := range list {
			list[i] = r.now(r.Item, d.Now)
		}
	}
	d.show(rows, hidden)
}

// now is the row with the item that its own became and the status at a moment: the
// row itself where neither changed, for it stays as it was made. Of an item that
// reads the same the text stays.
func (r *Row) now(it *model.Item, at time.Time) *Row {
	status := it.Status(at)
	if it == r.Item && status == r.Status {
		return r
	}
	fresh := &Row{Item: it, Status: status}
	if r.text != "" && (it == r.Item || query.SameText(r.Item, it)) {
		fresh.text = r.text
	}
	return fresh
}

// show takes rows over that were made anew, in nearly any order: mostly it is the
// one that they had.
func (d *Data) show(rows, hidden []*Row) {
	d.counts = Counts{}
	for _, r := range rows {
		d.count(&r.Status, 1)
	}
	d.rows, d.hidden = rows, hidden
	d.sort()
}

// parted takes the items apart that were deleted here. Without any, which is
// nearly always so, the slice stays as it is.
func parted(items []*model.Item) (shown, hidden []*model.Item) {
	if !slices.ContainsFunc(items, (*model.Item).Hidden) {
		return items, nil
	}
	for _, it := range items {
		if it.Hidden() {
			hidden = append(hidden, it)
		} else {
			shown = append(shown, it)
		}
	}
	return shown, hidden
}

// make makes rows of items and counts them.
func (d *Data) make(items []*model.Item) []*Row {
	rows := make([]*Row, len(items))
	for i, it := range items {
		rows[i] = &Row{Item: it, Status: it.Status(d.Now)}
		d.count(&rows[i].Status, 1)
	}
	return rows
}

func (d *Data) count(s *model.Status, by int) {
	d.counts.Total += by
	switch s.Severity {
	case model.SeverityFailed:
		switch s.State {
		case model.StateGone:
			d.counts.Gone += by
		case model.StateExpired:
			d.counts.Expired += by
		case model.StateUnknown:
			d.counts.Undecided += by
		default:
			d.counts.Failed += by
		}
	case model.SeverityYou, model.SeverityOthers:
		d.counts.Waiting += by
	case model.SeverityExpires, model.SeverityQuiet:
	}
}

// sort puts the rows in order, in slices that nobody else has.
func (d *Data) sort() {
	for _, list := range [...][]*Row{d.rows, d.hidden} {
		// After most news they are in order already, which is cheaper to see than
		// to do.
		if !slices.IsSortedFunc(list, d.Compare) {
			slices.SortFunc(list, d.Compare)
		}
	}
	d.version++
}
