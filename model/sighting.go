package model

import (
	"iter"
	"maps"
	"slices"
	"time"
)

// moment is a time in nanoseconds since 1970, 0 for none: a third of a
// [time.Time], of which a snapshot has one for each row.
type moment int64

func momentOf(t time.Time) moment {
	if t.IsZero() {
		return 0
	}
	return moment(t.UnixNano())
}

func (m moment) time() time.Time { return time.Unix(0, int64(m)).UTC() }

// ListedAt is when a list held an item of the snapshot last. Of an item that is
// none of its own it is the item's word.
func (s *Snapshot) ListedAt(it *Item) time.Time {
	if s.listed != nil {
		if i, ok := findKey(s.items, it.Ref.Key); ok && s.items[i] == it {
			return s.listedAt(i)
		}
	}
	return it.ListedAt
}

// Listings gives each item, by key, with when a list held it last.
func (s *Snapshot) Listings() iter.Seq2[*Item, time.Time] {
	return func(yield func(*Item, time.Time) bool) {
		for i, it := range s.items {
			if !yield(it, s.listedAt(i)) {
				return
			}
		}
	}
}

func (s *Snapshot) listedAt(i int) time.Time {
	if at := s.stamp(i); at != 0 {
		return at.time()
	}
	return s.items[i].ListedAt
}

// stamp is when the item at i was listed after it was made; 0 when it was not.
func (s *Snapshot) stamp(i int) moment {
	if s.listed == nil {
		return 0
	}
	return s.listed[i]
}

// exact is the item at i with the time at which a list held it last.
func (s *Snapshot) exact(i int) *Item {
	it := s.items[i]
	if s.stamp(i) == 0 {
		return it
	}
	out := *it
	out.ListedAt = s.listedAt(i)
	return &out
}

// own gives the snapshot items of its own: nobody else has them.
func (s *Snapshot) own() {
	s.items, s.listed = slices.Clone(s.items), slices.Clone(s.listed)
}

// grow makes room for n items behind the others.
func (s *Snapshot) grow(n int) {
	length := len(s.items) + n
	s.items = slices.Grow(s.items, n)[:length]
	if s.listed != nil {
		s.listed = slices.Grow(s.listed, n)[:length]
	}
}

// move copies the items from one place up to another to where there is room.
func (s *Snapshot) move(to, from, end int) {
	copy(s.items[to:], s.items[from:end])
	if s.listed != nil {
		copy(s.listed[to:], s.listed[from:end])
	}
}

// set puts an item, and when it was listed after it was made, at i.
func (s *Snapshot) set(i int, it *Item, listed moment) {
	s.items[i] = it
	if s.listed != nil {
		s.listed[i] = listed
	}
}

// cut takes the item at i out.
func (s *Snapshot) cut(i int) {
	s.items = slices.Delete(s.items, i, i+1)
	if s.listed != nil {
		s.listed = slices.Delete(s.listed, i, i+1)
	}
}

// KeepUnchanged makes the draft keep an item of which a list tells nothing new,
// and only note when it was listed: a sweep of ten thousand certificates makes
// ten thousand items otherwise, which live beside those before until the new
// snapshot is shown. Whoever reads [Item.ListedAt] of the draft's snapshots asks
// [Snapshot.ListedAt] instead.
func (d *Draft) KeepUnchanged() { d.keeps = true }

// keep notes that the item at i was listed, where the page tells nothing else of
// it, and reports whether that is so.
func (d *Draft) keep(i int, n *Item, p Page) bool {
	it := d.now.items[i]
	if !d.keeps || p.Fields != FieldListing || n.Order != nil || !it.steady() || !it.Certificate.tellsAlready(&n.Certificate) {
		return false
	}
	if p.AsOf.After(d.now.listedAt(i)) {
		if d.now.listed == nil {
			d.now.listed = make([]moment, len(d.now.items))
		}
		d.now.listed[i] = momentOf(p.AsOf)
	}
	return true
}

// steady reports whether nothing that is derived of the item depends on when it
// was listed.
func (it *Item) steady() bool {
	return it.Certificate.Issued && it.Order == nil && it.Deletion == nil && it.Missed == 0 && !it.ListedAt.IsZero()
}

// tellsAlready reports whether mergeListing would change nothing of c.
func (c *Certificate) tellsAlready(listed *Certificate) bool {
	return c.Issued == listed.Issued && c.Enabled == listed.Enabled && c.Thumbprint == listed.Thumbprint &&
		(listed.Subject == "" || c.Subject == listed.Subject) &&
		(listed.RecoveryLevel == "" || c.RecoveryLevel == listed.RecoveryLevel && c.RecoverableDays == listed.RecoverableDays) &&
		c.NotBefore.Equal(listed.NotBefore) && c.NotAfter.Equal(listed.NotAfter) &&
		c.Created.Equal(listed.Created) && c.Updated.Equal(listed.Updated) && maps.Equal(c.Tags, listed.Tags)
}
