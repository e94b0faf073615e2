package activity

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/detail"
	"certty/ui/widget/table"
)

// limit is how many entries are read: years of changes by hand, so that none
// whose end is not known is out of sight.
const limit = 5000

// entry is one change.
type entry struct {
	backend.Entry
}

// ID is the entry's identity in the list.
func (e *entry) ID() int64 { return e.Entry.ID }

// open reports whether nobody knows how the change ended.
func (e *entry) open() bool {
	return e.Outcome == nil || e.Outcome.Result == backend.ResultUncertain
}

// result is how it ended, in a word or two.
func (e *entry) result() string {
	if e.Outcome == nil {
		return "no answer yet"
	}
	return string(e.Outcome.Result)
}

// View is the open journal.
type View struct {
	s       *view.Session
	ctx     context.Context
	table   *table.Table[int64, *entry]
	loading bool
	err     error
	// full is true while the chosen entry has all the room.
	full bool
	w, h int
}

// read carries the journal's entries, newest last.
type read struct {
	v       *View
	entries []backend.Entry
	err     error
}

// New shows the journal; ctx ends the reading of it.
func New(ctx context.Context, s *view.Session) *View {
	v := &View{s: s, ctx: ctx}
	t := s.Theme
	v.table = table.New[int64](table.Options{
		Header: true, Ellipsis: t.Glyphs.Ellipsis,
		Styles: table.Styles{Header: t.Painter(theme.Faint), Cursor: t.Painter(theme.Selected)},
	},
		table.Column[*entry]{Title: "RESULT", Min: 11, Ideal: 15, Priority: 9, Cell: func(e *entry) string {
			glyph, _ := sign(t, e)
			return glyph + " " + e.result()
		}, Style: func(e *entry) table.Style {
			_, role := sign(t, e)
			return t.Painter(role)
		}},
		table.Column[*entry]{Title: "WHEN", Min: 11, Ideal: 11, Priority: 7, Cell: func(e *entry) string { return e.Intent.At.Local().Format("01-02 15:04") }},
		table.Column[*entry]{Title: "WHAT", Min: 8, Ideal: 14, Priority: 10, Cell: func(e *entry) string { return e.Intent.Op }},
		table.Column[*entry]{Title: "NAME", Min: 12, Ideal: 20, Flexible: true, Priority: 8, Cell: func(e *entry) string { return e.Intent.Ref.Key }},
		table.Column[*entry]{Title: "TARGET", Min: 7, Ideal: 9, Priority: 4, Cell: func(e *entry) string { return e.Intent.Ref.Target }},
		table.Column[*entry]{Title: "WHO", Min: 8, Ideal: 18, Priority: 5, Cell: func(e *entry) string { return e.Intent.Actor }},
		table.Column[*entry]{Title: "REQUEST ID", Min: 12, Ideal: 36, Priority: 2, Cell: func(e *entry) string {
			if e.Outcome == nil {
				return ""
			}
			return e.Outcome.ServiceRequestID
		}},
	)
	return v
}

func sign(t *theme.Theme, e *entry) (string, theme.Role) {
	switch {
	case e.open():
		return t.Glyphs.Warn, theme.Warn
	case e.Outcome.Result == backend.ResultDone:
		return t.Glyphs.Check, theme.Good
	default:
		return t.Glyphs.Cross, theme.Bad
	}
}

// Init reads the journal.
func (v *View) Init() tea.Cmd {
	v.loading = true
	ctx, journal := v.ctx, v.s.Journal
	return func() tea.Msg {
		entries, err := journal(ctx, limit)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return read{v: v, entries: entries, err: err}
	}
}

// Update takes the entries, and reads them again after a change.
func (v *View) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case read:
		if msg.v == v {
			v.loading, v.err = false, msg.err
			if msg.err == nil {
				v.show(msg.entries)
			}
		}
	case view.OpDone:
		return v.Init()
	}
	return nil
}

