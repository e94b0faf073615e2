package model

import "time"

// Item is one row: a certificate object and the pending request under its
// name. Items are immutable once they are in a [Snapshot]; a change makes a new
// one.
type Item struct {
	// Ref names the certificate, without a revision.
	Ref         Ref
	Certificate Certificate
	// Policy is nil until it was read.
	Policy *Policy
	// Request is nil when none is known; RequestReadAt tells "none" from
	// "never asked".
	Request *Request
	// Deletion is nil for a live certificate.
	Deletion *Deletion
	// Order is set on the row of a CA account, whose certificate came of it.
	Order *Order
	// Record is what the local repository holds of the order; nil for one that
	// is not managed here.
	Record *Record

	// When each part was last read; the zero time means never. RequestReadAt is
	// of the request, or of the order. An item that is kept while lists tell
	// nothing new of it leaves ListedAt behind: the snapshot knows it, see
	// [Draft.KeepUnchanged] and [Snapshot.ListedAt].
	ListedAt, RequestReadAt, CertificateReadAt time.Time
	// Missed counts the complete sweeps in a row that did not list the item,
	// though they should have: those of the live certificates for a live one. A
	// soft-deleted one is missed first by the list of the deleted ones.
	Missed int
}

// Name is what the row is called: the certificate's name in a vault, the common
// name of an order.
func (it *Item) Name() string {
	switch {
	case it.Order != nil && it.Order.CommonName != "":
		return it.Order.CommonName
	case it.Record != nil && it.Record.CommonName != "":
		return it.Record.CommonName
	case it.Order != nil && len(it.Order.SANs) > 0:
		return it.Order.SANs[0]
	default:
		return it.Ref.Key
	}
}

// Hidden reports whether the person deleted the order here: the row is listed
// among the deleted only.
func (it *Item) Hidden() bool { return it.Record != nil && !it.Record.DeletedAt.IsZero() }

// RequestRef names the pending request that is known under the item's name.
func (it *Item) RequestRef() Ref {
	ref := Ref{Target: it.Ref.Target, Kind: KindRequest, Key: it.Ref.Key}
	if it.Request != nil {
		ref.Revision = it.Request.ID
	}
	return ref
}

// Vanished reports whether two complete sweeps in a row did not list a live
// item. It is still shown, as "not seen since".
func (it *Item) Vanished() bool { return it.Deletion == nil && it.Missed >= 2 }

// bare reports whether nothing is known of the item but its name: neither the
// service nor the local repository told of it.
func (it *Item) bare() bool {
	return it.Order == nil && it.Record == nil && it.Request == nil && it.Deletion == nil &&
		it.ListedAt.IsZero() && it.RequestReadAt.IsZero() && it.CertificateReadAt.IsZero()
}

// recordOnly reports whether the local repository alone knows of the item: an
// order that was not placed, or whose answer was lost.
func (it *Item) recordOnly() bool { return it.Order == nil && it.Record != nil }

// Fields says which parts of an item a [Page] carries.
type Fields uint8

// The parts of an item that are read by different calls.
const (
	// FieldListing is what a list tells: attributes, thumbprint, subject, tags.
	FieldListing Fields = 1 << iota
	// FieldRequest is the pending request. An item with a nil Request means
	// that the service knows none.
	FieldRequest
	// FieldCertificate is the certificate's content and version.
	FieldCertificate
	// FieldPolicy is the policy.
	FieldPolicy
	// FieldDeleted is the deletion of a soft-deleted certificate, together with
	// what the list of deleted certificates tells of it; of a purged one only
	// that it was purged. An item with a nil Deletion means that it is live. A
	// Summary in such a page ends a sweep of that list.
	FieldDeleted
	// FieldOrder is the order and its certificate's dates, names and serial
	// number. A list of a CA account ([FieldListing]) tells less: which orders
	// there are, and their names.
	FieldOrder
	// FieldRecord is the local repository's record; an item with a nil Record
	// is not managed here any more, and its row goes where the service never
	// told of it.
	FieldRecord
	// FieldCollected is an order's certificate as it was collected: what only
	// the certificate itself tells.
	FieldCollected
)

// Page is a piece of news about some items of one target.
type Page struct {
	// Fields says which parts of the items were read; the other parts are
	// unset and leave what is known untouched.
	Fields Fields
	// Own is true for what a change made from here returned: a request in it is
	// nobody else's.
	Own bool
	// AsOf is when the answer came.
	AsOf  time.Time
	Items []Item
	// Summary is set on the last page of a sweep only.
	Summary *Summary
}

// Summary ends a sweep.
type Summary struct {
	// Started is when the sweep began. Items that were last listed before it
	// were not listed by it.
	Started time.Time
	// Total is how many items the service says there are; -1 when it does not say.
	Total int
	// Seen is how many were listed.
	Seen int
	// Complete is false when the sweep was cut short: it then says nothing
	// about what it did not list.
	Complete bool
}
