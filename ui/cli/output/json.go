package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"certty/backend/text"
)

// marshal is the compact JSON of a value. What a terminal would obey or hide is
// escaped, also beyond what JSON asks for (RFC 8259 §7 allows it for every
// character), so that the value stays the same and nothing happens to a person
// who looks at it.
func marshal(value any) ([]byte, error) {
	data, err := encode(value)
	return escape(data, jsonEscape), err
}

// encode is the compact JSON of a value as encoding/json writes it, but for HTML.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// writeJSON writes a document, indented by two blanks.
func writeJSON(w io.Writer, document any) error {
	data, err := marshal(document)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}

// jsonEscape is a character as JSON escapes it (RFC 8259 §7).
func jsonEscape(out []byte, r rune) []byte {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		return fmt.Appendf(out, `\u%04x\u%04x`, high, low)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

// escape has one write every character of JSON that is not plainly visible.
// encoding/json does so below U+0020 only.
func escape(data []byte, one func([]byte, rune) []byte) []byte {
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
