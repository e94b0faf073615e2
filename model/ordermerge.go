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
	it.Order = joinOrders(it.Order, n.Order, !it.RequestReadAt.IsZero(), asOf)
	it.RequestReadAt = asOf
	certificate := n.Certificate
	if old := it.Certificate; certificate.Serial == old.Serial {
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
}

// mergeCollected takes the certificate that was collected. Its dates are the
// true ones: the account tells days only.
func (it *Item) mergeCollected(read Certificate) { it.Certificate = read }

// joinOrders joins what was known of an order with what was read. asked tells
// whether it was read before. A part that a report leaves out is kept from the
// last detail.
func joinOrders(old, read *Order, asked bool, asOf time.Time) *Order {
	out := *read
	out.SeenAt, out.Since = asOf, out.reached()
	if old == nil {
		return &out
	}
	if out.Since.IsZero() && asked && old.Phase != out.Phase {
		out.Since = asOf
	}
	if asked && old.Phase == out.Phase {
		out.SeenAt = old.SeenAt
		if out.Since.IsZero() {
			out.Since = old.Since
		}
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
