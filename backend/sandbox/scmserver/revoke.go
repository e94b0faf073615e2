package scmserver

import (
	"cmp"
	"slices"
	"time"
)

type revokeBody struct {
	ReasonCode string `json:"reasonCode"`
	Reason     string `json:"reason"`
}

func (s *Server) revokeByID(c *call) (*answer, error) {
	body, f := readRevoke(c)
	if f != nil {
		return nil, f
	}
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, wrongID(c.id)
	}
	return s.revoke(o, body, c)
}

// revokeBySerial finds the certificate by its serial number. Whether that of a
// certificate that was replaced does it as well is not documented; here it
// does not.
func (s *Server) revokeBySerial(c *call) (*answer, error) {
	body, f := readRevoke(c)
	if f != nil {
		return nil, f
	}
	orders, err := s.all(c.now)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(orders, func(o *order) bool {
		cert := o.certificate()
		return cert != nil && sameSerial(c.word, cert.SerialNumber)
	})
	if i < 0 {
		return nil, refuse(-5101, "Certificate not found. %s", c.word)
	}
	return s.revoke(orders[i], body, c)
}

// readRevoke lets the code of the reason be away: several clients never send
// it.
func readRevoke(c *call) (body revokeBody, f *failure) {
	if f := c.read(&revokeSchema, &body); f != nil {
		return body, f
	}
	if body.Reason == "" {
		return body, missing("reason")
	}
	return body, nil
}

func (s *Server) revoke(o *order, body revokeBody, c *call) (*answer, error) {
	switch status := o.statusAt(c.now); {
	case status == StatusRevoked:
		return nil, refuse(-159, "Your certificate already revoked")
	case status != StatusIssued:
		return nil, refuse(-102, "Only issued certificates could be revoked.")
	}
	o.Status, o.Revoked, o.Reason = StatusRevoked, c.now, cmp.Or(body.ReasonCode, "0")
	s.save(o)
	return done(), nil
}

// markRevoked marks a certificate as revoked in SCM; the CA does not hear of
// it.
func (s *Server) markRevoked(c *call) (*answer, error) {
	var body struct {
		CertID       int    `json:"certId"`
		SerialNumber string `json:"serialNumber"`
		Issuer       string `json:"issuer"`
		RevokeDate   string `json:"revokeDate"`
		ReasonCode   string `json:"reasonCode"`
	}
	if f := c.read(&markRevokedSchema, &body); f != nil {
		return nil, f
	}
	at := c.now
	if body.RevokeDate != "" {
		var err error
		if at, err = parseMoment(body.RevokeDate); err != nil {
			return nil, invalidField("revokeDate")
		}
	}
	orders, err := s.all(c.now)
	if err != nil {
		return nil, err
	}
	for _, o := range orders {
		cert := o.certificate()
		if o.ID == body.CertID || cert != nil && body.CertID == 0 && sameSerial(body.SerialNumber, cert.SerialNumber) && cert.Issuer.String() == body.Issuer {
			o.Status, o.Revoked, o.Reason = StatusRevoked, at, cmp.Or(body.ReasonCode, "0")
			s.save(o)
			return done(), nil
		}
	}
	return nil, refuse(-5101, "Certificate not found. %s", body.SerialNumber)
}

// parseMoment reads the forms of a date-time that the documents send.
func parseMoment(said string) (time.Time, error) {
	var last error
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999", isoDay} {
		t, err := time.Parse(layout, said)
		if err == nil {
			return t, nil
		}
		last = err
	}
	return time.Time{}, last
}
