package table

import "slices"

// Row is what a [Table] lists. The ID is the row's identity over refreshes and
// is unique among the rows.
type Row[K comparable] interface{ ID() K }

// Style renders a run of plain text; it adds no cells. nil leaves the text as it
// is. A style is called once for each run, so it should be two concatenations
// and not a computation.
type Style = func(string) string

// Styles are the looks of a [Table]'s parts. Each may be nil.
type Styles struct {
	Header Style
	// Cursor paints the whole line under the cursor as one run; cells have no
	// style of their own there.
	Cursor Style
	// Marked paints the plain runs of marked lines.
	Marked Style
	// Empty paints the text of an empty table.
	Empty Style
}

// Options are set for the life of a [Table].
type Options struct {
	// Header shows the columns' titles on the first line, where there is more
	// than one.
	Header bool
	// Gap is the number of blank cells between columns; 0 means 1.
	Gap int
	// Ellipsis ends a text that was cut: "…", or "." where only ASCII shows.
	// Empty means ".".
	Ellipsis string
	// Empty stands in a table without rows.
	Empty  string
	Styles Styles
}

// Table is a list of rows. Make one with [New].
type Table[K comparable, R Row[K]] struct {
	opts   Options
	cols   []Column[R]
	shown  []slot
	order  func(a, b R) int
	sorted func(a, b R) int

	rows   []R
	w, h   int
	cursor int // index into rows; 0 when there are none
	offset int // index of the row on the first line

	// home is where the cursor stood when the last row vanished, so that a list
	// that is emptied and filled again finds it.
	home place[K]

	marks  map[K]int // when each was set, to list them in that order
	marked int       // counts up
	hidden int       // marks whose rows are not listed
	anchor *K        // where a range of marks begins

	run []byte // what is drawn next; kept to save allocations
}

// place is a row and its line on the screen.
type place[K comparable] struct {
	id   K
	line int
	set  bool
}

// New makes an empty table.
func New[K comparable, R Row[K]](o Options, columns ...Column[R]) *Table[K, R] {
	if o.Gap <= 0 {
		o.Gap = 1
	}
	if o.Ellipsis == "" {
		o.Ellipsis = "."
	}
	t := &Table[K, R]{opts: o, marks: make(map[K]int)}
	t.SetColumns(columns...)
	return t
}

// SetColumns replaces the columns. Rows, cursor and marks stay.
func (t *Table[K, R]) SetColumns(columns ...Column[R]) {
	t.cols = slices.Clone(columns)
	t.shown = layout(t.cols, t.w-markerWidth, t.opts.Gap)
}

// Widest is the width in cells beyond which the table only gets blanks; 0 when
// a flexible column has no end.
func (t *Table[K, R]) Widest() int {
	width := markerWidth - t.opts.Gap
	for _, c := range t.cols {
		switch {
		case c.Unless != "": // the long form is the one that stands
		case c.Flexible && c.Max <= 0:
			return 0
		default:
			width += t.opts.Gap + max(c.Min, c.Ideal, c.Max)
		}
	}
	return width
}

// SetStyles replaces the styles.
func (t *Table[K, R]) SetStyles(s Styles) { t.opts.Styles = s }

// SetEmpty replaces the text of an empty table.
func (t *Table[K, R]) SetEmpty(text string) { t.opts.Empty = text }

// SetSize sets the size in cells, the header included. The cursor stays in
// sight.
func (t *Table[K, R]) SetSize(w, h int) {
	w, h = max(0, w), max(0, h)
	if w != t.w {
		t.w = w
		t.shown = layout(t.cols, w-markerWidth, t.opts.Gap)
	}
	t.h = h
	t.clamp()
}

// SetOrder makes the table keep its rows sorted by cmp, equal ones as they were
// given. With nil it takes them as they come, from the next SetRows on. The
// cursor stays on its row and line.
func (t *Table[K, R]) SetOrder(cmp func(a, b R) int) {
	t.order = cmp
	t.SetRows(t.rows)
}

// SetSorted tells the table by what order the rows come sorted; nil says that it
// is not known. Knowing it, the table finds rows much faster, and a cursor whose
// row is gone goes where that row would stand.
func (t *Table[K, R]) SetSorted(cmp func(a, b R) int) { t.sorted = cmp }

// SetRows replaces the rows, in the order in which they are shown. The table
// keeps the slice and never changes it; nor may the caller from then on.
//
// The cursor stays on its row and the row on its line of the screen. If the row
// is gone, the next one below that is still there takes its place, else the
// nearest above. While a list is being filled for the first time, call
// [Table.Home] after SetRows to keep it at the top.
func (t *Table[K, R]) SetRows(rows []R) {
	old, at := t.rows, t.here()
	if t.order != nil {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, t.order)
	}
	t.rows = rows
	t.countHidden()
	t.home = at
	if len(rows) == 0 {
		t.cursor, t.offset = 0, 0
		return
	}
	t.cursor = max(0, t.successor(old, at))
	t.offset = t.cursor - at.line
	t.clamp()
}

// here is where the cursor stands, or stood when the table was last filled.
func (t *Table[K, R]) here() place[K] {
	if len(t.rows) == 0 {
		return t.home
	}
	return place[K]{id: t.rows[t.cursor].ID(), line: t.cursor - t.offset, set: true}
}

// successor is the index of the row that has the cursor after a refresh: at's
// row, or its surviving neighbour in the old order; -1 when none survived.
func (t *Table[K, R]) successor(old []R, at place[K]) int {
	if !at.set {
		return -1
	}
	near := -1
	if t.sorted != nil && len(old) > 0 {
		i, _ := slices.BinarySearchFunc(t.rows, old[t.cursor], t.sorted)
		near = min(i, len(t.rows)-1)
		if t.rows[near].ID() == at.id {
			return near
		}
	}
	if i := t.find(at.id); i >= 0 || len(old) == 0 {
		return i
	}
	if near >= 0 {
		return near
	}
	index := make(map[K]int, len(t.rows))
	for i, r := range t.rows {
		index[r.ID()] = i
	}
	for _, r := range old[t.cursor+1:] {
		if i, ok := index[r.ID()]; ok {
			return i
		}
	}
	for _, r := range slices.Backward(old[:t.cursor]) {
		if i, ok := index[r.ID()]; ok {
			return i
		}
	}
	return -1
}

// find is the index of a row; -1 when it is not listed. It looks around the
// cursor first: between two refreshes a row moves little.
func (t *Table[K, R]) find(id K) int {
	n := len(t.rows)
	mid := min(t.cursor, n-1)
	for d := range n {
		if i := mid + d; i < n && t.rows[i].ID() == id {
			return i
		}
		if i := mid - d; i >= 0 && t.rows[i].ID() == id {
			return i
		}
	}
	return -1
}

// Rows are the rows as shown. The slice must not be changed.
func (t *Table[K, R]) Rows() []R { return t.rows }

// Len is the number of rows.
func (t *Table[K, R]) Len() int { return len(t.rows) }
