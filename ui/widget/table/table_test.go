package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// cert is a row as the board has it.
type cert struct {
	id    int
	state string
	name  string
	days  string
}

func (c cert) ID() int { return c.id }

func testColumns() []Column[cert] {
	return []Column[cert]{
		{Title: "STATE", Min: 8, Ideal: 16, Priority: 9, Cell: func(c cert) string { return c.state }},
		{Title: "NAME", Min: 8, Ideal: 24, Priority: 10, Flexible: true, Cell: func(c cert) string { return c.name }},
		{Title: "LIFE LEFT", Min: 14, Ideal: 14, Priority: 3, Cell: func(c cert) string { return "#####..... " + c.days }},
		{Title: "LEFT", Min: 5, Ideal: 5, Priority: 4, Align: Right, Unless: "LIFE LEFT", Cell: func(c cert) string { return c.days }},
	}
}

// numbered makes n rows with the IDs from first on.
func numbered(first, n int) []cert {
	rows := make([]cert, n)
	for i := range rows {
		id := first + i
		rows[i] = cert{id: id, state: "valid", name: fmt.Sprintf("name-%d", id), days: fmt.Sprintf("%dd", id%400)}
	}
	return rows
}

func newTable(w, h int, rows []cert) *Table[int, cert] {
	t := New[int](Options{Header: true, Ellipsis: "…", Gap: 2, Empty: "nothing here"}, testColumns()...)
	t.SetSize(w, h)
	t.SetRows(rows)
	return t
}

// line is where the cursor's row stands in the drawn table.
func line(t *testing.T, tb *Table[int, cert]) int {
	t.Helper()
	found := -1
	for i, l := range strings.Split(tb.View(), "\n") {
		if strings.HasPrefix(l, ">") {
			if found >= 0 {
				t.Fatalf("two cursors:\n%s", tb.View())
			}
			found = i
		}
	}
	return found
}

func cursorID(t *testing.T, tb *Table[int, cert]) int {
	t.Helper()
	c, ok := tb.Cursor()
	if !ok {
		t.Fatal("no row under the cursor")
	}
	return c.id
}

func without(rows []cert, ids ...int) []cert {
	return slices.DeleteFunc(slices.Clone(rows), func(c cert) bool { return slices.Contains(ids, c.id) })
}

func TestMovement(t *testing.T) {
	tests := []struct {
		name         string
		move         func(*Table[int, cert])
		cursor, from int // expected cursor and first row in sight
	}{
		{"start", func(tb *Table[int, cert]) {}, 0, 0},
		{"down", func(tb *Table[int, cert]) { tb.Move(1) }, 1, 0},
		{"up at the top", func(tb *Table[int, cert]) { tb.Move(-1) }, 0, 0},
		{"down to the last line", func(tb *Table[int, cert]) { tb.Move(9) }, 9, 0},
		{"down beyond the window", func(tb *Table[int, cert]) { tb.Move(10) }, 10, 1},
		{"and up again does not scroll", func(tb *Table[int, cert]) { tb.Move(10); tb.Move(-9) }, 1, 1},
		{"page down", func(tb *Table[int, cert]) { tb.Move(3); tb.Page(1) }, 13, 10},
		{"page up", func(tb *Table[int, cert]) { tb.Move(3); tb.Page(2); tb.Page(-1) }, 13, 10},
		{"page up beyond the top", func(tb *Table[int, cert]) { tb.Move(3); tb.Page(-1) }, 0, 0},
		{"half a page", func(tb *Table[int, cert]) { tb.HalfPage(1) }, 5, 5},
		{"end", func(tb *Table[int, cert]) { tb.End() }, 99, 90},
		{"page down at the end", func(tb *Table[int, cert]) { tb.End(); tb.Page(1) }, 99, 90},
		{"end and home", func(tb *Table[int, cert]) { tb.End(); tb.Home() }, 0, 0},
		{"down beyond the end", func(tb *Table[int, cert]) { tb.Move(1000) }, 99, 90},
		{"to a row below", func(tb *Table[int, cert]) { tb.SetCursor(50) }, 50, 41},
		{"to a row in sight", func(tb *Table[int, cert]) { tb.SetCursor(5) }, 5, 0},
		{"to no row", func(tb *Table[int, cert]) { tb.Move(2); tb.SetCursor(500) }, 2, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tb := newTable(60, 11, numbered(0, 100))
			tt.move(tb)
			from, end := tb.Window()
			if cursorID(t, tb) != tt.cursor || from != tt.from || end != tt.from+10 {
				t.Errorf("cursor %d, window %d-%d; want %d, %d-%d", cursorID(t, tb), from, end, tt.cursor, tt.from, tt.from+10)
			}
			if tb.Index() != tt.cursor {
				t.Errorf("Index = %d, want %d", tb.Index(), tt.cursor)
			}
			if got := line(t, tb); got != 1+tt.cursor-tt.from {
				t.Errorf("the cursor is drawn on line %d", got)
			}
		})
	}
}

