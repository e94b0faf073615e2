package activity

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/view/detail"
	"certty/ui/view/ledger"
	"certty/ui/widget/table"
)

// limit is how many entries are read: years of changes by hand, so that none
// whose end is not known is out of sight.
const limit = 5000

// entry is one change.
type entry struct {
	backend.Entry
	// name is what the change was made to, as people call it.
	name string
}

// called is the name of what a change was made to: that of an order, where it is
// known, before the reference or the id by which the change was made.
func called(data *view.Data, ref model.Ref) string {
	name := ref.Key
	if row, ok := data.Row(ref.Row()); ok {
		name = view.Clean(row.Item.Name())
	} else if strings.HasPrefix(ref.Key, model.ReferencePrefix) {
		// The row took the order's id when it was placed.
		for _, row := range data.Rows() {
			if r := row.Item.Record; r != nil && row.Item.Ref.Target == ref.Target && r.Reference == ref.Key {
				name = view.Clean(row.Item.Name())
				break
			}
		}
	}
	if name == "" || name == ref.Key {
		return ref.Key
	}
	return name + " (" + ref.Key + ")"
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
	*ledger.Ledger[int64, *entry]
	s       *view.Session
	ctx     context.Context
	loading bool
	err     error
	// full is true while the chosen entry has all the room.
	full bool
}

// below is how many lines the entry under the cursor has below the list.
const below = 5

// read carries the journal's entries, newest last.
type read struct {
	v       *View
	entries []backend.Entry
	err     error
}

// New shows the journal; ctx ends the reading of it.
func New(ctx context.Context, s *view.Session) *View {
	t := s.Theme
	return &View{s: s, ctx: ctx, Ledger: ledger.New[int64](s, "entry", below, "",
		table.Column[*entry]{Title: "RESULT", Min: 11, Ideal: 15, Priority: 9, Cell: func(e *entry) string {
			glyph, _ := sign(t, e)
			return glyph + " " + e.result()
		}, Style: func(e *entry) table.Style {
			_, role := sign(t, e)
			return t.Painter(role)
		}},
		table.Column[*entry]{Title: "WHEN", Min: 11, Ideal: 11, Priority: 7, Cell: func(e *entry) string { return e.Intent.At.Local().Format("01-02 15:04") }},
		table.Column[*entry]{Title: "WHAT", Min: 8, Ideal: 14, Priority: 10, Cell: func(e *entry) string { return e.Intent.Op }},
		table.Column[*entry]{Title: "NAME", Min: 12, Ideal: 20, Flexible: true, Priority: 8, Cell: func(e *entry) string { return e.name }},
		table.Column[*entry]{Title: "TARGET", Min: 7, Ideal: 9, Priority: 4, Cell: func(e *entry) string { return e.Intent.Ref.Target }},
		table.Column[*entry]{Title: "WHO", Min: 8, Ideal: 18, Priority: 5, Cell: func(e *entry) string { return e.Intent.Actor }},
		table.Column[*entry]{Title: "REQUEST ID", Min: 12, Ideal: 36, Priority: 2, Cell: func(e *entry) string {
			if e.Outcome == nil {
				return ""
			}
			return e.Outcome.ServiceRequestID
		}},
	)}
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
	first := v.Len() == 0
	rows := make([]*entry, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		e = cleaned(e)
		rows = append(rows, &entry{Entry: e, name: called(v.s.Data, e.Intent.Ref)})
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
	v.SetRows(rows)
	if first {
		v.Home()
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
		o.Evidence = view.Clean(o.Evidence)
		e.Outcome = &o
	}
	return e
}

// Actions move, show the entry in full, copy it, open its row, read again and
// leave.
func (v *View) Actions() []keys.Action {
	actions := []keys.Action{
		v.openRow(),
		v.showFull(),
		v.Copy("copy the entry with its result and the service's request id", func(e *entry) string { return strings.Join(e.sentences(), "\n") }),
		{Def: keys.Refresh, Run: v.Init},
	}
	return append(append(actions, v.Moves()...), keys.Action{Def: keys.Back, Run: v.back})
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

func (v *View) showFull() keys.Action {
	a := keys.Action{Def: keys.More, Disabled: v.NoEntry(), Run: func() tea.Cmd { v.full = !v.full; return nil }}
	a.Help, a.Long = "in full", "show the entry in full, or the list again"
	return a
}

func (v *View) openRow() keys.Action {
	a := keys.Action{Def: keys.OpenRow, Disabled: v.NoEntry()}
	if e, ok := v.Cursor(); ok {
		if _, known := v.s.Data.Row(e.Intent.Ref.Row()); !known {
			a.Disabled = e.Intent.Ref.Key + " is not known any more"
		}
		a.Run = func() tea.Cmd { return v.s.Host.Open(detail.New(v.s, e.Intent.Ref.Row())) }
	}
	return a
}
