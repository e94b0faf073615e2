package view

import (
	"slices"
	"time"

	"certty/backend/poll"
	"certty/model"
	"certty/model/query"
)

// Row is an item with its status at [Data.Now].
type Row struct {
	Item   *model.Item
	Status model.Status
	text   string
}

// ID is the row's identity on the screen.
func (r *Row) ID() model.Ref { return r.Item.Ref }

// Text is what a filter looks through, see [query.Text]. It is made once.
func (r *Row) Text() string {
	if r.text == "" {
		r.text = query.Text(r.Item)
	}
	return r.text
}

// Data is what is known of every target, as the screen's goroutine last heard
// it. Views read it; only the root changes it, and the board its order.
type Data struct {
	// Now is the screen's time. It moves in whole minutes, so that ages change
	// together and an idle screen sends nothing.
	Now time.Time

	names  []string
	states map[string]poll.State
	order  query.Order
	rows   []*Row
	// hidden are the rows of orders that were deleted here.
	hidden []*Row
	counts Counts
	// doubts are the changes whose end is not known, by row.
	doubts map[model.Ref]Doubt
	// passwords are those of accounts' logins, by target.
	passwords map[string]model.PasswordLife
	// version counts the changes of rows.
	version uint64
}

// Counts sums up every target.
type Counts struct {
	// Failed, Undecided, Gone and Expired need a decision (the rows of
	// [model.SeverityFailed]).
	Failed, Undecided, Gone, Expired int
	// Waiting waits for somebody.
	Waiting int
	Total   int
}

// NewData makes empty data for targets, shown in the given order.
func NewData(names []string, now time.Time) *Data {
	return &Data{names: names, states: make(map[string]poll.State), Now: now}
}

// SetState takes a target's news, and a target that is new. Only the rows that
// changed are looked at.
func (d *Data) SetState(name string, s poll.State) {
	var old *model.Snapshot
	if state, ok := d.states[name]; ok {
		old = state.Snapshot
	}
	d.states[name] = s
	if !slices.Contains(d.names, name) {
		d.names = append(slices.Clip(d.names), name)
	}
	gone, come, few := difference(old, s.Snapshot, len(d.rows)/4)
	switch {
	case len(gone)+len(come) == 0:
	case few && d.replace(gone, come):
		d.version++
	default:
		d.renew(name)
	}
}

// SetNow moves the screen's time, and with it every status.
func (d *Data) SetNow(now time.Time) {
	d.Now = now
	d.age()
}

// SetOrder sorts the rows.
func (d *Data) SetOrder(o query.Order) {
	if o != d.order {
		d.order = o
		// New slices, for the old ones are the table's.
		d.rows, d.hidden = slices.Clone(d.rows), slices.Clone(d.hidden)
		d.sort()
	}
}

// Order is the order of the rows.
func (d *Data) Order() query.Order { return d.order }

// Compare orders two rows as Rows has them.
func (d *Data) Compare(a, b *Row) int {
	return d.order.Compare(a.Item, b.Item, &a.Status, &b.Status)
}

// Rows lists every row in the order that was set, by urgency at first, without
// those of [Data.Deleted]. The slice and what it points to are never changed.
func (d *Data) Rows() []*Row { return d.rows }

// Deleted lists the rows of orders that were deleted here, in the same order:
// the account still has them. Counts leaves them out.
func (d *Data) Deleted() []*Row { return d.hidden }

// Version changes whenever Rows does.
func (d *Data) Version() uint64 { return d.version }

// Row finds the row that shows ref.
func (d *Data) Row(ref model.Ref) (Row, bool) {
	state, ok := d.states[ref.Target]
	if !ok || state.Snapshot == nil {
		return Row{}, false
	}
	it := state.Snapshot.Get(ref.Key)
	if it == nil || it.Ref != ref.Row() {
		return Row{}, false
	}
	return Row{Item: it, Status: it.Status(d.Now)}, true
}

// ListedAt is when a list held an item of a row last.
func (d *Data) ListedAt(it *model.Item) time.Time {
	if s := d.states[it.Ref.Target].Snapshot; s != nil {
		return s.ListedAt(it)
	}
	return it.ListedAt
}

// Name is what the row that shows ref is called, its key where none does.
func (d *Data) Name(ref model.Ref) string {
	if row, ok := d.Row(ref); ok {
		return row.Item.Name()
	}
	return ref.Key
}

// Counts sums up what is known.
func (d *Data) Counts() Counts { return d.counts }

// Targets lists the names of the targets, in their order.
func (d *Data) Targets() []string { return d.names }

// State is what was last heard of a target; ok is false when nothing was.
func (d *Data) State(name string) (poll.State, bool) {
	s, ok := d.states[name]
	return s, ok
}

// Stale says why what is known of a target may not be so any more; "" while it
// is fresh. every is how often it is read. A call that failed once makes nothing
// stale: the rows would flicker with every short trouble.
func (d *Data) Stale(name string, every time.Duration) string {
	s, ok := d.states[name]
	switch {
	case !ok || s.Snapshot == nil || s.Snapshot.SweptAt().IsZero():
		// What trickles in is new, however much is missing.
		return ""
	case s.Latched:
		return "login refused"
	case d.Now.Sub(s.ReadAt()) > missedSweeps*max(every, time.Minute):
		return "old"
	}
	return ""
}

// Overdue reports whether the request of a row should have been read again by
// now, by the settings of its target: what the row says of it is old. since is
// when the row came onto the screen or was marked; zero when it is on none.
func (d *Data) Overdue(it *model.Item, since time.Time) bool {
	var watched time.Duration
	if !since.IsZero() {
		watched = d.Now.Sub(since)
	}
	return d.states[it.Ref.Target].Ages.Overdue(it, d.Now, watched)
}

// missedSweeps is how many sweeps have to fail to come before their target's
// rows count as old; one alone may be slow.
const missedSweeps = 3

// Select lists those of some rows that pass a filter, in their order.
func (d *Data) Select(f *query.Filter, from []*Row) []*Row {
	var rows []*Row
	look := query.Row{Now: d.Now}
	for _, r := range from {
		look.Item, look.Status, look.Text = r.Item, &r.Status, r.Text()
		if f.Match(&look) {
			rows = append(rows, r)
		}
	}
	return rows
}
