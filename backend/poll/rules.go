package poll

import (
	"cmp"
	"slices"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
)

// These are the poller's rules for whoever looks at a target once, without a
// poller: what is read because of what, and what a failure says.

// Pauses of the poller that others keep as well.
const (
	// FirstPause is the wait after a first failure that names none.
	FirstPause = firstPause
	// SaveLimit bounds one piece of work of the keeper: another process may hold
	// its lock.
	SaveLimit = saveLimit
)

// Defaults are the options with every default filled in.
func Defaults() Options { return Options{}.withDefaults() }

// Changed reports whether a list tells something of a row that only a read of
// its request can explain. was is what was known before the list.
func Changed(was, is *model.Item) bool {
	a, b := &was.Certificate, &is.Certificate
	return !a.Updated.Equal(b.Updated) || a.Thumbprint != b.Thumbprint || a.Issued != b.Issued
}

// Reissued reports whether a list shows another version of a certificate that
// was read: what a person has looked at stays complete, so the new version is
// read, too.
func Reissued(was, is *model.Item) bool {
	return was != nil && !was.CertificateReadAt.IsZero() && was.Certificate.Thumbprint != is.Certificate.Thumbprint
}

// Completed reports whether the answer about a request says that it made a
// certificate which the list may not have shown. was is what was known before
// the answer; nil for a row that was not known.
func Completed(was, is *model.Item) bool {
	r := is.Request
	if r == nil || r.Phase != model.PhaseCompleted || r.Gone || is.Deletion != nil {
		return false
	}
	return was != nil && was.Request.Open() || !is.Certificate.Issued
}

// Unproved reports whether it is an order that may still move and of which no
// look at its account since the given moment told how it stands: no list is asked
// for its status.
func Unproved(it *model.Item, since time.Time) bool {
	return it.Order != nil && it.Order.Phase.Open() && !it.RequestReadAt.After(since)
}

// Unexplained reports whether it is an order that waits for the CA, and nothing
// that is younger than age tells why: no list says whether somebody has to
// publish a record for it, only a read does. An answer of the future was timed by
// a wrong clock.
func Unexplained(it *model.Item, now time.Time, age time.Duration) bool {
	if it.Order == nil || it.Order.Phase != model.OrderApplied || it.Vanished() {
		return false
	}
	v := it.Order.Validation
	return v == nil || v.ReadAt.After(now) || now.Sub(v.ReadAt) >= age
}

// ExplainFirst compares two orders by which of them is to be explained first:
// those of which nothing was told, the longest open of them, and then those of
// which it was told longest ago.
func ExplainFirst(a, b *model.Item) int {
	told := func(it *model.Item) time.Time {
		if v := it.Order.Validation; v != nil {
			return v.ReadAt
		}
		return time.Time{}
	}
	return cmp.Or(told(a).Compare(told(b)), a.Order.Since.Compare(b.Order.Since), cmp.Compare(a.Ref.Key, b.Ref.Key))
}

// OfTarget reports whether an error of one call says something of the whole
// target. Others, such as a permission that is missing for one of the reads,
// leave the rest as true as it is.
func OfTarget(err error) bool {
	switch backend.KindOf(err) {
	case backend.KindAuth, backend.KindNetwork, backend.KindThrottled, backend.KindUnavailable, backend.KindLocal, backend.KindSignIn:
		return true
	default:
		return false
	}
}

// Spare leaves the CSR out of the answer about a completed request whose
// certificate is there, and keeps which key it was for. A vault keeps such a
// request for years: of ten thousand the CSRs alone are seven megabytes. known
// is the row before the answer; nil when it was not known.
func Spare(known *model.Item, page model.Page) model.Page {
	if len(page.Items) != 1 || known == nil || !known.Certificate.Issued {
		return page
	}
	r := page.Items[0].Request
	if r == nil || r.Phase != model.PhaseCompleted || r.ID == "" || len(r.CSR) == 0 {
		return page
	}
	key, err := keyID(known.Request, r)
	if err != nil {
		return page // the only thing that tells what it is
	}
	out := *r
	out.CSR, out.KeyID = nil, key
	page.Items = slices.Clone(page.Items)
	page.Items[0].Request = &out
	return page
}

// keyID is the key that the request r is for. Of one that is known already it is
// not worked out again: an ended request has the CSR it had.
func keyID(known, r *model.Request) (string, error) {
	if known != nil && known.KeyID != "" && known.ID == r.ID && known.Phase == r.Phase {
		return known.KeyID, nil
	}
	return x5c.PublicKeyID(r.CSR)
}
