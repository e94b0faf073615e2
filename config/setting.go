package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Setting is one setting that counts, and where it was set.
type Setting struct {
	// Path is its name with those of its groups, such as targets[0].url.
	Path string
	// Value is a text, true or false, or a list of texts. Of a secret it is where
	// the secret is, never the secret; of a command that gives one, only its
	// program.
	Value any
	// Origin is where it was set: a file with its line, an environment variable, a
	// flag. Its Source is empty where nobody set it, so that the default counts.
	Origin Position
}

// YAML is the value as it is written in a file.
func (s Setting) YAML() string {
	switch v := s.Value.(type) {
	case []string:
		words := make([]string, len(v))
		for i, w := range v {
			words[i] = yamlText(w)
		}
		return "[" + strings.Join(words, ", ") + "]"
	case string:
		if _, err := time.ParseDuration(v); err == nil {
			return v
		}
		return yamlText(v)
	}
	return fmt.Sprint(s.Value)
}

// Settings lists what counts, in the order of the documentation, without what
// is not set and has no default. The origins are those that [Load] found.
func (c *Config) Settings() []Setting {
	var out []Setting
	c.list("", reflect.ValueOf(c).Elem(), &out)
	return out
}

// list adds the settings of one group.
func (c *Config) list(path string, group reflect.Value, out *[]Setting) {
	for i := range group.NumField() {
		name := group.Type().Field(i).Tag.Get("yaml")
		if name == "" || name == "-" {
			continue
		}
		inner, value := join(path, name), group.Field(i)
		if value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.Struct {
			for n := range value.Len() {
				c.list(inner+"["+strconv.Itoa(n)+"]", value.Index(n), out)
			}
			continue
		}
		if value.Kind() == reflect.Struct {
			c.list(inner, value, out)
			continue
		}
		if shown, ok := valueShown(value); ok {
			if words, list := shown.([]string); list && group.Type() == secretType && len(words) > 1 {
				shown = []string{words[0], "…"}
			}
			*out = append(*out, Setting{Path: inner, Value: shown, Origin: c.origins[inner]})
		}
	}
}

// valueShown is a value as a person knows it; ok is false for one that is not
// set.
func valueShown(value reflect.Value) (shown any, ok bool) {
	switch {
	case value.Type() == durationType:
		return short(time.Duration(value.Int())), true
	case value.Kind() == reflect.Pointer:
		if value.IsNil() {
			return nil, false
		}
		return valueShown(value.Elem())
	case value.Kind() == reflect.Bool:
		return value.Bool(), true
	case value.Kind() == reflect.Slice:
		words, _ := reflect.TypeAssert[[]string](value)
		return slices.Clone(words), len(words) > 0
	}
	return value.String(), value.String() != ""
}

// origins are the places of the settings of the targets that are left: of a file
// with three targets the second may be the only one.
func origins(at map[string]Position, all, left []Target) map[string]Position {
	out := maps.Clone(at)
	maps.DeleteFunc(out, func(path string, _ Position) bool { return strings.HasPrefix(path, "targets[") })
	for now, t := range left {
		was := slices.IndexFunc(all, func(other Target) bool { return other.Name == t.Name })
		prefix := fmt.Sprintf("targets[%d]", was)
		for path, position := range at {
			rest, ok := strings.CutPrefix(path, prefix)
			if ok && (rest == "" || rest[0] == '.') {
				out[fmt.Sprintf("targets[%d]", now)+rest] = position
			}
		}
	}
	return out
}
