package bulk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"certty/backend"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

func (v *run) columns() []table.Column[*line] {
	t := v.s.Theme
	return []table.Column[*line]{
		{Title: "RESULT", Min: 11, Ideal: 11, Priority: 10, Cell: func(l *line) string {
			glyph, _ := sign(t, l.stage)
			return glyph + " " + stageWords[l.stage]
		}, Style: func(l *line) table.Style {
			_, role := sign(t, l.stage)
			return t.Painter(role)
		}},
		{Title: "NAME", Min: 12, Ideal: 24, Priority: 9, Cell: func(l *line) string { return l.name() }},
		{Title: "TARGET", Min: 7, Ideal: 9, Priority: 4, Cell: func(l *line) string { return l.Ref.Target }},
		{Title: "WHAT", Min: 10, Ideal: 30, Flexible: true, Priority: 8, Cell: func(l *line) string { return l.words() }},
	}
}

func sign(t *theme.Theme, s stage) (string, theme.Role) {
	switch s {
	case done:
		return t.Glyphs.Check, theme.Good
	case refused:
		return t.Glyphs.Cross, theme.Bad
	case uncertain:
		return t.Glyphs.Warn, theme.Warn
	case sent:
		return t.Glyphs.Waits, theme.Waits
	default:
		return t.Glyphs.Off, theme.Faint
	}
}

// words say what came of a row in one line.
func (l *line) words() string {
	if l.err != nil {
		return backend.AdviceFor(l.err).Cause
	}
	return l.note
}

// View draws the list, and what is known of the row under the cursor.
func (v *run) View() []string {
	w := min(110, v.w)
	foot := v.foot(w - 4)
	room := max(2, min(len(v.lines)+1, v.h-2-len(foot)))
	v.table.SetSize(w-4, room)
	lines := append(strings.Split(v.table.View(), "\n"), foot...)
	return box.Frame(v.s.Theme, v.job.heading(len(v.lines)-v.count(leftOut)), lines, w, v.h)
}

func (v *run) foot(w int) []string {
	var parts []string
	for s := waits; s <= leftOut; s++ {
		if n := v.count(s); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, stageWords[s]))
		}
	}
	lines := []string{"", v.progress(w) + strings.Join(parts, ", ")}
	for _, target := range slices.Sorted(maps.Keys(v.held)) {
		if v.waitsFor(target) {
			lines = append(lines, v.s.Theme.Paint(theme.Warn, v.held[target]))
		}
	}
	l, ok := v.table.Cursor()
	if !ok || v.h < 14 {
		return lines
	}
	lines = append(lines, "")
	if l.err == nil {
		return append(lines, box.Wrap(l.name()+": "+l.words(), w)...)
	}
	advice := backend.AdviceFor(l.err)
	lines = append(lines, box.Wrap(l.name()+": "+advice.Cause+" "+advice.Next, w)...)
	for _, s := range box.Wrap(view.Clean(l.err.Error()), w) {
		lines = append(lines, v.s.Theme.Paint(theme.Faint, s))
	}
	return lines
}

// progress is how much has ended, as a bar and as numbers.
func (v *run) progress(w int) string {
	all := len(v.lines) - v.count(leftOut)
	ended := all - v.count(waits) - v.count(sent)
	words := fmt.Sprintf("%d of %d: ", ended, all)
	if w < 60 {
		return words
	}
	return v.s.Theme.Bar(float64(ended)/float64(all), 10) + " " + words
}
