package form

import (
	"slices"
	"strings"

	"certty/ui/widget/field"
)

// Kind is how a field is filled in.
type Kind uint8

// The kinds of fields.
const (
	// Line is one line of text; a choice of one where Field.Options is set.
	Line Kind = iota
	// Many is any number of Field.Options; its value joins them with ", ".
	Many
	// Toggle is yes or no, "yes" or "no" by value.
	Toggle
	// Secret is one line of text that is never shown. Its value keeps its blanks.
	Secret
	// Section is a heading that opens and closes the fields that name it in
	// Field.In.
	Section
)

// The values of a Toggle.
const (
	Yes = "yes"
	No  = "no"
)

// Values gives the values of fields by their ids.
type Values func(id string) string

// Field is one question.
type Field struct {
	// ID names the field for [Form.Value].
	ID string
	// Label stands before the value.
	Label string
	// Kind is how it is filled in.
	Kind Kind
	// In is the id of the section that it stands in; "" for none.
	In string
	// Hint says what belongs in it; shown while the field has the focus.
	Hint string
	// Options makes the field a choice; text otherwise.
	Options []string
	// Value is the value to start with.
	Value string
	// Check says what is wrong with a value; "" when nothing is. nil accepts
	// everything. For what depends on other fields see [Form.CheckWith].
	Check func(value string) string
	// Suggest gives the value as long as nobody typed one, from the other
	// fields' values; nil suggests nothing. What is typed stands in the place of
	// a suggestion, unless the caret was moved in it before.
	Suggest func(value func(id string) string) string
	// Joins is set for a field of several values: what is typed is added to its
	// suggestion, with Joins between them.
	Joins string
	// Note says what the value means, Warn what is unwise about it; both are
	// shown under it whether it has the focus or not. nil or "" says nothing.
	// A section shows its note beside its label.
	Note, Warn func(value func(id string) string) string
	// Show says whether the field applies; nil means always.
	Show func(value func(id string) string) bool
}

type entry struct {
	Field
	text   *field.Field
	choice int
	// on are the chosen Options of a Many, at the one its cursor is on.
	on      []bool
	at      int
	open    bool
	touched bool
}

func newEntry(def Field) *entry {
	e := &entry{Field: def, text: field.New(""), touched: def.Value != "" && def.Suggest != nil}
	switch def.Kind {
	case Secret:
		e.text = field.NewSecret()
	case Toggle:
		e.Options = []string{No, Yes}
	case Many:
		e.on = make([]bool, len(def.Options))
	case Line, Section:
	}
	e.set(def.Value)
	return e
}

// choosing is true when exactly one of the options is the value.
func (e *entry) choosing() bool { return e.Options != nil && e.Kind != Many }

// typing is true when keys are text.
func (e *entry) typing() bool { return e.Options == nil && e.Kind != Section }

func (e *entry) value() string {
	switch {
	case e.Kind == Section:
		return ""
	case e.Kind == Many:
		return strings.Join(e.chosen(), ", ")
	case e.choosing():
		return e.Options[e.choice]
	case e.Kind == Secret:
		return e.text.Value()
	}
	return strings.TrimSpace(e.text.Value())
}

func (e *entry) chosen() []string {
	var out []string
	for i, o := range e.Options {
		if e.on[i] {
			out = append(out, o)
		}
	}
	return out
}

// set takes a value; an option that is not there leaves a choice as it is.
func (e *entry) set(value string) {
	switch {
	case e.Kind == Section:
	case e.Kind == Many:
		names := strings.Split(value, ", ")
		for i, o := range e.Options {
			e.on[i] = slices.Contains(names, o)
		}
	case e.choosing():
		if i := slices.Index(e.Options, value); i >= 0 {
			e.choice = i
		}
	default:
		e.text.Set(value)
	}
}

// offer replaces the options of a choice; the value stays where it still can.
func (e *entry) offer(options []string) {
	value := e.value()
	e.Options, e.choice, e.at = options, 0, 0
	if e.Kind == Many {
		e.on = make([]bool, len(options))
	}
	e.set(value)
}
