package vaultserver

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"certty/backend/sandbox/ca"
)

// backdate is how far before its making a version says to begin, as recorded.
const backdate = 10 * time.Minute

// advance brings a pending request up to now: whatever became due is done as
// of the moment it was due. It reports whether anything changed.
func (s *Server) advance(o *object, now time.Time) (bool, error) {
	replaced := o.replace(now)
	changed, err := s.advanceRequest(o, now)
	return replaced || changed, err
}

// replace lets another client's planned request take the place of the one in
// progress, once its time has come. Whoever ended that one before has undone
// the plan.
func (o *object) replace(now time.Time) bool {
	if o.Coming == nil {
		return false
	}
	if o.Pending == nil || !o.Pending.inProgress() {
		o.Coming = nil
		return true
	}
	if now.Before(o.Coming.Created) {
		return false
	}
	o.Pending, o.Coming = o.Coming, nil
	return true
}

func (s *Server) advanceRequest(o *object, now time.Time) (bool, error) {
	op := o.Pending
	switch {
	case op == nil || !op.inProgress():
		return false, nil
	case op.CancelRequested:
		if now.Before(op.CancelDue) {
			return false, nil
		}
		op.Status = statusCancelled
		return true, nil
	case op.Due.IsZero() || now.Before(op.Due):
		return false, nil
	case op.RefusalCode != "":
		op.Status, op.ErrorCode, op.ErrorMessage = statusFailed, op.RefusalCode, op.RefusalMessage
		return true, nil
	}
	chain, err := s.sign(o, op)
	if err != nil {
		return false, fmt.Errorf("issue %s: %w", o.Name, err)
	}
	return true, o.finish(chain, op.Due)
}

// sign makes what the issuer of a request answers: the chain, leaf first.
func (s *Server) sign(o *object, op *operation) ([][]byte, error) {
	from := op.Due.Add(-backdate)
	until := op.Due.AddDate(0, o.Policy.X509.ValidityMonths, 0)
	if selfSigned(op.Issuer.Name) {
		leaf, err := selfSign(op, from, until)
		return [][]byte{leaf}, err
	}
	csr, err := op.request()
	if err != nil {
		return nil, err
	}
	chain, err := s.ca.Sign(csr, ca.Profile{NotBefore: from, Lifetime: until.Sub(from),
		ExtKeyUsage: o.Policy.X509.extKeyUsage(), KeyUsage: o.Policy.X509.keyUsage()})
	if err != nil {
		return nil, err
	}
	return chain.DER(), nil
}

func selfSign(op *operation, from, until time.Time) ([]byte, error) {
	csr, err := op.request()
	if err != nil {
		return nil, err
	}
	key, err := op.signer()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{RawSubject: csr.RawSubject, NotBefore: from.UTC(), NotAfter: until.UTC(), ExtraExtensions: csr.Extensions}
	return x509.CreateCertificate(rand.Reader, template, template, csr.PublicKey, key)
}

// finish ends the pending request with a certificate: a new version is there.
func (o *object) finish(chain [][]byte, at time.Time) error {
	op := o.Pending
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return fmt.Errorf("read the certificate for %s: %w", o.Name, err)
	}
	v := &version{
		ID: newID(), Enabled: op.Enabled,
		NotBefore: leaf.NotBefore, Expires: leaf.NotAfter, Created: at, Updated: at,
		Tags: op.Tags, Leaf: chain[0], Above: chain[1:], Key: op.Key, PreserveCertOrder: op.PreserveCertOrder,
	}
	if o.Placeholder != nil {
		v.ID = o.Placeholder.ID
		o.Placeholder = nil
	}
	o.Versions = append(o.Versions, v)
	op.Status, op.ErrorCode, op.ErrorMessage = statusCompleted, "", ""
	return nil
}

// newID is an identifier as Key Vault makes them: 32 hexadecimal digits.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}
