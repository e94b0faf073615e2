//go:build unix

package ptytest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/hinshun/vt10x"
)

// The size of a cell in a picture, in pixels, and what is left around the
// screen.
const (
	cellWidth, cellHeight = 8, 17
	pictureMargin         = 10
)

// palette are the colours 0 to 15 as many terminals show them on a dark ground.
var palette = [...]string{
	"#1c1f24", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
	"#7f848e", "#f28b92", "#b5e08f", "#f2d49b", "#8cc8ff", "#dd9df0", "#7fd6e0", "#ffffff",
}

// Attributes of a cell in vt10x, which has no names for them.
const (
	_ = 1 << iota // reversed: its colours are swapped already
	attrUnderline
	attrBold
	_
	attrItalic
)

// Picture draws what the terminal shows now as SVG.
func (t *Terminal) Picture() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	cols, rows := t.screen.Size()
	t.screen.Lock()
	defer t.screen.Unlock()
	var b bytes.Buffer
	width, height := cols*cellWidth+2*pictureMargin, rows*cellHeight+2*pictureMargin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
<style>text{font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:%s}.b{font-weight:bold}.i{font-style:italic}.u{text-decoration:underline}</style>
<rect width="100%%" height="100%%" rx="6" fill="%s"/>
`, width, height, width, height, palette[7], palette[0])
	for y := range rows {
		drawLine(&b, t.screen, y, cols)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// run is cells beside each other that look the same.
type run struct {
	x, cells int
	text     []rune
	look     vt10x.Glyph
}

// drawLine draws a line. Terminals give some letters two cells and vt10x gives
// them one, so what follows one stands further right than vt10x says.
func drawLine(b *bytes.Buffer, screen vt10x.View, y, cols int) {
	var runs []run
	x := 0
	for cell := 0; cell < cols && x < cols; cell++ {
		g := screen.Cell(cell, y)
		if g.Char == 0 {
			g.Char = ' '
		}
		width := max(1, ansi.StringWidth(string(g.Char)))
		look := vt10x.Glyph{Mode: g.Mode, FG: g.FG, BG: g.BG}
		if n := len(runs); n == 0 || runs[n-1].look != look {
			runs = append(runs, run{x: x, look: look})
		}
		last := &runs[len(runs)-1]
		last.text = append(last.text, g.Char)
		last.cells += width
		x += width
	}
	for _, r := range runs {
		r.draw(b, y)
	}
}

func (r run) draw(b *bytes.Buffer, y int) {
	fg, bg := colour(r.look.FG), colour(r.look.BG)
	top := pictureMargin + y*cellHeight
	if bg != palette[0] {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", pictureMargin+r.x*cellWidth, top, r.cells*cellWidth, cellHeight, bg)
	}
	var classes []string
	for bit, name := range map[int16]string{attrBold: "b", attrItalic: "i", attrUnderline: "u"} {
		if r.look.Mode&bit != 0 {
			classes = append(classes, name)
		}
	}
	slices.Sort(classes)
	class := strings.Join(classes, " ")
	// Each word stands at its own place: what draws pictures takes blanks lightly.
	x := r.x
	for word := range strings.SplitSeq(string(r.text), " ") {
		wide := ansi.StringWidth(word)
		if word != "" {
			fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%d" class="%s" style="fill:%s">`, pictureMargin+x*cellWidth, top+cellHeight-4, wide*cellWidth, class, fg)
			_ = xml.EscapeText(b, []byte(word)) // a buffer takes everything
			b.WriteString("</text>\n")
		}
		x += wide + 1
	}
}

// colour is one of the palette; those beyond it are as good as the foreground.
func colour(c vt10x.Color) string {
	switch {
	case c == vt10x.DefaultBG:
		return palette[0]
	case int(c) < len(palette):
		return palette[c]
	}
	return palette[7]
}
