package poll

import (
	"slices"

	"certty/model"
	"certty/model/x5c"
)

// spare leaves the CSR out of the answer about a completed request whose
// certificate is there, unless a person waits for it or has the row on the
// screen, and keeps which key it was for. A vault keeps such a request for years:
// of ten thousand the CSRs alone are seven megabytes.
func (l *loop) spare(j *job, page model.Page) model.Page {
	if _, watched := l.watched[j.ref.Key]; watched || j.class == classAsked || len(page.Items) != 1 {
		return page
	}
	r := page.Items[0].Request
	if it := l.known.Get(j.ref.Key); r == nil || r.Phase != model.PhaseCompleted || r.ID == "" || len(r.CSR) == 0 ||
		it == nil || !it.Certificate.Issued {
		return page
	}
	key, err := x5c.PublicKeyID(r.CSR)
	if err != nil {
		return page // the only thing that tells what it is
	}
	out := *r
	out.CSR, out.KeyID = nil, key
	page.Items = slices.Clone(page.Items)
	page.Items[0].Request = &out
	return page
}
