package jsontext

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"certty/backend/text"
)

// Marshal is the compact JSON of a value, safe to look at. Its errors are those of
// encoding/json.
func Marshal(value any) ([]byte, error) {
	data, err := Encode(value)
	return Escape(data, EscapeRune), err
}

// Encode is the compact JSON of a value as encoding/json writes it, without the
// escapes that only HTML needs. It is not safe to look at, see [Escape].
func Encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Print writes a document, indented by two blanks. Errors are those of
// encoding/json and of w.
func Print(w io.Writer, document any) error {
	e := json.NewEncoder(indenter{bufio.NewWriterSize(w, 32<<10)})
	e.SetEscapeHTML(false)
	return e.Encode(document)
}

// EscapeRune appends a character as JSON escapes it (RFC 8259 §7).
func EscapeRune(out []byte, r rune) []byte {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

// Escape has one write every character of JSON that is not plainly visible.
// encoding/json does so below U+0020 only.
func Escape(data []byte, one func([]byte, rune) []byte) []byte {
	at := firstHidden(data)
	if at < 0 {
		return data
	}
	out := append(make([]byte, 0, len(data)+64), data[:at]...)
	for data = data[at:]; len(data) > 0; {
		r, size := utf8.DecodeRune(data)
		if hidden(r) {
			out = one(out, r)
		} else {
			out = append(out, data[:size]...)
		}
		data = data[size:]
	}
	return out
}

func firstHidden(data []byte) int {
	for i := 0; i < len(data); {
		if data[i] < 0x7f {
			i++ // what nearly everything is
			continue
		}
		r, size := utf8.DecodeRune(data[i:])
		if hidden(r) {
			return i
		}
		i += size
	}
	return -1
}

// hidden reports whether r is a control, a bidirectional mark, or nothing to be
// seen; the blanks of JSON itself are not.
func hidden(r rune) bool {
	switch {
	case r < 0x7f:
		return false
	case r == 0x7f:
		return true
	}
	s := string(r)
	return text.Clean(s) != s
}
