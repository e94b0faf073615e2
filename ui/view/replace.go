package view

import (
	"cmp"
	"slices"

	"certty/model"
)

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
	d.hide(goneHidden, comeHidden)
	return true
}

// hide takes items out of the hidden rows and puts others in.
func (d *Data) hide(gone, come []*model.Item) {
	if len(gone)+len(come) == 0 {
		return
	}
	var rows []*Row
	for _, r := range d.hidden {
		if !slices.Contains(gone, r.Item) {
			rows = append(rows, r)
		}
	}
	for _, it := range come {
		rows = append(rows, &Row{Item: it, Status: it.Status(d.Now)})
	}
	slices.SortFunc(rows, d.Compare)
	d.hidden = rows
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
