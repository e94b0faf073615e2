package query

import (
	"cmp"
	"strings"
	"time"

	"certty/model"
)

// Key is what rows are sorted by.
type Key uint8

// The keys, in the order in which they are offered.
const (
	ByUrgency Key = iota
	ByName
	ByTarget
	ByState
	ByAge
	ByLifeLeft
	ByExpiry
	keys
)

// Keys lists every key.
func Keys() []Key {
	all := make([]Key, keys)
	for i := range all {
		all[i] = Key(i)
	}
	return all
}

// String is the key in words.
func (k Key) String() string {
	switch k {
	case ByName:
		return "name"
	case ByTarget:
		return "target"
	case ByState:
		return "state"
	case ByAge:
		return "age"
	case ByLifeLeft:
		return "life left"
	case ByExpiry:
		return "expiry"
	default:
		return "urgency"
	}
}

// Order is an order of rows. The zero value is by urgency.
type Order struct {
	Key Key
	// Flip turns the key's order around. Rows without a value stay last, and
	// equal ones stay in the order of their names; urgency, which is more than
	// one value, is turned around as a whole.
	Flip bool
}

// Compare orders two rows. It is total: two rows are equal only when they are
// one.
func (o Order) Compare(a, b *model.Item, sa, sb *model.Status) int {
	if o.Key == ByUrgency {
		c := model.CompareUrgency(a, b, *sa, *sb)
		if o.Flip {
			return -c
		}
		return c
	}
	c, known := o.compare(a, b, sa, sb)
	if o.Flip && known {
		c = -c
	}
	return cmp.Or(c, strings.Compare(a.Name(), b.Name()), strings.Compare(a.Ref.Target, b.Ref.Target), strings.Compare(a.Ref.Key, b.Ref.Key))
}

// compare orders by the key alone; known is false where one of the two has no
// value, so that the order must not be turned around.
func (o Order) compare(a, b *model.Item, sa, sb *model.Status) (c int, known bool) {
	switch o.Key {
	case ByName:
		return strings.Compare(a.Name(), b.Name()), true
	case ByTarget:
		return strings.Compare(a.Ref.Target, b.Ref.Target), true
	case ByState:
		return strings.Compare(string(sa.State), string(sb.State)), true
	case ByAge:
		// The youngest first: it is the news.
		c, known = times(Since(sa), Since(sb))
		if known {
			c = -c
		}
		return c, known
	case ByLifeLeft:
		return shares(sa.LifeLeft, sb.LifeLeft)
	case ByExpiry:
		return times(expiry(a), expiry(b))
	case ByUrgency, keys:
	}
	return 0, false
}

// Since is when a row became what it is, for orders and for people. It is zero
// for a live certificate, whose age is no news.
func Since(s *model.Status) time.Time {
	switch s.State {
	case model.StateValid, model.StateExpires, model.StateDisabled:
		return time.Time{}
	default:
		return s.Since
	}
}

// expiry is zero where nothing was issued: the dates of such an object are the
// service's placeholders.
func expiry(it *model.Item) time.Time {
	if !it.Certificate.Issued {
		return time.Time{}
	}
	return it.Certificate.NotAfter
}

// times orders two moments, the earlier first, those that are not known last.
func times(a, b time.Time) (c int, known bool) {
	switch {
	case a.IsZero() || b.IsZero():
		return compareKnown(!a.IsZero(), !b.IsZero()), false
	default:
		return a.Compare(b), true
	}
}

// shares orders two shares of life, -1 for none, which is last.
func shares(a, b float64) (c int, known bool) {
	if a < 0 || b < 0 {
		return compareKnown(a >= 0, b >= 0), false
	}
	return cmp.Compare(a, b), true
}

func compareKnown(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}
