// Package confirm asks before something is changed. It starts on No, the key
// that opened it never accepts, and what can't be undone wants a name typed.
// What is asked may be longer than the screen: the buttons stay, the rest
// scrolls.
package confirm

import (
	"fmt"
	"slices"
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
	// wrong is true once the action was wanted with another name than asked for.
	wrong bool
	// top is the first line that is shown, page how many were shown last.
	top, page int
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
	switch msg.String() {
	case "esc":
		return No
	case "pgdown":
		c.top += max(1, c.page-1)
		return Pending
	case "pgup":
		c.top = max(0, c.top-max(1, c.page-1))
		return Pending
	}
	if !c.armed {
		return Pending
	}
	switch msg.String() {
	case "tab", "shift+tab":
		c.yes = !c.yes
	// These name a side: pressed twice they do not go back.
	case "left", "up":
		c.yes = true
	case "right", "down":
		c.yes = false
	case "enter":
		if !c.yes {
			return No
		}
		if c.Matches() {
			return Yes
		}
		c.wrong = true
	default:
		return c.letter(msg)
	}
	return Pending
}

func (c *Confirm) letter(msg tea.KeyMsg) Answer {
	if c.q.Typed != "" {
		c.typed.Key(msg)
		// The name is the decision; Enter then does it.
		c.yes, c.wrong = c.Matches(), false
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

// View draws the question in w cells and at most h lines.
func (c *Confirm) View(w, h int) []string {
	var lines, typed []string
	for _, l := range c.q.Lines {
		lines = append(lines, box.Wrap(l, w-4)...)
	}
	if c.q.Typed != "" {
		// The whole of it: what can't be read can't be typed.
		typed = box.Wrap(c.q.TypedLabel+": "+c.q.Typed, w-4)
		// The sign of focus is the button's: Enter presses that.
		typed = append(typed, ": "+c.typed.View(c.t, max(8, w-8), true))
		if c.wrong {
			typed = append(typed, c.t.Paint(theme.Bad, box.Fit("That is not what is asked for; nothing was done.", w-4, c.t.Glyphs.Ellipsis)))
		}
	}
	focus := 1
	if c.yes {
		focus = 0
	}
	buttons := form.Buttons(c.t, []string{c.q.Yes, c.q.No}, focus)
	foot := c.foot(typed, buttons, len(lines), h-2)
	return box.Frame(c.t, c.q.Title, append(c.window(lines, w-4, h-2-len(foot)), foot...), w, h)
}

// foot is how the question is answered, in as much of room as asked lines leave.
// What is asked comes first: on a low screen the keys go, and then the gaps.
func (c *Confirm) foot(typed []string, buttons string, asked, room int) []string {
	foot := slices.Clone(typed)
	if len(typed) > 0 {
		foot = append([]string{""}, foot...)
	}
	foot = append(foot, "", buttons)
	keys := []string{"", c.t.Paint(theme.Faint, c.keys())}
	left := room - len(foot)
	switch {
	case asked+len(keys) <= left, asked > left && left-len(keys) >= fewLines:
		return append(foot, keys...)
	case left < min(asked, fewLines):
		return append(slices.Clone(typed), buttons)
	}
	return foot
}

// fewLines are the least that a question is read in with ease.
const fewLines = 4

// keys say what the keys do now.
func (c *Confirm) keys() string {
	enter, yes, no := c.t.Glyphs.Enter, strings.ToLower(c.q.Yes), strings.ToLower(c.q.No)
	switch {
	case c.q.Typed != "" && !c.Matches():
		return "type it, then " + enter + "   esc " + no
	case c.yes:
		return enter + " " + yes + "   tab other button   esc " + no
	}
	return enter + " or esc " + no + "   tab other button"
}

// window cuts lines to room, and says how much more there is.
func (c *Confirm) window(lines []string, w, room int) []string {
	if len(lines) <= room || room < 1 {
		c.top, c.page = 0, len(lines)
		return lines[:min(len(lines), max(0, room))]
	}
	c.page = max(1, room-1)
	c.top = min(c.top, len(lines)-c.page)
	shown := slices.Clone(lines[c.top : c.top+c.page])
	if room == 1 {
		count := fmt.Sprintf("  %d of %d", c.top+1, len(lines))
		return []string{box.Fit(shown[0], w-len(count), c.t.Glyphs.Ellipsis) + c.t.Paint(theme.Key, count)}
	}
	more := fmt.Sprintf("lines %d to %d of %d; pgup and pgdown show the rest", c.top+1, c.top+c.page, len(lines))
	if len(more) > w {
		more = fmt.Sprintf("%d to %d of %d; pgup, pgdown", c.top+1, c.top+c.page, len(lines))
	}
	return append(shown, c.t.Paint(theme.Key, more))
}
