package x5c

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// scan looks for base64 in a piece of text.
type scan struct {
	reader *reader
	text   string
	// where names what stands at an offset.
	where func(at int) string
	form  string
	// coats is true where base64 may have text in it that is looked at again,
	// as Kubernetes secrets have; depth counts the coats so far.
	coats bool
	depth int

	found int      // values that were recognised
	taken [][2]int // from where to where in text they stood
}

// sniffChars is how many base64 characters hold what sniff needs.
const sniffChars = (sniffBytes*4 + 2) / 3

// run takes every value in that begins at the start of a word. A value is read
// by its own length, so it does not matter how its lines are wrapped and
// whether anything stands between it and the next. What was read is not looked
// at again: the work is in proportion to the text.
func (s *scan) run() error {
	for at := 0; at < len(s.text); {
		switch {
		case !isBase64(s.text[at]):
			at++
			continue
		case s.text[at] == 'M':
			next, err := s.value(at)
			if err != nil {
				return err
			}
			if next > at {
				at = next
				continue
			}
		case s.coats && s.depth < maxDepth && s.isCoat(at):
			next, err := s.coat(at)
			if err != nil {
				return err
			}
			at = next
			continue
		}
		for at < len(s.text) && isBase64(s.text[at]) {
			at++
		}
	}
	return nil
}

// value reads a DER value whose base64 begins at an offset, and whatever
// follows in the same run. It returns the offset after it, or at when there is
// none.
func (s *scan) value(at int) (next int, err error) {
	for {
		head, _ := s.gather(at, sniffChars)
		kind, total := sniff(decode(head))
		if kind == kindNone {
			return at, nil
		}
		s.found++
		if kind == kindPrivateKey {
			return 0, ErrPrivateKey
		}
		need := len(s.text)
		if total != indefinite {
			need = (total*4 + 2) / 3
		}
		chars, end := s.gather(at, need)
		if kind == kindCertificate {
			chars, end = s.cutAtNext(at, chars, end)
		}
		if end < len(s.text) && isBase64(s.text[end]) && !s.begins(end) {
			// One base64 text over several values, or over a certificate and
			// its trust settings.
			chars, end = s.gatherLines(at)
		}
		s.taken = append(s.taken, [2]int{at, end})
		where := func() string { return s.where(at) }
		if err := s.reader.der(decode(chars), where, s.form); err != nil {
			return 0, err
		}
		if end = s.skipSpace(end); end >= len(s.text) || s.text[end] != 'M' || end == at {
			return max(end, at+1), nil
		}
		at = end
	}
}

// begins reports whether a certificate or a private key begins at an offset. It
// is stricter than sniff, because lines within a certificate begin with all
// kinds of values.
func (s *scan) begins(at int) bool {
	if at >= len(s.text) || s.text[at] != 'M' {
		return false
	}
	head, _ := s.gather(at, sniffChars)
	der := decode(head)
	if kind, _ := sniff(der); kind != kindCertificate {
		return kind == kindPrivateKey
	}
	body, _, _ := sequence(der)
	inner, _, ok := sequence(body)
	return ok && hasPrefix(inner, "\xa0\x03\x02\x01\x02\x02")
}

// cutAtNext ends a certificate's characters where a line begins with another
// certificate: the first one is cut off then, and must not swallow the second.
func (s *scan) cutAtNext(at int, chars []byte, end int) ([]byte, int) {
	for i := at; ; i++ {
		next := strings.IndexByte(s.text[i:end], '\n')
		if next < 0 {
			return chars, end
		}
		i += next
		if j := s.skipSpace(i); j < end && s.begins(j) {
			return without(s.text[at:j]), j
		}
	}
}

