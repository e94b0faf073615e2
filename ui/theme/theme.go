package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// Options say what the terminal is capable of.
type Options struct {
	// Color is false under NO_COLOR, on TERM=dumb and in tests.
	Color bool
	// ASCII asks for glyphs of 7 bits.
	ASCII bool
	// UTF8 is false when the terminal takes no UTF-8 at all: then names, too,
	// are shown in ASCII.
	UTF8 bool
	// Background chooses the table of colours.
	Background Background
}

// Theme paints text by role.
type Theme struct {
	Glyphs Glyphs
	opts   Options
	open   [roles]string
	close  [roles]string
}

// New makes a theme for one session.
func New(o Options) *Theme {
	// The writer is never written to nor asked: profile and background are set.
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.Ascii)
	if o.Color {
		r.SetColorProfile(termenv.ANSI)
	}
	r.SetHasDarkBackground(o.Background == Dark)
	t := &Theme{opts: o, Glyphs: unicodeGlyphs}
	if o.ASCII {
		t.Glyphs = asciiGlyphs
	}
	for role := range roles {
		t.open[role], t.close[role] = sequences(looks[o.Background][role].style(r))
	}
	return t
}

// FromEnv reads the options from the environment: NO_COLOR
// (https://no-color.org), TERM, COLORFGBG and the locale.
func FromEnv(lookup func(string) (string, bool)) Options {
	get := func(k string) string { v, _ := lookup(k); return v }
	term := get("TERM")
	locale := get("LC_ALL")
	for _, k := range []string{"LC_CTYPE", "LANG"} {
		if locale == "" {
			locale = get(k)
		}
	}
	l := strings.ToLower(locale)
	utf8 := strings.Contains(l, "utf-8") || strings.Contains(l, "utf8")
	return Options{
		Color: get("NO_COLOR") == "" && term != "dumb" && term != "",
		ASCII: !utf8 || term == "linux" || term == "dumb",
		UTF8:  utf8,

		Background: background(get("COLORFGBG")),
	}
}

// sequences splits a style into what goes before and after a run of text, so
// that painting is two concatenations.
func sequences(s lipgloss.Style) (open, closing string) {
	const mark = "x"
	open, closing, _ = strings.Cut(s.Render(mark), mark)
	return open, closing
}

// Paint renders s in a role. s must be plain text.
func (t *Theme) Paint(role Role, s string) string {
	if s == "" || t.open[role] == "" {
		return s
	}
	return t.open[role] + s + t.close[role]
}

// Painter is Paint with the role fixed.
func (t *Theme) Painter(role Role) func(string) string {
	return func(s string) string { return t.Paint(role, s) }
}

// Color reports whether styles show.
func (t *Theme) Color() bool { return t.opts.Color }

// Finish is applied to the whole frame: on a terminal without UTF-8 every
// character of more than 7 bits becomes a question mark of its width.
func (t *Theme) Finish(frame string) string {
	if t.opts.UTF8 {
		return frame
	}
	return asciiOnly(frame)
}