// A refresh leaves the cursor on its row and the row on its line.
func TestRefreshKeepsCursorAndLine(t *testing.T) {
	base := numbered(100, 100)
	reversed := slices.Clone(base)
	slices.Reverse(reversed)
	tests := []struct {
		name   string
		rows   []cert
		cursor int
	}{
		{"the same rows", slices.Clone(base), 150},
		{"one row above", slices.Concat(numbered(0, 1), base), 150},
		{"many rows above", slices.Concat(numbered(0, 90), base), 150},
		{"a row just above the cursor", slices.Insert(slices.Clone(base), 50, cert{id: 7}), 150},
		{"rows below", slices.Concat(base, numbered(900, 10)), 150},
		{"rows above gone", base[30:], 150},
		{"rows below gone", base[:70], 150},
		{"another order", reversed, 150},
		{"the cursor's row gone", without(base, 150), 151},
		{"and those after it", without(base, 150, 151, 152), 153},
		{"everything from the cursor on gone", base[:50], 149},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tb := newTable(60, 11, slices.Clone(base))
			tb.SetCursor(155)
			tb.SetCursor(150) // line 5 of 10
			before := line(t, tb)
			tb.SetRows(tt.rows)
			if got := cursorID(t, tb); got != tt.cursor {
				t.Errorf("cursor on %d, want %d", got, tt.cursor)
			}
			if got := line(t, tb); got != before && tt.name != "everything from the cursor on gone" {
				t.Errorf("the cursor moved from line %d to %d", before, got)
			}
		})
	}
}

func TestRefreshAtTheTop(t *testing.T) {
	tb := newTable(60, 11, numbered(100, 50))
	tb.SetRows(slices.Concat(numbered(0, 3), numbered(100, 50)))
	if cursorID(t, tb) != 100 || line(t, tb) != 1 {
		t.Errorf("cursor %d on line %d, want 100 on line 1", cursorID(t, tb), line(t, tb))
	}
	tb.Home()
	if cursorID(t, tb) != 0 {
		t.Errorf("Home: cursor on %d", cursorID(t, tb))
	}
}

// bubbles/table leaves the cursor nowhere after this.
func TestEmptiedAndFilledAgain(t *testing.T) {
	tb := newTable(60, 11, numbered(0, 100))
	tb.SetCursor(60)
	tb.SetCursor(55)
	before := line(t, tb)
	tb.SetRows(nil)
	if _, ok := tb.Cursor(); ok || tb.Index() != -1 || tb.Len() != 0 {
		t.Error("an empty table has a cursor")
	}
	tb.Move(1)
	tb.Page(-1)
	tb.End()
	tb.ToggleMark()
	tb.MarkRange()
	tb.MarkAll()
	tb.SetRows(nil)
	tb.SetRows(numbered(0, 100))
	if cursorID(t, tb) != 55 || line(t, tb) != before {
		t.Errorf("cursor %d on line %d, want 55 on line %d", cursorID(t, tb), line(t, tb), before)
	}
	if tb.MarkCount() != 0 {
		t.Errorf("%d marks were set on an empty table", tb.MarkCount())
	}
	tb.SetRows(nil)
	tb.SetRows(numbered(500, 10))
	if cursorID(t, tb) != 500 {
		t.Errorf("cursor on %d, want the first row", cursorID(t, tb))
	}
}

