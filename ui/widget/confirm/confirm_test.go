package confirm

import (
	"strconv"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
)

var (
	enter = tea.KeyMsg{Type: tea.KeyEnter}
	tab   = tea.KeyMsg{Type: tea.KeyTab}
	left  = tea.KeyMsg{Type: tea.KeyLeft}
	right = tea.KeyMsg{Type: tea.KeyRight}
	esc   = tea.KeyMsg{Type: tea.KeyEsc}
)

func letter(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }

func ask(typed string) *Confirm {
	return New(theme.New(theme.Options{UTF8: true}), Question{Title: "Delete", Lines: []string{"It can't be undone."},
		Yes: "Delete", No: "Back", Typed: typed, TypedLabel: "Type the name"})
}

func press(c *Confirm, keys ...tea.KeyMsg) (a Answer) {
	for _, k := range keys {
		a = c.Key(k)
	}
	return a
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed string
		armed bool
		keys  []tea.KeyMsg
		want  Answer
	}{
		{"starts on No", "", true, []tea.KeyMsg{enter}, No},
		{"two keys accept", "", true, []tea.KeyMsg{tab, enter}, Yes},
		{"a side pressed twice stays", "", true, []tea.KeyMsg{left, left, enter}, Yes},
		{"the other side takes it back", "", true, []tea.KeyMsg{left, right, enter}, No},
		{"y moves, enter accepts", "", true, []tea.KeyMsg{letter("y"), enter}, Yes},
		{"y alone decides nothing", "", true, []tea.KeyMsg{letter("y")}, Pending},
		{"the opening key decides nothing", "", true, []tea.KeyMsg{letter("x"), letter("x")}, Pending},
		{"n", "", true, []tea.KeyMsg{letter("n")}, No},
		{"esc", "", true, []tea.KeyMsg{tab, esc}, No},
		{"typed ahead decides nothing", "", false, []tea.KeyMsg{tab, enter}, Pending},
		{"esc works before arming", "", false, []tea.KeyMsg{esc}, No},
		{"a name has to be typed", "ab", true, []tea.KeyMsg{tab, enter}, Pending},
		{"half a name is none", "ab", true, []tea.KeyMsg{letter("a"), tab, enter}, Pending},
		{"typed name accepts", "ab", true, []tea.KeyMsg{letter("a"), letter("b"), enter}, Yes},
		{"scrolling on moves no answer", "ab", true, []tea.KeyMsg{letter("a"), letter("b"), tab, {Type: tea.KeyPgDown}, enter}, No},
		{"scrolling back moves no answer", "ab", true, []tea.KeyMsg{letter("a"), letter("b"), tab, {Type: tea.KeyPgUp}, enter}, No},
		{"n is a letter of a name", "ny", true, []tea.KeyMsg{letter("n")}, Pending},
		{"n and y are letters of a name", "ny", true, []tea.KeyMsg{letter("n"), letter("y"), enter}, Yes},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := ask(tt.typed)
			if tt.armed {
				c.Arm()
			}
			if got := press(c, tt.keys...); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestTheNameIsSeen: what has to be typed, and what was.
func TestTheNameIsSeen(t *testing.T) {
	c := ask("shop-prod")
	c.Arm()
	if c.Title() != "Delete" {
		t.Errorf("title %q", c.Title())
	}
	for _, r := range "shop-p" {
		press(c, letter(string(r)))
	}
	frame := strings.Join(c.View(60, 20), "\n")
	if !strings.Contains(frame, c.Title()) || !strings.Contains(frame, "Type the name: shop-prod") || strings.Count(frame, "shop-p") != 2 {
		t.Errorf("the title %q, the name or what was typed is not shown:\n%s", c.Title(), frame)
	}
}

// A wrong name is answered: silence looks like a key that was not taken.
func TestWrongNameIsSaid(t *testing.T) {
	const said = "nothing was done"
	c := ask("ab")
	c.Arm()
	press(c, letter("a"), tab, enter)
	if frame := strings.Join(c.View(60, 20), "\n"); !strings.Contains(frame, said) {
		t.Errorf("not said:\n%s", frame)
	}
	press(c, letter("b"))
	if frame := strings.Join(c.View(60, 20), "\n"); strings.Contains(frame, said) {
		t.Errorf("said of the right name:\n%s", frame)
	}
}

func TestViewShowsFocusWithoutColor(t *testing.T) {
	c := ask("")
	c.Arm()
	before := strings.Join(c.View(60, 20), "\n")
	press(c, tab)
	if after := strings.Join(c.View(60, 20), "\n"); after == before {
		t.Error("which button has the focus can't be seen without colour")
	}
	if !strings.Contains(before, "> [ Back ]") || strings.Contains(before, "> [ Delete ]") {
		t.Errorf("No must have the focus at first:\n%s", before)
	}
	if after := strings.Join(c.View(60, 20), "\n"); !strings.Contains(after, "> [ Delete ]") || strings.Contains(after, "> [ Back ]") {
		t.Errorf("the focus must be seen where Enter would press:\n%s", after)
	}
}

// TestQuestionComesBeforeItsKeys: the keys give way to the question where both don't fit.
func TestQuestionComesBeforeItsKeys(t *testing.T) {
	c := New(theme.New(theme.Options{}), Question{Title: "Delete", Lines: strings.Split("1 2 3 4 5 6 last", " "), Yes: "Delete", No: "Back"})
	for h, want := range map[int]struct{ last, keys bool }{
		7 + 2 + 4: {true, true},
		7 + 2 + 3: {true, false},
		7 + 2 + 2: {true, false},
		7 + 2 + 1: {false, true},
	} {
		frame := strings.Join(c.View(60, h), "\n")
		if last, keys := strings.Contains(frame, "last"), strings.Contains(frame, "tab other button"); last != want.last || keys != want.keys {
			t.Errorf("in %d lines: last line %v, keys %v\n%s", h, last, keys, frame)
		}
	}
}

// TestLowScreen: on the lowest screens, too, a question is read to its end beside
// its buttons, and says that there is more of it.
func TestLowScreen(t *testing.T) {
	for _, tt := range []struct {
		typed string
		h     int
		more  string
	}{
		{"", 7, "1 to 3 of 14; pgup, pgdown"},
		{"", 5, "1 of 14"},
		{"old-shop", 7, "1 to 1 of 14; pgup, pgdown"},
		{"old-shop", 6, "1 of 14"},
	} {
		q := Question{Title: "Purge", Yes: "Purge", No: "Back", Typed: tt.typed, TypedLabel: "Type the name"}
		for i := range 14 {
			q.Lines = append(q.Lines, "line "+strconv.Itoa(i+1)+".")
		}
		c := New(theme.New(theme.Options{}), q)
		if frame := strings.Join(c.View(38, tt.h), "\n"); !strings.Contains(frame, tt.more) {
			t.Errorf("%d lines, %q typed: nothing says that there is more:\n%s", tt.h, tt.typed, frame)
		}
		for _, line := range q.Lines {
			frame := strings.Join(c.View(38, tt.h), "\n")
			if !strings.Contains(frame, line) {
				press(c, tea.KeyMsg{Type: tea.KeyPgDown})
				frame = strings.Join(c.View(38, tt.h), "\n")
			}
			if !strings.Contains(frame, line) || !strings.Contains(frame, "[ Purge ]") || strings.Contains(frame, "Type the name") != (tt.typed != "") {
				t.Fatalf("%d lines, %q typed: %q or its answer is not seen:\n%s", tt.h, tt.typed, line, frame)
			}
		}
	}
}

// TestLongQuestionScrolls: a question that is longer than the screen must be
// readable to its end, and its buttons must stay in sight.
func TestLongQuestionScrolls(t *testing.T) {
	q := Question{Title: "Create", Yes: "Create", No: "Back", Typed: "name", TypedLabel: "Type the name"}
	for i := range 40 {
		q.Lines = append(q.Lines, "line "+strconv.Itoa(i+1)+".")
	}
	c := New(theme.New(theme.Options{UTF8: true}), q)
	seen := ""
	for range 20 {
		frame := strings.Join(c.View(60, 14), "\n")
		if !strings.Contains(frame, "[ Create ]") || !strings.Contains(frame, "Type the name") || strings.Count(frame, "\n") != 13 {
			t.Fatalf("the answers left the screen:\n%s", frame)
		}
		seen += frame
		press(c, tea.KeyMsg{Type: tea.KeyPgDown})
	}
	if frame := strings.Join(c.View(60, 14), "\n"); !strings.Contains(frame, "line 40.") {
		t.Errorf("it scrolled past its end:\n%s", frame)
	}
	for _, line := range q.Lines {
		if !strings.Contains(seen, line) {
			t.Errorf("%q was never shown", line)
		}
	}
	for range 20 {
		press(c, tea.KeyMsg{Type: tea.KeyPgUp})
	}
	if frame := strings.Join(c.View(60, 14), "\n"); !strings.Contains(frame, "line 1.") {
		t.Errorf("the first line is out of reach:\n%s", frame)
	}
	for w := range 70 {
		for h := range 50 {
			if got := len(c.View(w, h)); got > h {
				t.Fatalf("%d lines on %dx%d", got, w, h)
			}
		}
	}
}

// TestKeysAreNamed: the last line says what enter does as things stand.
func TestKeysAreNamed(t *testing.T) {
	keys := func(c *Confirm) string {
		lines := c.View(80, 24)
		return strings.Trim(lines[len(lines)-2], "│ ")
	}
	c := New(theme.New(theme.Options{UTF8: true}), Question{Title: "Delete", Yes: "Delete", No: "Back", Typed: "web", TypedLabel: "Type"})
	c.Arm()
	if got := keys(c); got != "type it, then ⏎   esc back" {
		t.Errorf("before it is typed: %q", got)
	}
	for _, r := range "web" {
		c.Key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
	if got := keys(c); got != "⏎ delete   tab other button   esc back" {
		t.Errorf("once it is typed: %q", got)
	}
	c.Key(tea.KeyMsg{Type: tea.KeyTab})
	if got := keys(c); got != "⏎ or esc back   tab other button" {
		t.Errorf("on the other button: %q", got)
	}
}
