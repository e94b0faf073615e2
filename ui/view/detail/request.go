package detail

import (
	"strings"

	"certty/model"
	"certty/model/timetext"
	"certty/model/x5c"
	"certty/ui/view"
)

func (l *lines) request(row view.Row) {
	r := row.Item.Request
	if r == nil {
		return
	}
	title := "REQUEST"
	if ended(row) {
		title = "LAST REQUEST"
	}
	l.title(strings.TrimSpace(title + " " + r.ID))
	status := r.Status
	if r.Gone {
		status = "gone; last known: " + r.Status
	}
	l.pair("status", status)
	if r.CancelAsked && r.Phase == model.PhaseInProgress {
		l.pair("", "cancellation asked, not confirmed")
	}
	l.pair("remark", r.Details)
	l.pair("error", r.ErrorCode)
	l.pair("", r.ErrorMessage)
	l.pair("issuer", issuer(r.Issuer))
	l.moment("since", r.Since)
	l.pair("read", l.read(row.Item))
	if l.all || !ended(row) {
		l.csr(r.CSR)
	}
	if r.Replaced != "" {
		l.pair("replaced", "request "+r.Replaced)
	}
	l.gap()
}

// read is when the item's request was read, and how long ago where that is
// longer than it gets for a row which somebody looks at.
func (l *lines) read(it *model.Item) string {
	at := it.RequestReadAt
	if at.IsZero() {
		return ""
	}
	words := timetext.Moment(at)
	if after := l.ages(it).Marked; after > 0 && l.now.Sub(at) >= after {
		words += ", " + timetext.Age(l.now, at) + " ago"
	}
	return words
}

func (l *lines) csr(der []byte) {
	if len(der) == 0 {
		return
	}
	info, err := x5c.ParseCSR(der)
	if err != nil {
		l.pair("CSR", "can't be used: "+view.Clean(err.Error()))
		return
	}
	l.pair("subject", view.Clean(info.Subject.String()))
	l.pair("sans", view.Clean(strings.Join(x5c.NamesAsked(info).All(), ", ")))
	l.pair("key", x5c.KeyType(info.PublicKey)+", stays in the vault")
	// ParseCSR has verified it (RFC 2986 §4.2).
	l.pair("signature", info.SignatureAlgorithm.String()+", verified with its own key")
	if id, err := x5c.PublicKeyID(der); err == nil {
		l.pair("key id", "sha256 "+id)
	}
}

func issuer(i model.Issuer) string {
	if i.Manual() {
		return "Unknown (manual)"
	}
	if i.CertificateType != "" {
		return i.Name + ", " + i.CertificateType
	}
	return i.Name
}

// ended reports whether the row's state is the certificate's and its request
// is only what was last.
func ended(row view.Row) bool {
	r := row.Item.Request
	if r == nil || r.Open() {
		return false
	}
	switch row.Status.State {
	case model.StateFailed, model.StateCancelled, model.StateCompleted, model.StateGone:
		return false
	default:
		return true
	}
}
