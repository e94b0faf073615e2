package forms

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/input"
	"certty/ui/keys"
	"certty/ui/widget/form"
)

var special = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"backspace": tea.KeyBackspace, "ctrl+s": tea.KeyCtrlS, "ctrl+u": tea.KeyCtrlU, "pgdown": tea.KeyPgDown, "shift+tab": tea.KeyShiftTab,
}

// press types keys: names of keys, or text.
func (s *screen) press(names ...string) {
	s.t.Helper()
	for _, name := range names {
		if typ, ok := special[name]; ok {
			s.key(tea.KeyMsg{Type: typ})
			continue
		}
		for _, r := range name {
			if r == ' ' {
				s.key(tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}})
				continue
			}
			s.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		}
	}
}

// key goes where the root sends it: to text and answers, or to an action.
func (s *screen) key(msg tea.KeyMsg) {
	s.t.Helper()
	top := s.top()
	if top.Capturing() {
		s.run(top.Update(msg))
		return
	}
	if a, ok := keys.Find(top.Actions(), msg); ok && a.Disabled == "" {
		s.run(a.Run())
	}
}

func (s *screen) paste(text string) { s.run(s.top().Update(input.PasteMsg{Text: text})) }

// answer arms the open question, as its timer does, and presses keys.
func (s *screen) answer(names ...string) {
	s.t.Helper()
	if a, ok := s.top().(interface{ Arm() }); ok {
		a.Arm()
	}
	s.press(names...)
}

// formOf is the form of the view on top.
func (s *screen) formOf() *form.Form {
	s.t.Helper()
	switch v := s.top().(type) {
	case *Create:
		return v.Form
	case *Import:
		return v.Form
	case *Policy:
		return v.Form
	}
	s.t.Fatalf("no form is on top:\n%s", s.frame())
	return nil
}

// fill puts a value into a field, as a person does who goes there.
func (s *screen) fill(id, value string) {
	s.t.Helper()
	f := s.formOf()
	f.Focus(id)
	if f.Focused() != id {
		s.t.Fatalf("the field %s can't be reached:\n%s", id, s.frame())
	}
	s.press("ctrl+u", value)
	if got := f.Value(id); got != value {
		s.t.Fatalf("%s holds %q, want %q", id, got, value)
	}
}

// pick presses right until a choice stands there.
func (s *screen) pick(id, option string) {
	s.t.Helper()
	f := s.formOf()
	f.Focus(id)
	for range 20 {
		if f.Value(id) == option {
			return
		}
		s.press("right")
	}
	s.t.Fatalf("%s does not offer %q:\n%s", id, option, s.frame())
}

// tick chooses options of a field that takes several.
func (s *screen) tick(id string, options ...string) {
	s.t.Helper()
	f := s.formOf()
	f.Focus(id)
	for range 20 {
		s.press("right")
		for _, o := range options {
			if strings.Contains(s.frame(), ">[ ] "+o) {
				s.press(" ")
			}
		}
	}
	if got := f.Chosen(id); len(got) < len(options) {
		s.t.Fatalf("%s: chosen %q, want %q", id, got, options)
	}
}
