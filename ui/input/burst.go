package input

import (
	"bytes"
	"slices"
)

const (
	// burstBytes is the text in one read that no person types: reads are some
	// milliseconds apart, and a stalled line rarely saves up a whole sentence.
	burstBytes = 64
	// burstRunes is how many different characters such a text has at least.
	// Fewer are keys held down one after the other, saved up by a stalled line.
	burstRunes = 5
	// burstLines is the number of line ends in one read that make text a paste:
	// taken for keys, each would be an Enter.
	burstLines = 2
)

// looksPasted tells a paste that the terminal did not mark from typing, by the
// shape of what one read brought. Text with two line ends or of more than 64
// bytes is a paste. A held key, whatever it sends, and a run of control keys
// and escape sequences is typing.
func looksPasted(chunk []byte) bool {
	if len(chunk) < burstLines+1 || bytes.Contains(chunk, []byte(pasteStart)) {
		return false
	}
	s := shapeOf(chunk)
	if s.runes < 2 || s.keys >= s.text {
		return false
	}
	return s.lines >= burstLines || s.text > burstBytes && s.runes >= burstRunes
}

// shape counts what a read consists of.
type shape struct {
	text  int // bytes of printable characters and tabs
	runes int // different characters among them, up to burstRunes
	lines int // line ends; CR LF is one
	keys  int // control keys and escape sequences
}

func shapeOf(chunk []byte) shape {
	var s shape
	seen := make([]string, 0, burstRunes)
	for b := chunk; len(b) > 0; {
		t := scan(b, true)
		unit := b[:max(t.n, 1)]
		b = b[len(unit):]
		switch c := unit[0]; {
		case c == '\r':
			s.lines++
			if len(b) > 0 && b[0] == '\n' {
				b = b[1:]
			}
		case c == '\n':
			s.lines++
		case c < 0x20 && c != '\t' || c == 0x7f:
			s.keys++
		default:
			s.text += len(unit)
			if len(seen) < burstRunes && !contains(seen, unit) {
				seen = append(seen, string(unit))
			}
		}
	}
	s.runes = len(seen)
	return s
}

func contains(seen []string, unit []byte) bool {
	return slices.Contains(seen, string(unit))
}
