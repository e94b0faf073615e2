package model

import (
	"slices"
	"strings"
	"time"
)

// Draft is a snapshot that grows in the hands of one goroutine. Merging into it
// costs what the page holds; the copying that makes a snapshot immutable is
// paid once for each [Draft.Snapshot] and not for each page, so that ten
// thousand single answers stay cheap.
type Draft struct {
	now Snapshot
	// out is the snapshot that was given out last and shares the items; nil
	// once the draft has items of its own.
	out *Snapshot
	// keeps is true after KeepUnchanged.
	keeps bool
}

// Turn is what a page made of one row.
type Turn struct {
	// Was is nil for a row that was not known.
	Was *Item
	// Is is Was itself where the draft kept it, see [Draft.KeepUnchanged].
	Is *Item
}

// Draft begins a draft that goes on from s.
func (s *Snapshot) Draft() *Draft { return &Draft{now: *s, out: s} }

// Get finds the item under a key; nil when there is none.
func (d *Draft) Get(key string) *Item { return d.now.Get(key) }

// HoldsOrders is as that of a snapshot, see [Snapshot.HoldsOrders].
func (d *Draft) HoldsOrders() bool { return d.now.HoldsOrders() }

// Items lists the items by key, as [Snapshot.Items] does, until the next Merge.
func (d *Draft) Items() []*Item { return d.now.items }

// Snapshot is what the draft holds now. It stays as it is, whatever is merged
// afterwards.
func (d *Draft) Snapshot() *Snapshot {
	if d.out == nil {
		out := d.now
		d.out = &out
	}
	return d.out
}

// Merge adds a page of news, by the rules of [Snapshot.Merge]. It returns the
// rows that the page spoke of and that are there still, by key, and what
// happened to them and to those whose absence it showed.
//
// Until a first sweep has ended a row that shows up is no news, neither is one
// that a first list of the deleted certificates shows, and a request that is
// found completed or cancelled when it is asked for the first time never is:
// that may have been years ago.
func (d *Draft) Merge(p Page) ([]Turn, []Event) {
	if d.out != nil {
		d.now.own()
		d.out = nil
	}
	before := d.now
	turns := d.add(p)
	missed := d.endSweep(p)
	w := witness{first: before.swept.IsZero(), firstDeleted: before.sweptDeleted.IsZero(), swept: d.now.swept, asOf: p.AsOf}
	var events []Event
	for _, t := range slices.Concat(turns, missed) {
		events = append(events, w.diff(t.Was, t.Is)...)
	}
	return turns, events
}

// Looked says that a look at what changed began at a moment and got through. Its
// news are merged for themselves.
func (d *Draft) Looked(began time.Time) {
	d.now.looked = began
	if d.out != nil {
		d.out = d.out.WithLook(began) // the items are shared still
	}
}

// add merges the page's items.
func (d *Draft) add(p Page) []Turn {
	if len(p.Items) == 0 {
		return nil
	}
	news := make([]*Item, len(p.Items))
	for i := range p.Items {
		news[i] = &p.Items[i]
	}
	// Stable, so that of two items with one key in a page the later wins.
	slices.SortStableFunc(news, func(a, b *Item) int { return strings.Compare(a.Ref.Key, b.Ref.Key) })
	turns := make([]Turn, 0, len(news))
	unknown, from := 0, 0
	for _, n := range news {
		if last := len(turns) - 1; last >= 0 && turns[last].Is.Ref.Key == n.Ref.Key {
			base := turns[last].Is
			if base == turns[last].Was {
				base = d.now.exact(from)
			}
			turns[last].Is = base.merge(n, p)
			continue
		}
		at, known := findKey(d.now.items[from:], n.Ref.Key)
		from += at
		switch {
		case !known:
			unknown++
			base := Item{Ref: Ref{Target: d.now.target, Kind: KindCertificate, Key: n.Ref.Key}}
			turns = append(turns, Turn{Is: base.merge(n, p)})
		case d.keep(from, n, p):
			turns = append(turns, Turn{Was: d.now.items[from], Is: d.now.items[from]})
		default:
			turns = append(turns, Turn{Was: d.now.items[from], Is: d.now.exact(from).merge(n, p)})
		}
	}
	if p.Fields&FieldRecord != 0 {
		turns, unknown = d.forget(turns, unknown)
	}
	d.put(turns, unknown)
	return turns
}

// forget takes out the rows that a page of records leaves with nothing but their
// name, and gives the other turns and how many of them are of unknown rows.
func (d *Draft) forget(turns []Turn, unknown int) ([]Turn, int) {
	kept := slices.DeleteFunc(turns, func(t Turn) bool {
		if !t.Is.bare() {
			return false
		}
		if t.Was == nil {
			unknown--
		} else if at, ok := findKey(d.now.items, t.Is.Ref.Key); ok {
			d.now.cut(at)
		}
		return true
	})
	return kept, unknown
}

// put sets the rows of turns, of which some were not known and need room. It
// goes from the end, so that what lies between two rows moves as a block and
// once: a page of 25 must not cost a look at each of 10 000 rows.
func (d *Draft) put(turns []Turn, unknown int) {
	left := len(d.now.items)
	d.now.grow(unknown)
	items := d.now.items
	room := len(items)
	for _, t := range slices.Backward(turns) {
		at, known := findKey(items[:left], t.Is.Ref.Key)
		after := at
		if known {
			after++
		}
		room -= left - after
		if room != after {
			d.now.move(room, after, left)
		}
		room--
		listed := moment(0) // what was merged has it in itself
		if t.Is == t.Was {
			listed = d.now.stamp(at)
		}
		d.now.set(room, t.Is, listed)
		left = at
	}
}

// endSweep counts what a complete sweep did not list as missed.
func (d *Draft) endSweep(p Page) []Turn {
	sum := p.Summary
	if sum == nil || !sum.Complete {
		return nil
	}
	swept := &d.now.swept
	if p.Fields&FieldDeleted != 0 {
		swept = &d.now.sweptDeleted
	}
	if sum.Started.Equal(*swept) {
		return nil
	}
	*swept = sum.Started
	var turns []Turn
	for i, it := range d.now.items {
		if it.provedMissing(p, d.now.listedAt(i), d.now.sweptDeleted) {
			gone := d.now.exact(i).missed(p.AsOf)
			d.now.set(i, gone, 0)
			turns = append(turns, Turn{Was: it, Is: gone})
		}
	}
	return turns
}