func TestOrder(t *testing.T) {
	tb := newTable(60, 11, numbered(0, 100))
	given := tb.Rows()
	tb.SetCursor(7)
	tb.SetOrder(func(a, b cert) int { return cmp.Compare(b.id, a.id) })
	if tb.Rows()[0].id != 99 || cursorID(t, tb) != 7 || line(t, tb) != 8 {
		t.Errorf("first %d, cursor %d on line %d", tb.Rows()[0].id, cursorID(t, tb), line(t, tb))
	}
	if given[0].id != 0 {
		t.Error("the caller's slice was sorted")
	}
	tb.SetRows(numbered(0, 200))
	if tb.Rows()[0].id != 199 || cursorID(t, tb) != 7 {
		t.Errorf("after a refresh: first %d, cursor %d", tb.Rows()[0].id, cursorID(t, tb))
	}
}

func TestResizeKeepsCursorInSight(t *testing.T) {
	tb := newTable(60, 21, numbered(0, 100))
	tb.Move(15)
	for _, h := range []int{11, 2, 1, 0, 40} {
		tb.SetSize(60, h)
		if got := cursorID(t, tb); got != 15 {
			t.Errorf("height %d: cursor on %d", h, got)
		}
		if h > 0 && line(t, tb) < 0 {
			t.Errorf("height %d: the cursor is out of sight:\n%s", h, tb.View())
		}
	}
}

func TestMarks(t *testing.T) {
	rows := numbered(0, 20)
	tb := newTable(60, 11, rows)
	tb.SetCursor(3)
	tb.ToggleMark()
	tb.SetCursor(6)
	tb.MarkRange()
	wantMarks(t, tb, []int{3, 4, 5, 6}, 0)

	tb.SetCursor(4)
	tb.ToggleMark()
	wantMarks(t, tb, []int{3, 5, 6}, 0)
	if lines := strings.Split(tb.View(), "\n"); !strings.HasPrefix(lines[4], " * ") || !strings.HasPrefix(lines[5], ">  ") {
		t.Errorf("marks are drawn wrong:\n%s", tb.View())
	}

	tb.SetRows(without(rows, 3, 6)) // a filter
	wantMarks(t, tb, []int{5, 3, 6}, 2)
	tb.MarkAll()
	if tb.MarkCount() != 20 || tb.HiddenMarks() != 2 {
		t.Errorf("MarkAll: %d marks, %d hidden", tb.MarkCount(), tb.HiddenMarks())
	}
	tb.RetainMarks(func(id int) bool { return id < 6 && id != 3 })
	wantMarks(t, tb, []int{0, 1, 2, 4, 5}, 0)
	tb.SetRows(rows)
	wantMarks(t, tb, []int{0, 1, 2, 4, 5}, 0)

	tb.ClearMarks()
	wantMarks(t, tb, nil, 0)
	tb.MarkRange() // nothing to begin at
	wantMarks(t, tb, []int{4}, 0)
}

func TestMarkRangeUpwards(t *testing.T) {
	tb := newTable(60, 11, numbered(0, 20))
	tb.SetCursor(6)
	tb.ToggleMark()
	tb.SetRows(slices.Concat(numbered(100, 5), numbered(0, 20))) // the range goes by ID
	tb.SetCursor(4)
	tb.MarkRange()
	wantMarks(t, tb, []int{4, 5, 6}, 0)
}

func wantMarks(t *testing.T, tb *Table[int, cert], want []int, hidden int) {
	t.Helper()
	if got := tb.Marked(); !slices.Equal(got, want) {
		t.Errorf("marked %v, want %v", got, want)
	}
	if tb.HiddenMarks() != hidden || tb.MarkCount() != len(want) {
		t.Errorf("%d marks, %d hidden; want %d and %d", tb.MarkCount(), tb.HiddenMarks(), len(want), hidden)
	}
	for _, id := range want {
		if !tb.IsMarked(id) {
			t.Errorf("%d is not marked", id)
		}
	}
}

