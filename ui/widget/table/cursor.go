package table

// Cursor is the row under the cursor; false when there are no rows.
func (t *Table[K, R]) Cursor() (R, bool) {
	if len(t.rows) == 0 {
		var none R
		return none, false
	}
	return t.rows[t.cursor], true
}

// Index is the cursor's position among the rows; -1 when there are none.
func (t *Table[K, R]) Index() int {
	if len(t.rows) == 0 {
		return -1
	}
	return t.cursor
}

// SetCursor moves the cursor to a row and scrolls only as far as needed. It
// reports whether the row is listed; if not, the cursor stays.
func (t *Table[K, R]) SetCursor(id K) bool {
	i := t.find(id)
	if i < 0 {
		return false
	}
	t.cursor = i
	t.clamp()
	return true
}

// Point moves the cursor to the row on a line of the drawn table, counted from
// 0 with the header. It reports whether there is one; if not, the cursor stays.
func (t *Table[K, R]) Point(line int) bool {
	if t.headed() {
		line--
	}
	first, end := t.Window()
	if line < 0 || first+line >= end {
		return false
	}
	t.cursor = first + line
	return true
}

// Move moves the cursor by n rows, down where n is positive, and stops at the
// ends.
func (t *Table[K, R]) Move(n int) {
	t.cursor += n
	t.clamp()
}

// Page moves cursor and window by n pages.
func (t *Table[K, R]) Page(n int) { t.scroll(n * t.body()) }

// HalfPage moves cursor and window by n half pages.
func (t *Table[K, R]) HalfPage(n int) { t.scroll(n * max(1, t.body()/2)) }

// Home moves to the first row.
func (t *Table[K, R]) Home() {
	t.cursor = 0
	t.clamp()
}

// End moves to the last row.
func (t *Table[K, R]) End() {
	t.cursor = len(t.rows) - 1
	t.clamp()
}

// Window are the indexes of the rows in sight, from first up to but not
// including end.
func (t *Table[K, R]) Window() (first, end int) {
	return t.offset, min(len(t.rows), t.offset+t.lines())
}

// scroll moves cursor and window together, so that the cursor stays on its line
// until an end is reached.
func (t *Table[K, R]) scroll(n int) {
	t.cursor += n
	t.offset += n
	t.clamp()
}

// lines is how many rows fit.
func (t *Table[K, R]) lines() int {
	if t.headed() {
		return t.h - 1
	}
	return t.h
}

// headed reports whether the header has a line.
func (t *Table[K, R]) headed() bool { return t.opts.Header && t.h > 1 }

// body is lines, but 1 in a table without height, whose window still has a
// place.
func (t *Table[K, R]) body() int { return max(1, t.lines()) }

// clamp brings cursor and window back among the rows, and the cursor into the
// window.
func (t *Table[K, R]) clamp() {
	n, body := len(t.rows), t.body()
	t.cursor = max(0, min(t.cursor, n-1))
	t.offset = max(0, min(t.offset, n-body))
	t.offset = max(t.cursor-body+1, min(t.offset, t.cursor))
}
