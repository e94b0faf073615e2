package model

import "time"

// EventKind says what happened to a row.
type EventKind string

// The kinds of events that a change of a snapshot shows.
const (
	EventAppeared   EventKind = "appeared"
	EventRequest    EventKind = "request"
	EventPhase      EventKind = "status"
	EventSuperseded EventKind = "superseded"
	EventGone       EventKind = "gone"
	EventVersion    EventKind = "new version"
	EventVanished   EventKind = "not seen"
)

// Event is one thing that was seen to have changed.
type Event struct {
	// Ref names the row; its revision is the request's id where the event is
	// about a request.
	Ref  Ref
	Kind EventKind
	// At is when it was seen, not when it happened.
	At time.Time
	// Text says it in words.
	Text string
}

// Diff lists what changed from old to next, in the order of the rows. A first
// snapshot (old is nil or empty) is no news: it yields requests only.
func Diff(old, next *Snapshot) []Event {
	var events []Event
	first := old == nil || old.Len() == 0
	var known []*Item
	if old != nil {
		known = old.items
	}
	for _, it := range next.items {
		// Most rows are the same in both and cost one comparison of pointers:
		// a diff follows every page, so it must not look anything up.
		if len(known) > 0 && known[0] == it {
			known = known[1:]
			continue
		}
		for len(known) > 0 && known[0].Ref.Key < it.Ref.Key {
			known = known[1:]
		}
		var was *Item
		if len(known) > 0 && known[0].Ref.Key == it.Ref.Key {
			was, known = known[0], known[1:]
		}
		events = append(events, diffItem(was, it, first)...)
	}
	return events
}

func diffItem(was, it *Item, first bool) []Event {
	var events []Event
	add := func(ref Ref, kind EventKind, at time.Time, text string) {
		events = append(events, Event{Ref: ref, Kind: kind, At: at, Text: text})
	}
	if was == nil {
		was = &Item{}
		if !first {
			add(it.Ref, EventAppeared, it.ListedAt, "seen for the first time")
		}
	} else if it.Vanished() && !was.Vanished() {
		add(it.Ref, EventVanished, it.ListedAt, "not listed any more")
	}
	if was.Certificate.Thumbprint != it.Certificate.Thumbprint && it.Certificate.Issued && !was.ListedAt.IsZero() {
		add(it.Ref, EventVersion, it.ListedAt, "new version, thumbprint "+it.Certificate.Thumbprint)
	}
	old, r := was.Request, it.Request
	switch {
	case r == nil || r == old:
	case old != nil && r.Gone && !old.Gone:
		add(it.RequestRef(), EventGone, it.RequestReadAt, "the vault no longer knows this request; last seen "+old.Status)
	case old == nil || old.ID != r.ID:
		if r.Replaced != "" {
			add(it.RequestRef(), EventSuperseded, it.RequestReadAt, "replaces request "+r.Replaced)
		}
		add(it.RequestRef(), EventRequest, it.RequestReadAt, "request "+r.Status)
	case old.Status != r.Status:
		add(it.RequestRef(), EventPhase, it.RequestReadAt, r.Status)
	case old.CancelAsked != r.CancelAsked && r.CancelAsked:
		add(it.RequestRef(), EventPhase, it.RequestReadAt, "cancellation asked")
	}
	return events
}
