package scm

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"

	"certty/backend/text"
)

// The types of this file read what SCM sends and never fail: a field of another
// type than its documents say costs itself and not its row. Documents of two
// releases differ in more than spelling.

// unmarshal reads JSON and forgives fields of a foreign type: they stay empty,
// the others are read.
func unmarshal(body []byte, into any) error {
	err := json.Unmarshal(body, into)
	if foreign, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && foreign.Field != "" {
		return nil
	}
	return err
}

// str is a text, cleaned for the screen. Numbers and booleans are read as they
// are written.
type str string

func (s *str) UnmarshalJSON(raw []byte) error {
	var plain string
	switch {
	case json.Unmarshal(raw, &plain) == nil:
		*s = str(text.Clean(plain))
	case len(raw) > 0 && raw[0] != '{' && raw[0] != '[':
		*s = str(text.Clean(string(raw)))
	}
	return nil
}

// num is a whole number, written as one or in a text; anything else is 0.
type num int

func (n *num) UnmarshalJSON(raw []byte) error {
	written := strings.TrimSpace(strings.Trim(string(raw), `"`))
	if i, err := strconv.ParseInt(written, 10, 64); err == nil {
		*n = num(i)
	} else if f, err := strconv.ParseFloat(written, 64); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		*n = num(f)
	}
	return nil
}

// flag is a boolean, written as one or in a text.
type flag bool

func (f *flag) UnmarshalJSON(raw []byte) error {
	*f = flag(bytes.EqualFold(bytes.Trim(raw, `"`), []byte("true")))
	return nil
}

// list reads an array whose elements are decoded one by one, so that a bad one
// does not cost the others.
func list(body []byte) ([]json.RawMessage, error) {
	var rows []json.RawMessage
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, errors.New("it is no list")
	}
	return rows, nil
}
