package vaultserver

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// plantImports makes the versions of an imported entry, self-signed.
func (s *Server) plantImports(o *object, e *Entry) error {
	for _, issue := range e.Issued {
		b, err := s.selfSignedBundle(e, issue)
		if err != nil {
			return err
		}
		v, err := b.version(&importBody{Tags: e.Tags}, issue.At)
		if err != nil {
			return err
		}
		var f *failure
		if o.Policy, f = importedPolicy(b, contentTypes[0], &e.Policy); f != nil {
			return f
		}
		o.Versions = append(o.Versions, v)
	}
	return nil
}

func (s *Server) selfSignedBundle(e *Entry, issue Issue) (*bundle, error) {
	policy := e.Policy
	if f := completeKey(&policy); f != nil {
		return nil, f
	}
	key, err := newKey(policy.Key, s.keys.source)
	if err != nil {
		return nil, err
	}
	subject, err := asn1.Marshal(e.Imported)
	if err != nil {
		return nil, fmt.Errorf("encode the subject: %w", err)
	}
	template := &x509.Certificate{RawSubject: subject, NotBefore: issue.At.UTC(), NotAfter: issue.At.Add(issue.Lifetime).UTC()}
	if sans := policy.X509.SANs; !sans.empty() {
		names, err := sans.generalNames()
		if err != nil {
			return nil, err
		}
		der, err := asn1.Marshal(names)
		if err != nil {
			return nil, fmt.Errorf("encode the alternative names: %w", err)
		}
		template.ExtraExtensions = []pkix.Extension{{Id: oidSAN, Value: der}}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read what was signed: %w", err)
	}
	return &bundle{leaf: leaf, key: key}, nil
}
