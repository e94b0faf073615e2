package x5c

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// privateKeyText finds private keys by what their files say of themselves, and
// privateJWK by the member that only a private key has (RFC 7518 §6), behind escaped quotes,
// too.
var (
	privateKeyText = regexp.MustCompile(`(?i)- *(BEGIN|END) [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-[0-9]`)
	privateJWK     = regexp.MustCompile(`"d\\?"\s*:\s*\\?"[A-Za-z0-9_-]{16,}`)
)

func hasPrivateKey(text string) bool {
	return privateKeyText.MatchString(text) ||
		strings.Contains(text, `"kty`) && privateJWK.MatchString(text)
}

// decodeText makes text of bytes: UTF-8, or UTF-16 as Windows editors save it.
// ok is false for bytes that are no text.
func (r *reader) decodeText(data []byte) (text string, ok bool) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		r.note("byte order mark")
		data = rest
	}
	if order := utf16Order(data); order != nil {
		r.note("UTF-16")
		units := make([]uint16, len(data)/2)
		for i := range units {
			units[i] = order.Uint16(data[2*i:])
		}
		return strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff"), true
	}
	if bytes.IndexByte(data, 0) >= 0 {
		return "", false
	}
	// Latin-1 and the like: what surrounds the base64 does not matter.
	if !utf8.Valid(data) {
		data = bytes.ToValidUTF8(data, []byte("?"))
	}
	return string(data), true
}

func utf16Order(data []byte) binary.ByteOrder {
	switch {
	case len(data) < 4:
		return nil
	case data[0] == 0xff && data[1] == 0xfe, data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return binary.LittleEndian
	case data[0] == 0xfe && data[1] == 0xff, data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return binary.BigEndian
	}
	return nil
}

// jsonStrings gives the strings of JSON text, member names included, one per
// line and in their order. ok is false when the text is not JSON from beginning
// to end, or has no string in it.
func jsonStrings(text string) (lines string, ok bool) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || strings.IndexByte(`{["`, trimmed[0]) < 0 {
		return "", false
	}
	var b strings.Builder
	dec := json.NewDecoder(strings.NewReader(trimmed))
	for {
		token, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return b.String(), b.Len() > 0
		case err != nil:
			return "", false
		}
		if s, ok := token.(string); ok {
			b.WriteString(s)
			b.WriteByte('\n')
		}
	}
}

// mendText undoes what mail, editors and shells do to text. Every step leaves
// sound PEM alone.
func (r *reader) mendText(text string) string {
	steps := []struct {
		note string
		mend func(string) string
	}{
		{"CRLF line ends", strings.NewReplacer("\r\n", "\n").Replace},
		{"CR line ends", strings.NewReplacer("\r", "\n").Replace},
		{"escaped line ends", unescape},
		{"quoted-printable", unquotePrintable},
		{"reply marks (>)", dropReplyMarks},
		{"invisible characters", dropInvisible},
	}
	for _, step := range steps {
		if mended := step.mend(text); mended != text {
			r.note(step.note)
			text = mended
		}
	}
	return text
}

// unescape undoes the escapes of a string literal that came without its
// quotes. No backslash belongs to PEM or base64.
func unescape(text string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	return strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\r`, "\n", `\/`, "/", `\"`, `"`, `\u002b`, "+", `\u002B`, "+", `\u003d`, "=", `\u003D`, "=").Replace(text)
}

// unquotePrintable undoes quoted-printable (RFC 2045 §6.7) where the text shows
// that it is: an encoded equals sign, or at least two lines of the length at
// which encoders break that end in a single one.
func unquotePrintable(text string) string {
	if !strings.Contains(text, "=") {
		return text
	}
	broken := 0
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if len(line) >= 72 && len(line) <= 76 && strings.HasSuffix(line, "=") && !strings.HasSuffix(line, "==") {
			broken++
		}
	}
	if broken < 2 && !strings.Contains(strings.ToUpper(text), "=3D") {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '=' {
			b.WriteByte(text[i])
			continue
		}
		rest := text[i+1:]
		if end := strings.TrimLeft(rest, " \t"); strings.HasPrefix(end, "\n") {
			i += len(rest) - len(end) + 1
			continue
		}
		if len(rest) >= 2 {
			if raw, err := hex.DecodeString(rest[:2]); err == nil {
				b.WriteByte(raw[0])
				i += 2
				continue
			}
		}
		b.WriteByte('=')
	}
	return strings.ToValidUTF8(b.String(), "?")
}

// dropReplyMarks takes the ">" of a mail reply off the lines.
func dropReplyMarks(text string) string {
	if !strings.Contains(text, ">") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		for {
			rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), ">")
			if !ok {
				break
			}
			line = rest
		}
		b.WriteString(line)
	}
	return b.String()
}

// dropInvisible takes out zero-width characters, makes spaces of the other
// spaces and hyphens of the dashes that word processors make of them.
func dropInvisible(text string) string {
	return invisible.Replace(text)
}

var invisible = strings.NewReplacer(
	"\u200b", "", "\u200c", "", "\u200d", "", "\u2060", "", "\ufeff", "", "\u00ad", "",
	"\u00a0", " ", "\u2007", " ", "\u202f", " ", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n",
	"\u2010", "-", "\u2011", "-", "\u2012", "-", "\u2013", "--", "\u2014", "--", "\u2212", "-",
)
