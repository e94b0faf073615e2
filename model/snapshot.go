package model

import (
	"slices"
	"strings"
	"time"
)

// Snapshot is everything known of one target at one moment. It is immutable: a
// page of news makes a new one, so any number of readers may hold one without
// a lock. The zero value is not usable, start with [NewSnapshot].
type Snapshot struct {
	target string
	items  []*Item // sorted by key
	// listed is, for each of items, when a list held it last without telling
	// anything new, see [Snapshot.ListedAt]; zero where the item itself is as new.
	// nil: that is so of every item.
	listed []moment
	// swept and sweptDeleted are when the last complete sweep of the live and of
	// the deleted certificates began.
	swept, sweptDeleted time.Time
	// looked is when the last look at what changed began that got through.
	looked time.Time
}

// NewSnapshot makes a snapshot of target with the given items, last swept
// completely at swept (zero: never). It takes the items over.
func NewSnapshot(target string, items []*Item, swept time.Time) *Snapshot {
	slices.SortFunc(items, func(a, b *Item) int { return strings.Compare(a.Ref.Key, b.Ref.Key) })
	return &Snapshot{target: target, items: items, swept: swept}
}

// Target is the configured name of the target.
func (s *Snapshot) Target() string { return s.target }

// SweptAt is when the last complete sweep began; zero when there was none.
func (s *Snapshot) SweptAt() time.Time { return s.swept }

// ReadAt is as of when the whole of what is known is true: when everything was
// listed last, or what changed since was told; zero when nothing was ever listed as
// a whole.
func (s *Snapshot) ReadAt() time.Time {
	if s.swept.IsZero() || s.swept.After(s.looked) {
		return s.swept // changes alone are not the whole
	}
	return s.looked
}

// LookedAt is when the last look at what changed began that got through; zero
// when there was none.
func (s *Snapshot) LookedAt() time.Time { return s.looked }

// WithLook is s after a look at what changed that began at a moment and got
// through. Its news are merged for themselves.
func (s *Snapshot) WithLook(began time.Time) *Snapshot {
	out := *s
	out.looked = began
	return &out
}

// Len is the number of items.
func (s *Snapshot) Len() int { return len(s.items) }

// Items lists the items by key. The slice and what it points to are shared and
// must not be changed. Of when they were listed [Snapshot.ListedAt] knows more.
func (s *Snapshot) Items() []*Item { return s.items }

// HoldsOrders reports whether an order of a CA account is among the items; one
// that was prepared here and not placed is none yet. A listing that found none may
// have been wrong: while this is false an account is best listed as a whole, which
// is one call.
func (s *Snapshot) HoldsOrders() bool {
	return slices.ContainsFunc(s.items, func(it *Item) bool { return it.Order != nil })
}

// Get finds the item under a key; nil when there is none.
func (s *Snapshot) Get(key string) *Item {
	if i, ok := findKey(s.items, key); ok {
		return s.items[i]
	}
	return nil
}

// findKey is where key is in items, which are sorted by key, or would be.
func findKey(items []*Item, key string) (int, bool) {
	return slices.BinarySearchFunc(items, key, func(it *Item, k string) int {
		return strings.Compare(it.Ref.Key, k)
	})
}

// WithoutPurged is s without the rows of purged certificates, of which was told
// once, and without those that only the local repository knew of, which tells
// its records anew; s itself when there are none.
func (s *Snapshot) WithoutPurged() *Snapshot {
	purged := func(it *Item) bool { return it.Deletion != nil && it.Deletion.Purged || it.bare() }
	if !slices.ContainsFunc(s.items, purged) {
		return s
	}
	out := *s
	out.own()
	for i, it := range slices.Backward(s.items) {
		if purged(it) {
			out.cut(i)
		}
	}
	return &out
}

// Merge adds a page of news and returns the new snapshot. Only the parts that
// the page carries change; nothing that the service told is ever removed: an item
// that a complete sweep did not list counts as missed, see [Item.Vanished] and
// [Deletion]. A row that only the local repository knew goes with its record.
// Pages may come late and in any order: a part that is older than what is known
// of it changes nothing, and the end of a sweep that comes twice counts once.
//
// Whoever merges many pages uses a [Draft].
func (s *Snapshot) Merge(p Page) *Snapshot {
	d := s.Draft()
	d.Merge(p)
	return d.Snapshot()
}
