package jsontext

import (
	"bufio"
	"bytes"
	"io"
)

// indenter writes what encoding/json writes to it, escaped and indented. It
// writes as it goes: a document of a thousand rows is a megabyte, and each copy of
// that takes longer than what is done with it here.
type indenter struct{ out *bufio.Writer }

// Write takes a whole document.
func (w indenter) Write(document []byte) (int, error) {
	indent(w.out, Escape(document, EscapeRune))
	return len(document), w.out.Flush()
}

// indent writes JSON as [json.Indent] does with two blanks. The data is what
// encoding/json wrote without blanks, so nothing has to be checked, which is what
// takes json.Indent its time. out keeps its first error.
func indent(out *bufio.Writer, data []byte) {
	depth := 0
	line := func() {
		_ = out.WriteByte('\n')
		for range depth {
			_, _ = io.WriteString(out, "  ")
		}
	}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '"':
			n := stringLength(data[i:])
			_, _ = out.Write(data[i : i+n])
			i += n - 1
		case '{', '[':
			_ = out.WriteByte(c)
			if closing := data[i+1]; closing == '}' || closing == ']' {
				_ = out.WriteByte(closing)
				i++
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			_ = out.WriteByte(c)
		case ',':
			_ = out.WriteByte(c)
			line()
		case ':':
			_, _ = io.WriteString(out, ": ")
		default:
			_ = out.WriteByte(c)
		}
	}
}

// stringLength is the length of the string that data begins with, its quotes
// included.
func stringLength(data []byte) int {
	n := 1
	for {
		n += bytes.IndexAny(data[n:], `"\`) + 1
		if data[n-1] == '"' {
			return n
		}
		n++ // what follows a backslash is no end
	}
}
