package model

import (
	"slices"
	"strings"
	"time"
)

// OrderPhase is how far an order at a CA account got (Sectigo Certificate
// Manager, "Understanding SSL certificates").
type OrderPhase uint8

// The phases of an order. A status this program does not know is OrderUnknown:
// it is shown as it came, and never taken for finished.
const (
	OrderUnknown OrderPhase = iota
	// OrderRequested waits for an administrator's approval.
	OrderRequested
	// OrderApproved is approved and waits to be applied at the CA.
	OrderApproved
	// OrderApplied is with the CA, which validates.
	OrderApplied
	OrderIssued
	OrderExpired
	OrderRevoked
	// OrderReplaced was issued once and another certificate took its place.
	OrderReplaced
	// OrderDeclined was refused by an administrator.
	OrderDeclined
	// OrderRejected was refused by the CA.
	OrderRejected
	// OrderInvalid was refused by the account's own checks.
	OrderInvalid
)

// ParseOrderPhase reads an order's status as the service writes it. The
// spelling changed between releases and differs between lists, details and
// reports, so spaces, underscores, dashes and case don't count.
func ParseOrderPhase(status string) OrderPhase {
	plain := strings.Map(func(r rune) rune {
		if r == ' ' || r == '_' || r == '-' {
			return -1
		}
		return r
	}, strings.ToLower(status))
	switch plain {
	case "init", "requested", "saapproved":
		return OrderRequested
	case "approved":
		return OrderApproved
	case "applied":
		return OrderApplied
	case "issued", "downloaded", "enrolledpendingdownload":
		return OrderIssued
	case "expired":
		return OrderExpired
	case "revoked":
		return OrderRevoked
	case "replaced":
		return OrderReplaced
	case "declined":
		return OrderDeclined
	case "rejected":
		return OrderRejected
	case "invalid":
		return OrderInvalid
	default:
		return OrderUnknown
	}
}

// Open reports whether the order may still move towards a certificate.
func (p OrderPhase) Open() bool {
	return p == OrderRequested || p == OrderApproved || p == OrderApplied || p == OrderUnknown
}

// Certified reports whether a certificate was issued for the order once.
func (p OrderPhase) Certified() bool {
	return p == OrderIssued || p == OrderExpired || p == OrderRevoked || p == OrderReplaced
}

// Order is an order of a CA account, with the certificate that came of it under
// the same id, as it was last read. A replacement keeps the id and changes the
// certificate's serial, a renewal is an order of its own.
type Order struct {
	// ID is the account's id of the order (SCM: sslId); "" for one that was
	// prepared here and has none yet, or whose id is not known.
	ID string
	// Status is the status as the service spells it; "" while only a list was
	// read, which does not tell it.
	Status string
	// Phase is Status, understood.
	Phase      OrderPhase
	CommonName string
	// SANs are the subject alternative names that were ordered.
	SANs []string
	// OrganizationID names the organization or department that ordered.
	OrganizationID int
	Organization   string
	// ProfileID and Profile name the certificate profile. A profile that is not
	// delegated any more may have no name.
	ProfileID int
	Profile   string
	// Term is the ordered lifetime in days; 0 when it is not known.
	Term int
	// Comments is the free text of the order; it carries the reference by which
	// an order that was made here is found again.
	Comments          string
	Requester         string
	ExternalRequester string
	// RequestedVia is where the order came from, as the service spells it.
	RequestedVia string
	// BackendID is the CA's own id of the order.
	BackendID string
	// When each state was reached; zero when it was not, or is not told.
	Requested, Approved, Declined, Issued, Expires, Replaced, Revoked time.Time
	// RevokedFor is the reason code of RFC 5280 §5.3.1; "" when not revoked or
	// not told.
	RevokedFor string
	// Renewed is true once another order renewed this one.
	Renewed      bool
	RenewedAt    time.Time
	CustomFields []CustomValue
	// Validation explains an order that waits for the proof that its names are
	// controlled; nil until that was read.
	Validation *OrderValidation
	// Unreadable names the parts of the answer that could not be read, such as
	// an impossible date; the rest stands.
	Unreadable []string

	// The rest is not the service's: it is what was seen from here.

	// SeenAt is when this phase was first seen from here; Since when it began,
	// zero for an order that stood so when it was read for the first time and
	// whose answer does not tell.
	SeenAt, Since time.Time
}

// Imported reports whether the certificate was not ordered through the account
// but brought in by an import or a network scan. Only such a one can be deleted
// there (SCM REST API, Delete SSL certificate).
func (o *Order) Imported() bool {
	via := strings.ToLower(o.RequestedVia)
	return via == "imported" || via == "discovery"
}

// Clone copies the order with what it points to, to be changed.
func (o *Order) Clone() *Order {
	out := *o
	out.SANs = slices.Clone(o.SANs)
	out.CustomFields = slices.Clone(o.CustomFields)
	out.Unreadable = slices.Clone(o.Unreadable)
	if o.Validation != nil {
		v := *o.Validation
		v.Domains = slices.Clone(v.Domains)
		out.Validation = &v
	}
	return &out
}

// CustomValue is a custom field of an order with its value.
type CustomValue struct{ Name, Value string }

// OrderValidation is what a CA account tells of the proof that the names of an
// order are controlled (domain control validation).
type OrderValidation struct {
	// ReadAt is when it was read.
	ReadAt  time.Time
	Domains []DomainValidation
	// Trouble is the service's own error about it; "" when there is none.
	Trouble string
}

// Waiting lists the domains that are not validated yet.
func (v *OrderValidation) Waiting() []DomainValidation {
	if v == nil {
		return nil
	}
	var waiting []DomainValidation
	for _, d := range v.Domains {
		if !d.Valid {
			waiting = append(waiting, d)
		}
	}
	return waiting
}

// DomainValidation is the validation of one domain.
type DomainValidation struct {
	Domain string
	// Status is as the service spells it; Valid is it, understood.
	Status string
	Valid  bool
	// Method is how control is proved: CNAME, TXT, HTTP, HTTPS, EMAIL.
	Method string
	// OrderStatus is how far the proof is, as the service spells it.
	OrderStatus string
	// What has to be published or answered: a DNS record with name and value, a
	// URL with its content, or a mailbox that got the question.
	Host, Point, URL, Content, Email string
	// Expires is the day on which the validation ends; zero when not told.
	Expires time.Time
	// LastCheck and NextCheck are the CA's looks at it; zero when not told.
	LastCheck, NextCheck time.Time
}
