package scmserver

import (
	"strings"
)

// renewBody is RenewInfo.
type renewBody struct {
	CSR     string `json:"csr"`
	DCVMode string `json:"dcvMode"`
}

// renewByID orders the same certificate again. Without a CSR the old one is
// used again, and with it the old key; no body at all is as good as {}.
func (s *Server) renewByID(c *call) (*answer, error) {
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, wrongID(c.id)
	}
	fresh, f := s.renewal(o, c)
	if f != nil {
		return nil, f
	}
	return ok(struct {
		SSLID int `json:"sslId"`
	}{fresh.ID}), nil
}

// renew does the same by the id that only the answer to enroll tells; the id of
// the new order is not answered.
func (s *Server) renew(c *call) (*answer, error) {
	orders, err := s.all(c.now)
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		if o.RenewID != "" && o.RenewID == c.word {
			if _, f := s.renewal(o, c); f != nil {
				return nil, f
			}
			return done(), nil
		}
	}
	return nil, refuse(-123, "SSL Certificate to renew is invalid (null)")
}

func (s *Server) renewal(o *order, c *call) (*order, *failure) {
	var body renewBody
	if strings.TrimSpace(string(c.body)) != "" {
		if f := c.read(&renewSchema, &body); f != nil {
			return nil, f
		}
	}
	profile := s.profile(o.ProfileID)
	switch status := o.statusAt(c.now); {
	case c.settings.Restricted:
		return nil, refuse(-993, "Certificate orders currently restricted")
	case profile == nil:
		return nil, refuse(-111, "No certificate profile found by id %d", o.ProfileID)
	case profile.NoRenewal:
		return nil, refuse(-180, "This SSL Certificate Profile doesn't allow renew")
	case status != StatusIssued && status != StatusExpired:
		return nil, refuse(-105, "Error was occurred while renewing cert. Status = %s", status)
	}
	if _, f := s.allowed(o.OrgID, o.ProfileID, c.now); f != nil {
		return nil, f
	}
	der := o.CSR
	if body.CSR != "" || len(der) == 0 {
		csr, f := readCSR(body.CSR, profile)
		if f != nil {
			return nil, f
		}
		der = csr.Raw
	}
	fresh := s.newOrder(c, o.OrgID, profile, o.CommonName, o.Names, der)
	fresh.Term, fresh.RenewalOf = profile.offeredTerm(o.Term), o.ID
	fresh.CustomFields, fresh.ExternalRequester, fresh.Owner = o.CustomFields, o.ExternalRequester, o.Owner
	fresh.DCVMode = o.DCVMode
	if body.DCVMode != "" {
		fresh.DCVMode = body.DCVMode
	}
	if c.settings.RenewalKeepsComments {
		fresh.Comments = o.Comments
	}
	if f := s.checkNames(fresh, profile, c.now); f != nil {
		return nil, f
	}
	s.put(fresh)
	o.Renewed, o.RenewedDate = true, c.now
	s.save(o)
	return fresh, nil
}

// markRenewed marks a certificate as renewed and orders nothing.
func (s *Server) markRenewed(c *call) (*answer, error) {
	var body struct {
		ID int `json:"id"`
	}
	if strings.TrimSpace(string(c.body)) != "" {
		if f := c.read(&renewManualSchema, &body); f != nil {
			return nil, f
		}
	}
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil || body.ID != 0 && s.orders[body.ID] == nil {
		return nil, wrongID(c.id)
	}
	o.Renewed, o.RenewedDate = true, c.now
	s.save(o)
	return done(), nil
}
