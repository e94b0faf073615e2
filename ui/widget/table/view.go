package table

import "strings"

const (
	// markerWidth is the width of the column that shows cursor and mark.
	markerWidth = 3
	cursorSign  = '>'
	markSign    = '*'
)

// View draws the table: exactly as many lines of exactly as many cells as
// [Table.SetSize] said, without a line end after the last.
func (t *Table[K, R]) View() string {
	if t.h == 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(t.h * (t.w + 24)) // 24 for styles
	drawn := 0
	next := func() {
		if drawn > 0 {
			b.WriteByte('\n')
		}
		drawn++
	}
	if t.headed() {
		next()
		t.drawHeader(&b)
	}
	if len(t.rows) == 0 {
		next()
		t.drawEmpty(&b)
	}
	first, end := t.Window()
	for i := first; i < end; i++ {
		next()
		t.drawRow(&b, i)
	}
	for drawn < t.h {
		next()
		t.run = appendSpaces(t.run[:0], t.w)
		t.flush(&b, nil)
	}
	return b.String()
}

func (t *Table[K, R]) drawHeader(b *strings.Builder) {
	t.beginLine(' ', ' ')
	used := min(markerWidth, t.w)
	for i, s := range t.shown {
		used += t.gap(i)
		t.appendCell(t.cols[s.col].Title, s.width, t.cols[s.col].Align)
		used += s.width
	}
	t.endLine(b, used, t.opts.Styles.Header)
}

func (t *Table[K, R]) drawEmpty(b *strings.Builder) {
	t.beginLine(' ', ' ')
	width := max(0, t.w-markerWidth)
	t.appendCell(t.opts.Empty, width, Left)
	t.endLine(b, min(markerWidth, t.w)+width, t.opts.Styles.Empty)
}

func (t *Table[K, R]) drawRow(b *strings.Builder, i int) {
	r := t.rows[i]
	cursor, mark := byte(' '), byte(' ')
	var line Style
	if t.IsMarked(r.ID()) {
		mark, line = markSign, t.opts.Styles.Marked
	}
	onCursor := i == t.cursor
	if onCursor {
		cursor, line = cursorSign, t.opts.Styles.Cursor
	}
	t.beginLine(cursor, mark)
	used := min(markerWidth, t.w)
	for n, s := range t.shown {
		c := &t.cols[s.col]
		used += t.gap(n) + s.width
		var style Style
		if c.Style != nil && !onCursor {
			style = c.Style(r)
		}
		if style == nil {
			t.appendCell(c.Cell(r), s.width, c.Align)
			continue
		}
		t.drawStyled(b, c.Cell(r), s.width, c.Align, line, style)
	}
	t.endLine(b, used, line)
}

// drawStyled ends the run that stands and draws a cell's text as a run of its
// own; the blanks around it belong to the runs beside it.
func (t *Table[K, R]) drawStyled(b *strings.Builder, text string, width int, align Align, line, style Style) {
	fitted := fit(text, width, t.opts.Ellipsis)
	blank := width - fitted.width
	if align == Right {
		t.run = appendSpaces(t.run, blank)
	}
	if fitted.width > 0 {
		t.flush(b, line)
		t.run = fitted.appendTo(t.run)
		t.flush(b, style)
	}
	if align == Left {
		t.run = appendSpaces(t.run, blank)
	}
}

// beginLine starts a run with the markers.
func (t *Table[K, R]) beginLine(cursor, mark byte) {
	markers := [markerWidth]byte{cursor, mark, ' '}
	t.run = append(t.run[:0], markers[:min(markerWidth, t.w)]...)
}

// gap adds the blanks before the shown column n.
func (t *Table[K, R]) gap(n int) int {
	if n == 0 {
		return 0
	}
	t.run = appendSpaces(t.run, t.opts.Gap)
	return t.opts.Gap
}

// endLine fills the line up and draws what is left of it.
func (t *Table[K, R]) endLine(b *strings.Builder, used int, style Style) {
	t.run = appendSpaces(t.run, t.w-used)
	t.flush(b, style)
}

// flush draws the run.
func (t *Table[K, R]) flush(b *strings.Builder, style Style) {
	switch {
	case len(t.run) == 0:
	case style == nil:
		b.Write(t.run)
	default:
		b.WriteString(style(string(t.run)))
	}
	t.run = t.run[:0]
}

func (t *Table[K, R]) appendCell(text string, width int, align Align) {
	f := fit(text, width, t.opts.Ellipsis)
	if align == Right {
		t.run = appendSpaces(t.run, width-f.width)
	}
	t.run = f.appendTo(t.run)
	if align == Left {
		t.run = appendSpaces(t.run, width-f.width)
	}
}