// gather takes up to n base64 characters from an offset on, over white space,
// and returns the offset after them and their padding.
func (s *scan) gather(at, n int) (chars []byte, end int) {
	chars = make([]byte, 0, min(n, len(s.text)-at))
	end = at
	for ; at < len(s.text) && len(chars) < n; at++ {
		switch c := s.text[at]; {
		case isBase64(c):
			chars = append(chars, c)
			end = at + 1
		case c == '=' || !isSpace(c):
			return chars, s.padding(end)
		}
	}
	return chars, s.padding(end)
}

// padding skips up to two equals signs.
func (s *scan) padding(at int) int {
	for range 2 {
		next := s.skipSpace(at)
		if next >= len(s.text) || s.text[next] != '=' {
			break
		}
		at = next + 1
	}
	return at
}

func (s *scan) skipSpace(at int) int {
	for at < len(s.text) && isSpace(s.text[at]) {
		at++
	}
	return at
}

// isCoat reports whether the base64 at an offset has ASCII text in it: a PEM
// file, base64, JSON. What is not text has other bytes among so many.
func (s *scan) isCoat(at int) bool {
	chars, _ := s.gather(at, sniffChars)
	inner := decode(chars)
	return len(inner) >= sniffBytes && !slices.ContainsFunc(inner, func(c byte) bool {
		return c > '~' || c < ' ' && !isSpace(c)
	})
}

// coat reads text in base64. It returns the offset after it, even if it is no
// text: looking at its lines again would take time without end.
func (s *scan) coat(at int) (next int, err error) {
	chars, end := s.gatherLines(at)
	inner, ok := s.reader.decodeText(decode(chars))
	if !ok {
		return end, nil
	}
	lines, found := s.reader.textLines, s.reader.count()
	if err := s.reader.text(inner, s.depth+1); err != nil {
		return 0, fmt.Errorf("inside %s: %w", s.where(at), err)
	}
	s.reader.textLines = lines
	if s.reader.count() > found {
		s.taken = append(s.taken, [2]int{at, end})
		s.reader.note("base64 around the text")
	}
	return end, nil
}

// gatherLines takes the base64 characters of a word, and where the line ends
// with it those of the lines after it that hold nothing else and begin nothing
// new.
func (s *scan) gatherLines(at int) (chars []byte, end int) {
	for end = at; ; {
		start := s.skipSpace(end)
		stop := start
		for stop < len(s.text) && isBase64(s.text[stop]) {
			stop++
		}
		padded := s.padding(stop)
		next := s.skipSpace(padded)
		last := next == len(s.text)
		endsLine := last || strings.Contains(s.text[padded:next], "\n")
		if end > at && (start == stop || !endsLine || s.begins(start)) {
			return chars, end
		}
		chars = append(chars, s.text[start:stop]...)
		end = padded
		if last || !endsLine || padded > stop {
			return chars, end
		}
	}
}

// leftLines counts the lines with a letter or digit that were not taken.
func (s *scan) leftLines() (n int) {
	var left strings.Builder
	at := 0
	for _, t := range s.taken {
		left.WriteString(s.text[at:t[0]])
		at = t[1]
	}
	left.WriteString(s.text[at:])
	for line := range strings.Lines(left.String()) {
		if strings.ContainsFunc(line, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			n++
		}
	}
	return n
}

// decode decodes base64 characters of either alphabet (RFC 4648 §4, §5),
// without padding. Characters at the end that make no byte are dropped.
func decode(chars []byte) []byte {
	std := make([]byte, len(chars))
	for i, c := range chars {
		switch c {
		case '-':
			c = '+'
		case '_':
			c = '/'
		}
		std[i] = c
	}
	if len(std)%4 == 1 {
		std = std[:len(std)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(std)))
	n, err := base64.RawStdEncoding.Decode(out, std)
	if err != nil {
		return nil // not possible: only characters of the alphabet get here
	}
	return out[:n]
}

// without takes the white space out of base64 text.
func without(text string) []byte {
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		if isBase64(text[i]) {
			out = append(out, text[i])
		}
	}
	return out
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' ||
		c == '+' || c == '/' || c == '-' || c == '_'
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }
