// Package form is a list of fields that are checked as they are typed, and a
// row of buttons. It knows nothing of certificates: what a field means and what
// is wrong with its value comes from whoever makes it.
package form

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
	"certty/ui/widget/box"
	"certty/ui/widget/field"
)

// Field is one question.
type Field struct {
	// ID names the field for [Form.Value].
	ID string
	// Label stands before the value.
	Label string
	// Hint says what belongs in it; shown while the field has the focus.
	Hint string
	// Options makes the field a choice; text otherwise.
	Options []string
	// Value is the value to start with.
	Value string
	// Check says what is wrong with a value; "" when nothing is. nil accepts
	// everything.
	Check func(value string) string
	// Suggest gives the value as long as nobody typed one, from the other
	// fields' values; nil suggests nothing.
	Suggest func(value func(id string) string) string
}

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
)

type entry struct {
	Field
	text    *field.Field
	choice  int
	touched bool
}

// Form is a form. The zero value is not usable, start with [New].
type Form struct {
	t       *theme.Theme
	entries []*entry
	buttons [2]string
	focus   int // an entry, or len(entries) and one more for the buttons
	tried   bool
}

// New makes a form with a submit and a back button.
func New(t *theme.Theme, submit, back string, fields ...Field) *Form {
	f := &Form{t: t, buttons: [2]string{submit, back}}
	for _, def := range fields {
		e := &entry{Field: def, text: field.New(def.Value), touched: def.Value != "" && def.Suggest != nil}
		if i := slices.Index(def.Options, def.Value); i > 0 {
			e.choice = i
		}
		f.entries = append(f.entries, e)
	}
	f.suggest()
	return f
}

// Value is a field's value, without blanks around it.
func (f *Form) Value(id string) string {
	for _, e := range f.entries {
		if e.ID == id {
			return e.value()
		}
	}
	return ""
}

func (e *entry) value() string {
	if e.Options != nil {
		return e.Options[e.choice]
	}
	return strings.TrimSpace(e.text.Value())
}

func (e *entry) problem() string {
	if e.Check == nil {
		return ""
	}
	return e.Check(e.value())
}

// Focus moves to the field of that id.
func (f *Form) Focus(id string) {
	if i := slices.IndexFunc(f.entries, func(e *entry) bool { return e.ID == id }); i >= 0 {
		f.focus = i
	}
}

// Paste puts text into the focused field.
func (f *Form) Paste(text string) {
	if e := f.focused(); e != nil && e.Options == nil {
		e.text.Insert(text)
		e.touched = true
		f.suggest()
	}
}

func (f *Form) focused() *entry {
	if f.focus < len(f.entries) {
		return f.entries[f.focus]
	}
	return nil
}

// Key handles one key.
func (f *Form) Key(msg tea.KeyMsg) Event {
	switch msg.String() {
	case "esc":
		return Left
	case "tab", "down":
		f.move(1)
	case "shift+tab", "up":
		f.move(-1)
	case "ctrl+s":
		return f.submit()
	case "enter":
		return f.enter()
	case "left", "right":
		f.sideways(msg)
	case " ":
		if e := f.focused(); e != nil && e.Options != nil {
			e.choice = (e.choice + 1) % len(e.Options)
			break
		}
		f.edit(msg)
	default:
		f.edit(msg)
	}
	return None
}

func (f *Form) edit(msg tea.KeyMsg) {
	if e := f.focused(); e != nil && e.Options == nil {
		before := e.text.Value()
		e.text.Key(msg)
		e.touched = e.touched || before != e.text.Value()
		f.suggest()
	}
}

func (f *Form) sideways(msg tea.KeyMsg) {
	step := 1
	if msg.String() == "left" {
		step = -1
	}
	e := f.focused()
	switch {
	case e == nil:
		f.focus = len(f.entries) + (f.focus-len(f.entries)+1)%2
	case e.Options != nil:
		e.choice = (e.choice + step + len(e.Options)) % len(e.Options)
		f.suggest()
	default:
		e.text.Key(msg)
	}
}

func (f *Form) move(step int) {
	n := len(f.entries) + 2
	f.focus = (f.focus + step + n) % n
}

func (f *Form) enter() Event {
	switch f.focus - len(f.entries) {
	case 0:
		return f.submit()
	case 1:
		return Left
	case -1:
		return f.submit()
	}
	f.move(1)
	return None
}

// submit accepts the form, or goes to the first field with a problem.
func (f *Form) submit() Event {
	f.tried = true
	for i, e := range f.entries {
		if e.problem() != "" {
			f.focus = i
			return None
		}
	}
	return Submitted
}

func (f *Form) suggest() {
	for _, e := range f.entries {
		if e.Suggest != nil && !e.touched {
			e.text.Set(e.Suggest(f.Value))
		}
	}
}

// View draws the form in lines of w cells, at most h of them; the focused
// field is always among them.
func (f *Form) View(w, h int) []string {
	label := 0
	for _, e := range f.entries {
		label = max(label, ansi.StringWidth(e.Label))
	}
	var lines []string
	focusLine := 0
	for i, e := range f.entries {
		if i == f.focus {
			focusLine = len(lines)
		}
		lines = append(lines, f.row(e, i == f.focus, label, w)...)
	}
	if f.focus >= len(f.entries) {
		focusLine = len(lines) + 1
	}
	lines = append(lines, "", f.buttonRow())
	return window(lines, focusLine, h)
}

func (f *Form) row(e *entry, focused bool, label, w int) []string {
	marker := "  "
	if focused {
		marker = "> "
	}
	room := max(4, w-label-5)
	var value string
	if e.Options != nil {
		value = f.options(e, focused, room)
	} else {
		value = e.text.View(f.t, room, focused)
	}
	name := box.Fit(e.Label, label, f.t.Glyphs.Ellipsis)
	if focused {
		name = f.t.Paint(theme.Strong, name)
	}
	lines := []string{marker + name + "  " + value}
	indent := strings.Repeat(" ", label+4)
	// What is wrong is said once somebody typed there or tried to send: an
	// empty form is not an error.
	problem := e.problem()
	switch {
	case problem != "" && (f.tried || e.touched):
		for _, l := range box.Wrap(problem, room) {
			lines = append(lines, indent+f.t.Paint(theme.Bad, l))
		}
	case focused && e.Hint != "":
		for _, l := range box.Wrap(e.Hint, room) {
			lines = append(lines, indent+f.t.Paint(theme.Faint, l))
		}
	}
	return lines
}

// options shows every option where there is room, else the chosen one and its
// place among them.
func (f *Form) options(e *entry, focused bool, room int) string {
	line, width := "", 0
	for i, o := range e.Options {
		sign := "( ) "
		if i == e.choice {
			sign = "(*) "
		}
		part := sign + o
		width += ansi.StringWidth(part) + 2
		if i == e.choice && focused {
			part = f.t.Paint(theme.Selected, part)
		}
		line += part + "  "
	}
	if width <= room {
		return line
	}
	chosen := "< " + e.Options[e.choice] + " >"
	if focused {
		chosen = f.t.Paint(theme.Selected, chosen)
	}
	return fmt.Sprintf("%s  %d of %d", chosen, e.choice+1, len(e.Options))
}

func (f *Form) buttonRow() string {
	return Buttons(f.t, f.buttons[:], f.focus-len(f.entries))
}

// Buttons draws a row of buttons; the one at focus is marked without colour,
// too.
func Buttons(t *theme.Theme, labels []string, focus int) string {
	parts := make([]string, len(labels))
	for i, l := range labels {
		if i == focus {
			parts[i] = "> " + t.Paint(theme.Selected, "[ "+l+" ]")
			continue
		}
		parts[i] = "  [ " + l + " ]"
	}
	return strings.Join(parts, " ")
}

// window cuts lines to h so that the line at focus is seen, with what follows
// it where there is room.
func window(lines []string, focus, h int) []string {
	if len(lines) <= h {
		return lines
	}
	top := min(max(0, focus-h/2), len(lines)-h)
	return lines[top : top+max(0, h)]
}
