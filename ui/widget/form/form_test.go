package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
)

func key(s string) tea.KeyMsg {
	switch s {
	case "tab":
		return tea.KeyMsg{Type: tea.KeyTab}
	case "shift+tab":
		return tea.KeyMsg{Type: tea.KeyShiftTab}
	case "enter":
		return tea.KeyMsg{Type: tea.KeyEnter}
	case "esc":
		return tea.KeyMsg{Type: tea.KeyEsc}
	case "left":
		return tea.KeyMsg{Type: tea.KeyLeft}
	case "right":
		return tea.KeyMsg{Type: tea.KeyRight}
	case "up":
		return tea.KeyMsg{Type: tea.KeyUp}
	case "down":
		return tea.KeyMsg{Type: tea.KeyDown}
	case "pgdown":
		return tea.KeyMsg{Type: tea.KeyPgDown}
	case "pgup":
		return tea.KeyMsg{Type: tea.KeyPgUp}
	case "ctrl+s":
		return tea.KeyMsg{Type: tea.KeyCtrlS}
	case "backspace":
		return tea.KeyMsg{Type: tea.KeyBackspace}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)}
}

func typed(f *Form, keys ...string) (last Event) {
	for _, k := range keys {
		if len(k) > 1 && key(k).Type == tea.KeyRunes {
			for _, r := range k {
				last = f.Key(key(string(r)))
			}
			continue
		}
		last = f.Key(key(k))
	}
	return last
}

// What is typed on a suggestion replaces it, or is added where several values
// belong: typed behind it the two were one word, "a.example.comb.example.com".
func TestTypingOnASuggestion(t *testing.T) {
	suggesting := func() *Form {
		name := func(value func(string) string) string { return value("from") }
		return New(theme.New(theme.Options{UTF8: true}), "Send", "Back",
			Field{ID: "from", Label: "From", Value: "a"},
			Field{ID: "name", Label: "Name", Hint: "a name", Suggest: name},
			Field{ID: "list", Label: "List", Suggest: name, Joins: ", "})
	}
	for _, tt := range []struct {
		name, id string
		keys     []string
		want     string
	}{
		{"replaced", "name", []string{"b", "c"}, "bc"},
		{"replaced by what begins like it", "name", []string{"a", "b"}, "ab"},
		{"changed behind the caret", "name", []string{"right", "b"}, "ab"},
		{"changed before the caret", "name", []string{"left", "b"}, "ba"},
		{"shortened", "name", []string{"backspace", "b"}, "b"},
		{"added", "list", []string{"b", "c"}, "a, bc"},
		{"added with a separator that was typed", "list", []string{",", "b"}, "a,b"},
		{"nothing typed", "list", nil, "a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := suggesting()
			f.Focus(tt.id)
			typed(f, tt.keys...)
			if got := f.Value(tt.id); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
	t.Run("pasted", func(t *testing.T) {
		f := suggesting()
		f.Focus("name")
		f.Paste("b")
		f.Focus("list")
		f.Paste("b c")
		if name, list := f.Value("name"), f.Value("list"); name != "b" || list != "a, b c" {
			t.Errorf("name %q, list %q", name, list)
		}
	})
	t.Run("said while it is one", func(t *testing.T) {
		f := suggesting()
		f.Focus("name")
		if frame := strings.Join(f.View(60, 10), "\n"); !strings.Contains(frame, "a name; typing replaces it, right changes it") {
			t.Errorf("not said:\n%s", frame)
		}
		typed(f, "b")
		if frame := strings.Join(f.View(60, 10), "\n"); strings.Contains(frame, "typing replaces it") {
			t.Errorf("said of what was typed:\n%s", frame)
		}
	})
}

func sample() *Form {
	return New(theme.New(theme.Options{UTF8: true}), "Send", "Back",
		Field{ID: "subject", Label: "Subject", Hint: "who", Check: func(v string) string {
			if v == "" {
				return "a subject is needed"
			}
			return ""
		}},
		Field{ID: "name", Label: "Name", Suggest: func(value func(string) string) string { return strings.ToLower(value("subject")) }},
		Field{ID: "key", Label: "Key", Options: []string{"RSA", "EC"}},
	)
}

func TestFormFlow(t *testing.T) {
	f := sample()
	if e := typed(f, "ctrl+s"); e != Refused {
		t.Fatalf("an empty subject was accepted: %v", e)
	}
	if !strings.Contains(strings.Join(f.View(60, 20), "\n"), "a subject is needed") {
		t.Error("the problem is not said after the attempt")
	}
	typed(f, "SHOP")
	if got := f.Value("name"); got != "shop" {
		t.Errorf("suggested name %q", got)
	}
	typed(f, "tab", "x")
	typed(f, "up", "S")
	if got := f.Value("name"); got != "x" {
		t.Errorf("a typed name was overwritten: %q", got)
	}
	typed(f, "tab", "tab", "right")
	if got := f.Value("key"); got != "EC" {
		t.Errorf("choice %q", got)
	}
	if e := typed(f, "enter"); e != Submitted {
		t.Errorf("enter on the last field: %v, want Submitted", e)
	}
	if e := typed(f, "tab", "right", "enter"); e != Left {
		t.Errorf("enter on the second button: %v, want Left", e)
	}
	if e := typed(f, "esc"); e != Left || f.Value("subject") != "SHOPS" {
		t.Errorf("esc: %v, subject %q: leaving must keep what was typed", e, f.Value("subject"))
	}
}

func TestFormPaste(t *testing.T) {
	f := sample()
	f.Paste("CN=a,\r\n O=b\n")
	if got := f.Value("subject"); got != "CN=a, O=b" {
		t.Errorf("pasted %q", got)
	}
}

// Without colour the focus and the choice must still be seen.
func TestFormFocusWithoutColor(t *testing.T) {
	f := sample()
	before := strings.Join(f.View(60, 20), "\n")
	typed(f, "tab")
	after := strings.Join(f.View(60, 20), "\n")
	if before == after {
		t.Error("the focus can't be seen without colour")
	}
}

func TestFormSizes(t *testing.T) {
	f := sample()
	typed(f, "証明書", "tab")
	for w := 1; w < 100; w += 7 {
		for h := 1; h < 12; h++ {
			if lines := f.View(w, h); len(lines) > h {
				t.Fatalf("%dx%d: %d lines", w, h, len(lines))
			}
		}
	}
	for range 5 {
		lines := f.View(50, 3)
		if !strings.Contains(ansi.Strip(strings.Join(lines, "\n")), ">") {
			t.Errorf("the focus is out of sight in a low window:\n%s", strings.Join(lines, "\n"))
		}
		typed(f, "tab")
	}
}
