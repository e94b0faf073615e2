package board

import (
	"errors"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certty/model/query"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/field"
)

// filter is what the board shows of the rows, and the line in which that is
// typed.
type filter struct {
	// good is the last filter that was understood; nil for none.
	good   *query.Filter
	typing *field.Field
	// wrong is what is wrong with the line; the last good filter holds
	// meanwhile.
	wrong *query.SyntaxError
	// past are the lines that were kept, the newest last; at is which of them
	// stands in the line, and draft what stood there before.
	past  []string
	at    int
	draft string
	// found holds the rows of the filters that led to this one, of one version
	// of the data: a longer filter looks at what is left only, and taking a
	// character back costs nothing.
	found   []result
	version uint64
}

type result struct {
	filter *query.Filter
	rows   []*view.Row
}

// maxFound bounds what a filter that is typed keeps in memory.
const maxFound = 4

var everything = &query.Filter{}

func (f *filter) active() *query.Filter {
	if f.good == nil {
		return everything
	}
	return f.good
}

// passing are the rows that pass, in their order.
func (f *filter) passing(data *view.Data) []*view.Row {
	if f.version != data.Version() {
		f.version = data.Version()
		f.forget()
	}
	want := f.active()
	from := data.Rows()
	if want.Empty() {
		f.forget()
		return from
	}
	if want.Deleted() {
		// They are few, and none of them is among the others.
		return data.Select(want, data.Deleted())
	}
	for i, r := range slices.Backward(f.found) {
		if r.filter.String() == want.String() {
			f.found = slices.Delete(f.found, i+1, len(f.found))
			return r.rows
		}
		if want.Narrows(r.filter) {
			from = r.rows
			break
		}
	}
	rows := data.Select(want, from)
	if len(f.found) == maxFound {
		f.found = slices.Delete(f.found, 0, 1)
	}
	f.found = append(f.found, result{filter: want, rows: rows})
	return rows
}

func (f *filter) forget() {
	clear(f.found)
	f.found = f.found[:0]
}

// read takes what stands in the line. What can't be understood changes nothing
// but the remark.
func (f *filter) read(text string) {
	good, err := query.Parse(text)
	f.wrong = nil
	if err != nil {
		f.wrong, _ = errors.AsType[*query.SyntaxError](err)
		return
	}
	f.good = good
}

// open begins to type, with the filter that holds.
func (f *filter) open() {
	f.at, f.draft = len(f.past), ""
	f.typing = field.New(f.active().String())
}

// keep ends typing.
func (f *filter) keep() {
	f.typing = nil
	text := f.active().String()
	f.past = slices.DeleteFunc(f.past, func(s string) bool { return s == text })
	if !f.active().Empty() {
		f.past = append(f.past, text)
	}
}

// recall puts an older line, or a newer one, into the field.
func (f *filter) recall(by int) {
	to := max(0, min(f.at+by, len(f.past)))
	if to == f.at {
		return
	}
	if f.at == len(f.past) {
		f.draft = f.typing.Value()
	}
	f.at = to
	if to == len(f.past) {
		f.typing.Set(f.draft)
		return
	}
	f.typing.Set(f.past[to])
}

func (v *View) typeFilter(msg tea.KeyMsg) tea.Cmd {
	f := &v.filter
	if f.typing == nil {
		return nil
	}
	switch msg.String() {
	case "enter":
		if f.wrong != nil {
			return nil // what is wrong stands beside it
		}
		f.keep()
		v.moved = v.moved || !f.active().Empty() // whoever looks for a row chooses it
	case "esc":
		v.clearFilter()
	case "up":
		f.recall(-1)
		v.narrow()
	case "down":
		f.recall(1)
		v.narrow()
	default:
		f.typing.Key(msg)
		v.narrow()
	}
	return v.show()
}

func (v *View) clearFilter() {
	v.filter.typing, v.filter.good, v.filter.wrong = nil, nil, nil
	v.refresh()
	v.watch()
}

func (v *View) narrow() {
	v.filter.read(v.filter.typing.Value())
	v.refresh()
	v.watch()
}

// Typing says what can be typed into the filter, and how that ends. There is
// more, which docs/filter.md tells.
func (v *View) Typing() string {
	t := v.s.Theme
	key := func(label, help string) string { return t.Paint(theme.Key, label) + " " + help + "  " }
	return key(t.Glyphs.Enter, "keep") + key("esc", "clear") + key(t.Glyphs.Up, "earlier") +
		t.Paint(theme.Faint, " !not  ~regex  state:failed  left<20%  age>3d")
}

// typingLine is the line while it is typed: how many rows pass, or what is
// wrong.
func (v *View) typingLine() string {
	t := v.s.Theme
	end := fmt.Sprintf("%d/%d", v.table.Len(), v.total())
	if wrong := v.filter.wrong; wrong != nil {
		end = view.Clean(wrong.Error())
	}
	end = ansi.Truncate(end, max(0, v.w-30), t.Glyphs.Ellipsis)
	line := "filter: " + v.filter.typing.View(t, max(10, v.w-12-ansi.StringWidth(end)), true) + "  "
	if v.filter.wrong != nil {
		return line + t.Paint(theme.Bad, end)
	}
	return line + end
}
