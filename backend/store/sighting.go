package store

import (
	"time"

	"certty/model"
)

// sighting is when the parts of an item were last read. Every sweep renews it
// for every row, mostly without any other news, so it is stored a second time,
// for all rows of a target in one small value: rewriting ten thousand rows a
// minute would write gigabytes a day.
type sighting struct {
	listed, request, certificate, deletion time.Time
	missed                                 int
}

func sightingOf(it *model.Item) sighting {
	s := sighting{listed: it.ListedAt, request: it.RequestReadAt, certificate: it.CertificateReadAt, missed: it.Missed}
	if it.Deletion != nil {
		s.deletion = it.Deletion.SeenAt
	}
	return s
}

// applyTo sets the times of it, which other items may share their deletion
// with.
func (s sighting) applyTo(it *model.Item) {
	it.ListedAt, it.RequestReadAt, it.CertificateReadAt, it.Missed = s.listed, s.request, s.certificate, s.missed
	if it.Deletion != nil {
		deletion := *it.Deletion
		deletion.SeenAt = s.deletion
		it.Deletion = &deletion
	}
}

func encodeSighting(e *encoder, s sighting) {
	e.time(s.listed)
	e.time(s.request)
	e.time(s.certificate)
	e.int(int64(s.missed))
	e.time(s.deletion)
}

func decodeSighting(d *decoder) sighting {
	s := sighting{listed: d.time(), request: d.time(), certificate: d.time(), missed: int(d.int())}
	if d.version > 1 {
		s.deletion = d.time()
	}
	return s
}

// encodeSightings encodes the sightings of a snapshot's items, by key.
func encodeSightings(s *model.Snapshot) []byte {
	e := encoder{b: make([]byte, 0, 64*s.Len()+1)}
	e.byte(itemVersion)
	for it, listed := range s.Listings() {
		e.string(it.Ref.Key)
		seen := sightingOf(it)
		seen.listed = listed
		encodeSighting(&e, seen)
	}
	return e.b
}

// sightings reads what encodeSightings wrote, in step with rows that come
// sorted by key as well.
type sightings struct {
	d    decoder
	key  string
	next sighting
	more bool
}

func newSightings(b []byte) *sightings {
	s := &sightings{d: decoder{s: string(b)}}
	if s.d.version = s.d.byte(); !readable(s.d.version) {
		s.d.fail()
	}
	s.advance()
	return s
}

func (s *sightings) advance() {
	s.more = s.d.s != ""
	if s.more {
		s.key, s.next = s.d.string(), decodeSighting(&s.d)
		s.more = !s.d.bad
	}
}

// find gives the sighting of key. Keys are asked for in ascending order.
func (s *sightings) find(key string) (sighting, bool) {
	for s.more && s.key < key {
		s.advance()
	}
	if s.more && s.key == key {
		return s.next, true
	}
	return sighting{}, false
}
