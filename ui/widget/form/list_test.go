package form

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
)

// offering is a form with a choice of n options after a name, and a short one.
func offering(n int) *Form {
	options := make([]string, n)
	for i := range options {
		options[i] = fmt.Sprintf("Acme / Department %d (%d)", i, 1000+i)
	}
	return New(theme.New(theme.Options{}), "Send", "Back",
		Field{ID: "name", Label: "Name"},
		Field{ID: "organization", Label: "Organization", Options: options, Hint: "departments are indented", Note: func(func(string) string) string { return "a note" }},
		Field{ID: "key", Label: "Key", Options: []string{"RSA", "EC"}},
		Field{ID: "extra", Label: "Extra", Check: func(v string) string {
			if v == "" {
				return "it is needed"
			}
			return ""
		}},
	)
}

func TestListIsSearched(t *testing.T) {
	f := offering(300)
	f.Focus("organization")
	if frame := frame(f); !strings.Contains(frame, "departments are indented. Type to") {
		t.Errorf("the search is not told of:\n%s", frame)
	}
	typed(f, "DEP 1217")
	if frame := frame(f); !f.Listing() || !strings.Contains(frame, "> Acme / Department 217 (1217)") || !strings.Contains(frame, "1 of 1 found among 300") || strings.Contains(frame, "a note") {
		t.Errorf("not found by its id:\n%s", frame)
	}
	if e := typed(f, "enter"); e != None || f.Listing() || f.Value("organization") != "Acme / Department 217 (1217)" || f.Focused() != "organization" {
		t.Errorf("%v, %q, focus on %q", e, f.Value("organization"), f.Focused())
	}
	f.Key(space)
	if frame := frame(f); !strings.Contains(frame, "> Acme / Department 217 (1217)") || !strings.Contains(frame, "218 of 300") {
		t.Errorf("the list does not open at the value:\n%s", frame)
	}
	typed(f, "down", "pgdown", "up", "pgup", "pgup", "enter")
	if got := f.Value("organization"); got != "Acme / Department 207 (1207)" {
		t.Errorf("moved to %q", got)
	}
	typed(f, "right")
	if got := f.Value("organization"); f.Listing() || got != "Acme / Department 208 (1208)" {
		t.Errorf("right chose %q", got)
	}
}

// Esc closes the list and nothing else; what goes on from the list takes what
// is marked in it.
func TestListEnds(t *testing.T) {
	const first, other = "Acme / Department 0 (1000)", "Acme / Department 7 (1007)"
	for name, tt := range map[string]struct {
		keys        []string
		event       Event
		value, then string
		open        bool
	}{
		"esc":                 {[]string{"1007", "esc"}, None, first, "organization", false},
		"esc twice":           {[]string{"1007", "esc", "esc"}, Left, first, "organization", false},
		"tab":                 {[]string{"1007", "tab"}, None, other, "key", false},
		"shift+tab":           {[]string{"1007", "shift+tab"}, None, other, "name", false},
		"ctrl+s":              {[]string{"1007", "ctrl+s"}, Refused, other, "extra", false},
		"enter":               {[]string{"1007", "enter"}, None, other, "organization", false},
		"enter on nothing":    {[]string{"zzz", "enter"}, None, first, "organization", true},
		"tab on nothing":      {[]string{"zzz", "tab"}, None, first, "key", false},
		"taken back":          {[]string{"zzz", "backspace", "backspace", "backspace", "down", "enter"}, None, "Acme / Department 1 (1001)", "organization", false},
		"left and right edit": {[]string{"107", "left", "left", "0", "enter"}, None, other, "organization", false},
	} {
		t.Run(name, func(t *testing.T) {
			f := offering(20)
			f.Focus("organization")
			if e := typed(f, tt.keys...); e != tt.event || f.Value("organization") != tt.value || f.Focused() != tt.then || f.Listing() != tt.open {
				t.Errorf("%v, %q, focus on %q, open: %v; want %v, %q, %q, %v", e, f.Value("organization"), f.Focused(), f.Listing(), tt.event, tt.value, tt.then, tt.open)
			}
		})
	}
}

// Few options are walked as ever; typing searches them, too.
func TestListOfFew(t *testing.T) {
	f := offering(20)
	f.Focus("key")
	f.Key(space)
	if f.Listing() || f.Value("key") != "EC" {
		t.Errorf("space: %q, open: %v", f.Value("key"), f.Listing())
	}
	typed(f, "rs", "enter")
	if got := f.Value("key"); got != "RSA" {
		t.Errorf("searched %q", got)
	}
	grown := grown()
	grown.Focus("on")
	if typed(grown, "y"); grown.Listing() {
		t.Error("a toggle has a list")
	}
}

