package vaultserver

import (
	"crypto"
	"net/http"
	"strings"
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
		return nil, badParameter("The request body can't be read as JSON: " + err.Error())
	}
	if len(body.Tags) > maxTags {
		return nil, badParameter("Property  has invalid value\r\n") // as seen from the service
	}
	policy, reused, err := s.policyForCreate(c, &body)
	if err != nil {
		return nil, err
	}
	is, f := s.issuer(policy.Issuer.Name)
	if f != nil {
		return nil, f
	}
	op, err := s.newOperation(&policy, reused, is, &body, c.now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.lookup(c.name, c.now)
	if err != nil {
		return nil, err
	}
	if o != nil && o.Pending != nil && o.Pending.inProgress() {
		return nil, pendingInTheWay() // another create was quicker
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

// policyForCreate settles the policy, and the key to use again where the
// policy wants that. A create without a policy takes the stored one.
func (s *Server) policyForCreate(c *call, body *createBody) (policy Policy, reused []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.lookup(c.name, c.now)
	if err != nil {
		return Policy{}, nil, err
	}
	switch {
	case o != nil && o.Pending != nil && o.Pending.inProgress():
		return Policy{}, nil, pendingInTheWay()
	case body.Policy != nil:
		var f *failure
		if policy, f = complete(body.Policy); f != nil {
			return Policy{}, nil, f
		}
	case o != nil:
		policy = o.Policy
	default:
		// What the service says here was not recorded.
		return Policy{}, nil, badParameter("Property policy has invalid value\r\n")
	}
	if *policy.Key.Reuse && o != nil && len(o.Versions) > 0 && o.current().fits(policy.Key) {
		reused = o.current().Key
	}
	return policy, reused, nil
}

// fits reports whether the version's key is the kind that a policy asks for.
func (v *version) fits(p *KeyProperties) bool {
	key, err := parseKey(v.Key)
	return err == nil && kindOf(key.Public()) == wantedKind(p)
}

// newOperation makes the key and the request.
func (s *Server) newOperation(p *Policy, reused []byte, is issuer, body *createBody, now time.Time) (*operation, error) {
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
		RefusalCode: is.refusalCode, RefusalMessage: is.refusalMessage,
		Enabled: true, Tags: body.Tags, PreserveCertOrder: body.PreserveCertOrder,
	}
	if is.delay > 0 {
		op.Due = now.Add(is.delay)
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
		s.objects[strings.ToLower(name)] = o
	}
	if newPolicy {
		o.Policy, o.PolicyUpdated = *p, now
	}
	o.Pending = op
	s.save(o)
}
