package row

import (
	"cmp"
	"math"
	"reflect"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/query"
)

// Row is one row: a certificate of a vault with the pending request under its
// name, or an order of a CA account with its certificate.
type Row struct {
	// Target is the configured name of the vault or account.
	Target string `json:"target"`
	// Kind is the kind of target, vault or scm.
	Kind Kind `json:"kind"`
	// Name is the certificate's name, at an account the common name of the order.
	Name string `json:"name"`
	// Key names the row within its target: the certificate's name, at an account
	// the order's id, or the local reference of an order that has none yet.
	Key string `json:"key"`

	// State is how the row stands, in the board's word.
	State State `json:"state"`
	// RawStatus is the status of the request or order as the service spells it;
	// of an order that was not placed, how far it got here.
	RawStatus string `json:"raw_status,omitzero"`
	// StatusDetails is the service's remark on the status of a request.
	StatusDetails string `json:"status_details,omitzero"`
	// Severity says how urgent the row is: failed needs a decision, you waits for
	// the person at the console, others for somebody else, expires has little
	// life left, quiet needs nobody.
	Severity Severity `json:"severity"`
	// Next is what has to be done next; absent when nothing.
	Next string `json:"next,omitzero"`
	// Who has to do it; absent when nobody.
	Who Actor `json:"who,omitzero"`
	// Since is when the state began, as far as is known.
	Since time.Time `json:"since,omitzero"`
	// AgeSeconds is how long the state lasts.
	AgeSeconds *int64 `json:"age_seconds,omitzero"`

	// NotBefore is when the certificate begins to be valid; absent when nothing
	// was issued.
	NotBefore time.Time `json:"not_before,omitzero"`
	// NotAfter is when the certificate ends; absent when nothing was issued.
	NotAfter time.Time `json:"not_after,omitzero"`
	// DaysLeft is how many whole days the certificate is still valid, negative
	// once it ended; absent when nothing was issued.
	DaysLeft *int `json:"days_left,omitzero"`
	// LifeLeft is the share of the lifetime that is left, from 0 to 1; absent
	// when nothing was issued.
	LifeLeft *float64 `json:"life_left,omitzero"`

	// Subject is the distinguished name of the certificate.
	Subject string `json:"subject,omitzero"`
	// SANs are the subject alternative names of the certificate, else those that
	// were asked for.
	SANs []string `json:"sans,omitzero"`
	// Issuer is the distinguished name of who signed the certificate.
	Issuer string `json:"issuer,omitzero"`
	// RequestIssuer is the issuer that the request or the policy names: Unknown
	// for a manual request, Self, or an issuer of the vault.
	RequestIssuer string `json:"request_issuer,omitzero"`
	// KeyType is the kind of key and its size or curve, such as RSA 2048.
	KeyType string `json:"key_type,omitzero"`
	// Serial is the serial number in lower-case hexadecimal.
	Serial string `json:"serial,omitzero"`
	// Thumbprint is the SHA-1 thumbprint in lower-case hexadecimal.
	Thumbprint string `json:"thumbprint,omitzero"`
	// Version is the id of the certificate's current version.
	Version string `json:"version,omitzero"`
	// Enabled is whether the certificate's current version is enabled; absent for
	// orders, and where nothing was issued.
	Enabled *bool `json:"enabled,omitzero"`
	// Created is when the certificate object or the order was made.
	Created time.Time `json:"created,omitzero"`
	// Tags are those of the certificate.
	Tags map[string]string `json:"tags,omitzero"`

	// RequestID is the service's id of the pending request.
	RequestID string `json:"request_id,omitzero"`
	// OrderID is the account's id of the order.
	OrderID string `json:"order_id,omitzero"`
	// Profile is the certificate profile of the order.
	Profile string `json:"profile,omitzero"`
	// Organization ordered the certificate.
	Organization string `json:"organization,omitzero"`
	// Requester made the order.
	Requester string `json:"requester,omitzero"`
	// Managed is true for an order that is held in the local repository.
	Managed bool `json:"managed,omitzero"`
	// Unvalidated are the domains for which the order waits for proof of control.
	Unvalidated []string `json:"unvalidated,omitzero"`
	// Error is why the request or order failed, or what went wrong with it here.
	Error *Error `json:"error,omitzero"`
	// Superseded is true when the request took the place of another one that was
	// in progress, so that a certificate signed for that one does not fit.
	Superseded bool `json:"superseded,omitzero"`
	// NotSeen is true when complete lists did not hold the row any more.
	NotSeen bool `json:"not_seen,omitzero"`

	// DeletedAt is when the certificate was deleted.
	DeletedAt time.Time `json:"deleted_at,omitzero"`
	// RecoverableUntil is when the vault destroys the deleted certificate.
	RecoverableUntil time.Time `json:"recoverable_until,omitzero"`

	// ListedAt is when a list held the row last.
	ListedAt time.Time `json:"listed_at,omitzero"`
	// RequestReadAt is when the pending request or the order was read last.
	RequestReadAt time.Time `json:"request_read_at,omitzero"`
	// CertificateReadAt is when the certificate itself was read last.
	CertificateReadAt time.Time `json:"certificate_read_at,omitzero"`
	// RenewalUnknown is true while the pending request was never read, so that a
	// renewal in progress would not be seen.
	RenewalUnknown bool `json:"renewal_unknown"`
}

