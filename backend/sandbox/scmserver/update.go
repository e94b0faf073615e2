package scmserver

import (
	"slices"
	"strings"
	"time"
)

type updateBody struct {
	SSLID             int           `json:"sslId"`
	Comments          *string       `json:"comments"`
	Term              int           `json:"term"`
	CertTypeID        int           `json:"certTypeId"`
	OrgID             int           `json:"orgId"`
	Requester         string        `json:"requester"`
	CommonName        string        `json:"commonName"`
	CSR               string        `json:"csr"`
	ExternalRequester *string       `json:"externalRequester"`
	Names             []string      `json:"subjectAlternativeNames"`
	CustomFields      []customValue `json:"customFields"`
	AutoRenew         *autoRenew    `json:"autoRenewDetails"`
	Suspend           *bool         `json:"suspendNotifications"`
}

// changesOrder reports whether it says anything that only an order that is not
// on its way lets be changed, and says it otherwise than it is.
func (b *updateBody) changesOrder(o *order) bool {
	return b.Term != 0 && b.Term != o.Term || b.CertTypeID != 0 && b.CertTypeID != o.ProfileID || b.OrgID != 0 && b.OrgID != o.OrgID ||
		b.CommonName != "" && b.CommonName != o.CommonName || strings.TrimSpace(b.CSR) != "" ||
		b.Names != nil && !slices.Equal(b.Names, o.Names)
}

// editable are the statuses in which organization, profile, term, names and CSR
// can be changed.
var editable = []Status{StatusRequested, StatusDeclined, StatusRejected, StatusInvalid}

// update changes an order. What is left away stays; fields that are said are
// replaced whole.
func (s *Server) update(c *call) (*answer, error) {
	var body updateBody
	if f := c.read(&updateSchema, &body); f != nil {
		return nil, f
	}
	o, err := s.find(body.SSLID, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, wrongID(body.SSLID)
	}
	next := *o
	if body.changesOrder(o) {
		if !slices.Contains(editable, o.Status) {
			// The rule is documented, its code is not.
			return nil, refuse(-1601, "Field '%s' has invalid value.", "status")
		}
		if f := s.reorder(&next, &body, c); f != nil {
			return nil, f
		}
	}
	if body.CustomFields != nil {
		if f := s.checkFields(body.CustomFields); f != nil {
			return nil, f
		}
		next.CustomFields = body.CustomFields
	}
	if body.ExternalRequester != nil {
		if f := checkRequester(*body.ExternalRequester); f != nil {
			return nil, f
		}
		next.ExternalRequester = *body.ExternalRequester
	}
	if body.Comments != nil {
		next.Comments = *body.Comments
	}
	if body.Requester != "" {
		next.Requester = body.Requester
	}
	if body.AutoRenew != nil {
		next.AutoRenew = *body.AutoRenew
	}
	if body.Suspend != nil {
		next.SuspendNotifications = *body.Suspend
	}
	*o = next
	s.save(o)
	return ok(s.describe(o, c)), nil
}

// reorder changes what a certificate would be issued with. Whether an order
// that had ended waits for approval again afterwards is not documented; here it
// does, for there would be no sense in changing it otherwise.
func (s *Server) reorder(o *order, body *updateBody, c *call) *failure {
	for from, to := range map[*int]*int{&body.Term: &o.Term, &body.CertTypeID: &o.ProfileID, &body.OrgID: &o.OrgID} {
		if *from != 0 {
			*to = *from
		}
	}
	profile, f := s.allowed(o.OrgID, o.ProfileID, c.now)
	switch {
	case f != nil:
		return f
	case !slices.Contains(profile.Terms, o.Term):
		return refuse(-36, "The validity period (term) is invalid for this certificate profile.")
	}
	if strings.TrimSpace(body.CSR) != "" {
		csr, f := readCSR(body.CSR, profile)
		if f != nil {
			return f
		}
		o.CSR = csr.Raw
	}
	if body.CommonName != "" {
		o.CommonName = body.CommonName
	}
	if body.Names != nil {
		o.Names = body.Names
	}
	if f := s.checkNames(o, profile, c.now); f != nil {
		return f
	}
	o.Behaviour, o.Status = profile.Behaviour, StatusRequested
	o.Approved, o.Declined, o.Approver = time.Time{}, time.Time{}, ""
	return nil
}

// remove deletes what SCM did not issue. The rule is documented, its code is
// not.
func (s *Server) remove(c *call) (*answer, error) {
	o, err := s.find(c.id, c.now)
	switch {
	case err != nil:
		return nil, err
	case o == nil:
		return nil, notFound(c.id)
	case !o.external():
		return nil, refuse(-37, "Access denied.")
	}
	delete(s.orders, o.ID)
	if s.folder != nil {
		s.folder.Remove(orderFile(o.ID))
	}
	return done(), nil
}
