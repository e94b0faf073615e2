package vaultserver

import "net/http"

// getCertificate reads a certificate: its current version, or the one named.
// An object of which nothing was issued yet is answered too, as recorded.
func (s *Server) getCertificate(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, v, err := s.version(c)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.bundle(o, v)}, nil
}

// getPolicy reads the stored policy.
func (s *Server) getPolicy(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.existing(c)
	if err != nil {
		return nil, err
	}
	return &answer{status: http.StatusOK, body: c.policy(o)}, nil
}

// bundle is how a version looks in an answer. Without a certificate it has
// neither kid, sid, x5t nor cer; policy and pending belong to the current
// version alone. Both as recorded.
func (c *call) bundle(o *object, v *version) bundleAnswer {
	b := bundleAnswer{
		ID: c.url("certificates", o.Name, v.ID), X5T: v.thumbprint(), CER: v.Leaf,
		Attributes: v.attributes(), Tags: v.Tags, PreserveCertOrder: v.PreserveCertOrder,
	}
	b.Attributes = c.recovery.on(b.Attributes)
	if v.issued() {
		b.KID, b.SID = c.url("keys", o.Name, v.ID), c.url("secrets", o.Name, v.ID)
	}
	if v != o.current() {
		return b
	}
	b.Policy = c.policy(o)
	if o.Pending != nil {
		b.Pending = &pendingLink{c.url("certificates", o.Name, "pending")}
	}
	return b
}

// attributes are a version's, as lists show them.
func (v *version) attributes() Attributes {
	return Attributes{
		Enabled: new(v.Enabled), NotBefore: v.NotBefore.Unix(), Expires: v.Expires.Unix(),
		Created: v.Created.Unix(), Updated: v.Updated.Unix(),
	}
}

func (c *call) policy(o *object) *Policy {
	p := o.Policy
	p.ID = c.url("certificates", o.Name, "policy")
	p.Attributes = &Attributes{Enabled: new(true), Created: o.PolicyCreated.Unix(), Updated: o.PolicyUpdated.Unix()}
	return &p
}
