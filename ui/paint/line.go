package paint

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	esc = 0x1b
	// plain ends every style (ECMA-48, SGR without a parameter).
	plain = "\x1b[m"
)

// line is a drawn line, column by column as far as every terminal agrees where
// its columns are.
type line struct {
	// cells are the columns from the left. Blanks without a style at the end of
	// a line are left out: an erased line has them anyway.
	cells []cell
	// tail is what stands behind the cells as it was drawn: from the column
	// before the first character of doubtful width to the end of the line.
	// style is the one in which it begins.
	tail, style string
}

// cell is one column: a character, and the sequences since the last reset that
// make its style.
type cell struct{ text, style string }

var blank = cell{text: " "}

// at is the cell in a column, which may be behind the end of the line.
func (l *line) at(column int) cell {
	if column < len(l.cells) {
		return l.cells[column]
	}
	return blank
}

// sameTail reports whether both lines end in the same tail in the same column.
func (l *line) sameTail(m *line) bool {
	if l.tail == "" && m.tail == "" {
		return true
	}
	return l.tail == m.tail && l.style == m.style && len(l.cells) == len(m.cells)
}

// parse takes a line apart and into l, whose room is used again. It fails when
// there is more in it than text and styles: where a hyperlink or a tab begins
// and ends is not to be known by column.
func (l *line) parse(s string) bool {
	l.cells, l.tail, l.style = l.cells[:0], "", ""
	style, last := "", 0 // last is where the last cell began
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == esc:
			n := sgr(s[i:])
			if n == 0 {
				return false
			}
			style = restyle(style, s[i:i+n])
			i += n
		case c < ' ' || c == 0x7f:
			return false
		default:
			n := oneColumn(s[i:])
			if n == 0 {
				l.tailFrom(s, i, last, style)
				return true
			}
			l.cells = append(l.cells, cell{text: s[i : i+n], style: style})
			last = i
			i += n
		}
	}
	for len(l.cells) > 0 && l.cells[len(l.cells)-1] == blank {
		l.cells = l.cells[:len(l.cells)-1]
	}
	return true
}

// tailFrom ends the cells before the character at i. The last cell, which began
// at last, goes with it: what follows may be a mark on it.
func (l *line) tailFrom(s string, i, last int, style string) {
	if n := len(l.cells); n > 0 {
		i, style = last, l.cells[n-1].style
		l.cells = l.cells[:n-1]
	}
	l.tail, l.style = s[i:], style
}

// sgr is the length of the style sequence (ECMA-48, SGR) at the front of s; 0
// when another sequence stands there.
func sgr(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case (c < '0' || c > '9') && c != ';' && c != ':':
			return 0
		}
	}
	return 0
}

// restyle is the style after a further sequence. Styles are compared by their
// sequences: two ways to write one style count as two, which costs bytes and
// nothing else.
func restyle(style, sequence string) string {
	switch {
	case resets(sequence):
		return ""
	case style == "" || strings.HasPrefix(sequence, "\x1b[0;"):
		return sequence
	}
	return style + sequence
}

func resets(sequence string) bool { return sequence == plain || sequence == "\x1b[0m" }

// narrow are the characters beyond ASCII that every terminal draws in one
// column, if it is set up for the signs of the screen at all: Latin, Greek and
// Cyrillic letters, punctuation, arrows, frames and blocks. All others, marks
// and East Asian characters among them, are somewhere drawn otherwise than
// measured.
var narrow = [][2]rune{
	{0xa1, 0xac}, {0xae, 0x2ff}, {0x370, 0x377}, {0x37a, 0x37f}, {0x384, 0x386}, {0x388, 0x38a},
	{0x38e, 0x3a1}, {0x3a3, 0x481}, {0x48a, 0x52f}, {0x2010, 0x2027}, {0x2030, 0x205e}, {0x2190, 0x2193},
	{0x23ce, 0x23ce}, {0x2500, 0x25fc}, {0x2713, 0x2713}, {0x2717, 0x2717},
}

// oneColumn is the length of the character at the front of s if it is sure to
// fill one column, else 0.
func oneColumn(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	r, n := utf8.DecodeRuneInString(s)
	_, found := slices.BinarySearchFunc(narrow, r, func(span [2]rune, r rune) int {
		switch {
		case span[1] < r:
			return -1
		case span[0] > r:
			return 1
		}
		return 0
	})
	if !found {
		return 0
	}
	return n
}