// show lists entries that come newest last.
func (v *View) show(entries []backend.Entry) {
	first := v.table.Len() == 0
	rows := make([]*entry, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		rows = append(rows, &entry{cleaned(e)})
	}
	slices.SortStableFunc(rows, func(a, b *entry) int {
		switch {
		case a.open() == b.open():
			return 0
		case a.open():
			return -1
		default:
			return 1
		}
	})
	v.table.SetRows(rows)
	if first {
		v.table.Home()
	}
}

// cleaned makes the texts fit for the screen: the file may have been written by
// another program.
func cleaned(e backend.Entry) backend.Entry {
	for _, s := range []*string{&e.Intent.Actor, &e.Intent.Op, &e.Intent.Detail, &e.Intent.Ref.Key, &e.Intent.Ref.Target, &e.Intent.Ref.Revision} {
		*s = view.Clean(*s)
	}
	if e.Outcome != nil {
		o := *e.Outcome
		o.Error, o.ServiceRequestID, o.Revision = view.Clean(o.Error), view.Clean(o.ServiceRequestID), view.Clean(o.Revision)
		e.Outcome = &o
	}
	return e
}

// SetSize tells the room.
func (v *View) SetSize(w, h int) {
	v.w, v.h = w, h
	v.table.SetSize(v.inner(), v.room())
}

func (v *View) inner() int { return max(1, v.w-4) }

// below is how many lines the entry under the cursor has below the list.
const below = 5

func (v *View) room() int { return max(1, v.h-2-1-below) }

// Capturing is false: there is nothing to type.
func (v *View) Capturing() bool { return false }

// Actions move, show the entry in full, copy it, open its row, read again and
// leave.
func (v *View) Actions() []keys.Action {
	t := v.table
	move := func(def keys.Def, step func()) keys.Action {
		return keys.Action{Def: def, Run: func() tea.Cmd { step(); return nil }}
	}
	return []keys.Action{
		v.openRow(),
		v.showFull(),
		v.copyEntry(),
		{Def: keys.Refresh, Run: v.Init},
		move(keys.Up, func() { t.Move(-1) }), move(keys.Down, func() { t.Move(1) }),
		move(keys.PageUp, func() { t.Page(-1) }), move(keys.PageDown, func() { t.Page(1) }),
		move(keys.HalfUp, func() { t.HalfPage(-1) }), move(keys.HalfDown, func() { t.HalfPage(1) }),
		move(keys.Top, t.Home), move(keys.Bottom, t.End),
		{Def: keys.Back, Run: v.back},
	}
}

// back leaves the entry first.
func (v *View) back() tea.Cmd {
	if v.full {
		v.full = false
		return nil
	}
	v.s.Host.Close(v)
	return nil
}

const noEntry = "no entry is chosen"

func (v *View) showFull() keys.Action {
	a := keys.Action{Def: keys.More, Disabled: noEntry, Run: func() tea.Cmd { v.full = !v.full; return nil }}
	a.Help, a.Long = "in full", "show the entry in full, or the list again"
	if _, ok := v.table.Cursor(); ok {
		a.Disabled = ""
	}
	return a
}

// copyEntry copies the entry in full, for a ticket.
func (v *View) copyEntry() keys.Action {
	a := keys.Action{Def: keys.Copy, Disabled: noEntry}
	a.Help, a.Long = "copy", "copy the entry with its result and the service's request id"
	if e, ok := v.table.Cursor(); ok {
		a.Disabled = ""
		a.Run = func() tea.Cmd { return v.s.Clip.Copy("the entry", strings.Join(e.sentences(), "\n")) }
	}
	return a
}

func (v *View) openRow() keys.Action {
	a := keys.Action{Def: keys.OpenRow, Disabled: noEntry}
	if e, ok := v.table.Cursor(); ok {
		a.Disabled = ""
		if _, known := v.s.Data.Row(e.Intent.Ref.Row()); !known {
			a.Disabled = e.Intent.Ref.Key + " is not known any more"
		}
		a.Run = func() tea.Cmd { return v.s.Host.Open(detail.New(v.s, e.Intent.Ref.Row())) }
	}
	return a
}
