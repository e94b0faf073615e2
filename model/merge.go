package model

import (
	"bytes"
	"maps"
	"time"
)

// deletionLag is how long the lists may lag behind a deletion, a recovery or a
// purge. Recorded traffic of Key Vault shows up to a minute.
const deletionLag = 90 * time.Second

// merge returns a copy of it with the parts of n that p carries. News that is
// older than what is known of a part is dropped: answers overtake each other.
func (it *Item) merge(n *Item, p Page) *Item {
	out := *it
	dead := p.Fields&FieldDeleted != 0 && n.Deletion != nil
	switch {
	case dead:
		if p.AsOf.Before(it.lastSeen()) || it.Deletion != nil && p.AsOf.Before(it.Deletion.SeenAt) {
			return &out
		}
		out.die(n, p)
	case p.Fields&FieldDeleted != 0:
		out.live(p.AsOf)
	}
	if p.Fields&FieldListing != 0 && !p.AsOf.Before(it.ListedAt) {
		if n.Order != nil {
			out.mergeListedOrder(n, p.AsOf)
		} else {
			out.mergeListed(n.Certificate, p.AsOf)
		}
		out.Missed = 0
	}
	if p.Fields&FieldOrder != 0 && n.Order != nil && !p.AsOf.Before(it.RequestReadAt) {
		out.mergeOrder(n, p.AsOf)
	}
	if p.Fields&FieldRecord != 0 {
		out.Record = n.Record
	}
	if p.Fields&FieldCollected != 0 {
		out.mergeCollected(n.Certificate)
	}
	if p.Fields&FieldPolicy != 0 && !p.AsOf.Before(it.CertificateReadAt) {
		out.Policy = n.Policy
	}
	if p.Fields&FieldCertificate != 0 && !p.AsOf.Before(it.CertificateReadAt) {
		out.mergeRead(n.Certificate, p.AsOf)
	}
	if p.Fields&FieldRequest != 0 && !p.AsOf.Before(it.RequestReadAt) {
		out.mergeRequest(n.Request, p)
	}
	if !dead && p.Fields&(FieldListing|FieldCertificate) != 0 {
		out.live(p.AsOf)
	}
	return &out
}

// die takes the news that the item is soft-deleted, or was purged.
func (it *Item) die(n *Item, p Page) {
	d := *n.Deletion
	d.SeenAt = p.AsOf
	if old := it.Deletion; old != nil && !old.Purged {
		if d.At.IsZero() {
			d.At = old.At
		}
		if d.PurgeAt.IsZero() {
			d.PurgeAt = old.PurgeAt
		}
	}
	it.Deletion, it.Missed = &d, 0
	// The answer to a purge tells nothing of the certificate, and a whole
	// bundle has fields of its own.
	if !d.Purged && p.Fields&(FieldListing|FieldCertificate) == 0 {
		it.mergeListed(n.Certificate, p.AsOf)
	}
}

// live takes the news that the item was not deleted at a moment.
func (it *Item) live(at time.Time) {
	if it.Deletion != nil && !at.Before(it.Deletion.SeenAt) {
		it.Deletion, it.Missed = nil, 0
	}
}

// provedMissing reports whether p, which ends a complete sweep, shows that the
// item is not in the list it should stand in. A list that began before the item
// was last seen can't have shown it; listed is when one held it last.
//
// A soft-deleted certificate that leaves the list of the deleted ones was
// purged or recovered; which one, the next list of the live ones tells.
func (it *Item) provedMissing(p Page, listed, sweptDeleted time.Time) bool {
	started := p.Summary.Started
	switch list := p.Fields & FieldDeleted; {
	case it.recordOnly():
		return false
	case it.Deletion == nil:
		return list == 0 && listed.Before(started) && it.lastSeen().Before(started)
	case it.Deletion.Purged:
		return false
	case list != 0:
		return !started.Before(it.Deletion.SeenAt.Add(deletionLag))
	default:
		return it.Missed > 0 && started.After(sweptDeleted)
	}
}

// missed is the item after one more complete sweep that should have listed it.
func (it *Item) missed(asOf time.Time) *Item {
	out := *it
	out.Missed++
	if d := it.Deletion; d != nil && (out.Missed > 1 || !d.PurgeAt.IsZero() && !asOf.Before(d.PurgeAt)) {
		out.Deletion, out.Missed = &Deletion{At: d.At, PurgeAt: d.PurgeAt, SeenAt: asOf, Purged: true}, 0
	}
	return &out
}

// lastSeen is when the item was last known to exist: a list showed it, or it
// was read. A list that began before it was created can't have shown it.
func (it *Item) lastSeen() time.Time {
	seen := it.ListedAt
	if it.CertificateReadAt.After(seen) {
		seen = it.CertificateReadAt
	}
	if it.shown() && it.RequestReadAt.After(seen) {
		seen = it.RequestReadAt
	}
	return seen
}

