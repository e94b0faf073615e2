package form

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
	"certty/ui/widget/box"
)

// Cut says on which sides a form goes on that has no room for all of it.
type Cut struct{ Above, Below bool }

// String says it in words; "" where all of it is drawn.
func (c Cut) String() string {
	switch {
	case c.Above && c.Below:
		return "more above and below"
	case c.Above:
		return "more above"
	case c.Below:
		return "more below"
	}
	return ""
}

// View is Draw for whoever has room for every field, or says nothing of that.
func (f *Form) View(w, h int) []string {
	lines, _ := f.Draw(w, h)
	return lines
}

// Draw draws the form in lines of w cells, at most h of them; the focused
// field is always among them.
func (f *Form) Draw(w, h int) ([]string, Cut) {
	label := 0
	for _, e := range f.entries {
		if e.Kind != Section && f.visible(e) {
			label = max(label, ansi.StringWidth(e.Label))
		}
	}
	label = min(label, max(0, w/2-4))
	var lines []string
	first, last := 0, 0
	for i, e := range f.entries {
		if !f.visible(e) {
			continue
		}
		if i == f.focus {
			first, last = len(lines), len(lines)
		}
		if e.Kind == Section {
			lines = append(lines, f.heading(e, i == f.focus, w))
			continue
		}
		if f.list != nil && f.list.of == e {
			lines = append(lines, f.searching(label, w, h)...)
			last = len(lines) - 1
			continue
		}
		lines = append(lines, f.row(e, i == f.focus, label, w)...)
	}
	if f.focus >= len(f.entries) {
		first, last = len(lines)+1, len(lines)+1
	}
	lines = append(lines, "", f.buttonRow())
	return window(lines, first, last, h)
}

func marker(focused bool) string {
	if focused {
		return "> "
	}
	return "  "
}

// heading is a section's line: + opens it, - closes it.
func (f *Form) heading(e *entry, focused bool, w int) string {
	sign := "+ "
	if e.open {
		sign = "- "
	}
	name := box.Fit(e.Label, min(ansi.StringWidth(e.Label), max(0, w-4)), f.t.Glyphs.Ellipsis)
	line := marker(focused) + sign
	if focused {
		line += f.t.Paint(theme.Selected, name)
	} else {
		line += f.t.Paint(theme.Title, name)
	}
	note := ""
	if focused {
		note = e.Hint
	}
	if e.Note != nil {
		note = cmp.Or(e.Note(f.Value), note)
	}
	if room := w - ansi.StringWidth(line) - 2; note != "" && room > 8 {
		line += "  " + f.t.Paint(theme.Faint, ansi.Truncate(note, room, f.t.Glyphs.Ellipsis))
	}
	return line
}

// searching is the row of a choice whose list is open, with the list.
func (f *Form) searching(label, w, h int) []string {
	room := max(4, w-label-5)
	name := f.t.Paint(theme.Strong, box.Fit(f.list.of.Label, label, f.t.Glyphs.Ellipsis))
	lines := []string{marker(true) + name + "  " + f.list.typed.View(f.t, room, true)}
	for _, l := range f.list.lines(f.t, room, h-1) {
		lines = append(lines, strings.Repeat(" ", label+4)+l)
	}
	return lines
}

func (f *Form) row(e *entry, focused bool, label, w int) []string {
	room := max(4, w-label-5)
	name := box.Fit(e.Label, label, f.t.Glyphs.Ellipsis)
	if focused {
		name = f.t.Paint(theme.Strong, name)
	}
	value := f.value(e, focused, room)
	lines := []string{marker(focused) + name + "  " + value[0]}
	indent := strings.Repeat(" ", label+4)
	for _, l := range value[1:] {
		lines = append(lines, indent+l)
	}
	say := func(role theme.Role, text string) {
		for _, l := range box.Wrap(text, room) {
			if l != "" {
				lines = append(lines, indent+f.t.Paint(role, l))
			}
		}
	}
	// What is wrong is said once somebody typed there or tried to send: an
	// empty form is not an error.
	if problem := f.problem(e); problem != "" && (f.tried || e.touched) {
		say(theme.Bad, problem)
		return lines
	}
	if e.Note != nil {
		say(theme.Text, e.Note(f.Value))
	}
	if e.Warn != nil {
		if text := e.Warn(f.Value); text != "" {
			say(theme.Warn, f.t.Glyphs.Warn+" "+text)
		}
	}
	if focused {
		say(theme.Faint, e.hint())
	}
	return lines
}

