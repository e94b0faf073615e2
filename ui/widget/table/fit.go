package table

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// fitted is a text cut to a width.
type fitted struct {
	text, tail string
	width      int
}

func (f fitted) appendTo(b []byte) []byte {
	return append(append(b, f.text...), f.tail...)
}

// fit cuts text to width cells, with the ellipsis at its end where something was
// cut. Nearly all text is ASCII, or ASCII and the signs of a theme, and has as
// many cells as characters: measuring it otherwise would be most of the cost of
// a frame.
func fit(text string, width int, ellipsis string) fitted {
	if width <= 0 {
		return fitted{}
	}
	cells, plain := plainWidth(text)
	switch {
	case plain && cells <= width:
		return fitted{text: text, width: cells}
	case !plain || cells != len(text):
		return fitWide(text, width, ellipsis)
	}
	tail := ansi.StringWidth(ellipsis)
	if tail > width {
		return fitted{text: text[:width], width: width}
	}
	return fitted{text: text[:width-tail], tail: ellipsis, width: width}
}

// fitWide is fit for text that has to be measured. Control characters would
// break the frame; what is left of them shows as a blank.
func fitWide(text string, width int, ellipsis string) fitted {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	text = isolated(text)
	if w := ansi.StringWidth(text); w <= width {
		return fitted{text: text, width: w}
	}
	if ansi.StringWidth(ellipsis) > width {
		ellipsis = ""
	}
	text = isolated(ansi.Truncate(text, width, ellipsis))
	return fitted{text: text, width: ansi.StringWidth(text)}
}

// isolated drops the characters at the ends of text that would join the blanks
// around it to one character (Unicode Standard Annex #29: "Prepend" at the end,
// a mark without a base at the beginning): the line would get another width
// than its parts.
func isolated(text string) string {
	for text != "" && ansi.StringWidth(text+" ") != ansi.StringWidth(text)+1 {
		_, n := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-n]
	}
	for text != "" && ansi.StringWidth(" "+text) != ansi.StringWidth(text)+1 {
		_, n := utf8.DecodeRuneInString(text)
		text = text[n:]
	}
	return text
}

// plainWidth counts the cells of text whose every character is known to have
// one and to join with nothing beside it; plain is false for any other text.
func plainWidth(text string) (cells int, plain bool) {
	for _, r := range text {
		if r > '~' && !isSign(r) || r < ' ' {
			return 0, false
		}
		cells++
	}
	return cells, true
}

// isSign reports whether r is one of the signs and lines that screens draw
// with: box drawing, block elements and a few more of one cell.
func isSign(r rune) bool {
	switch r {
	case '·', '–', '…', '●', '○', '▲', '✓', '✗':
		return true
	}
	return r >= 0x2500 && r <= 0x259F
}

const spaces = "                                                                "

func appendSpaces(b []byte, n int) []byte {
	for n > 0 {
		k := min(n, len(spaces))
		b = append(b, spaces[:k]...)
		n -= k
	}
	return b
}
