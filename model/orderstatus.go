package model

import "time"

// mourned is how long an order that expired without a renewal is urgent: an
// account keeps its expired orders for years.
const mourned = 30 * 24 * time.Hour

// orderStatus is how the row of a CA account stands: first what the local
// repository can't settle without a person, then the order, then the
// certificate that came of it.
func (it *Item) orderStatus(now time.Time) Status {
	st := it.recordStatus()
	if st.State == "" {
		st = it.phaseStatus(now)
	}
	st.LifeLeft = -1
	if left, ok := it.Certificate.LifeLeft(now); ok {
		st.LifeLeft = left
	}
	st.RenewalUnknown = it.Order != nil && it.RequestReadAt.IsZero()
	return st
}

// recordStatus is the status of an order that has no id yet, or whose record
// needs a person; its State is "" when the order itself tells.
func (it *Item) recordStatus() Status {
	r := it.Record
	if r == nil {
		return Status{}
	}
	switch {
	case r.NeedsPerson():
		return Status{State: StateUnknown, Severity: SeverityFailed, Next: "decide", Who: ActorYou, Since: r.StepAt}
	case r.Step == StepUnreadable:
		return Status{State: StateUnknown, Severity: SeverityFailed, Next: "read reason", Who: ActorYou, Since: r.StepAt}
	case it.Order != nil:
		return Status{}
	case r.Step == StepRefused:
		return Status{State: StateFailed, Severity: SeverityFailed, Next: "read reason", Who: ActorYou, Since: r.StepAt}
	case r.Step == StepPrepared:
		return Status{State: StateInProgress, Severity: SeverityYou, Next: "order", Who: ActorYou, Since: r.StepAt}
	default:
		return Status{State: StateInProgress, Severity: SeverityOthers, Next: "wait", Who: ActorAccount, Since: r.StepAt}
	}
}

// orderSince is when an order got where it is, told the account's moment. The
// account may tell days only: an order that was placed here is as old as its
// record at most.
func (it *Item) orderSince(told time.Time) time.Time {
	if r := it.Record; r != nil && !r.Imported && !told.IsZero() {
		return notBefore(told, r.SentAt)
	}
	return told
}

// phaseStatus is the status that the order's phase gives the row.
func (it *Item) phaseStatus(now time.Time) Status {
	o := it.Order
	if o == nil || o.Phase == OrderUnknown && o.Status == "" {
		return Status{State: StateUnknown, Severity: SeverityOthers, Next: "read status", Who: ActorAccount}
	}
	since := it.orderSince(o.Since)
	switch o.Phase {
	case OrderRequested:
		return Status{State: StateWaitsApproval, Severity: SeverityOthers, Next: "approve", Who: ActorApprover, Since: since}
	case OrderApproved:
		return Status{State: StateInProgress, Severity: SeverityOthers, Next: "wait", Who: ActorAccount, Since: since}
	case OrderApplied:
		if len(o.Validation.Waiting()) > 0 {
			return Status{State: StateWaitsValidation, Severity: SeverityOthers, Next: "publish the record", Who: ActorDNS, Since: since}
		}
		return Status{State: StateInProgress, Severity: SeverityOthers, Next: "wait", Who: ActorCA, Since: since}
	case OrderRejected:
		return Status{State: StateFailed, Severity: SeverityFailed, Next: "read reason", Who: ActorCA, Since: since}
	case OrderInvalid:
		return Status{State: StateFailed, Severity: SeverityFailed, Next: "read reason", Who: ActorYou, Since: since}
	case OrderDeclined:
		return Status{State: StateCancelled, Severity: SeverityQuiet, Since: since}
	case OrderRevoked:
		return Status{State: StateRevoked, Severity: SeverityQuiet, Since: since}
	case OrderReplaced:
		return Status{State: StateReplaced, Severity: SeverityQuiet, Since: since}
	case OrderIssued, OrderExpired:
		return it.issuedStatus(now)
	default:
		return Status{State: StateUnknown, Severity: SeverityOthers, Next: "read status", Who: ActorYou, Since: since}
	}
}

// endsSoon reports whether a certificate whose beginning is not told, such as
// one that was imported, has little left whatever its lifetime is.
func (o *Order) endsSoon(now time.Time) bool {
	const soon = 30 * 24 * time.Hour
	return !o.Expires.IsZero() && o.Expires.Sub(now) < soon
}

// issuedStatus is the status of an order with a certificate. One that was
// renewed needs nobody, however old it gets.
func (it *Item) issuedStatus(now time.Time) Status {
	o, r := it.Order, it.Record
	issued := it.orderSince(o.Issued)
	if o.Phase == OrderIssued {
		issued = it.orderSince(finer(o.Issued, o.Since))
	}
	quiet := func(state State, since time.Time) Status {
		return Status{State: state, Severity: SeverityQuiet, Since: since}
	}
	expired := o.Phase == OrderExpired || !o.Expires.IsZero() && !now.Before(o.Expires)
	left, known := it.Certificate.LifeLeft(now)
	switch {
	case expired && (o.Renewed || now.Sub(o.Expires) > mourned):
		return quiet(StateExpired, o.Expires)
	case expired:
		return Status{State: StateExpired, Severity: SeverityFailed, Next: "renew", Who: ActorYou, Since: o.Expires}
	case r != nil && r.DeletedAt.IsZero() && r.Step == StepPlaced:
		return Status{State: StateCompleted, Severity: SeverityOthers, Next: "collect", Who: ActorAccount, Since: issued}
	case r != nil && r.DeletedAt.IsZero() && r.Files == FilesDue && r.Trouble != "":
		return Status{State: StateCompleted, Severity: SeverityYou, Next: "read reason", Who: ActorYou, Since: r.StepAt}
	case r != nil && r.DeletedAt.IsZero() && r.Files == FilesWithheld:
		return Status{State: StateCompleted, Severity: SeverityYou, Next: "check its key", Who: ActorYou, Since: r.StepAt}
	case r != nil && r.DeletedAt.IsZero() && r.Keystore == KeystoreWaits:
		return Status{State: StateCompleted, Severity: SeverityYou, Next: "make keystore", Who: ActorYou, Since: r.StepAt}
	case (known && left < expiresBelow || !known && o.endsSoon(now)) && !o.Renewed:
		return Status{State: StateExpires, Severity: SeverityExpires, Next: "renew", Who: ActorYou, Since: issued}
	case !o.Issued.IsZero() && now.Sub(o.Issued) < recent:
		return quiet(StateCompleted, issued)
	default:
		return quiet(StateValid, issued)
	}
}
