package view

import (
	"cmp"
	"slices"
	"strings"

	"certty/model"
)

// difference lists the items that are in one of two snapshots of a target only.
// Items are immutable, so one that changed is in both lists. Either snapshot
// may be nil.
func difference(old, fresh *model.Snapshot) (gone, come []*model.Item) {
	var a, b []*model.Item
	if old != nil {
		a = old.Items()
	}
	if fresh != nil {
		b = fresh.Items()
	}
	for len(a) > 0 && len(b) > 0 {
		if a[0] == b[0] {
			a, b = a[1:], b[1:]
			continue
		}
		switch c := strings.Compare(a[0].Ref.Key, b[0].Ref.Key); {
		case c < 0:
			gone, a = append(gone, a[0]), a[1:]
		case c > 0:
			come, b = append(come, b[0]), b[1:]
		default:
			gone, come = append(gone, a[0]), append(come, b[0])
			a, b = a[1:], b[1:]
		}
	}
	return append(gone, a...), append(come, b...)
}

// derive makes every row anew. Of an item that is the same as before the text
// stays.
func (d *Data) derive() {
	texts := make(map[*model.Item]string, len(d.rows))
	for _, r := range d.rows {
		if r.text != "" {
			texts[r.Item] = r.text
		}
	}
	var items, hidden []*model.Item
	for _, name := range d.names {
		if state, ok := d.states[name]; ok && state.Snapshot != nil {
			shown, rest := parted(state.Snapshot.Items())
			items, hidden = append(items, shown...), append(hidden, rest...)
		}
	}
	d.counts = Counts{}
	rows := d.make(items) // the old slice is the table's
	d.hide(nil, hidden, true)
	for _, r := range rows {
		r.text = texts[r.Item]
	}
	d.rows = rows
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

// hide takes items out of the hidden rows, or all where anew is true, and puts
// others in.
func (d *Data) hide(gone, come []*model.Item, anew bool) {
	if len(gone)+len(come) == 0 && !anew {
		return
	}
	var rows []*Row
	for _, r := range d.hidden {
		if !anew && !slices.Contains(gone, r.Item) {
			rows = append(rows, r)
		}
	}
	for _, it := range come {
		rows = append(rows, &Row{Item: it, Status: it.Status(d.Now)})
	}
	slices.SortFunc(rows, d.Compare)
	d.hidden = rows
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

func (d *Data) sort() {
	// A new slice, for the old one is the table's.
	d.rows, d.hidden = slices.Clone(d.rows), slices.Clone(d.hidden)
	slices.SortFunc(d.rows, d.Compare)
	slices.SortFunc(d.hidden, d.Compare)
	d.version++
}

// replace takes the rows of some items out and puts those of others where they
// belong: the rows between them move as blocks. It reports false, and changes
// nothing, when a row is not where the order says.
func (d *Data) replace(gone, come []*model.Item) bool {
	gone, goneHidden := parted(gone)
	come, comeHidden := parted(come)
	out := make([]int, 0, len(gone))
	for _, it := range gone {
		old := &Row{Item: it, Status: it.Status(d.Now)}
		i, found := slices.BinarySearchFunc(d.rows, old, d.Compare)
		if !found || d.rows[i].Item != it {
			return false
		}
		out = append(out, i)
	}
	slices.Sort(out)
	for _, i := range out {
		d.count(&d.rows[i].Status, -1)
	}
	added := d.make(come)
	slices.SortFunc(added, d.Compare)
	d.rows = d.merge(out, added)
	d.hide(goneHidden, comeHidden, false)
	return true
}

// merge is the rows without those at the places out, and with added.
func (d *Data) merge(out []int, added []*Row) []*Row {
	type step struct {
		at  int
		row *Row // nil takes the row at that place out
	}
	steps := make([]step, 0, len(out)+len(added))
	for _, i := range out {
		steps = append(steps, step{at: i})
	}
	for _, row := range added {
		at, _ := slices.BinarySearchFunc(d.rows, row, d.Compare)
		steps = append(steps, step{at: at, row: row})
	}
	// Stable: rows for one place stay in their order. What is added there comes
	// before the row that stands there.
	slices.SortStableFunc(steps, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(rank(a.row), rank(b.row)))
	})
	rows := make([]*Row, 0, len(d.rows)-len(out)+len(added))
	from := 0
	for _, s := range steps {
		rows = append(rows, d.rows[from:s.at]...)
		from = s.at
		if s.row != nil {
			rows = append(rows, s.row)
		} else {
			from++
		}
	}
	return append(rows, d.rows[from:]...)
}

func rank(added *Row) int {
	if added != nil {
		return 0
	}
	return 1
}
