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

// Diff lists what changed from old to next, in the order of the rows. Until a
// first sweep has ended (or old is nil) a row that shows up is no news, and a
// request that is found completed or cancelled when it is asked for the first
// time never is: that may have been years ago.
func Diff(old, next *Snapshot) []Event {
	var events []Event
	first := old == nil || old.swept.IsZero()
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
		events = append(events, diffItem(was, it, first, next.swept)...)
	}
	return events
}

// diffItem lists what changed of one row; swept is when the last complete sweep
// began.
func diffItem(was, it *Item, first bool, swept time.Time) []Event {
	var events []Event
	add := func(kind EventKind, at time.Time, text string) {
		events = append(events, Event{Ref: it.Ref, Kind: kind, At: at, Text: text})
	}
	switch {
	case was == nil:
		was = &Item{}
		if !first {
			add(EventAppeared, it.lastSeen(), "seen for the first time")
		}
	case it.Vanished() && !was.Vanished():
		add(EventVanished, swept, "not listed any more")
	case !it.Vanished() && was.Vanished():
		add(EventAppeared, it.lastSeen(), "listed again")
	}
	known := !was.ListedAt.IsZero() || !was.CertificateReadAt.IsZero()
	if was.Certificate.Thumbprint != it.Certificate.Thumbprint && it.Certificate.Issued && known {
		at := it.ListedAt
		if it.CertificateReadAt.After(at) {
			at = it.CertificateReadAt
		}
		add(EventVersion, at, "new version, thumbprint "+it.Certificate.Thumbprint)
	}
	return append(events, diffRequest(was, it)...)
}

// diffRequest lists what changed of a row's request.
func diffRequest(was, it *Item) []Event {
	old, r := was.Request, it.Request
	if r == nil || r == old {
		return nil
	}
	var events []Event
	add := func(kind EventKind, text string) {
		events = append(events, Event{Ref: it.RequestRef(), Kind: kind, At: it.RequestReadAt, Text: text})
	}
	switch {
	case old == nil && was.RequestReadAt.IsZero() && (r.Phase == PhaseCompleted || r.Phase == PhaseCancelled):
	case old == nil:
		add(EventRequest, "request "+r.Status)
	case r.Gone && !old.Gone:
		add(EventGone, "the vault no longer knows this request; last seen "+old.Status)
	case !old.same(r):
		if r.Replaced != "" {
			add(EventSuperseded, "replaces request "+r.Replaced)
		}
		add(EventRequest, "request "+r.Status)
	case old.Gone && !r.Gone:
		add(EventPhase, "known again: "+r.Status)
	case old.Phase != r.Phase || r.Phase == PhaseUnknown && old.Status != r.Status:
		add(EventPhase, r.Status)
	case r.CancelAsked && !old.CancelAsked:
		add(EventPhase, "cancellation asked")
	}
	return events
}
