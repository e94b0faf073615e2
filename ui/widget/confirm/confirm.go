// Package confirm asks before something is changed. It starts on No, the key
// that opened it never accepts, and what can't be undone wants a name typed.
package confirm

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/ui/theme"
	"certty/ui/widget/box"
	"certty/ui/widget/field"
	"certty/ui/widget/form"
)

// Question is what is asked.
type Question struct {
	Title string
	// Lines say what, where, what it does and whether it can be undone.
	Lines []string
	// Yes and No are the buttons' verbs.
	Yes, No string
	// Typed is the name that has to be typed; "" asks for none.
	Typed string
	// TypedLabel says what has to be typed, "Type the name to confirm".
	TypedLabel string
}

// Answer is what a key decided.
type Answer uint8

// The answers.
const (
	Pending Answer = iota
	Yes
	No
)

// Confirm is an open question. It takes no answer before [Confirm.Arm].
type Confirm struct {
	t     *theme.Theme
	q     Question
	typed *field.Field
	yes   bool
	armed bool
}

// New asks a question.
func New(t *theme.Theme, q Question) *Confirm {
	return &Confirm{t: t, q: q, typed: field.New("")}
}

// Arm makes the question take answers. The host calls it a moment after the
// dialog was drawn, so that keys typed ahead decide nothing.
func (c *Confirm) Arm() { c.armed = true }

// Title is the question's title.
func (c *Confirm) Title() string { return c.q.Title }

// Key handles one key.
func (c *Confirm) Key(msg tea.KeyMsg) Answer {
	if msg.String() == "esc" {
		return No
	}
	if !c.armed {
		return Pending
	}
	switch msg.String() {
	case "tab", "shift+tab", "left", "right", "up", "down":
		c.yes = !c.yes
	case "enter":
		if !c.yes {
			return No
		}
		if c.Matches() {
			return Yes
		}
	default:
		return c.letter(msg)
	}
	return Pending
}

func (c *Confirm) letter(msg tea.KeyMsg) Answer {
	if c.q.Typed != "" {
		c.typed.Key(msg)
		// The name is the decision; Enter then does it.
		c.yes = c.Matches()
		return Pending
	}
	switch strings.ToLower(msg.String()) {
	case "y":
		c.yes = true
	case "n":
		return No
	}
	return Pending
}

// Matches reports whether what had to be typed was typed.
func (c *Confirm) Matches() bool {
	return c.q.Typed == "" || strings.TrimSpace(c.typed.Value()) == c.q.Typed
}

// View draws the question in w cells.
func (c *Confirm) View(w, h int) []string {
	var lines []string
	for _, l := range c.q.Lines {
		lines = append(lines, box.Wrap(l, w-4)...)
	}
	if c.q.Typed != "" {
		lines = append(lines, "", c.q.TypedLabel+": "+c.q.Typed,
			"> "+c.typed.View(c.t, max(8, w-8), true))
	}
	focus := 1
	if c.yes {
		focus = 0
	}
	lines = append(lines, "", form.Buttons(c.t, []string{c.q.Yes, c.q.No}, focus))
	return box.Frame(c.t, c.q.Title, lines, w, h)
}
