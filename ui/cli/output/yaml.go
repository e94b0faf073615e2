package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"certty/ui/cli/jsontext"
)

// writeYAML writes the JSON document as YAML 1.2 in block style. It is written
// here, because the library that reads the configuration does not write every
// text back as it was ("\t", ".inf" and C1 controls are lost).
func writeYAML(w io.Writer, document any) error {
	data, err := jsontext.Encode(document)
	if err != nil {
		return err
	}
	y := yaml{tokens: json.NewDecoder(bytes.NewReader(data))}
	y.tokens.UseNumber()
	if err := y.value(0, "\n"); err != nil {
		return err
	}
	_, err = io.WriteString(w, strings.TrimPrefix(y.b.String(), "\n"))
	return err
}

// yaml turns JSON tokens into YAML, in their order.
type yaml struct {
	tokens *json.Decoder
	b      strings.Builder
}

// value writes the next value. A block begins with start: a new line below a
// key, nothing behind a dash.
func (y *yaml) value(depth int, start string) error {
	token, err := y.tokens.Token()
	if err != nil {
		return err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return y.scalar(token, start)
	}
	if !y.tokens.More() {
		y.b.WriteString(blank(start))
		y.b.WriteString(map[json.Delim]string{'{': "{}\n", '[': "[]\n"}[delim])
		_, err = y.tokens.Token()
		return err
	}
	y.b.WriteString(start)
	for first := true; y.tokens.More(); first = false {
		if !first || start != "" {
			y.b.WriteString(strings.Repeat("  ", depth))
		}
		if err := y.entry(depth, delim); err != nil {
			return err
		}
	}
	_, err = y.tokens.Token()
	return err
}

// entry writes an entry of a list or an object.
func (y *yaml) entry(depth int, delim json.Delim) error {
	if delim == '[' {
		y.b.WriteString("- ")
		return y.value(depth+1, "")
	}
	key, err := y.tokens.Token()
	if err != nil {
		return err
	}
	name, _ := key.(string)
	y.b.WriteString(quote(name) + ":")
	return y.value(depth+1, "\n")
}

func (y *yaml) scalar(token json.Token, start string) error {
	y.b.WriteString(blank(start))
	switch v := token.(type) {
	case string:
		y.b.WriteString(quote(v))
	case json.Number:
		y.b.WriteString(v.String())
	default: // true, false, null
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		y.b.Write(data)
	}
	y.b.WriteByte('\n')
	return nil
}

// blank is what stands before a value on the line of its key or dash.
func blank(start string) string {
	if start == "" {
		return ""
	}
	return " "
}

// plain reports whether a text means itself in every version of YAML: words of
// letters, digits and a few signs, the first of which begins with a letter, but
// none that stands for a truth value or for nothing.
func plain(s string) bool {
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		inside := letter || c >= '0' && c <= '9' || strings.IndexByte("./-", c) >= 0
		if i == 0 && !letter || !inside && (c != ' ' || before == ' ') {
			return false
		}
		before = c
	}
	return before != ' '
}

// quote writes a text: as it is where nobody can misread it, else as a JSON
// string, which is one of YAML as well (YAML 1.2 §1.3).
func quote(s string) string {
	if plain(s) {
		return s
	}
	data, err := jsontext.Encode(s)
	if err != nil {
		return `""` // unreachable: a text always has a JSON form
	}
	return string(jsontext.Escape(data, yamlEscape))
}

// yamlEscape is a character as YAML escapes it (YAML 1.2 §5.7), where a pair of
// surrogates is not one.
func yamlEscape(out []byte, r rune) []byte {
	if r > 0xffff {
		return fmt.Appendf(out, `\U%08x`, r)
	}
	return jsontext.EscapeRune(out, r)
}
