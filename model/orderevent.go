package model

import "time"

// firstSight says in words that a row shows up.
func (it *Item) firstSight() string {
	if it.Order != nil && it.Order.Status != "" {
		return "seen for the first time, " + it.Order.Status
	}
	return "seen for the first time"
}

// diffOrder lists what changed of a row's order. What is read of it for the first
// time is no news: that may have been years ago.
func diffOrder(was, it *Item) []Event {
	old, o := was.Order, it.Order
	if old == nil || o == nil || o == old || was.RequestReadAt.IsZero() {
		return nil
	}
	var events []Event
	add := func(kind EventKind, revision, text string) {
		ref := it.Ref
		ref.Revision = revision
		events = append(events, Event{Ref: ref, Kind: kind, At: it.RequestReadAt, Text: text})
	}
	before, serial := was.Certificate.Serial, it.Certificate.Serial
	another := serial != "" && before != "" && serial != before
	if another {
		add(EventReplaced, serial, "new certificate, serial "+serial+", in the place of "+before)
	}
	switch {
	case another && o.Phase == OrderIssued:
	case o.Phase == old.Phase && (o.Phase != OrderUnknown || o.Status == old.Status):
	case o.Phase == OrderIssued:
		add(EventIssued, serial, o.became(old)+serialText(serial))
	case o.Phase == OrderReplaced:
		add(EventReplaced, serial, o.became(old)+serialText(serial))
	case o.Phase == OrderRevoked:
		text := o.became(old) + serialText(serial)
		if o.RevokedFor != "" {
			text += ", reason " + o.RevokedFor
		}
		add(EventRevoked, serial, text)
	default:
		add(EventPhase, "", o.became(old))
	}
	if o.Renewed && !old.Renewed {
		add(EventRenewed, "", "another order renewed it")
	}
	return events
}

// became says how the order's status changed, in the service's own words.
func (o *Order) became(old *Order) string {
	if old.Status == "" {
		return o.Status
	}
	return o.Status + ", was " + old.Status
}

func serialText(serial string) string {
	if serial == "" {
		return ""
	}
	return ", serial " + serial
}

// diffRecord lists what the local repository did for a row. A record that is
// told for the first time is no news: each start of the program tells them all.
func diffRecord(was, it *Item, at time.Time) []Event {
	old, r := was.Record, it.Record
	if old == nil || r == nil || r == old {
		return nil
	}
	var events []Event
	add := func(kind EventKind, revision, text string) {
		ref := it.Ref
		ref.Revision = revision
		events = append(events, Event{Ref: ref, Kind: kind, At: at, Text: text})
	}
	if r.Step == StepCollected && (old.Step != StepCollected || old.ChainSerial != r.ChainSerial) {
		add(EventCollected, r.ChainSerial, "the certificate is here"+serialText(r.ChainSerial))
	}
	if r.Keystore == KeystoreMade && (old.Keystore != KeystoreMade || old.ChainSerial != r.ChainSerial) {
		add(EventKeystore, r.ChainSerial, "keystore made"+serialText(r.ChainSerial))
	}
	if r.NeedsPerson() && old.Step != r.Step {
		add(EventDecide, "", r.doubt())
	}
	switch {
	case old.DeletedAt.IsZero() && !r.DeletedAt.IsZero():
		add(EventHidden, "", "deleted here; the account keeps the order")
	case !old.DeletedAt.IsZero() && r.DeletedAt.IsZero():
		add(EventRestored, "", "shown here again")
	}
	return events
}

// doubt says what a person has to decide.
func (r *Record) doubt() string {
	if r.Step == StepDoubled {
		return "two orders carry its reference " + r.Reference
	}
	return "the answer to the order was lost, and no order with its reference " + r.Reference + " was found"
}
