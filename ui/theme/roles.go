package theme

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Role is what a piece of text is for.
type Role uint8

// The roles.
const (
	Text Role = iota
	Faint
	Strong
	Title
	Key
	Border
	// Frame is the border of what lies over something else.
	Frame
	Good
	Waits
	Warn
	Bad
	Sandbox
	// Selected is the row or button under the cursor.
	Selected
	// Caret is the place where the next character goes.
	Caret
	roles
)

// Background is what the text stands on.
type Background uint8

// The backgrounds. Dark is taken where nothing is known.
const (
	Dark Background = iota
	Light
)

// none is a role without a colour of its own.
const none = -1

// look is how a role is painted: a colour of ANSI 0–15 and attributes.
type look struct {
	color         int
	bold, reverse bool
}

// The two tables. Many terminals draw
// bold in the bright form of its colour, so a role may be bold only if both
// forms can be read.
//
// On dark, the dark red, blue and magenta of the old palettes are hard to make
// out; their bright forms are taken. On light, yellow and cyan vanish in either
// form, and bright green does.
var looks = [...][roles]look{
	Dark: {
		Text: {color: none}, Faint: {color: 8}, Border: {color: 8}, Frame: {color: 12},
		Strong:   {color: none, bold: true},
		Title:    {color: 12, bold: true},
		Key:      {color: 6},
		Good:     {color: 2},
		Waits:    {color: 14, bold: true},
		Warn:     {color: 11},
		Bad:      {color: 9, bold: true},
		Sandbox:  {color: 13, bold: true},
		Selected: {color: none, reverse: true}, Caret: {color: none, reverse: true},
	},
	Light: {
		Text: {color: none}, Faint: {color: 8}, Border: {color: 8}, Frame: {color: 4},
		Strong:   {color: none, bold: true},
		Title:    {color: 4, bold: true},
		Key:      {color: 4},
		Good:     {color: 2},
		Waits:    {color: 4, bold: true},
		Warn:     {color: 5},
		Bad:      {color: 1, bold: true},
		Sandbox:  {color: 5},
		Selected: {color: none, reverse: true}, Caret: {color: none, reverse: true},
	},
}

func (l look) style(r *lipgloss.Renderer) lipgloss.Style {
	s := r.NewStyle()
	if l.color != none {
		s = s.Foreground(lipgloss.ANSIColor(l.color))
	}
	if l.bold {
		s = s.Bold(true)
	}
	if l.reverse {
		s = s.Reverse(true)
	}
	return s
}

// background reads COLORFGBG, which rxvt, Konsole and others set to the numbers
// of foreground and background, "15;0" or "0;default;15". Like Vim, it takes
// white and the bright colours for light.
func background(colorfgbg string) Background {
	switch fields := strings.Split(colorfgbg, ";"); fields[len(fields)-1] {
	case "7", "9", "10", "11", "12", "13", "14", "15":
		if len(fields) > 1 {
			return Light
		}
	}
	return Dark
}
