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
	EventDeleted    EventKind = "deleted"
	EventRecovered  EventKind = "recovered"
	EventPurged     EventKind = "purged"
	// EventUncertain is a change from here whose answer was lost, and what was
	// found out about it.
	EventUncertain EventKind = "uncertain"
	// The kinds that only rows of a CA account have.
	EventIssued    EventKind = "issued"
	EventReplaced  EventKind = "replaced"
	EventRevoked   EventKind = "revoked"
	EventRenewed   EventKind = "renewed"
	EventCollected EventKind = "collected"
	EventKeystore  EventKind = "keystore made"
	EventHidden    EventKind = "deleted here"
	EventRestored  EventKind = "brought back here"
	EventDecide    EventKind = "needs a person"
)

// Event is one thing that was seen to have changed.
type Event struct {
	// Ref names the row; its revision is the request's id where the event is
	// about a request, and the serial number where it is about the certificate of
	// an order.
	Ref  Ref
	Kind EventKind
	// At is when it was seen, not when it happened.
	At time.Time
	// Text says it in words.
	Text string
}

// witness is what has to be known of a snapshot to tell news from what was so
// all the time.
type witness struct {
	first        bool      // no sweep has ended yet
	firstDeleted bool      // no sweep of the deleted certificates has ended yet
	swept        time.Time // when the last complete sweep began
	asOf         time.Time // when the news came
}

// diff lists what changed of one row; was is nil when it was not known.
func (w witness) diff(was, it *Item) []Event {
	if was == it {
		return nil
	}
	isNew := was == nil
	if isNew {
		was = &Item{}
	}
	// What only the repository knew shows up once the account tells of it.
	isNew = isNew || was.recordOnly()
	var events []Event
	if ev := w.presence(was, it, isNew && !it.recordOnly()); ev.Kind != "" {
		events = append(events, ev)
	}
	if it.Order != nil || it.Record != nil {
		return append(append(events, diffOrder(was, it)...), diffRecord(was, it, w.asOf)...)
	}
	known := !was.ListedAt.IsZero() || !was.CertificateReadAt.IsZero()
	if was.Certificate.Thumbprint != it.Certificate.Thumbprint && it.Certificate.Issued && known {
		at := it.ListedAt
		if it.CertificateReadAt.After(at) {
			at = it.CertificateReadAt
		}
		events = append(events, Event{Ref: it.Ref, Kind: EventVersion, At: at, Text: "new version, thumbprint " + it.Certificate.Thumbprint})
	}
	return append(events, diffRequest(was, it)...)
}

// presence tells whether the row came, went, or came back; the event is empty
// when none of that.
func (w witness) presence(was, it *Item, isNew bool) Event {
	event := func(kind EventKind, at time.Time, text string) Event {
		return Event{Ref: it.Ref, Kind: kind, At: at, Text: text}
	}
	old, now := was.Deletion, it.Deletion
	switch {
	case now != nil && now.Purged && (old == nil || !old.Purged):
		return event(EventPurged, now.SeenAt, "destroyed for good; its name is free")
	case now != nil && (old == nil || old.Purged != now.Purged):
		if isNew && w.firstDeleted {
			return Event{}
		}
		return event(EventDeleted, now.SeenAt, now.text())
	case now != nil:
		return Event{}
	case old != nil && old.Purged:
		return event(EventAppeared, it.lastSeen(), "made anew under a name that was free")
	case old != nil:
		return event(EventRecovered, it.lastSeen(), "recovered")
	case isNew && !w.first:
		return event(EventAppeared, it.lastSeen(), it.firstSight())
	case it.Vanished() && !was.Vanished():
		return event(EventVanished, w.swept, "not listed any more")
	case !it.Vanished() && was.Vanished():
		return event(EventAppeared, it.lastSeen(), "listed again")
	}
	return Event{}
}

// text says a deletion in words. It is stored, so its time is in UTC: whoever reads
// it may be in another zone.
func (d *Deletion) text() string {
	if d.PurgeAt.IsZero() {
		return "soft-deleted"
	}
	return "soft-deleted, can be recovered until " + d.PurgeAt.UTC().Format("2006-01-02 15:04 UTC")
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
