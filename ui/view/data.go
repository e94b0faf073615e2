package view

import (
	"slices"
	"strings"
	"time"

	"certty/backend/poll"
	"certty/model"
)

// Row is an item with its status at [Data.Now].
type Row struct {
	Item   *model.Item
	Status model.Status
}

// ID is the row's identity on the screen.
func (r Row) ID() model.Ref { return r.Item.Ref }

// Data is what is known of every target, as the screen's goroutine last heard
// it. Views read it; only the root changes it.
type Data struct {
	// Now is the screen's time. It moves in whole minutes, so that ages change
	// together and an idle screen sends nothing.
	Now time.Time

	names  []string
	states map[string]poll.State
	rows   []Row
	known  map[model.Ref]Row
	counts Counts
	hay    map[hayKey]string
}

// Counts sums up every target.
type Counts struct {
	Failed, Waiting, Total int
}

// NewData makes empty data for targets, shown in the given order.
func NewData(names []string, now time.Time) *Data {
	return &Data{names: names, states: make(map[string]poll.State), known: make(map[model.Ref]Row), hay: make(map[hayKey]string), Now: now}
}

// SetState takes a target's news.
func (d *Data) SetState(name string, s poll.State) {
	d.states[name] = s
	d.derive()
}

// SetNow moves the screen's time.
func (d *Data) SetNow(now time.Time) {
	d.Now = now
	d.derive()
}

// derive sorts every row by urgency. An item that is the same as before, at
// the same time, keeps its status: items are immutable.
func (d *Data) derive() {
	d.rows = make([]Row, 0, len(d.rows)) // the old slice is the table's
	d.counts = Counts{}
	known := make(map[model.Ref]Row, len(d.known))
	for _, name := range d.names {
		state, ok := d.states[name]
		if !ok || state.Snapshot == nil {
			continue
		}
		for _, it := range state.Snapshot.Items() {
			row := Row{Item: it, Status: it.Status(d.Now)}
			d.rows = append(d.rows, row)
			known[it.Ref] = row
			d.count(row.Status.Severity)
		}
	}
	d.known = known
	d.hay = make(map[hayKey]string)
	slices.SortFunc(d.rows, func(a, b Row) int {
		return model.CompareUrgency(a.Item, b.Item, a.Status, b.Status)
	})
}

func (d *Data) count(s model.Severity) {
	d.counts.Total++
	switch s {
	case model.SeverityFailed:
		d.counts.Failed++
	case model.SeverityYou, model.SeverityOthers:
		d.counts.Waiting++
	case model.SeverityExpires, model.SeverityQuiet:
	}
}

// Rows lists every row by urgency. The slice is never changed.
func (d *Data) Rows() []Row { return d.rows }

// Row finds the row that shows ref.
func (d *Data) Row(ref model.Ref) (Row, bool) {
	row, ok := d.known[ref.Row()]
	return row, ok
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

// Haystack is what a filter looks through, in lower case. It is made once for
// each item and status.
func (d *Data) Haystack(r Row) string {
	key := hayKey{item: r.Item, state: r.Status.State}
	text, ok := d.hay[key]
	if !ok {
		text = haystack(r)
		d.hay[key] = text
	}
	return text
}

type hayKey struct {
	item  *model.Item
	state model.State
}

func haystack(r Row) string {
	c := &r.Item.Certificate
	parts := []string{r.Item.Ref.Key, r.Item.Ref.Target, string(r.Status.State), c.Subject, c.Issuer, c.Serial, c.Thumbprint, r.Status.Next}
	if q := r.Item.Request; q != nil {
		parts = append(parts, q.ID, q.Issuer.Name, q.ErrorCode, q.ErrorMessage)
	}
	return strings.ToLower(strings.Join(append(parts, c.SANs.All()...), "\n"))
}
