package query

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Filter is a filter that was understood. The zero value lets every row pass.
type Filter struct {
	text  string
	terms []term
}

// term is one condition. Which of its parts is set says what kind it is.
type term struct {
	not bool
	// word is looked for in the field, or in everything.
	word string
	// pattern is an expression, expr its compiled form, need a text without
	// which it can't fit.
	pattern, need string
	expr          *regexp.Regexp
	// field is where to look; its name is "" for everywhere.
	field field
	// of is compared by op with number.
	of     measure
	op     string
	number float64
}

// String is the filter as it was written.
func (f *Filter) String() string { return f.text }

// Empty reports whether every row passes.
func (f *Filter) Empty() bool { return len(f.terms) == 0 }

// Match reports whether a row passes.
func (f *Filter) Match(r *Row) bool {
	for i := range f.terms {
		if f.terms[i].holds(r) == f.terms[i].not {
			return false
		}
	}
	return true
}

// holds leaves the term's "!" aside.
func (t *term) holds(r *Row) bool {
	switch {
	case t.op != "":
		have, ok := t.of.of(r)
		return ok && compare(t.op, have, t.number)
	case t.field.name != "":
		return slices.ContainsFunc(t.field.values(r), t.inField)
	}
	// What depends on the status is apart from the text, so that the text lasts
	// as long as the item. State and next action are lower case by themselves.
	return t.in(r.Text) || t.in(string(r.Status.State)) || t.in(r.Status.Next)
}

// inField looks into one value of a field.
func (t *term) inField(value string) bool {
	value = strings.ToLower(value)
	if t.expr == nil && t.field.loose {
		return strings.Contains(squeeze(value), squeeze(t.word))
	}
	return value != "" && t.in(value)
}

// in looks into text in lower case.
func (t *term) in(text string) bool {
	if t.expr == nil {
		return strings.Contains(text, t.word)
	}
	return strings.Contains(text, t.need) && t.expr.MatchString(text)
}

// squeeze leaves only letters and digits.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// Narrows reports whether every row that passes f is known to pass old as well,
// so that only those need a look. It may say no where it is so.
func (f *Filter) Narrows(old *Filter) bool {
	for i := range old.terms {
		if !slices.ContainsFunc(f.terms, func(t term) bool { return t.implies(&old.terms[i]) }) {
			return false
		}
	}
	return true
}

// implies reports whether a row for which t holds is known to be one for which
// other holds.
func (t *term) implies(other *term) bool {
	if t.not != other.not || t.pattern != other.pattern || t.field.name != other.field.name {
		return false
	}
	if t.op != "" || other.op != "" {
		return t.op == other.op && t.of.name == other.of.name && t.number == other.number
	}
	if t.not {
		return strings.Contains(other.word, t.word)
	}
	return strings.Contains(t.word, other.word)
}

// Doubt is a remark on a filter that is right but may not be what was meant; ""
// when there is none. It is worth saying when nothing passes.
func (f *Filter) Doubt() string {
	for _, t := range f.terms {
		name, _, found := strings.Cut(t.word, ":")
		if found && t.field.name == "" && isName(name) {
			return name + " is no field, so " + t.word + " is looked for as it stands; fields are " + strings.Join(FieldNames(), ", ")
		}
	}
	return ""
}

func isName(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}