// Error is why a request or order failed.
type Error struct {
	// Code is the service's own.
	Code string `json:"code,omitzero"`
	// Message is the service's own, or what went wrong here.
	Message string `json:"message,omitzero"`
	// RequestID is the service's id of what failed.
	RequestID string `json:"request_id,omitzero"`
}

// Of makes the record of a row as it stands at now.
func Of(info backend.Info, it *model.Item, now time.Time) Row {
	st := it.Status(now)
	c := &it.Certificate
	r := Row{
		Target: it.Ref.Target, Kind: Kind(info.Kind), Name: it.Name(), Key: it.Ref.Key,
		State: st.State, Severity: severity(st.Severity), Next: st.Next, Who: st.Who,
		Since: moment(st.Since), AgeSeconds: seconds(st.Since, now),
		Subject: c.Subject, SANs: query.Names(it), Issuer: c.Issuer, KeyType: query.KeyType(it),
		Serial: c.Serial, Thumbprint: c.Thumbprint, Version: c.Version, Tags: c.Tags,
		Superseded: st.Superseded, NotSeen: it.Vanished(), RenewalUnknown: st.RenewalUnknown,
		ListedAt: moment(it.ListedAt), RequestReadAt: moment(it.RequestReadAt), CertificateReadAt: moment(it.CertificateReadAt),
	}
	if len(r.SANs) == 0 {
		r.SANs = nil
	}
	if len(r.Tags) == 0 {
		r.Tags = nil
	}
	r.validity(c, now)
	if it.Order == nil && it.Record == nil {
		r.vault(it)
	} else {
		r.order(it)
	}
	if d := it.Deletion; d != nil {
		r.DeletedAt, r.RecoverableUntil = moment(d.At), moment(d.PurgeAt)
	}
	return r
}

// validity fills in the certificate's dates. Those of an object that has no
// version with a certificate are the service's placeholders.
func (r *Row) validity(c *model.Certificate, now time.Time) {
	if !c.Issued {
		return
	}
	r.NotBefore, r.NotAfter = moment(c.NotBefore), moment(c.NotAfter)
	if !c.NotAfter.IsZero() {
		days := int(math.Floor(c.NotAfter.Sub(now).Hours() / 24))
		r.DaysLeft = &days
	}
	if left, ok := c.LifeLeft(now); ok {
		left = math.Round(left*1e4) / 1e4
		r.LifeLeft = &left
	}
}

// vault fills in what only certificates of a vault have.
func (r *Row) vault(it *model.Item) {
	c := &it.Certificate
	r.Created = moment(c.Created)
	if c.Issued {
		enabled := c.Enabled
		r.Enabled = &enabled
	}
	if q := it.Request; q != nil {
		r.RawStatus, r.StatusDetails, r.RequestID = q.Status, q.Details, q.ID
		r.RequestIssuer = cmp.Or(q.Issuer.Name, model.IssuerUnknown)
		if q.ErrorCode != "" || q.ErrorMessage != "" {
			r.Error = &Error{Code: q.ErrorCode, Message: q.ErrorMessage, RequestID: q.ID}
		}
	} else if it.Policy != nil {
		r.RequestIssuer = cmp.Or(it.Policy.Issuer.Name, model.IssuerUnknown)
	}
}

// order fills in what only orders have.
func (r *Row) order(it *model.Item) {
	if o := it.Order; o != nil {
		r.OrderID, r.RawStatus, r.Created = o.ID, o.Status, moment(o.Requested)
		r.Profile, r.Organization, r.Requester = o.Profile, o.Organization, o.Requester
		for _, d := range o.Validation.Waiting() {
			r.Unvalidated = append(r.Unvalidated, d.Domain)
		}
		if o.Validation != nil && o.Validation.Trouble != "" {
			r.Error = &Error{Message: o.Validation.Trouble, RequestID: o.ID}
		}
	}
	if rec := it.Record; rec != nil {
		r.Managed = true
		if it.Order == nil {
			r.RawStatus, r.Created = string(rec.Step), moment(rec.ManagedAt)
		}
		if rec.Trouble != "" {
			r.Error = &Error{Message: rec.Trouble, RequestID: r.OrderID}
		}
		r.DeletedAt = moment(rec.DeletedAt)
	}
}

// Same reports whether two records of one row tell the same, leaving out what
// changes by itself: ages, what is left, and when it was read.
func (r *Row) Same(other *Row) bool {
	a, b := r.lasting(), other.lasting()
	return reflect.DeepEqual(&a, &b)
}

// lasting is the record without what changes by itself.
func (r *Row) lasting() Row {
	out := *r
	out.AgeSeconds, out.DaysLeft, out.LifeLeft = nil, nil, nil
	out.ListedAt, out.RequestReadAt, out.CertificateReadAt = time.Time{}, time.Time{}, time.Time{}
	if out.State == model.StateDeleted {
		out.Next = "" // it counts the days
	}
	return out
}

// moment is a time as it is printed.
func moment(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

// seconds is how long ago t was; nil when that is not known. A clock that is
// behind the service's makes no negative age.
func seconds(t, now time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	n := max(0, int64(now.Sub(t)/time.Second))
	return &n
}