// Any number of many options is chosen from the list; what is chosen is named as
// far as there is room, and the form stays short.
func TestListOfMany(t *testing.T) {
	options := make([]string, 300)
	for i := range options {
		options[i] = fmt.Sprintf("Acme / Department %d", 1000+i)
	}
	f := New(theme.New(theme.Options{}), "Send", "Back", Field{ID: "many", Label: "Organizations", Kind: Many, Options: options}, Field{ID: "name", Label: "Name"})
	changes := 0
	f.OnChange(func(string) { changes++ })
	sees := func(what string, texts ...string) {
		t.Helper()
		for _, text := range texts {
			if frame := strings.Join(f.View(100, 30), "\n"); !strings.Contains(frame, text) {
				t.Errorf("%s: no %q in\n%s", what, text, frame)
			}
		}
	}
	sees("nothing chosen", "0 of 300", "Type to search among them; space lists all.")
	if n := len(f.View(76, 100)); n > 8 {
		t.Errorf("%d lines", n)
	}
	typed(f, "1217")
	f.Key(space)
	sees("found", "> [x] Acme / Department 1217", "1 of 1 found among 300, 1 chosen")
	typed(f, "backspace", "down")
	if e := typed(f, "enter"); e != None || !f.Listing() {
		t.Errorf("enter: %v, open: %v", e, f.Listing())
	}
	typed(f, "esc")
	if got := f.Chosen("many"); len(got) != 2 || f.Listing() || changes != 2 || f.Focused() != "many" {
		t.Errorf("chosen %v, open: %v, %d changes", got, f.Listing(), changes)
	}
	sees("chosen", "2 of 300: Acme / Department 1210, Acme / Department 1217")
	// Where the cursor was it opens again; tab goes on and takes nothing.
	if typed(f, "right", "tab"); len(f.Chosen("many")) != 2 || f.Focused() != "name" {
		t.Errorf("tab: %v, focus on %q", f.Chosen("many"), f.Focused())
	}
	f.Focus("many")
	f.Key(space)
	for range 20 {
		typed(f, "down")
		f.Key(space)
	}
	typed(f, "esc")
	// The one that was chosen before is not any more.
	sees("many chosen", "20 of 300: Acme / Department 1210", "more")
	if n := len(f.View(76, 100)); n > 10 {
		t.Errorf("%d lines", n)
	}
}

// A change is told once, when it is chosen.
func TestListTellsItsChange(t *testing.T) {
	f := offering(20)
	var changed []string
	f.OnChange(func(id string) { changed = append(changed, id) })
	f.Focus("organization")
	typed(f, "100", "down", "esc", "1000", "enter", "1003", "enter")
	if got := strings.Join(changed, " "); got != "organization" {
		t.Errorf("changes of %q", got)
	}
}

// The options change under the open list: the cursor stays on what it was on.
func TestListSurvivesNews(t *testing.T) {
	f := offering(20)
	f.Focus("organization")
	typed(f, "dep", "down", "down")
	f.SetOptions("organization", []string{"New (1)", "Department Z (2)", "Acme / Department 2 (1002)"})
	if frame := frame(f); !strings.Contains(frame, "> Acme / Department 2 (1002)") || !strings.Contains(frame, "2 of 2 found among 3") {
		t.Errorf("after news:\n%s", frame)
	}
	f.Paste("artment z\n")
	if typed(f, "enter"); f.Value("organization") != "Department Z (2)" {
		t.Errorf("chosen %q", f.Value("organization"))
	}
}

func TestResume(t *testing.T) {
	old := offering(20)
	typed(old, "ctrl+s")
	old.Focus("organization")
	typed(old, "1003")
	f := offering(30)
	f.Resume(old)
	if frame := frame(f); !f.Listing() || !strings.Contains(frame, "1 of 1 found among 30") || !strings.Contains(frame, "it is needed") {
		t.Errorf("resumed:\n%s", frame)
	}
	if typed(f, "enter"); f.Value("organization") != "Acme / Department 3 (1003)" || old.Value("organization") == f.Value("organization") {
		t.Errorf("chosen %q", f.Value("organization"))
	}
	grownUp := grown()
	grownUp.Focus("extra")
	typed(grownUp, "tab", "tab", "tab", "tab")
	again := grown()
	again.Resume(grownUp)
	if frame := frame(again); !strings.Contains(frame, "Extra") || !strings.Contains(frame, "> [ Back ]") {
		t.Errorf("sections and buttons:\n%s", frame)
	}
}

// The cursor of the list is seen in every room, and nothing leaves it.
func TestListSizes(t *testing.T) {
	for _, w := range []int{1, 2, 5, 20, 40, 76, 300} {
		for h := 1; h <= 100; h++ {
			f := offering(200)
			f.Focus("organization")
			f.Key(space)
			for range 3 {
				typed(f, "pgdown", "pgdown", "down")
				lines := f.View(w, h)
				if len(lines) > h {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				if text := ansi.Strip(strings.Join(lines, "\n")); w > 30 && !strings.Contains(text, "> Acme") {
					t.Fatalf("%dx%d: the cursor is out of sight:\n%s", w, h, text)
				}
				if rows := strings.Count(strings.Join(lines, "\n"), "Acme"); rows > listed {
					t.Fatalf("%dx%d: %d rows", w, h, rows)
				}
			}
		}
	}
}
