package vaultserver

import (
	"crypto"
	"net/http"
	"time"
)

// What a new request says of itself, as recorded.
const (
	detailsManual = "Pending certificate created. Please Perform Merge to complete the request."
	detailsIssuer = "Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later."
)

// create makes a certificate, or a new version of one (Key Vault REST, "Create
// Certificate"). The key is made outside the lock: RSA takes its time.
func (s *Server) create(c *call) (*answer, error) {
	var body createBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	if len(body.Tags) > maxTags {
		return nil, invalidBody()
	}
	policy, reused, ca, err := s.policyForCreate(c, &body)
	if err != nil {
		return nil, err
	}
	op, err := s.newOperation(&policy, reused, ca, &body, c.now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.forCreation(c.name, c.now) // another create may have been quicker
	if err != nil {
		return nil, err
	}
	s.begin(c.name, o, op, &policy, body.Policy != nil, c.now)
	return s.created(c, op), nil
}

func (s *Server) created(c *call, op *operation) *answer {
	return &answer{
		status: http.StatusAccepted, body: c.operation(op), retryAfter: true,
		location: c.url("certificates", c.name, "pending") + "?api-version=" + c.apiVersion + "&request_id=" + op.RequestID,
	}
}

// policyForCreate settles the policy, the key to use again where the policy
// wants that, and how the CA will behave. A create without a policy takes the
// stored one.
func (s *Server) policyForCreate(c *call, body *createBody) (policy Policy, reused []byte, ca behaviour, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.forCreation(c.name, c.now)
	if err != nil {
		return Policy{}, nil, behaviour{}, err
	}
	var f *failure
	switch {
	case body.Policy != nil:
		policy, f = complete(body.Policy)
	case o != nil:
		policy, f = complete(&o.Policy) // an imported one may ask for what is not made
	default:
		f = badParameter("Property policy has invalid value\r\n") // what the service says here was not recorded
	}
	if f == nil {
		f = canMake(policy.Key)
	}
	if f == nil {
		ca, f = s.behaviour(policy.Issuer.Name)
	}
	if f != nil {
		return Policy{}, nil, behaviour{}, f
	}
	if *policy.Key.Reuse && o != nil && len(o.Versions) > 0 && o.current().fits(policy.Key) {
		reused = o.current().Key
	}
	return policy, reused, ca, nil
}

// fits reports whether the version's key is the kind that a policy asks for.
func (v *version) fits(p *KeyProperties) bool {
	key, err := parseKey(v.Key)
	return err == nil && kindOf(key.Public()) == wantedKind(p)
}

// newOperation makes the key and the request.
func (s *Server) newOperation(p *Policy, reused []byte, ca behaviour, body *createBody, now time.Time) (*operation, error) {
	key, err := s.keyFor(p.Key, reused)
	if err != nil {
		return nil, err
	}
	csr, err := newRequest(p, key)
	if err != nil {
		return nil, err
	}
	der, err := marshalKey(key)
	if err != nil {
		return nil, err
	}
	op := &operation{
		RequestID: newID(), Issuer: IssuerParameters{Name: p.Issuer.Name}, CSR: csr, Key: der,
		Created: now, Status: statusInProgress,
		RefusalCode: ca.refusalCode, RefusalMessage: ca.refusalMessage,
		Enabled: true, Tags: body.Tags, PreserveCertOrder: body.PreserveCertOrder,
	}
	if ca.delay > 0 {
		op.Due = now.Add(ca.delay)
	}
	if a := body.Attributes; a != nil && a.Enabled != nil {
		op.Enabled = *a.Enabled
	}
	return op, nil
}

func (s *Server) keyFor(p *KeyProperties, reused []byte) (crypto.Signer, error) {
	if reused != nil {
		return parseKey(reused)
	}
	return s.keys.take(p)
}

// begin puts a new request in place. A first one also makes the object, with a
// version that holds nothing yet.
func (s *Server) begin(name string, o *object, op *operation, p *Policy, newPolicy bool, now time.Time) {
	if o == nil {
		o = &object{Name: name, PolicyCreated: now, Placeholder: &version{
			ID: newID(), NotBefore: now.Add(-backdate), Expires: now.AddDate(0, p.X509.ValidityMonths, 0), Created: now, Updated: now, Tags: op.Tags,
		}}
		s.put(o)
	}
	if newPolicy {
		o.Policy, o.PolicyUpdated = *p, now
	}
	o.Pending = op
	s.save(o)
}
