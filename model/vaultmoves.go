package model

import "certty/model/timetext"

// NotIssued is a reason: the certificate has no version yet.
const NotIssued = "nothing was issued under this name yet"

// WhyNotLive is why nothing can be done with a certificate that is deleted; ""
// for a live one.
func (it *Item) WhyNotLive() string {
	switch d := it.Deletion; {
	case d == nil:
		return ""
	case d.Purged:
		return purged
	}
	return "the certificate is soft-deleted: recover it first"
}

const purged = "the certificate was purged"

// WhyNoRequest is why nothing can be done with the request under a certificate's
// name; "" when there is one, in whatever phase.
func (it *Item) WhyNoRequest() string {
	if why := it.WhyNotLive(); why != "" {
		return why
	}
	switch r := it.Request; {
	case r == nil && it.RequestReadAt.IsZero():
		return "its request was not read yet"
	case r == nil:
		return "there is no request here"
	case r.Gone:
		return "the request is gone"
	}
	return ""
}

// WhyNotMerged is why nothing can be merged into the request; "" when it can. An
// issuer's request takes a merge only once it failed or was cancelled (Key Vault
// REST, "Merge Certificate").
func (it *Item) WhyNotMerged() string {
	if why := it.WhyNoRequest(); why != "" {
		return why
	}
	switch r := it.Request; {
	case r.Phase == PhaseCompleted:
		return "the request is completed already"
	case r.Phase == PhaseInProgress && !r.Manual():
		return "issuer " + r.Issuer.Name + " works on it: nothing can be merged before it failed or was cancelled"
	}
	return ""
}

// WhyNotEnabled is why a certificate can be neither enabled nor disabled; ""
// when it can.
func (it *Item) WhyNotEnabled() string {
	if why := it.WhyNotLive(); why != "" {
		return why
	}
	if !it.Certificate.Issued {
		return NotIssued
	}
	return ""
}

// WhyNotDeleted is why a certificate can't be soft-deleted; "" when it can.
func (it *Item) WhyNotDeleted() string {
	switch d := it.Deletion; {
	case d == nil:
		return ""
	case d.Purged:
		return purged
	}
	return "it is soft-deleted already"
}

// WhyNotRecovered is why a certificate can't be recovered; "" when it can.
func (it *Item) WhyNotRecovered() string {
	switch d := it.Deletion; {
	case d == nil:
		return "the certificate is not deleted"
	case d.Purged:
		return purged
	}
	return ""
}

// WhyNotPurged is why a certificate can't be purged; "" when it can. Under purge
// protection it says when the vault does it by itself.
func (it *Item) WhyNotPurged() string {
	c, d := &it.Certificate, it.Deletion
	switch {
	case d == nil:
		return "the certificate is not deleted: only what is soft-deleted can be purged"
	case d.Purged:
		return purged
	case !c.PurgeProtected():
		return ""
	}
	why := "the vault has purge protection, nobody may purge"
	at := d.PurgeAt
	if at.IsZero() {
		at = c.RecoverableUntil(d.At)
	}
	if !at.IsZero() {
		why += "; it destroys the certificate by itself on " + timetext.Moment(at)
	}
	return why
}