// Widths depend on the table's width only.
func TestColumnsStandStill(t *testing.T) {
	tb := newTable(80, 11, numbered(0, 5))
	before := tb.shown
	header, _, _ := strings.Cut(tb.View(), "\n")
	tb.SetRows([]cert{{id: 1, state: strings.Repeat("long ", 20), name: strings.Repeat("証", 90), days: "100000d"}})
	if !slices.Equal(before, tb.shown) || strings.Split(tb.View(), "\n")[0] != header {
		t.Errorf("columns moved from %v to %v", before, tb.shown)
	}
}

func TestLayout(t *testing.T) {
	tests := []struct {
		w    int
		want string
	}{
		{120, "STATE 16, NAME 83, LIFE LEFT 14"},
		{64, "STATE 16, NAME 27, LIFE LEFT 14"},
		{60, "STATE 15, NAME 24, LIFE LEFT 14"},
		{40, "STATE 8, NAME 11, LIFE LEFT 14"},
		{36, "STATE 8, NAME 16, LEFT 5"},
		{28, "STATE 8, NAME 8, LEFT 5"},
		{27, "STATE 8, NAME 14"},
		{20, "NAME 17"},
		{8, "NAME 5"},
		{1, "NAME 0"},
	}
	for _, tt := range tests {
		cols := testColumns()
		var got []string
		for _, s := range layout(cols, tt.w-markerWidth, 2) {
			got = append(got, fmt.Sprintf("%s %d", cols[s.col].Title, s.width))
		}
		if g := strings.Join(got, ", "); g != tt.want {
			t.Errorf("width %d: %s, want %s", tt.w, g, tt.want)
		}
	}
}

func TestStyles(t *testing.T) {
	red := func(s string) string { return "\x1b[31m" + s + "\x1b[0m" }
	reverse := func(s string) string { return "\x1b[7m" + s + "\x1b[0m" }
	calls := 0
	cols := []Column[cert]{
		{Title: "S", Min: 8, Priority: 2, Cell: func(c cert) string { return c.state }, Style: func(c cert) Style {
			if c.state != "expired" {
				return nil
			}
			return func(s string) string { calls++; return red(s) }
		}},
		{Title: "N", Min: 4, Priority: 1, Align: Right, Cell: func(c cert) string { return c.name }},
	}
	tb := New[int](Options{Styles: Styles{Cursor: reverse}}, cols...)
	tb.SetSize(16, 3)
	tb.SetRows([]cert{{id: 1, state: "expired", name: "a"}, {id: 2, state: "expired", name: "b"}, {id: 3, state: "valid", name: "c"}})
	want := "\x1b[7m>  expired     a\x1b[0m\n   \x1b[31mexpired\x1b[0m     b\n   valid       c"
	if got := tb.View(); got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	if calls != 1 {
		t.Errorf("a cell was painted %d times", calls)
	}
}

// Under NO_COLOR every style is empty; the frame has to change all the same.
func TestCursorShowsWithoutColour(t *testing.T) {
	tb := newTable(60, 11, numbered(0, 20))
	before := tb.View()
	tb.Move(1)
	if tb.View() == before {
		t.Error("the frame is the same after the cursor moved")
	}
	before = tb.View()
	tb.ToggleMark()
	if tb.View() == before {
		t.Error("the frame is the same after a mark was set")
	}
}

func TestFit(t *testing.T) {
	tests := []struct {
		text  string
		width int
		ell   string
		want  string
	}{
		{"valid", 8, "…", "valid"},
		{"valid", 5, "…", "valid"},
		{"valid", 4, "…", "val…"},
		{"valid", 4, ".", "val."},
		{"valid", 1, "…", "…"},
		{"valid", 0, "…", ""},
		{"valid", 2, "...", "va"},
		{"証明書", 6, "…", "証明書"},
		{"証明書", 5, "…", "証明…"},
		{"証明書", 4, "…", "証…"},
		{"証明書", 1, "…", "…"},
		{"証明書", 1, "...", ""},
		{"e\u0301e\u0301e\u0301", 3, "…", "e\u0301e\u0301e\u0301"},
		{"e\u0301e\u0301e\u0301", 2, "…", "e\u0301…"},
		{"a\tb\nc\x1b[31m", 20, "…", "a b c [31m"},
		{"a\xffb", 5, "…", "a\uFFFDb"},
	}
	for _, tt := range tests {
		f := fit(tt.text, tt.width, tt.ell)
		if got := string(f.appendTo(nil)); got != tt.want {
			t.Errorf("fit(%q, %d) = %q, want %q", tt.text, tt.width, got, tt.want)
		}
		if w := ansi.StringWidth(f.text + f.tail); w != f.width || w > tt.width {
			t.Errorf("fit(%q, %d) says %d cells, has %d", tt.text, tt.width, f.width, w)
		}
	}
}