// value draws a field's value in at least one line of at most room cells.
func (f *Form) value(e *entry, focused bool, room int) []string {
	switch {
	case e.long():
		return f.chosen(e, focused, room)
	case e.Kind == Many:
		return f.many(e, focused, room)
	case e.Kind == Toggle:
		return []string{f.toggle(e, focused)}
	case e.choosing():
		return []string{f.options(e, focused, room)}
	}
	return []string{e.text.View(f.t, room, focused)}
}

func (f *Form) toggle(e *entry, focused bool) string {
	text := sign(e.choice == 1) + e.value()
	if focused {
		return f.t.Paint(theme.Selected, text)
	}
	return text
}

// sign says whether something is chosen.
func sign(on bool) string {
	if on {
		return "[x] "
	}
	return "[ ] "
}

// chosen names what is chosen of more options than can be drawn, as far as three
// lines go.
func (f *Form) chosen(e *entry, focused bool, room int) []string {
	const most = 3
	chosen := e.chosen()
	var lines []string
	for n := len(chosen); n >= 0; n-- {
		text := fmt.Sprintf("%d of %d", len(chosen), len(e.Options))
		if n > 0 {
			text += ": " + strings.Join(chosen[:n], ", ")
		}
		if n > 0 && n < len(chosen) {
			text += fmt.Sprintf(" and %d more", len(chosen)-n)
		}
		if lines = box.Wrap(text, room); len(lines) <= most {
			break
		}
	}
	lines = lines[:min(len(lines), most)]
	if focused {
		for i, l := range lines {
			lines[i] = f.t.Paint(theme.Selected, l)
		}
	}
	return lines
}

// many draws every option, in as many lines as they need. The one under the
// cursor has a sign of its own: without colour it must be seen, too.
func (f *Form) many(e *entry, focused bool, room int) []string {
	lines, width := []string{""}, 0
	for i, o := range e.Options {
		tick := " " + sign(e.on[i])
		here := focused && i == e.at
		if here {
			tick = ">" + tick[1:]
		}
		part := ansi.Truncate(tick+o, room, f.t.Glyphs.Ellipsis)
		w := ansi.StringWidth(part) + 1
		if here {
			part = f.t.Paint(theme.Selected, part)
		}
		if width > 0 && width+w > room {
			lines, width = append(lines, ""), 0
		}
		lines[len(lines)-1] += part + " "
		width += w
	}
	return lines
}

// options shows every option where there is room, else the chosen one and its
// place among them.
func (f *Form) options(e *entry, focused bool, room int) string {
	line, width := "", 0
	for i, o := range e.Options {
		sign := "( ) "
		if i == e.choice {
			sign = "(*) "
		}
		part := sign + o
		width += ansi.StringWidth(part) + 2
		if i == e.choice && focused {
			part = f.t.Paint(theme.Selected, part)
		}
		line += part + "  "
	}
	if width <= room {
		return line
	}
	place := fmt.Sprintf("  %d of %d", e.choice+1, len(e.Options))
	chosen := "< " + box.Ends(e.Options[e.choice], max(1, room-len(place)-4), f.t.Glyphs.Ellipsis) + " >"
	if focused {
		chosen = f.t.Paint(theme.Selected, chosen)
	}
	return chosen + place
}

func (f *Form) buttonRow() string {
	return Buttons(f.t, f.buttons[:], f.focus-len(f.entries))
}

// Buttons draws a row of buttons; the one at focus is marked without colour,
// too.
func Buttons(t *theme.Theme, labels []string, focus int) string {
	parts := make([]string, len(labels))
	for i, l := range labels {
		if i == focus {
			parts[i] = "> " + t.Paint(theme.Selected, "[ "+l+" ]")
			continue
		}
		parts[i] = "  [ " + l + " ]"
	}
	return strings.Join(parts, " ")
}

// window cuts lines to h so that those from first to last are seen, the last
// above all, with what stands around them where there is room.
func window(lines []string, first, last, h int) ([]string, Cut) {
	h = max(0, h)
	if len(lines) <= h {
		return lines, Cut{}
	}
	top := max(first-max(0, h-(last-first))/2, last-h+1, 0)
	top = min(top, len(lines)-h)
	return lines[top : top+h], Cut{Above: top > 0, Below: top+h < len(lines)}
}
