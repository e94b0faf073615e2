// Package field is a one-line text field, plain ([New]) or masked
// ([NewSecret]). Editing is the textinput of Bubbles; drawing is our own,
// because Bubbles shows its cursor by reverse video only, which disappears under
// NO_COLOR.
package field

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
)

// limit is the longest value in characters, far above any name or subject.
const limit = 4096

// Field is a text field. The zero value is not usable, start with [New].
type Field struct {
	input  textinput.Model
	masked bool
}

// New makes a field that holds value.
func New(value string) *Field {
	in := textinput.New()
	in.CharLimit = limit
	in.SetValue(value)
	in.CursorEnd()
	in.Focus()
	return &Field{input: in}
}

// NewSecret makes an empty field that never shows what is typed.
func NewSecret() *Field {
	f := New("")
	// Bubbles then moves over it as over one word: the words' bounds stay
	// secret, too.
	f.input.EchoMode = textinput.EchoPassword
	f.masked = true
	return f
}

// Value is what was typed.
func (f *Field) Value() string { return f.input.Value() }

// Set replaces the value and puts the caret at its end.
func (f *Field) Set(value string) {
	f.input.SetValue(value)
	f.input.CursorEnd()
}

// Key edits; keys that mean nothing to a text field are ignored.
func (f *Field) Key(msg tea.KeyMsg) { f.input, _ = f.input.Update(msg) }

// Insert puts text in at the caret, as one line. Of a secret only the line break
// that a copied line ends with is taken off: blanks may be part of it.
func (f *Field) Insert(text string) {
	if f.masked {
		text = strings.TrimRight(text, "\r\n")
	} else {
		text = strings.Join(strings.Fields(text), " ")
	}
	f.Key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

// View draws the field in exactly w cells, with the caret when it is focused.
func (f *Field) View(t *theme.Theme, w int, focused bool) string {
	value := f.shown()
	if !focused {
		return fit(t, string(value), w)
	}
	pos := min(f.input.Position(), len(value))
	before, under, after := string(value[:pos]), " ", ""
	if pos < len(value) {
		under, after = string(value[pos]), string(value[pos+1:])
	}
	room := w - max(1, ansi.StringWidth(under)) - 1
	if over := ansi.StringWidth(before) - room; over > 0 {
		before = t.Glyphs.Ellipsis + ansi.TruncateLeft(before, over+1, "")
	}
	var line string
	if t.Color() {
		line = before + t.Paint(theme.Caret, under) + after
	} else {
		line = before + t.Glyphs.Caret + strings.TrimSuffix(under, " ") + after
		if under == " " && after != "" {
			line = before + t.Glyphs.Caret + under + after
		}
	}
	return fit(t, line, w)
}

// shown is what stands for each character: itself, unless it is secret or would
// change how its neighbours are shown (bidi marks, zero-width signs).
func (f *Field) shown() []rune {
	value := []rune(f.input.Value())
	for i, r := range value {
		switch {
		case f.masked:
			value[i] = '*'
		case unicode.Is(unicode.Cf, r), unicode.IsControl(r):
			value[i] = '?'
		}
	}
	return value
}

func fit(t *theme.Theme, s string, w int) string {
	s = ansi.Truncate(s, w, t.Glyphs.Ellipsis)
	return s + strings.Repeat(" ", max(0, w-ansi.StringWidth(s)))
}
