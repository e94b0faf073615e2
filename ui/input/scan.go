package input

import "unicode/utf8"

const (
	esc   = 0x1b
	ctrlC = 0x03
)

// maxSequence bounds the bytes of one escape sequence. The longest that a
// keyboard or mouse sends has about 20. It stays far below the 256 bytes that
// Bubble Tea reads at once, because a read that fills its buffer means "more
// may follow" to it.
const maxSequence = 64

type tokenKind uint8

const (
	// tokenNeedMore: the bytes begin something that is not complete.
	tokenNeedMore tokenKind = iota
	tokenKey
	// tokenDrop: bytes that are no key, such as an answer of the terminal.
	tokenDrop
	// tokenPaste: the marker that begins a bracketed paste.
	tokenPaste
	// tokenString: the beginning of an OSC, DCS or APC string.
	tokenString
	// tokenOverlong: a control sequence beyond maxSequence.
	tokenOverlong
)

// token is what stands at the front of the input.
type token struct {
	kind tokenKind
	n    int    // bytes taken; 0 for tokenNeedMore
	key  []byte // what Bubble Tea gets, for tokenKey
	// certain is true for a tokenNeedMore that no keyboard could have begun by
	// single keys, so that waiting long for its rest costs nobody a key.
	certain bool
}

func key(b []byte, n int) token   { return token{kind: tokenKey, n: n, key: b[:n]} }
func drop(n int) token            { return token{kind: tokenDrop, n: n} }
func needMore(certain bool) token { return token{certain: certain} }

// scan reads one token from the front of b, which is not empty. With atEnd the
// silence is over: what could still become a longer sequence is taken as the
// keys it stands for, and what can't be one is dropped.
func scan(b []byte, atEnd bool) token {
	if b[0] == esc {
		return scanEscape(b, atEnd)
	}
	return scanRune(b, atEnd)
}

func scanRune(b []byte, atEnd bool) token {
	if b[0] < utf8.RuneSelf {
		return key(b, 1)
	}
	if !utf8.FullRune(b) && !atEnd {
		return needMore(false)
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError {
		// Not UTF-8, or U+FFFD itself, which Bubble Tea takes for a broken
		// byte three times over. Neither is a key.
		return drop(n)
	}
	return key(b, n)
}

// scanEscape reads what begins with ESC: the key itself, alt and another key,
// or a sequence (ECMA-48, 5.4).
func scanEscape(b []byte, atEnd bool) token {
	if len(b) == 1 {
		if atEnd {
			return key(b, 1)
		}
		return needMore(false)
	}
	switch c := b[1]; {
	case c == '[':
		return scanCSI(b, atEnd)
	case c == 'O':
		return scanSS3(b, atEnd)
	case c == ']' || c == 'P' || c == '_':
		return scanStringStart(b, atEnd)
	case c == '\\':
		// The end of a string whose beginning was given up.
		return drop(2)
	case c == esc:
		return scanDoubleEscape(b, atEnd)
	case c == ctrlC:
		// Whoever hits Escape and ctrl+c in a hurry wants out; alt+ctrl+c is
		// bound to nothing.
		return key(b, 1)
	case c < utf8.RuneSelf:
		return key(b, 2)
	}
	switch t := scanRune(b[1:], atEnd); t.kind {
	case tokenKey:
		return key(b, 1+t.n)
	case tokenNeedMore:
		return t
	default:
		return key(b, 1)
	}
}

// scanDoubleEscape reads ESC ESC. Before a cursor or function key it is alt, as
// rxvt, PuTTY and iTerm2 send it. Else it is Escape twice: a held Escape key
// must not become alt+esc, which is bound to nothing.
func scanDoubleEscape(b []byte, atEnd bool) token {
	if len(b) == 2 {
		if atEnd {
			return key(b, 1)
		}
		return needMore(false)
	}
	if b[2] != '[' && b[2] != 'O' {
		return key(b, 1)
	}
	switch t := scanEscape(b[1:], atEnd); {
	case t.kind == tokenNeedMore:
		return t
	case t.kind == tokenKey && t.n > 2:
		if alt := withAlt(t.key); alt != nil {
			return token{kind: tokenKey, n: 1 + t.n, key: alt}
		}
	}
	return key(b, 1)
}

// withAlt turns a plain cursor or function key into its xterm form with the alt
// modifier, which Bubble Tea knows; nil when seq is something else.
func withAlt(seq []byte) []byte {
	if len(seq) == 1 { // of the keypad
		return []byte{esc, seq[0]}
	}
	last := seq[len(seq)-1]
	params := seq[2 : len(seq)-1]
	switch {
	case seq[1] == 'O' && len(seq) == 3, seq[1] == '[' && len(params) == 0 && isCursorFinal(last):
		return []byte{esc, '[', '1', ';', '3', last}
	case seq[1] == '[' && last == '~' && digitsOnly(params):
		return append(append([]byte{esc, '['}, params...), ";3~"...)
	}
	return nil
}

// isCursorFinal reports the final bytes that name a key by letter (xterm,
// "PC-Style Function Keys"): cursor keys, Home, End, F1 to F4.
func isCursorFinal(c byte) bool {
	return c >= 'A' && c <= 'D' || c == 'F' || c == 'H' || c >= 'P' && c <= 'S'
}

func digitsOnly(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// scanStringStart tells an OSC, DCS or APC string from alt and the same key by
// the byte that follows: answers of terminals begin with these (xterm, "Control
// Sequences"; kitty, "Terminal graphics protocol").
func scanStringStart(b []byte, atEnd bool) token {
	if len(b) == 2 {
		if atEnd {
			return key(b, 2)
		}
		return needMore(false)
	}
	c := b[2]
	digit := c >= '0' && c <= '9'
	var begins bool
	switch b[1] {
	case ']':
		begins = digit
	case 'P':
		begins = digit || c == '!' || c == '>' || c == '+' || c == '$' || c == '|'
	case '_':
		begins = c == 'G'
	}
	if begins {
		return token{kind: tokenString, n: 2}
	}
	return key(b, 2)
}
