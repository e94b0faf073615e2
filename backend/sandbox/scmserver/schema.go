package scmserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf16"
)

// schema says what a JSON value must be, in the terms of an OpenAPI document.
type schema struct {
	kind kind
	// fields are an object's members; required are those it must have.
	fields   map[string]schema
	required []string
	// items are an array's elements.
	items *schema
	// min is the least number; least and most count characters of a text (in
	// UTF-16 units, as Java does) or elements of an array; most 0 is no limit.
	min         *int
	least, most int
	enum        []string
	pattern     *regexp.Regexp
}

// kind is a type of JSON value.
type kind uint8

const (
	object kind = iota
	array
	text
	integer
	boolean
	// code is an enumeration of numbers that older releases took as numbers and
	// newer ones take as texts.
	code
	// free is a map of texts.
	free
	// anything is not described by the document.
	anything
)

// read decodes a body into what a schema allows. The caller holds no lock.
func (sc *schema) read(body []byte, strict bool, into any) *failure {
	var v any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&v); err != nil {
		return unparsable()
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return unparsable()
	}
	if _, ok := v.(map[string]any); !ok {
		return unparsable()
	}
	v, f := sc.check("", v, strict)
	if f != nil {
		return f
	}
	clean, err := json.Marshal(v)
	if err != nil {
		return unparsable()
	}
	if err := json.Unmarshal(clean, into); err != nil {
		return unparsable()
	}
	return nil
}

// check returns the value as the schema has it. Which code the service answers
// with where a limit of the document is not kept is not known; the texts fit.
func (sc *schema) check(name string, v any, strict bool) (any, *failure) {
	switch sc.kind {
	case object:
		return sc.checkObject(v, strict)
	case array:
		return sc.checkArray(name, v, strict)
	case free:
		return sc.checkMap(name, v)
	case anything:
		return v, nil
	default:
		return sc.checkScalar(name, v, strict)
	}
}

func (sc *schema) checkObject(v any, strict bool) (any, *failure) {
	o, ok := v.(map[string]any)
	if !ok {
		return nil, unparsable()
	}
	out := make(map[string]any, len(o))
	for _, name := range sortedKeys(o) {
		field, known := sc.fields[name]
		switch {
		case !known && strict:
			return nil, unparsable()
		case !known || o[name] == nil:
			continue
		}
		checked, f := field.check(name, o[name], strict)
		if f != nil {
			return nil, f
		}
		if checked != nil {
			out[name] = checked
		}
	}
	for _, name := range sc.required {
		if _, ok := out[name]; !ok {
			return nil, missing(name)
		}
	}
	return out, nil
}

func (sc *schema) checkArray(name string, v any, strict bool) (any, *failure) {
	list, ok := v.([]any)
	if !ok {
		return nil, unparsable()
	}
	if len(list) < sc.least || sc.most > 0 && len(list) > sc.most {
		return nil, invalidField(name)
	}
	out := make([]any, len(list))
	for i, item := range list {
		checked, f := sc.items.check(name, item, strict)
		if f != nil {
			return nil, f
		}
		out[i] = checked
	}
	return out, nil
}

func (sc *schema) checkMap(name string, v any) (any, *failure) {
	o, ok := v.(map[string]any)
	if !ok {
		return nil, unparsable()
	}
	if len(o) < sc.least {
		return nil, invalidField(name)
	}
	for _, value := range o {
		if _, ok := value.(string); !ok {
			return nil, unparsable()
		}
	}
	return o, nil
}

// checkScalar takes over one value. Where the server is not strict, numbers,
// texts and truth values are taken for each other as Java's usual decoder does,
// and "" for no number.
func (sc *schema) checkScalar(name string, v any, strict bool) (any, *failure) {
	var said string
	var native kind
	switch value := v.(type) {
	case string:
		said, native = value, text
	case json.Number:
		said, native = value.String(), integer
	case bool:
		said, native = strconv.FormatBool(value), boolean
	default:
		return nil, unparsable()
	}
	if strict && native != sc.kind && (sc.kind != code || native == boolean) {
		return nil, unparsable()
	}
	switch sc.kind {
	case boolean:
		b, err := strconv.ParseBool(said)
		if err != nil {
			return nil, unparsable()
		}
		return b, nil
	case integer:
		if said == "" {
			return nil, nil
		}
		n, err := strconv.ParseInt(said, 10, 32)
		if err != nil {
			return nil, unparsable()
		}
		if sc.min != nil && n < int64(*sc.min) {
			return nil, invalidField(name)
		}
		return n, nil
	case code:
		if !slices.Contains(sc.enum, said) {
			return nil, invalidField(name)
		}
		return said, nil
	default:
		return said, sc.checkText(name, said)
	}
}

func (sc *schema) checkText(name, value string) *failure {
	units := len(utf16.Encode([]rune(value)))
	switch {
	case units < sc.least, sc.most > 0 && units > sc.most:
		return invalidField(name)
	case sc.enum != nil && !slices.Contains(sc.enum, value):
		return invalidField(name)
	case sc.pattern != nil && !sc.pattern.MatchString(value):
		return invalidField(name)
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
