package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Glyphs are the signs on the screen. Every one has an ASCII form of the same
// width.
type Glyphs struct {
	Good, Failed, Waits, Warn, Off, Deleted string
	Trouble                                 string
	Check, Cross                            string
	Ellipsis                                string
	// Here marks what is held in the local repository.
	Here string
	// Bar is the life left: full cells, then a partial one in eighths, then
	// empty ones.
	BarFull, BarEmpty                          string
	BarPart                                    []string
	Line, Side                                 string
	TopLeft, TopRight, BottomLeft, BottomRight string
	TeeDown, TeeUp                             string
	Caret                                      string
	Enter                                      string
	Arrow, Up, Down                            string
}

var unicodeGlyphs = Glyphs{
	Good: "●", Failed: "✗", Waits: "…", Warn: "!", Off: "○", Deleted: "–", Trouble: "▲",
	Check: "✓", Cross: "✗", Ellipsis: "…", Here: "⌂",
	BarFull: "█", BarEmpty: "·", BarPart: []string{"·", "▏", "▎", "▍", "▌", "▋", "▊", "▉"},
	Line: "─", Side: "│", TopLeft: "┌", TopRight: "┐", BottomLeft: "└", BottomRight: "┘",
	TeeDown: "┬", TeeUp: "┴", Caret: "▏", Enter: "⏎", Arrow: "→", Up: "↑", Down: "↓",
}

var asciiGlyphs = Glyphs{
	Good: "o", Failed: "x", Waits: ".", Warn: "!", Off: "O", Deleted: "-", Trouble: "^",
	Check: "+", Cross: "x", Ellipsis: ".", Here: "h",
	BarFull: "#", BarEmpty: ".", BarPart: []string{"."},
	Line: "-", Side: "|", TopLeft: "+", TopRight: "+", BottomLeft: "+", BottomRight: "+",
	TeeDown: "+", TeeUp: "+", Caret: "|", Enter: "enter", Arrow: ">", Up: "^", Down: "v",
}

// Bar draws a share between 0 and 1 in width cells.
func (t *Theme) Bar(share float64, width int) string {
	share = min(1, max(0, share))
	parts := len(t.Glyphs.BarPart)
	cells := int(share*float64(width*parts) + 0.5)
	full, part := cells/parts, cells%parts
	var b strings.Builder
	b.WriteString(strings.Repeat(t.Glyphs.BarFull, full))
	if full < width {
		b.WriteString(t.Glyphs.BarPart[part])
		b.WriteString(strings.Repeat(t.Glyphs.BarEmpty, width-full-1))
	}
	return b.String()
}

func asciiOnly(frame string) string {
	plain := true
	for i := range len(frame) {
		if frame[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		return frame
	}
	var b strings.Builder
	b.Grow(len(frame))
	for _, r := range frame {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		b.WriteString(strings.Repeat("?", ansi.StringWidth(string(r))))
	}
	return b.String()
}
