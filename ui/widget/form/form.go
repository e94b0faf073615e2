package form

import (
	"slices"

	"certty/ui/theme"
)

// Event is what a key did.
type Event uint8

// The events.
const (
	// None: the form goes on.
	None Event = iota
	// Submitted: the first button was pressed and every field is right.
	Submitted
	// Left: the person wants to leave; the form keeps its values.
	Left
	// Refused: the first button was pressed, and the focus went to a field that
	// is wrong.
	Refused
)

// Form is a form. The zero value is not usable, start with [New].
type Form struct {
	t       *theme.Theme
	entries []*entry
	buttons [2]string
	focus   int // an entry, or len(entries) and one more for the buttons
	tried   bool
	// check judges all values together; found is what it said last, by id.
	check   func(Values) map[string]string
	found   map[string]string
	changed func(id string)
	// list is the open list of a choice; nil while none is.
	list *list
}

// New makes a form with a submit and a back button.
func New(t *theme.Theme, submit, back string, fields ...Field) *Form {
	f := &Form{t: t, buttons: [2]string{submit, back}}
	for _, def := range fields {
		f.entries = append(f.entries, newEntry(def))
	}
	f.derive()
	return f
}

// CheckWith judges all values together, after each change: what check returns
// says by a field's id what is wrong with its value. It is asked about values
// of fields that don't apply, too; what it says of those is ignored.
func (f *Form) CheckWith(check func(Values) map[string]string) {
	f.check = check
	f.derive()
}

// OnChange has do called after a person changed the field of that id. do may
// [Form.Set] others.
func (f *Form) OnChange(do func(id string)) { f.changed = do }

// Value is a field's value, without blanks around it unless it is secret.
func (f *Form) Value(id string) string {
	if e := f.entry(id); e != nil {
		return e.value()
	}
	return ""
}

// Chosen lists what is chosen in a field of the kind [Many].
func (f *Form) Chosen(id string) []string {
	if e := f.entry(id); e != nil && e.Kind == Many {
		return e.chosen()
	}
	return nil
}

// On reports whether a toggle is on.
func (f *Form) On(id string) bool { return f.Value(id) == Yes }

// Set changes a value as if a person had typed it.
func (f *Form) Set(id, value string) {
	if e := f.entry(id); e != nil && e.value() != value {
		e.set(value)
		e.touched = true
		f.derive()
	}
}

// SetOptions changes what can be chosen. The value stays where it still can.
func (f *Form) SetOptions(id string, options []string) {
	if e := f.entry(id); e != nil && len(options) > 0 {
		marked := ""
		if f.list != nil && f.list.of == e {
			marked = f.list.value()
		}
		e.offer(options)
		if f.list != nil && f.list.of == e {
			f.list.find(marked)
		}
		f.derive()
	}
}

// SetHint changes what a field says while it has the focus.
func (f *Form) SetHint(id, hint string) {
	if e := f.entry(id); e != nil {
		e.Hint = hint
	}
}

func (f *Form) entry(id string) *entry {
	i := slices.IndexFunc(f.entries, func(e *entry) bool { return e.ID == id })
	if i < 0 {
		return nil
	}
	return f.entries[i]
}

// applies reports whether e and the sections around it mean anything now.
func (f *Form) applies(e *entry) bool {
	for depth := 0; e != nil && depth <= len(f.entries); depth++ {
		if e.Show != nil && !e.Show(f.Value) {
			return false
		}
		e = f.section(e)
	}
	return true
}

// visible reports whether e is drawn: it applies and its sections are open.
func (f *Form) visible(e *entry) bool {
	if !f.applies(e) {
		return false
	}
	for depth, s := 0, f.section(e); s != nil && depth <= len(f.entries); depth, s = depth+1, f.section(s) {
		if !s.open {
			return false
		}
	}
	return true
}

func (f *Form) section(e *entry) *entry {
	if e.In == "" {
		return nil
	}
	return f.entry(e.In)
}

// reveal opens the sections around e.
func (f *Form) reveal(e *entry) {
	for depth, s := 0, f.section(e); s != nil && depth <= len(f.entries); depth, s = depth+1, f.section(s) {
		s.open = true
	}
}

// problem is what is wrong with e's value.
func (f *Form) problem(e *entry) string {
	if e.Check != nil {
		if text := e.Check(e.value()); text != "" {
			return text
		}
	}
	return f.found[e.ID]
}

// Focus moves to the field of that id, and opens the section it stands in.
func (f *Form) Focus(id string) {
	if i := slices.IndexFunc(f.entries, func(e *entry) bool { return e.ID == id }); i >= 0 && f.applies(f.entries[i]) {
		f.reveal(f.entries[i])
		f.focus, f.list = i, nil
	}
}

// Focused is the id of the field that has the focus; "" on the buttons.
func (f *Form) Focused() string {
	if e := f.focused(); e != nil {
		return e.ID
	}
	return ""
}

// Paste puts text into the focused field, or into the search of the open list.
func (f *Form) Paste(text string) {
	if f.list != nil {
		f.list.edit(func() { f.list.typed.Insert(text) })
		return
	}
	if e := f.focused(); e != nil && e.typing() {
		e.begin(text)
		e.text.Insert(text)
		f.edited(e)
	}
}

func (f *Form) focused() *entry {
	if f.focus < len(f.entries) {
		return f.entries[f.focus]
	}
	return nil
}

// edited follows a change that a person made.
func (f *Form) edited(e *entry) {
	e.touched = true
	f.derive()
	if f.changed != nil {
		f.changed(e.ID)
		f.derive()
	}
}

// derive suggests and judges anew.
func (f *Form) derive() {
	for _, e := range f.entries {
		if e.Suggest != nil && !e.touched {
			e.set(e.Suggest(f.Value))
		}
	}
	if f.check != nil {
		f.found = f.check(f.Value)
	}
}

// Refresh suggests and judges anew after something changed that is no value of
// the form.
func (f *Form) Refresh() { f.derive() }

// Submit accepts the form, or goes to the first field with a problem.
func (f *Form) Submit() Event {
	f.tried, f.list = true, nil
	for i, e := range f.entries {
		if f.applies(e) && f.problem(e) != "" {
			f.reveal(e)
			f.focus = i
			return Refused
		}
	}
	return Submitted
}
