package account

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/repository"
	"certty/model/timetext"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/box"
	"certty/ui/widget/table"
)

// below is how many lines the entry under the cursor has below the list.
const below = 4

// columns sets the columns of the part that is shown.
func (v *View) columns() {
	t := v.s.Theme
	more := func(i int) func(*entry) string { return func(e *entry) string { return e.more[i] } }
	columns := []table.Column[*entry]{
		{Title: "STATE", Min: 15, Ideal: 15, Priority: 9, Cell: func(e *entry) string { return e.glyph + " " + e.state },
			Style: func(e *entry) table.Style { return t.Painter(e.role) }},
		{Title: "NAME", Min: 14, Ideal: 20, Flexible: true, Priority: 10, Cell: func(e *entry) string { return e.name }},
		{Title: "ID", Min: 5, Ideal: 7, Priority: 7, Align: table.Right, Cell: func(e *entry) string { return e.id }},
	}
	switch v.part {
	case organizations:
		columns = append(columns, table.Column[*entry]{Title: "CHECKED BY THE CA", Min: 24, Ideal: 40, Flexible: true, Priority: 5, Cell: more(0)})
	case domains:
		columns = append(columns,
			table.Column[*entry]{Title: "UNTIL", Min: 10, Ideal: 10, Priority: 5, Cell: more(0)},
			table.Column[*entry]{Title: "LEFT", Min: 4, Ideal: 10, Priority: 6, Cell: more(1)},
			table.Column[*entry]{Title: "HOLDS UP", Min: 8, Ideal: 10, Priority: 8, Cell: more(2)})
	case profiles:
		columns = append(columns,
			table.Column[*entry]{Title: "TERMS, DAYS", Min: 8, Ideal: 13, Priority: 6, Cell: more(0)},
			table.Column[*entry]{Title: "KEYS", Min: 10, Ideal: 36, Priority: 5, Cell: more(1)})
	default:
		columns = append(columns,
			table.Column[*entry]{Title: "INPUT", Min: 8, Ideal: 16, Priority: 6, Cell: more(0)},
			table.Column[*entry]{Title: "CHOICES", Min: 10, Ideal: 30, Priority: 5, Cell: more(1)})
	}
	v.table.SetColumns(columns...)
}

func (v *View) inner() int { return max(1, v.w-4) }

// resize gives the list the room that the rest leaves.
func (v *View) resize() {
	v.table.SetSize(v.inner(), max(2, v.h-2-len(v.head())-1-below))
}

// View draws the lists' names, how old they are, the list, and the entry under
// the cursor.
func (v *View) View() []string {
	v.resize() // what is said above may have grown
	head := v.head()
	if v.account == nil {
		head = append(head, "", "Reading what is kept of it.")
		return box.Frame(v.s.Theme, v.title(), head, v.w, v.h)
	}
	lines := append(head, strings.Split(v.table.View(), "\n")...)
	lines = append(lines, "")
	if e, ok := v.table.Cursor(); ok {
		lines = append(lines, v.gist(e)...)
	}
	for len(lines) < v.h-2 {
		lines = append(lines, "")
	}
	return box.Frame(v.s.Theme, v.title(), lines, v.w, v.h)
}

func (v *View) title() string {
	return strings.TrimSpace(v.target + ": what the account offers  " + v.info().Address)
}

// head is what stands above the list.
func (v *View) head() []string {
	lines := []string{v.names()}
	lines = append(lines, v.age()...)
	switch {
	case v.typing != nil:
		lines = append(lines, "filter: "+v.typing.View(v.s.Theme, max(8, v.inner()-20), true)+fmt.Sprintf("  %d/%d", v.table.Len(), len(v.lists[v.part])))
	case v.filter != "":
		lines = append(lines, v.s.Theme.Paint(theme.Warn, fmt.Sprintf("filter: %s  %d of %d", v.filter, v.table.Len(), len(v.lists[v.part]))))
	}
	return lines
}

// names are the names of the lists with their lengths; the one that is shown
// stands in brackets.
func (v *View) names() string {
	t := v.s.Theme
	var out []string
	for p := range parts {
		name := fmt.Sprintf("%s %d", partNames[p], len(v.lists[p]))
		if p == v.part {
			out = append(out, t.Paint(theme.Selected, "["+name+"]"))
			continue
		}
		out = append(out, " "+name+" ")
	}
	return strings.Join(out, " ")
}

// age says how old what is shown is, and what was wrong with the last look.
func (v *View) age() []string {
	t := v.s.Theme
	var out []string
	say := func(role theme.Role, text string) {
		for _, l := range box.Wrap(text, v.inner()) {
			out = append(out, t.Paint(role, l))
		}
	}
	switch {
	case v.syncing:
		what := "organizations, profiles, domains and custom fields"
		if v.step.Part != "" {
			what = v.step.String()
		}
		say(theme.Waits, "Asking the account for "+what+". "+v.synced())
	default:
		say(theme.Faint, v.synced())
	}
	if v.job != nil && !v.imports.Ended {
		say(theme.Waits, "An import runs: "+v.imports.String()+".")
	}
	if v.trouble != nil && !v.syncing {
		for _, text := range troubleText(v.trouble) {
			say(theme.Bad, text)
		}
	}
	return out
}

// synced says when the account was last asked for everything.
func (v *View) synced() string {
	if v.account == nil || v.account.ReadAt.IsZero() {
		return "Never synced as a whole; s asks the account now."
	}
	at := v.account.ReadAt
	next := "again in " + timetext.Span(at.Add(repository.SyncEvery).Sub(v.s.Data.Now))
	if !at.Add(repository.SyncEvery).After(v.s.Data.Now) {
		next = "due now"
	}
	return "Synced " + cmp.Or(timetext.Age(v.s.Data.Now, at), "<1m") + " ago; weekly by itself, " + next + "."
}

// troubleText explains why a sync was not whole. A partial one names what was
// not read.
func troubleText(err error) []string {
	if backend.KindOf(err) == backend.KindPartial {
		return []string{"Not all of it could be read; what was known of the rest stands. " + view.Clean(err.Error())}
	}
	advice := backend.AdviceFor(err)
	return []string{advice.Cause + " " + advice.Next, view.Clean(err.Error())}
}

// gist is the entry in at most below lines, and how to see the rest.
func (v *View) gist(e *entry) []string {
	var lines []string
	for _, s := range e.said {
		lines = append(lines, box.Wrap(s, v.inner())...)
	}
	if len(lines) > below {
		lines = append(lines[:below-1:below-1], v.s.Theme.Paint(theme.Key, v.s.Theme.Glyphs.Enter+" shows the rest"))
	}
	return lines
}

// moment is a point in time in words, or that none was told.
func moment(t time.Time) string {
	if t.IsZero() {
		return "not told"
	}
	return timetext.Moment(t)
}
