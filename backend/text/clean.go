package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is the most that any function of this package returns, in runes. The
// rest of a longer text is replaced by one "…".
const MaxRunes = 4096

// Clean returns s as one line that is safe to show.
//
// The result is valid UTF-8 without control characters (C0, DEL, C1),
// bidirectional marks and overrides (Unicode UAX #9), zero-width and other
// ignorable characters, line separators, private use and unassigned code
// points, and is at most [MaxRunes] long. Each such character stands there
// visibly instead: \n, \r, \t, \x1b for a byte, \u202e and \U000e0001 for a
// rune. A byte that is not UTF-8 (such as an 8-bit C1 control) is \x9b.
//
// Clean(Clean(s)) == Clean(s): a backslash is left alone, so a text that
// spelled an escape out is not told apart from one that held the character.
// A clean s is returned as it is, without allocating.
func Clean(s string) string { return clean(s, escapeBreaks) }

// Flat is [Clean] with every run of line breaks and the blanks around it turned
// into one space, and without blanks at the ends. It is for messages that were
// written over several lines and have to fit on one.
func Flat(s string) string {
	s = clean(strings.TrimSpace(s), foldBreaks)
	return strings.Trim(s, " ")
}

// Lines is [Clean] for text of several lines: line breaks are kept, and CR LF
// and a lone CR become LF.
func Lines(s string) string { return clean(s, keepBreaks) }

// breaks says what becomes of CR and LF.
type breaks uint8

const (
	escapeBreaks breaks = iota
	foldBreaks
	keepBreaks
)

func clean(s string, mode breaks) string {
	if isClean(s, mode) {
		return s
	}
	w := writer{}
	for i := 0; i < len(s) && !w.full; {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case (r == '\r' || r == '\n') && mode != escapeBreaks:
			size = breakLen(s[i:], mode)
			w.lineBreak(mode)
		case r == utf8.RuneError && size == 1:
			w.escapeByte(s[i])
		case visible(r):
			w.rune(r)
		default:
			w.escapeRune(r)
		}
		i += size
	}
	return w.String()
}

// isClean reports whether s can be returned as it is.
func isClean(s string, mode breaks) bool {
	n := 0
	for i := 0; i < len(s); n++ {
		c := s[i]
		if c < utf8.RuneSelf {
			if (c < 0x20 || c == 0x7f) && (c != '\n' || mode != keepBreaks) {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || !visible(r) {
			return false
		}
		i += size
	}
	return n <= MaxRunes
}

// breakLen is the length of the line break that s begins with: one of CR, LF
// and CR LF, and where breaks are folded every further break and blank.
func breakLen(s string, mode breaks) int {
	if mode == foldBreaks {
		return len(s) - len(strings.TrimLeft(s, "\r\n\t "))
	}
	if strings.HasPrefix(s, "\r\n") {
		return 2
	}
	return 1
}

// visible reports whether r takes part in the text as a person sees it.
//
// unicode.IsGraphic leaves out controls (Cc), formats (Cf: bidirectional
// controls, zero-width space and joiners, the byte order mark, tags), line and
// paragraph separators, surrogates, private use and the unassigned. What is
// left that a terminal draws as nothing is default-ignorable (UAX #44): fillers
// and variation selectors, which also make width tables disagree.
func visible(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0x20 && r != 0x7f
	}
	return unicode.IsGraphic(r) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// writer collects cleaned text and stops at MaxRunes, between two characters
// and never inside an escape.
type writer struct {
	strings.Builder
	runes int
	// cut is the length in bytes of what fits beside the "…".
	cut  int
	full bool
}

func (w *writer) piece(s string, runes int) {
	if w.runes+runes > MaxRunes {
		short := w.Builder.String()[:w.cut]
		w.Reset()
		w.WriteString(short)
		w.WriteString("…")
		w.full = true
		return
	}
	w.WriteString(s)
	w.runes += runes
	if w.runes < MaxRunes {
		w.cut = w.Len()
	}
}

func (w *writer) rune(r rune) { w.piece(string(r), 1) }

func (w *writer) lineBreak(mode breaks) {
	if mode == keepBreaks {
		w.piece("\n", 1)
		return
	}
	if !strings.HasSuffix(w.Builder.String(), " ") {
		w.piece(" ", 1)
	}
}

func (w *writer) escapeByte(b byte) {
	const hex = "0123456789abcdef"
	w.piece(`\x`+string([]byte{hex[b>>4], hex[b&15]}), 4)
}

func (w *writer) escapeRune(r rune) {
	switch r {
	case '\n':
		w.piece(`\n`, 2)
	case '\r':
		w.piece(`\r`, 2)
	case '\t':
		w.piece(`\t`, 2)
	default:
		w.piece(escape(r))
	}
}

// escape writes r as Go would in a string literal, and how long that is.
func escape(r rune) (string, int) {
	const hex = "0123456789abcdef"
	digits, prefix := 8, `\U`
	switch {
	case r < utf8.RuneSelf:
		digits, prefix = 2, `\x`
	case r <= 0xffff:
		digits, prefix = 4, `\u`
	}
	b := make([]byte, 0, 10)
	b = append(b, prefix...)
	for shift := (digits - 1) * 4; shift >= 0; shift -= 4 {
		b = append(b, hex[r>>shift&15])
	}
	return string(b), len(b)
}
