package survey

import (
	"time"

	"certty/model"
)

// Live reports whether the row's certificate serves somebody as far as is known,
// so that its end matters: it was issued and is enabled, and it is neither
// deleted nor revoked, replaced or renewed. An order that expired long ago
// without a renewal counts as history, as on the board.
func (r *Row) Live() bool {
	it := r.Item
	if it.Deletion != nil || it.Vanished() || !it.Certificate.Issued {
		return false
	}
	o := it.Order
	if o == nil {
		return it.Certificate.Enabled
	}
	return (o.Phase == model.OrderIssued || o.Phase == model.OrderExpired) && !o.Renewed &&
		(r.Status.State != model.StateExpired || r.Status.Severity != model.SeverityQuiet)
}

// NotAfter is when the row's certificate ends; zero when that is not told.
func (r *Row) NotAfter() time.Time {
	if end := r.Item.Certificate.NotAfter; !end.IsZero() || r.Item.Order == nil {
		return end
	}
	return r.Item.Order.Expires
}

// Waiting reports whether the row's request or order is open: it waits for the
// person, for an approver, a DNS owner, the CA or the service.
func (r *Row) Waiting() bool {
	switch r.Status.State {
	case model.StateWaitsMerge, model.StateWaitsApproval, model.StateWaitsValidation, model.StateCancelAsked, model.StateInProgress:
		return true
	case model.StateUnknown:
		return !r.InDoubt() && !r.Unread()
	default:
		return false
	}
}

// InDoubt reports whether the local repository has an order that nothing goes on
// with until a person decides: its answer was lost, or what is held of it can't
// be read.
func (r *Row) InDoubt() bool {
	record := r.Item.Record
	return record != nil && (record.NeedsPerson() || record.Step == model.StepUnreadable)
}

// Failed reports whether a request or an order failed, or its request object is
// gone, and somebody has to decide what comes now.
func (r *Row) Failed() bool {
	return r.Status.State == model.StateFailed || r.Status.State == model.StateGone && r.Status.Severity == model.SeverityFailed
}

// Uncollected reports whether a certificate was issued, but is not yet where it
// is wanted: collected, in its keystore, in its files.
func (r *Row) Uncollected() bool {
	if r.Status.State == model.StateCompleted && r.Status.Severity < model.SeverityQuiet {
		return true
	}
	record := r.Item.Record
	return r.Live() && record != nil && record.Step == model.StepCollected && record.Files == model.FilesDue
}

// Unread reports whether the row's request or order was never read, so that
// nothing is known of what may be open.
func (r *Row) Unread() bool {
	return r.Item.Deletion == nil && r.Item.RequestReadAt.IsZero() && r.Status.RenewalUnknown
}

// Age is how long the row has stood as it does at now. Where the service does
// not tell since when, it is how long that was seen from here, and atLeast is
// true. ok is false when neither is known.
func (r *Row) Age(now time.Time) (age time.Duration, atLeast, ok bool) {
	since := r.Status.Since
	if since.IsZero() {
		atLeast = true
		switch {
		case r.Item.Order != nil:
			since = r.Item.Order.SeenAt
		case r.Item.Request != nil:
			since = r.Item.Request.SeenAt
		}
	}
	if since.IsZero() {
		return 0, false, false
	}
	return max(0, now.Sub(since)), atLeast, true
}
