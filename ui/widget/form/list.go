package form

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
	"certty/ui/widget/box"
	"certty/ui/widget/field"
)

const (
	// few is the most options that are walked with left and right alone. Of
	// more, space opens the list.
	few = 5
	// listed is the most options that the open list shows at once.
	listed = 10
	// drawn is the most options of a [Many] that are drawn one beside the other.
	// Of more, those that are chosen are named, and the list chooses.
	drawn = 16
)

// list is the open list of a choice, or of a [Many] with many options: what is
// typed narrows it.
type list struct {
	of    *entry
	typed *field.Field
	// found are the options with what was typed, in their order; at is the one
	// of them under the cursor.
	found []int
	at    int
}

// listable reports whether e's options can be listed.
func (e *entry) listable() bool {
	return e.choosing() && e.Kind != Toggle && len(e.Options) > 1 || e.long()
}

// long reports whether e has more options to choose any of than can be drawn.
func (e *entry) long() bool { return e.Kind == Many && len(e.Options) > drawn }

// crowded reports whether e's options are too many to be walked.
func (e *entry) crowded() bool { return e.listable() && len(e.Options) > few }

// Listing reports whether the list of a choice is open: keys are its own then,
// and esc closes nothing else.
func (f *Form) Listing() bool { return f.list != nil }

// openList opens the list of e with the cursor on the value.
func (f *Form) openList(e *entry) *list {
	f.list = &list{of: e, typed: field.New("")}
	if e.Kind == Many {
		f.list.find(e.Options[e.at])
	} else {
		f.list.find(e.value())
	}
	return f.list
}

// find looks anew for what was typed. The cursor goes to value where that is
// found, else to the first.
func (l *list) find(value string) {
	words := strings.Fields(strings.ToLower(l.typed.Value()))
	l.found, l.at = nil, 0
	for i, o := range l.of.Options {
		low := strings.ToLower(o)
		if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(low, w) }) {
			continue
		}
		if o == value {
			l.at = len(l.found)
		}
		l.found = append(l.found, i)
	}
}

// value is the option under the cursor; "" where nothing was found.
func (l *list) value() string {
	if len(l.found) == 0 {
		return ""
	}
	return l.of.Options[l.found[l.at]]
}

func (l *list) move(step int) { l.at = max(0, min(l.at+step, len(l.found)-1)) }

// edit narrows or widens the list; the first that is found is under the cursor.
func (l *list) edit(do func()) {
	before := l.typed.Value()
	if do(); l.typed.Value() != before {
		l.find("")
	}
}

// listKey handles a key while the list is open. What ends the form or goes on
// to another field takes what is under the cursor first: what is marked is what
// counts. Only esc takes nothing. Of a [Many] only enter and the space bar choose,
// and the list stays open for the next one.
func (f *Form) listKey(msg tea.KeyMsg) Event {
	l := f.list
	name := msg.String()
	if l.of.Kind == Many && (name == "enter" || name == " ") {
		f.mark()
		return None
	}
	switch name {
	case "esc":
		f.list = nil
	case "up":
		l.move(-1)
	case "down":
		l.move(1)
	case "pgup":
		l.move(-listed)
	case "pgdown":
		l.move(listed)
	case "enter":
		if len(l.found) > 0 {
			f.pick()
		}
	case "tab", "shift+tab", "ctrl+s":
		f.pick()
		return f.Key(msg)
	default:
		l.edit(func() { l.typed.Key(msg) })
	}
	return None
}

// mark chooses what is under the cursor of the list of a [Many], or not any more.
func (f *Form) mark() {
	if l := f.list; len(l.found) > 0 {
		e := l.of
		e.at = l.found[l.at]
		e.on[e.at] = !e.on[e.at]
		f.edited(e)
	}
}

// pick closes the list and takes what is under its cursor.
func (f *Form) pick() {
	l := f.list
	f.list = nil
	if l.of.Kind != Many && len(l.found) > 0 && l.found[l.at] != l.of.choice {
		l.of.choice = l.found[l.at]
		f.edited(l.of)
	}
}

// Resume goes on where a person was in old, a form with the same fields that f
// takes the place of: sections that were open are, the focus is where it was,
// so is the list that was open, and what is wrong is said where it was.
func (f *Form) Resume(old *Form) {
	for _, e := range f.entries {
		if was := old.entry(e.ID); was != nil {
			e.open = was.open
		}
	}
	f.tried, f.focus = old.tried, 0
	if button := old.focus - len(old.entries); button >= 0 {
		f.focus = len(f.entries) + button
	}
	f.Focus(old.Focused())
	if e := f.focused(); e != nil && old.list != nil && old.list.of.ID == e.ID && e.listable() {
		l := f.openList(e)
		l.typed = old.list.typed
		l.find(old.list.value())
	}
}

// hint is what is said of e while it has the focus.
func (e *entry) hint() string {
	switch {
	case e.suggested() && e.Joins != "":
		return strings.TrimLeft(e.Hint+"; what is typed is added", "; ")
	case e.suggested():
		return strings.TrimLeft(e.Hint+"; typing replaces it, right changes it", "; ")
	case !e.crowded():
		return e.Hint
	}
	const search = "Type to search among them; space lists all."
	if e.Hint == "" {
		return search
	}
	return strings.TrimRight(e.Hint, ".") + ". " + search
}

// lines draws the list in at most h lines of at most w cells, but at least the
// one under the cursor.
func (l *list) lines(t *theme.Theme, w, h int) []string {
	if len(l.found) == 0 {
		return []string{t.Paint(theme.Warn, ansi.Truncate(fmt.Sprintf("none of %d has that", len(l.of.Options)), w, t.Glyphs.Ellipsis))}
	}
	var lines []string
	rows := max(1, min(listed, h-1, len(l.found)))
	top := max(0, min(l.at-rows/2, len(l.found)-rows))
	for i := top; i < top+rows; i++ {
		tick := ""
		if l.of.Kind == Many {
			tick = sign(l.of.on[l.found[i]])
		}
		name := tick + box.Ends(l.of.Options[l.found[i]], w-2-len(tick), t.Glyphs.Ellipsis)
		if i == l.at {
			name = t.Paint(theme.Selected, name)
		}
		lines = append(lines, marker(i == l.at)+name)
	}
	if h > rows {
		count := fmt.Sprintf("%d of %d", l.at+1, len(l.found))
		if len(l.found) < len(l.of.Options) {
			count += fmt.Sprintf(" found among %d", len(l.of.Options))
		}
		if l.of.Kind == Many {
			count += fmt.Sprintf(", %d chosen", len(l.of.chosen()))
		}
		lines = append(lines, t.Paint(theme.Faint, ansi.Truncate(count, w, t.Glyphs.Ellipsis)))
	}
	return lines
}
