package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
)

var space = tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}

// grown is a form with a field of every kind.
func grown() *Form {
	return New(theme.New(theme.Options{UTF8: true}), "Send", "Back",
		Field{ID: "name", Label: "Name", Note: func(value func(string) string) string { return "noted " + value("name") }},
		Field{ID: "more", Kind: Section, Label: "More", Note: func(value func(string) string) string { return "sum " + value("uses") }},
		Field{ID: "uses", In: "more", Kind: Many, Label: "Uses", Options: []string{"alpha", "beta", "gamma"}, Value: "beta"},
		Field{ID: "deep", In: "more", Kind: Section, Label: "Deep"},
		Field{ID: "on", In: "deep", Kind: Toggle, Label: "On", Value: Yes},
		Field{ID: "extra", In: "deep", Label: "Extra", Show: func(value func(string) string) bool { return value("on") == Yes },
			Warn: func(value func(string) string) string {
				if value("extra") == "odd" {
					return "unwise"
				}
				return ""
			}},
		Field{ID: "word", Kind: Secret, Label: "Word"},
		Field{ID: "long", Label: "Long", Options: strings.Fields("one two three four five six seven eight nine ten eleven twelve")},
	)
}

func frame(f *Form) string { return strings.Join(f.View(60, 30), "\n") }

func TestSectionsOpenAndClose(t *testing.T) {
	f := grown()
	if frame := frame(f); strings.Contains(frame, "Uses") || !strings.Contains(frame, "+ More  sum beta") {
		t.Errorf("a section starts open, or without its sum:\n%s", frame)
	}
	typed(f, "tab", "enter")
	if frame := frame(f); !strings.Contains(frame, "- More") || !strings.Contains(frame, "Uses") || strings.Contains(frame, "Extra") {
		t.Errorf("enter opens a section, but not those in it:\n%s", frame)
	}
	typed(f, "left")
	if frame := frame(f); strings.Contains(frame, "Uses") {
		t.Errorf("left closes a section:\n%s", frame)
	}
	f.Key(space)
	typed(f, "tab", "tab", "right", "tab", "tab")
	if got := f.Focused(); got != "extra" {
		t.Errorf("the focus is on %q, want extra", got)
	}
	typed(f, "odd")
	if frame := frame(f); !strings.Contains(frame, "! unwise") {
		t.Errorf("what is unwise is not said:\n%s", frame)
	}
}

func TestManyAndToggle(t *testing.T) {
	f := grown()
	f.Focus("uses")
	if got := f.Focused(); got != "uses" {
		t.Fatalf("a field in a closed section can't be reached: %q", got)
	}
	f.Key(space)
	typed(f, "right", "right")
	f.Key(space)
	if got := strings.Join(f.Chosen("uses"), " "); got != "alpha beta gamma" {
		t.Errorf("chosen %q", got)
	}
	typed(f, "left")
	if frame := frame(f); !strings.Contains(frame, ">[x] beta") {
		t.Errorf("the cursor can't be seen without colour:\n%s", frame)
	}
	f.Key(space)
	if got := f.Value("uses"); got != "alpha, gamma" {
		t.Errorf("value %q", got)
	}
	f.Focus("on")
	typed(f, "right")
	if f.On("on") || strings.Contains(frame(f), "Extra") {
		t.Errorf("a field that does not apply is shown:\n%s", frame(f))
	}
	f.SetOptions("uses", []string{"gamma", "delta"})
	if got := f.Value("uses"); got != "gamma" {
		t.Errorf("new options took %q", got)
	}
}

// A secret is in the value and nowhere else, blanks and all.
func TestSecretIsNeverDrawn(t *testing.T) {
	f := grown()
	f.Focus("word")
	f.Paste(" two  words \r\n")
	f.Key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("!")})
	if got := f.Value("word"); got != " two  words !" {
		t.Errorf("value %q", got)
	}
	if frame := frame(f); strings.Contains(frame, "two") || strings.Contains(frame, "!") || !strings.Contains(frame, strings.Repeat("*", 13)) {
		t.Errorf("drawn:\n%s", frame)
	}
	f.Focus("name")
	if strings.Contains(frame(f), "two") {
		t.Error("drawn without the focus")
	}
}

// Problems that only all values together show belong to a field, too: its
// section opens.
func TestCheckWith(t *testing.T) {
	f := grown()
	f.CheckWith(func(value Values) map[string]string {
		if value("name") == value("extra") {
			return map[string]string{"extra": "the same as the name"}
		}
		return nil
	})
	if strings.Contains(frame(f), "the same") {
		t.Error("an empty form is no error yet")
	}
	if e := typed(f, "ctrl+s"); e != Refused || f.Focused() != "extra" || !strings.Contains(frame(f), "the same as the name") {
		t.Errorf("%v, focus on %q:\n%s", e, f.Focused(), frame(f))
	}
	typed(f, "x")
	if e := typed(f, "ctrl+s"); e != Submitted {
		t.Errorf("%v after it was put right", e)
	}
	f.Set("extra", "")
	f.Focus("on")
	typed(f, "left")
	if e := typed(f, "ctrl+s"); e != Submitted {
		t.Errorf("%v: what does not apply was judged", e)
	}
}

func TestOnChange(t *testing.T) {
	f := grown()
	var changed []string
	f.OnChange(func(id string) {
		changed = append(changed, id)
		if id == "name" {
			f.Set("extra", strings.ToUpper(f.Value("name")))
		}
	})
	typed(f, "ab", "left", "tab", "right", "tab")
	f.Key(space)
	if got := strings.Join(changed, " "); got != "name name uses" {
		t.Errorf("changes of %q", got)
	}
	if got := f.Value("extra"); got != "AB" {
		t.Errorf("extra %q", got)
	}
}

// What would change how its neighbours are shown is not shown.
func TestInvisibleCharacters(t *testing.T) {
	f := grown()
	f.Focus("extra")
	f.Paste("a\u202eb\u200dc")
	if frame := frame(f); strings.ContainsAny(frame, "\u202e\u200d") {
		t.Errorf("drawn:\n%q", frame)
	}
}
