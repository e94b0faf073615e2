// Package box draws frames and lays one over another. It knows nothing of
// certificates and holds no state; lines may carry styles, widths are those of
// the terminal (package x/ansi).
package box

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
)

// Fit makes a line exactly w cells wide: cut with tail where it is longer,
// padded with blanks where it is shorter.
func Fit(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	width := ansi.StringWidth(s)
	if width > w {
		s = ansi.Truncate(s, w, tail)
		width = ansi.StringWidth(s)
	}
	return s + strings.Repeat(" ", max(0, w-width))
}

// Ends cuts s to w cells in the middle: names begin alike, and their ids stand at
// the end, as does what an error is at bottom.
func Ends(s string, w int, ellipsis string) string {
	width := ansi.StringWidth(s)
	if width <= w || w < 8 {
		return ansi.Truncate(s, max(0, w), ellipsis)
	}
	tail := ansi.TruncateLeft(s, width-w/3, "")
	return ansi.Truncate(s, w-ansi.StringWidth(tail), ellipsis) + tail
}

// Clamp makes exactly h lines of exactly w cells out of lines.
func Clamp(lines []string, w, h int, tail string) []string {
	out := make([]string, h)
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = Fit(line, w, tail)
	}
	return out
}

// Frame draws a titled frame of w cells around body, as high as the body but
// at most h lines.
func Frame(t *theme.Theme, title string, body []string, w, h int) []string {
	if w < 4 || h < 3 {
		return Clamp(body, w, h, t.Glyphs.Ellipsis)
	}
	g := t.Glyphs
	edge := t.Painter(theme.Frame)
	body = body[:min(len(body), h-2)]
	title = ansi.Truncate(title, w-6, g.Ellipsis)
	fill := strings.Repeat(g.Line, max(0, w-5-ansi.StringWidth(title)))
	out := make([]string, 0, len(body)+2)
	out = append(out, edge(g.TopLeft+g.Line)+" "+t.Paint(theme.Title, title)+" "+edge(fill+g.TopRight))
	if title == "" {
		out[0] = edge(g.TopLeft + strings.Repeat(g.Line, w-2) + g.TopRight)
	}
	for _, line := range body {
		out = append(out, edge(g.Side)+" "+Fit(line, w-4, g.Ellipsis)+" "+edge(g.Side))
	}
	return append(out, edge(g.BottomLeft+strings.Repeat(g.Line, w-2)+g.BottomRight))
}

// gutter is the blank beside what lies over something else, where there is room:
// words that run into a border are hard to tell from those behind it.
const gutter = 1

// Over lays top in the middle of base. Both are whole lines; base has exactly
// w cells a line.
func Over(base, top []string, w int) []string {
	if len(top) == 0 {
		return base
	}
	tw := ansi.StringWidth(top[0])
	x, y := max(0, (w-tw)/2), max(0, (len(base)-len(top))/2)
	out := make([]string, len(base))
	copy(out, base)
	for i, line := range top {
		if y+i >= len(out) {
			break
		}
		under := out[y+i]
		// A wide character that the edge cuts in half leaves a blank.
		left := Fit(ansi.Truncate(under, max(0, x-gutter), ""), x, "")
		right := ansi.TruncateLeft(under, x+tw+gutter, "")
		right = strings.Repeat(" ", max(0, w-x-tw-ansi.StringWidth(right))) + right
		out[y+i] = left + line + right
	}
	return out
}

// Wrap breaks plain text into lines of at most w cells: at blanks and, in words
// that are too long, such as distinguished names, after commas first.
func Wrap(s string, w int) []string {
	if w <= 0 {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		out = append(out, strings.Split(ansi.Wrap(line, w, ","), "\n")...)
	}
	return out
}