// shown reports whether the last reading of the request, or of the order, showed
// that it exists.
func (it *Item) shown() bool {
	return it.Order != nil || it.Request != nil && !it.Request.Gone
}

// mergeListed takes what a list tells, unless a read is newer.
func (it *Item) mergeListed(listed Certificate, asOf time.Time) {
	if !asOf.Before(it.CertificateReadAt) {
		it.Certificate = mergeListing(it.Certificate, listed)
	}
	it.ListedAt = asOf
}

// mergeRead takes a read of the certificate. Where a list came in after it was
// answered, the list's attributes stay, and a read of another version is
// dropped.
func (it *Item) mergeRead(read Certificate, asOf time.Time) {
	if asOf.Before(it.ListedAt) {
		if read.Thumbprint != it.Certificate.Thumbprint {
			return
		}
		read = mergeListing(read, it.Certificate)
	}
	it.Certificate = read
	it.CertificateReadAt = asOf
}

// mergeListing takes a list's news and keeps what only a read of the
// certificate tells, as long as the version is the one that was read. Of two
// that have no version with a certificate in it, that is so as well.
func mergeListing(old, listed Certificate) Certificate {
	listed.keepSame(&old)
	if old.Thumbprint == listed.Thumbprint && old.Issued == listed.Issued {
		listed.Version, listed.DER = old.Version, old.DER
		listed.Issuer, listed.Serial = old.Issuer, old.Serial
		listed.SANs, listed.KeyType = old.SANs, old.KeyType
		if listed.Subject == "" {
			listed.Subject = old.Subject
		}
	}
	// What the vault does with what is deleted is the vault's, whatever the
	// version.
	if listed.RecoveryLevel == "" {
		listed.RecoveryLevel, listed.RecoverableDays = old.RecoveryLevel, old.RecoverableDays
	}
	return listed
}

// keepSame takes what is the same in old from there, so that the memory of the
// news is free again: a sweep brings every row anew and changes few of them.
func (c *Certificate) keepSame(old *Certificate) {
	if maps.Equal(c.Tags, old.Tags) {
		c.Tags = old.Tags
	}
	for _, text := range [...]struct{ is, was *string }{
		{&c.Subject, &old.Subject}, {&c.Thumbprint, &old.Thumbprint}, {&c.RecoveryLevel, &old.RecoveryLevel},
	} {
		if *text.is == *text.was {
			*text.is = *text.was
		}
	}
}

// mergeRequest takes an answer about the pending request; nil is "none". None
// under a soft-deleted name says nothing of the request: it comes back with the
// certificate.
func (it *Item) mergeRequest(read *Request, p Page) {
	asOf := p.AsOf
	if read != nil {
		it.live(asOf)
	}
	if it.Deletion != nil {
		return
	}
	it.Request = joinRequests(it.Request, read, !it.RequestReadAt.IsZero(), p)
	it.RequestReadAt = asOf
}

// joinRequests joins what was known of a pending request with what was read.
// Where nothing was known, asked tells whether that was so because there was
// none.
func joinRequests(old, read *Request, asked bool, p Page) *Request {
	asOf := p.AsOf
	if read == nil {
		if old == nil || old.Gone {
			return old
		}
		gone := *old
		gone.Gone, gone.Since, gone.SeenAt = true, asOf, asOf
		return &gone
	}
	out := *read
	out.Since, out.SeenAt = asOf, asOf
	switch {
	case old == nil:
		if !asked {
			out.Since = time.Time{}
		}
	case !old.same(&out):
		// One that was seen to vanish before it ended was taken away, and this
		// one is of whoever did that.
		if old.Open() || old.Gone && !old.Phase.Final() {
			out.Replaced = old.ID
		}
	case old.Phase != out.Phase || old.CancelAsked != out.CancelAsked || old.Gone:
		out.Replaced = old.Replaced
	default:
		out.Since, out.SeenAt, out.Replaced = old.Since, old.SeenAt, old.Replaced
	}
	if out.ID == "" && old != nil && old.same(&out) {
		out.ID = old.ID
	}
	if p.Own {
		out.Replaced = ""
	}
	return &out
}

// same reports whether two readings are of one request. Where one of them does
// not tell the id, the CSR decides: each request has a key of its own, unless
// the policy reuses keys.
func (r *Request) same(other *Request) bool {
	if r.ID != "" && other.ID != "" || len(r.CSR) == 0 || len(other.CSR) == 0 {
		return r.ID == other.ID || r.ID == "" || other.ID == ""
	}
	return bytes.Equal(r.CSR, other.CSR)
}