// TestSorted: with the order known, the cursor goes where its row would stand,
// and to its row wherever that moved.
func TestSorted(t *testing.T) {
	byID := func(a, b cert) int { return cmp.Compare(a.id, b.id) }
	tb := newTable(60, 8, numbered(0, 20))
	tb.SetSorted(byID)
	tb.Move(10)
	// Rows 8 to 12 vanish: 13 stands where 10 stood.
	tb.SetRows(slices.Concat(numbered(0, 8), numbered(13, 7)))
	if c, _ := tb.Cursor(); c.id != 13 {
		t.Errorf("the cursor is on %d", c.id)
	}
	tb.SetRows(numbered(0, 20))
	if c, _ := tb.Cursor(); c.id != 13 {
		t.Errorf("the cursor left its row for %d", c.id)
	}
	// The rest vanishes, too: the last one that is left.
	tb.SetRows(numbered(0, 5))
	if c, _ := tb.Cursor(); c.id != 4 {
		t.Errorf("the cursor is on %d", c.id)
	}
	// Another order: the row is elsewhere, and found.
	reversed := numbered(0, 20)
	slices.Reverse(reversed)
	tb.SetSorted(func(a, b cert) int { return byID(b, a) })
	tb.SetRows(reversed)
	if c, _ := tb.Cursor(); c.id != 4 {
		t.Errorf("the cursor left its row for %d", c.id)
	}
	tb.SetRows(nil)
	tb.SetRows(reversed)
	if c, _ := tb.Cursor(); c.id != 4 {
		t.Errorf("after an empty table the cursor is on %d", c.id)
	}
}

func TestPoint(t *testing.T) {
	tb := newTable(60, 6, numbered(0, 20))
	tb.Move(10)
	first, _ := tb.Window()
	if tb.Point(0) || tb.Point(6) || tb.Point(-1) {
		t.Error("the header and what lies beside the table are no rows")
	}
	if c, _ := tb.Cursor(); c.id != 10 {
		t.Errorf("the cursor moved to %d", c.id)
	}
	if !tb.Point(1) {
		t.Error("the first row can't be pointed at")
	}
	if c, _ := tb.Cursor(); c.id != first {
		t.Errorf("the cursor is on %d, pointed at %d", c.id, first)
	}
	few := newTable(60, 6, numbered(0, 2))
	if few.Point(3) {
		t.Error("a line without a row was pointed at")
	}
}

// TestWidest: a flexible column grows to its end and no further, and the table
// tells how wide it is then.
func TestWidest(t *testing.T) {
	tb := newTable(80, 4, numbered(1, 1))
	if got := tb.Widest(); got != 0 {
		t.Errorf("a table that takes any width is at its widest at %d", got)
	}
	cols := testColumns()
	cols[1].Max = 30
	tb.SetColumns(cols...)
	const want = markerWidth + 16 + 2 + 30 + 2 + 14
	if got := tb.Widest(); got != want {
		t.Errorf("widest at %d, want %d", got, want)
	}
	narrow := tb.View()
	tb.SetSize(want, 4)
	wide := tb.View()
	tb.SetSize(want+20, 4)
	for i, l := range strings.Split(tb.View(), "\n") {
		if got, want := strings.TrimRight(l, " "), strings.TrimRight(strings.Split(wide, "\n")[i], " "); got != want {
			t.Errorf("wider than its widest it shows %q, want %q", got, want)
		}
	}
	if narrow == wide {
		t.Error("it had room and did not grow")
	}
}
