package jsontext

import "bytes"

// indent appends JSON as [json.Indent] writes it with two blanks. The data is what
// encoding/json wrote without blanks, so nothing has to be checked, which is what
// takes json.Indent its time.
func indent(out, data []byte) []byte {
	depth := 0
	line := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, "  "...)
		}
	}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '"':
			n := stringLength(data[i:])
			out = append(out, data[i:i+n]...)
			i += n - 1
		case '{', '[':
			out = append(out, c)
			if closing := data[i+1]; closing == '}' || closing == ']' {
				out = append(out, closing)
				i++
				continue
			}
			depth++
			line()
		case '}', ']':
			depth--
			line()
			out = append(out, c)
		case ',':
			out = append(out, c)
			line()
		case ':':
			out = append(out, ": "...)
		default:
			out = append(out, c)
		}
	}
	return out
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
