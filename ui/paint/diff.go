package paint

import (
	"bytes"
	"strconv"
	"strings"
)

const eraseRight = "\x1b[K"

// gap is how many unchanged columns are sent again rather than skipped: to
// move the cursor costs about as many bytes.
const gap = 8

// draw collects what turns the lines that are shown into those of frame.
func (p *Painter) draw(frame string, whole bool) {
	lines := strings.Split(frame, "\n")
	if whole || len(lines) != len(p.shown) {
		p.buf.WriteString("\x1b[2J")
		p.shown = make([]string, len(lines))
	}
	for i, s := range lines {
		if s != p.shown[i] {
			p.drawLine(i, p.shown[i], s)
		}
	}
	p.shown = lines
}

// drawLine sends a row in the shorter of two ways: what changed in it, or all
// of it.
func (p *Painter) drawLine(row int, was, s string) {
	start := p.buf.Len()
	all := pen{buf: &p.buf, row: row}
	all.whole(s)
	if was == "" || !p.from.parse(was) || !p.to.parse(s) {
		return
	}
	p.part.Reset()
	part := pen{buf: &p.part, row: row}
	part.change(&p.from, &p.to)
	if p.part.Len() < p.buf.Len()-start {
		p.buf.Truncate(start)
		p.buf.Write(p.part.Bytes())
	}
}

// pen writes to one row of the screen and knows the style it writes in. It
// begins and ends plain.
type pen struct {
	buf   *bytes.Buffer
	row   int
	style string
}

func (p *pen) moveTo(column int) {
	p.buf.WriteString("\x1b[")
	p.buf.WriteString(strconv.Itoa(p.row + 1))
	p.buf.WriteByte(';')
	p.buf.WriteString(strconv.Itoa(column + 1))
	p.buf.WriteByte('H')
}

func (p *pen) setStyle(style string) {
	if style == p.style {
		return
	}
	if p.style != "" {
		p.buf.WriteString(plain)
	}
	p.buf.WriteString(style)
	p.style = style
}

func (p *pen) write(cells []cell) {
	for _, c := range cells {
		p.setStyle(c.style)
		p.buf.WriteString(c.text)
	}
}

// erase clears the row from a column on. It comes before what is written there:
// after a character in the last column it would take that. Erased columns get
// the background of the style (xterm, "bce"), so there is none.
func (p *pen) erase(column int) {
	p.moveTo(column)
	p.setStyle("")
	p.buf.WriteString(eraseRight)
}

// whole sends all of a row.
func (p *pen) whole(s string) {
	p.erase(0)
	p.raw(s)
}

// raw sends the end of a row as it was drawn, without the blanks that an erased
// row has anyway.
func (p *pen) raw(s string) {
	open := p.style != ""
	if i := strings.LastIndex(s, "\x1b["); i >= 0 {
		open = !resets(s[i : i+sgr(s[i:])])
	}
	if open {
		p.buf.WriteString(s)
		p.buf.WriteString(plain)
	} else {
		p.buf.WriteString(strings.TrimRight(s, " "))
	}
	p.style = ""
}

// change sends what turns one drawn row into another.
func (p *pen) change(from, to *line) {
	same := from.sameTail(to)
	cut := len(to.cells)
	if !same {
		cut = min(cut, len(from.cells))
	}
	for k := 0; k < cut; k++ {
		if from.at(k) == to.cells[k] {
			continue
		}
		end := k + 1
		for j := end; j < cut && j-end < gap; j++ {
			if from.at(j) != to.cells[j] {
				end = j + 1
			}
		}
		p.moveTo(k)
		p.write(to.cells[k:end])
		k = end
	}
	switch {
	case !same:
		p.erase(cut)
		p.write(to.cells[cut:])
		if to.tail != "" {
			p.setStyle(to.style)
			p.raw(to.tail)
		}
	case len(from.cells) > cut:
		p.erase(cut)
	}
	p.setStyle("")
}
