package model

import "time"

// mergeListedOrder takes what a CA account's list tells of an order: that it is
// there, its names, and its certificate's serial number.
func (it *Item) mergeListedOrder(n *Item, asOf time.Time) {
	it.ListedAt = asOf
	if it.Order == nil {
		order := *n.Order
		it.Order = &order
	} else if n.Order.CommonName != "" && n.Order.CommonName != it.Order.CommonName {
		order := *it.Order
		order.CommonName = n.Order.CommonName
		it.Order = &order
	}
	if it.RequestReadAt.IsZero() && it.Certificate.Serial == "" {
		it.Certificate.Serial = n.Certificate.Serial
	}
}

// mergeOrder takes a read of the order.
func (it *Item) mergeOrder(n *Item, asOf time.Time) {
	read := n.Order
	if old := it.Order; old != nil && n.Certificate.Serial == it.Certificate.Serial {
		read = read.withTimes(old)
	}
	it.Order = joinOrders(it.Order, read, it.RequestReadAt, asOf)
	it.RequestReadAt, it.Missed = asOf, 0
	certificate := n.Certificate
	if old := it.Certificate; certificate.Serial == old.Serial {
		certificate.NotBefore = finer(certificate.NotBefore, old.NotBefore)
		certificate.NotAfter = finer(certificate.NotAfter, old.NotAfter)
		// What only the collected certificate tells stays with it.
		if len(old.DER) > 0 {
			certificate.NotBefore, certificate.NotAfter, certificate.SANs = old.NotBefore, old.NotAfter, old.SANs
		}
		if len(certificate.DER) == 0 {
			certificate.DER = old.DER
		}
		if certificate.KeyType == "" {
			certificate.KeyType = old.KeyType
		}
		if certificate.Issuer == "" {
			certificate.Issuer = old.Issuer
		}
		if certificate.Subject == "" {
			certificate.Subject = old.Subject
		}
		if certificate.Thumbprint == "" {
			certificate.Thumbprint = old.Thumbprint
		}
	}
	it.Certificate = certificate
	it.shareWords()
	it.packTexts()
}

// mergeCollected takes the certificate that was collected. Its dates are the
// true ones: the account tells days only.
func (it *Item) mergeCollected(read Certificate) { it.Certificate = read }

// joinOrders joins what was known of an order with what was read. readAt is when
// it was read before, zero for never. A part that a report leaves out is kept
// from the last detail.
func joinOrders(old, read *Order, readAt, asOf time.Time) *Order {
	asked := !readAt.IsZero()
	out := *read
	out.SeenAt, out.Since = asOf, out.reached()
	if old == nil {
		return &out
	}
	switch {
	case asked && old.Phase == out.Phase:
		out.SeenAt, out.Since = old.SeenAt, finer(out.Since, old.Since)
		if out.Since.IsZero() {
			out.Since = old.Since
		}
	case asked && out.Since.IsZero():
		out.Since = asOf
	case asked:
		out.Since = notBefore(out.Since, readAt)
	}
	if out.Validation == nil && out.Phase.Open() {
		out.Validation = old.Validation
	}
	if out.Requested.IsZero() {
		out.Requested = old.Requested
	}
	if out.CustomFields == nil {
		out.CustomFields = old.CustomFields
	}
	if out.Organization == "" && out.OrganizationID == old.OrganizationID {
		out.Organization = old.Organization // the report's: a detail tells the id alone
	}
	if out.Comments == "" {
		out.Comments = old.Comments
	}
	if out.ExternalRequester == "" {
		out.ExternalRequester = old.ExternalRequester
	}
	if !out.Renewed && old.Renewed {
		out.Renewed, out.RenewedAt = true, old.RenewedAt
	}
	return &out
}

// withTimes is o with what an older reading of the same certificate told of when
// each state was reached: one reading tells days, another moments, and some tell
// a part only.
func (o *Order) withTimes(old *Order) *Order {
	out := *o
	for _, t := range []struct{ is, was *time.Time }{
		{&out.Requested, &old.Requested}, {&out.Approved, &old.Approved}, {&out.Declined, &old.Declined}, {&out.Issued, &old.Issued},
		{&out.Expires, &old.Expires}, {&out.Replaced, &old.Replaced}, {&out.Revoked, &old.Revoked},
	} {
		*t.is = finer(*t.is, *t.was)
		if t.is.IsZero() && out.Phase == old.Phase {
			*t.is = *t.was
		}
	}
	if out.RevokedFor == "" && out.Phase == old.Phase {
		out.RevokedFor = old.RevokedFor
	}
	return &out
}

// finer is the moment was where is tells no more than its day.
func finer(is, was time.Time) time.Time {
	const day = 24 * time.Hour
	if is.Equal(is.Truncate(day)) && was.Truncate(day).Equal(is) {
		return was
	}
	return is
}

// notBefore is told, or the later moment before which it can't have been where
// told is no more than a day: of whatever time zone, so that two days are looked
// at. What is further off contradicts the account, which is believed.
func notBefore(told, earliest time.Time) time.Time {
	const day = 24 * time.Hour
	if off := earliest.Sub(told); told.Equal(told.Truncate(day)) && off > 0 && off < 2*day {
		return earliest
	}
	return told
}

// reached is when the order's phase was reached as far as the service tells.
func (o *Order) reached() time.Time {
	switch o.Phase {
	case OrderRequested:
		return o.Requested
	case OrderApproved, OrderApplied:
		return o.Approved
	case OrderDeclined:
		return o.Declined
	case OrderIssued:
		return o.Issued
	case OrderExpired:
		return o.Expires
	case OrderReplaced:
		return o.Replaced
	case OrderRevoked:
		return o.Revoked
	default:
		return time.Time{}
	}
}
