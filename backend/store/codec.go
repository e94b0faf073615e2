package store

import (
	"encoding/binary"
	"errors"
	"time"
)

// errEncoding is a stored value that this program can't read: it is damaged,
// or another version wrote it. Whoever meets it treats the value as absent;
// only the cache holds such values.
var errEncoding = errors.New("unreadable stored value")

// encoder appends values in a compact binary form. Loading a snapshot is what
// the first frame waits for, and encoding/json takes several times as long.
type encoder struct {
	b []byte
	// names is room for those of one item's tags, used again by the next.
	names []string
}

func (e *encoder) byte(v byte)     { e.b = append(e.b, v) }
func (e *encoder) count(n int)     { e.b = binary.AppendUvarint(e.b, uint64(max(0, n))) }
func (e *encoder) int(v int64)     { e.b = binary.AppendVarint(e.b, v) }
func (e *encoder) string(s string) { e.count(len(s)); e.b = append(e.b, s...) }

func (e *encoder) bool(v bool) {
	if v {
		e.byte(1)
	} else {
		e.byte(0)
	}
}

func (e *encoder) strings(list []string) {
	e.count(len(list))
	for _, s := range list {
		e.string(s)
	}
}

// optional writes a switch that may be left alone: 0 unset, 1 off, 2 on.
func (e *encoder) optional(v *bool) {
	switch {
	case v == nil:
		e.byte(0)
	case *v:
		e.byte(2)
	default:
		e.byte(1)
	}
}

func (e *encoder) time(t time.Time) {
	e.bool(!t.IsZero())
	if !t.IsZero() {
		e.int(t.Unix())
		e.count(t.Nanosecond())
	}
}

// decoder reads what encoder wrote. The strings it gives share one backing
// string. After the first error every read gives a zero value, so that callers
// look at bad once, at the end.
type decoder struct {
	s       string
	version byte // of the value's encoding
	bad     bool
}

func (d *decoder) fail() { d.bad, d.s = true, "" }

func (d *decoder) byte() byte {
	if d.s == "" {
		d.fail()
		return 0
	}
	v := d.s[0]
	d.s = d.s[1:]
	return v
}

// uvarint is binary.Uvarint over a string, which saves copying it.
func (d *decoder) uvarint() uint64 {
	// Nearly every number is a short length; this much can be inlined.
	if len(d.s) > 0 && d.s[0] < 0x80 {
		v := d.s[0]
		d.s = d.s[1:]
		return uint64(v)
	}
	return d.longUvarint()
}

func (d *decoder) longUvarint() uint64 {
	var v uint64
	for i := range min(len(d.s), binary.MaxVarintLen64) {
		c := d.s[i]
		if c < 0x80 {
			if i == binary.MaxVarintLen64-1 && c > 1 {
				break
			}
			d.s = d.s[i+1:]
			return v | uint64(c)<<(7*i)
		}
		v |= uint64(c&0x7f) << (7 * i)
	}
	d.fail()
	return 0
}

func (d *decoder) int() int64 {
	u := d.uvarint()
	v := int64(u >> 1)
	if u&1 != 0 {
		v = ^v
	}
	return v
}

// count reads how many things follow. Each takes a byte at least, so a count
// beyond what is left is damage, and nothing is allocated for it.
func (d *decoder) count() int {
	u := d.uvarint()
	return d.atMost(u, len(d.s))
}

// length reads the length of something that stands elsewhere, where left bytes
// are.
func (d *decoder) length(left int) int { return d.atMost(d.uvarint(), left) }

func (d *decoder) atMost(u uint64, limit int) int {
	if u > uint64(max(0, limit)) {
		d.fail()
		return 0
	}
	return int(u) //nolint:gosec // at most limit
}

func (d *decoder) bool() bool { return d.byte() == 1 }

func (d *decoder) string() string {
	n := d.count()
	if d.bad {
		return ""
	}
	v := d.s[:n]
	d.s = d.s[n:]
	return v
}

func (d *decoder) strings() []string {
	n := d.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = d.string()
	}
	return list
}

func (d *decoder) optional() *bool {
	switch d.byte() {
	case 1:
		return new(bool)
	case 2:
		v := true
		return &v
	}
	return nil
}

func (d *decoder) time() time.Time {
	if !d.bool() {
		return time.Time{}
	}
	sec, nsec := d.int(), d.uvarint()
	if d.bad || nsec >= uint64(time.Second) {
		d.fail()
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}
