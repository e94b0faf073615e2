package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// plainPattern takes what means the same with and without quotes, whatever
// stands around it.
var plainPattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9._/@-]*|~?/[A-Za-z0-9._/@-]*|[a-z0-9]+://[A-Za-z0-9._/:-]*[A-Za-z0-9/]|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// notText are the words that YAML takes for something else, in one of its
// versions.
var notText = regexp.MustCompile(`^(?i)(true|false|yes|no|on|off|y|n|null|~|nan|inf)$`)

// yamlText writes a value so that it is read as the same text.
func yamlText(value string) string {
	if plainPattern.MatchString(value) && !notText.MatchString(value) {
		return value
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range value {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// line is one setting of a target as it is written.
type line struct {
	depth int
	name  string
	value string // empty for a group
}

// settingsOf lists what is set in a target, in the order of its type. What has
// its default is left out.
func settingsOf(group, defaults reflect.Value, depth int) []line {
	var lines []line
	for i := range group.NumField() {
		name := group.Type().Field(i).Tag.Get("yaml")
		value, usual := group.Field(i), defaults.Field(i)
		if name == "" || name == "-" || reflect.DeepEqual(value.Interface(), usual.Interface()) {
			continue
		}
		switch value.Kind() {
		case reflect.Struct:
			lines = append(lines, line{depth: depth, name: name})
			lines = append(lines, settingsOf(value, usual, depth+1)...)
		case reflect.Slice:
			var words []string
			for i := range value.Len() {
				words = append(words, yamlText(value.Index(i).String()))
			}
			lines = append(lines, line{depth, name, "[" + strings.Join(words, ", ") + "]"})
		case reflect.Bool:
			lines = append(lines, line{depth, name, strconv.FormatBool(value.Bool())})
		default:
			lines = append(lines, line{depth, name, yamlText(value.String())})
		}
	}
	return lines
}

func targetLines(t Target) []line {
	return settingsOf(reflect.ValueOf(t), reflect.ValueOf(defaultTarget()), 0)
}

// blockLines is an entry of a list of targets, a line each.
func blockLines(t Target, indent string) []string {
	var out []string
	for i, l := range targetLines(t) {
		sign := "  "
		if i == 0 {
			sign = "- "
		}
		text := indent + sign + strings.Repeat("  ", l.depth) + l.name + ":"
		if l.value != "" {
			text += " " + l.value
		}
		out = append(out, text)
	}
	return out
}

// flowText is an entry of a list of targets in braces, on one line.
func flowText(t Target) string {
	var b strings.Builder
	b.WriteByte('{')
	depth, first := 0, true
	for _, l := range targetLines(t) {
		for ; depth > l.depth; depth-- {
			b.WriteByte('}')
		}
		if !first {
			b.WriteString(", ")
		}
		b.WriteString(l.name + ": ")
		if first = l.value == ""; first {
			b.WriteByte('{')
			depth++
			continue
		}
		b.WriteString(l.value)
	}
	return b.String() + strings.Repeat("}", depth+1)
}
