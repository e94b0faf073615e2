package board

import (
	"fmt"
	"slices"

	"certty/model"
	"certty/model/query"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/table"
)

// barCells is the width of the life-left bar.
const barCells = 10

// stateAndName are the cells that the state and the name of an order have
// together at least: as many as leave the bar its room beside the pane of 120
// columns, and not at 80.
const stateAndName = 35

// overBar are the cells that a long name has more at least: so many are there
// at 80 columns once the share alone says what the bar shows. A name that is cut
// says less than a bar that is not there.
const overBar = 9

// columns say what the board shows of a row; those of low priority give way on
// narrow screens. The one that is sorted by carries an arrow, and rows that may
// not be so any more are dimmed.
func (v *View) columns() []table.Column[*view.Row] {
	t, s := v.s.Theme, v.s
	columns := []table.Column[*view.Row]{
		{Title: "STATE", Min: 14, Ideal: 15, Priority: 10, Cell: func(r *view.Row) string {
			glyph, _ := view.Sign(t, r.Status)
			word := string(r.Status.State)
			if r.Item.Vanished() {
				word = "not seen"
			}
			return glyph + " " + word
		}, Style: func(r *view.Row) table.Style {
			_, role := view.Sign(t, r.Status)
			return t.Painter(role)
		}},
		{Title: "NAME", Min: 12, Ideal: 18, Flexible: true, Priority: 9, Cell: func(r *view.Row) string { return r.Item.Name() }},
		{Title: "TARGET", Min: 7, Ideal: 9, Priority: 4, Cell: func(r *view.Row) string { return r.Item.Ref.Target }},
		{Title: "AGE", Min: 4, Ideal: 4, Priority: 6, Cell: func(r *view.Row) string { return age(s, r) }},
		{Title: lifeLeft, Min: barCells + 5, Ideal: barCells + 5, Priority: 3, Cell: func(r *view.Row) string { return life(t, r.Status) }},
		{Title: "LEFT", Min: 4, Ideal: 4, Priority: 5, Unless: lifeLeft, Cell: func(r *view.Row) string { return percent(r.Status) }},
		{Title: "NEXT", Min: 11, Ideal: 14, Priority: 8, Cell: func(r *view.Row) string { return v.next(r) }},
	}
	if v.accounts {
		// An order's words and names are longer than a vault's; on a narrow screen
		// the bar gives way to them, and the share stays.
		state := 17 // that of "waits: approval"
		if v.validating {
			state = 19
		}
		columns[0].Min, columns[0].Ideal = state, state
		columns[1].Min = stateAndName - state
		columns = slices.Insert(columns, 2, here(t))
	}
	name := &columns[1]
	name.Min = max(name.Min, min(v.longest, stateAndName+overBar-columns[0].Min))
	name.Ideal = max(name.Ideal, name.Min)
	faint := t.Painter(theme.Faint)
	for i := range columns {
		c := &columns[i]
		style := c.Style
		c.Style = func(r *view.Row) table.Style {
			switch {
			case v.stale[r.Item.Ref.Target] || r.Item.Vanished() || v.overdue(r):
				return faint
			case style != nil:
				return style(r)
			}
			return nil
		}
	}
	v.point(columns)
	return columns
}

const lifeLeft = "LIFE LEFT"

// here marks the orders that are held in the local repository; the others are
// at their account only.
func here(t *theme.Theme) table.Column[*view.Row] {
	return table.Column[*view.Row]{Title: "H", Min: 1, Ideal: 1, Priority: 7, Cell: func(r *view.Row) string {
		if r.Item.Record == nil {
			return ""
		}
		return t.Glyphs.Here
	}, Style: func(*view.Row) table.Style { return t.Painter(theme.Faint) }}
}

// sortedColumns are the titles of the columns that show what is sorted by.
var sortedColumns = map[query.Key][]string{
	query.ByState: {"STATE"}, query.ByName: {"NAME"}, query.ByTarget: {"TARGET"},
	query.ByAge: {"AGE"}, query.ByLifeLeft: {lifeLeft, "LEFT"},
}

// point puts the arrow behind the titles of what is sorted by.
func (v *View) point(columns []table.Column[*view.Row]) {
	o := v.s.Data.Order()
	for _, title := range sortedColumns[o.Key] {
		for i := range columns {
			c := &columns[i]
			if c.Unless == title {
				c.Unless += arrow(v.s.Theme, o)
			}
			if c.Title == title {
				c.Title += arrow(v.s.Theme, o)
				c.Min = max(c.Min, len(title)+1)
				c.Ideal = max(c.Ideal, c.Min)
			}
		}
	}
}

// next is what has to be done, and how old that is where it is old; a row whose
// request was never read says so, for it may hide a renewal.
func (v *View) next(r *view.Row) string {
	words := view.NextWords(r.Status)
	switch overdue := v.overdue(r); {
	case overdue && words != "":
		// The age first: where there is little room, the state tells the rest.
		return view.Age(v.s.Data.Now, r.Item.RequestReadAt) + " old, " + words
	case overdue:
		return "read " + view.Age(v.s.Data.Now, r.Item.RequestReadAt) + " ago"
	case words == "" && r.Status.RenewalUnknown:
		return "not read yet"
	}
	return words
}

// overdue reports whether what the row says of its request is old.
func (v *View) overdue(r *view.Row) bool { return v.old[r.Item] }

// age is how long the row waits, or has been what it is.
func age(s *view.Session, r *view.Row) string {
	return view.Age(s.Data.Now, query.Since(&r.Status))
}

func life(t *theme.Theme, s model.Status) string {
	if s.LifeLeft < 0 {
		return ""
	}
	return t.Bar(s.LifeLeft, barCells) + " " + percent(s)
}

func percent(s model.Status) string {
	if s.LifeLeft < 0 {
		return ""
	}
	return fmt.Sprintf("%3.0f%%", 100*s.LifeLeft)
}
