package input

import "bytes"

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// rxvtDigits is how many digits rxvt's keys have at most ("ESC [ 34 $").
const rxvtDigits = 2

// scanCSI reads a control sequence (ECMA-48, 5.4): ESC [, parameters
// 0x30-0x3f, intermediates 0x20-0x2f, a final byte 0x40-0x7e.
func scanCSI(b []byte, atEnd bool) token {
	if len(b) == 2 {
		if atEnd {
			return key(b, 2) // alt+[
		}
		return needMore(false)
	}
	switch b[2] {
	case 'M':
		return scanX10Mouse(b, atEnd)
	case '[':
		return scanConsoleKey(b, atEnd)
	}
	for i := 2; i < len(b); i++ {
		c := b[i]
		switch {
		case i >= maxSequence:
			return token{kind: tokenOverlong, n: i}
		case c == '$' && i > 2 && i <= 2+rxvtDigits && digitsOnly(b[2:i]):
			// rxvt ends a key with shift by "$", which elsewhere is an
			// intermediate byte.
			return rxvtShift(b, i)
		case c >= 0x40 && c <= 0x7e:
			return classifyCSI(b[:i+1])
		case c < 0x20 || c > 0x7e:
			return cutOff(b, i)
		}
	}
	if atEnd {
		return drop(len(b))
	}
	return needMore(true)
}

// cutOff ends a sequence at a byte that can't be part of it: the beginning is
// lost, the byte (ctrl+c, the next ESC) counts.
func cutOff(b []byte, i int) token {
	if i == 2 {
		return key(b, 2) // alt+[
	}
	return drop(i)
}

// classifyCSI tells keys and mouse from the answers that terminals give to
// queries. Those are dropped: the program asks nothing, so an answer is late
// and meant for whoever ran before.
func classifyCSI(seq []byte) token {
	n := len(seq)
	params, final := seq[2:n-1], seq[n-1]
	if len(params) == 0 {
		return key(seq, n)
	}
	switch {
	case string(seq) == pasteStart:
		return token{kind: tokenPaste, n: n}
	case string(seq) == pasteEnd:
		return drop(n)
	case params[0] == '<':
		if isSGRMouse(params[1:], final) {
			return key(seq, n)
		}
		return drop(n)
	case params[0] >= '=' && params[0] <= '?':
		// Device attributes, mode and keyboard reports.
		return drop(n)
	}
	switch final {
	case 'R', 'c', 'n', 't', 'x', 'y':
		// Cursor position (which has the form of F3 with a modifier), device
		// attributes and status, window size, terminal parameters, modes.
		return drop(n)
	}
	return key(seq, n)
}

// isSGRMouse reports the three numbers of a mouse event (xterm, "Extended
// coordinates", mode 1006).
func isSGRMouse(params []byte, final byte) bool {
	if final != 'M' && final != 'm' {
		return false
	}
	parts := bytes.Split(params, []byte{';'})
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if !digitsOnly(p) || len(p) > 5 {
			return false
		}
	}
	return true
}

// scanX10Mouse reads ESC [ M and three bytes, each an offset of at least 32
// (xterm, "Mouse Tracking").
func scanX10Mouse(b []byte, atEnd bool) token {
	const length = 6
	for i := 3; i < length; i++ {
		if i == len(b) {
			if atEnd {
				return drop(i)
			}
			return needMore(true)
		}
		if b[i] < 0x20 {
			return drop(i)
		}
	}
	return key(b, length)
}

// scanConsoleKey reads F1 to F5 of the Linux console: ESC [ [ A to E.
func scanConsoleKey(b []byte, atEnd bool) token {
	switch {
	case len(b) > 3 && b[3] >= 'A' && b[3] <= 'E':
		return key(b, 4)
	case len(b) == 3 && !atEnd:
		return needMore(false)
	default:
		return key(b, 2) // alt+[ and whatever follows
	}
}

// rxvtShift reads ESC [ digits $, a key with shift. Bubble Tea knows those of
// Home and End only; the others are put into their xterm form, because it would
// type what it does not know.
func rxvtShift(b []byte, i int) token {
	digits := b[2:i]
	if string(digits) == "7" || string(digits) == "8" {
		return key(b, i+1)
	}
	return token{kind: tokenKey, n: i + 1, key: append(append([]byte{esc, '['}, digits...), ";2~"...)}
}

// scanSS3 reads ESC O and a letter: cursor and function keys, and the keypad in
// application mode (xterm, "VT220-Style Function Keys"). What Bubble Tea does
// not know in this form it would type as letters, so it gets the same key in a
// form that it knows.
func scanSS3(b []byte, atEnd bool) token {
	if len(b) == 2 {
		if atEnd {
			return key(b, 2) // alt+O
		}
		return needMore(false)
	}
	c := b[2]
	switch {
	case c >= 'A' && c <= 'D', c >= 'P' && c <= 'S':
		return key(b, 3)
	case c == 'H' || c == 'F':
		return token{kind: tokenKey, n: 3, key: []byte{esc, '[', c}}
	case c == 'M':
		return token{kind: tokenKey, n: 3, key: []byte{'\r'}}
	case c == 'X':
		return token{kind: tokenKey, n: 3, key: []byte{'='}}
	case c >= 'j' && c <= 'y':
		// j to y are the characters * to 9.
		return token{kind: tokenKey, n: 3, key: []byte{c - 'j' + '*'}}
	case c >= '1' && c <= '9':
		return scanModifiedSS3(b, atEnd)
	case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
		return drop(3)
	}
	return key(b, 2) // alt+O and whatever follows
}

// scanModifiedSS3 reads ESC O modifier letter, an old form of a cursor key with
// ctrl or shift.
func scanModifiedSS3(b []byte, atEnd bool) token {
	switch {
	case len(b) > 3 && isCursorFinal(b[3]):
		return token{kind: tokenKey, n: 4, key: []byte{esc, '[', '1', ';', b[2], b[3]}}
	case len(b) == 3 && !atEnd:
		return needMore(false)
	default:
		return key(b, 2)
	}
}
