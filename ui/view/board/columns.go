package board

import (
	"fmt"
	"slices"

	"github.com/charmbracelet/x/ansi"

	"certty/model"
	"certty/model/query"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/table"
)

// barCells is the width of the life-left bar.
const barCells = 10

// stateNameNext are the cells that the state, the name and the next step of an
// order have together at least: as many as leave the bar its room beside the
// pane of 120 columns, and not at 80.
const stateNameNext = 46

// overBar are the cells that a long name has more at least: so many are there
// at 80 columns once the share alone says what the bar shows. A name that is cut
// says less than a bar that is not there; a step that is cut says nothing.
const overBar = 9

// The next step has as many cells as the longest one that was listed, within
// these: the shortest is notRead, which every row says at first, the longest
// that of "make keystore". What is longer carries its age, and the state says the rest.
const leastNext, mostNext = len(notRead), 13

// notRead stands for the next step where nobody knows yet whether there is one.
const notRead = "not read yet"

// leastName is the room without which names are not worth showing, mostName how
// wide they get at most: beyond it the eye no longer finds from a name to the
// rest of its row.
const leastName, mostName = 12, 44

// mostTarget is how wide the targets' names get at most.
const mostTarget = 16

// longest are the cells of the longest name, next step and target. They only
// grow: columns that come and go with every sweep would disturb more than they
// show.
type longest struct{ name, next, target int }

// measure looks through the rows for longer texts.
func (v *View) measure() longest {
	l := v.longest
	for _, name := range v.s.Data.Targets() {
		l.target = max(l.target, min(mostTarget, ansi.StringWidth(name)))
	}
	for _, r := range v.s.Data.Rows() {
		if l.name < mostName {
			// No text has more cells than bytes.
			if name := r.Item.Name(); len(name) > l.name {
				l.name = max(l.name, min(mostName, ansi.StringWidth(name)))
			}
		}
		if next := len(view.NextWords(r.Status)); next > l.next && l.next < mostNext {
			l.next = min(next, mostNext)
		}
	}
	return l
}

// columns say what the board shows of a row; those of low priority give way on
// narrow screens. The one that is sorted by carries an arrow, and rows that may
// not be so any more are dimmed.
func (v *View) columns() []table.Column[*view.Row] {
	t, s := v.s.Theme, v.s
	next := max(leastNext, v.longest.next)
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
		{Title: "NAME", Min: leastName, Ideal: 18, Max: mostName, Flexible: true, Priority: 9, Cell: func(r *view.Row) string { return r.Item.Name() }},
		{Title: "TARGET", Min: 7, Ideal: max(9, v.longest.target), Priority: 4, Cell: func(r *view.Row) string { return r.Item.Ref.Target }},
		{Title: "AGE", Min: 4, Ideal: 4, Priority: 6, Cell: func(r *view.Row) string { return age(s, r) }},
		{Title: lifeLeft, Min: barCells + 5, Ideal: barCells + 5, Priority: 3, Cell: func(r *view.Row) string { return life(t, r.Status) }, Style: v.lifeStyle()},
		{Title: "LEFT", Min: 4, Ideal: 4, Priority: 5, Unless: lifeLeft, Cell: func(r *view.Row) string { return percent(r.Status) }},
		{Title: "EXPIRES", Min: 7, Ideal: 7, Priority: 2, Align: table.Right, Cell: func(r *view.Row) string { return expires(s, r) }},
		{Title: "NEXT", Min: next, Ideal: 14, Priority: 8, Cell: func(r *view.Row) string { return v.next(r) }, Style: v.doubtStyle()},
	}
	if v.accounts {
		// An order's words and names are longer than a vault's; on a narrow screen
		// the bar gives way to them, and the share stays.
		state := 17 // that of "waits: approval"
		if v.validating {
			state = 19
		}
		columns[0].Min, columns[0].Ideal = state, state
		columns[1].Min = stateNameNext - state - next
		columns = slices.Insert(columns, 2, here(t))
	}
	name := &columns[1]
	name.Min = max(name.Min, min(v.longest.name, stateNameNext+overBar-columns[0].Min-next))
	// On a screen too narrow for all that, it is not the name that goes.
	const beside = 3 + 1 + 1 // the marker, and the blanks between state, name and next step
	name.Min = max(leastName, min(name.Min, v.listWidth()-columns[0].Min-next-beside))
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
	query.ByExpiry: {"EXPIRES"},
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
	if _, ok := v.s.Data.Doubt(r.ID()); ok {
		return view.Uncertain
	}
	words := view.NextWords(r.Status)
	switch overdue := v.overdue(r); {
	case overdue && words != "":
		// The age first: where there is little room, the state tells the rest.
		return timetext.Age(v.s.Data.Now, r.Item.RequestReadAt) + " old, " + words
	case overdue:
		return "read " + timetext.Age(v.s.Data.Now, r.Item.RequestReadAt) + " ago"
	case words == "" && r.Status.RenewalUnknown:
		return notRead
	}
	return words
}

// doubtStyle marks the next step of rows with a change whose end is not known.
func (v *View) doubtStyle() func(*view.Row) table.Style {
	warn := v.s.Theme.Painter(theme.Warn)
	return func(r *view.Row) table.Style {
		if _, ok := v.s.Data.Doubt(r.ID()); ok {
			return warn
		}
		return nil
	}
}

// overdue reports whether what the row says of its request is old.
func (v *View) overdue(r *view.Row) bool { return v.old[r.Item] }

// age is how long the row waits, or has been what it is.
func age(s *view.Session, r *view.Row) string {
	return timetext.Age(s.Data.Now, query.Since(&r.Status))
}

func life(t *theme.Theme, s model.Status) string {
	if s.LifeLeft < 0 {
		return ""
	}
	return t.Bar(s.LifeLeft, barCells) + " " + percent(s)
}

// expires is in what time the certificate does; what has expired says in AGE how
// long ago.
func expires(s *view.Session, r *view.Row) string {
	left := r.Item.Certificate.NotAfter.Sub(s.Data.Now)
	if r.Status.LifeLeft < 0 || left <= 0 {
		return ""
	}
	return timetext.Span(left)
}

// lifeStyle keeps the bars quiet: most of them are of certificates that nobody
// has to do anything about.
func (v *View) lifeStyle() func(*view.Row) table.Style {
	t := v.s.Theme
	quiet := t.Painter(theme.Faint)
	return func(r *view.Row) table.Style {
		if r.Status.State == model.StateExpired || r.Status.State == model.StateExpires {
			_, role := view.Sign(t, r.Status)
			return t.Painter(role)
		}
		return quiet
	}
}

func percent(s model.Status) string {
	if s.LifeLeft < 0 {
		return ""
	}
	return fmt.Sprintf("%3.0f%%", 100*s.LifeLeft)
}
