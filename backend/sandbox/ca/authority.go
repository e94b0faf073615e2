package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"time"
)

// How long the authority itself lives, around the moment it was made. It
// begins in the past because the sandbox's certificates were issued there.
const (
	authorityBefore = 10 // years
	authorityAfter  = 30 // years
)

const organization = "certty sandbox"

// Authority is a root and an intermediate that signs. It is safe for
// concurrent use.
type Authority struct {
	root, intermediate *x509.Certificate
	key                crypto.Signer // the intermediate's
	now                func() time.Time
}

// RootPEM is the root certificate as PEM.
func (a *Authority) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root.Raw})
}

// Pool holds the root alone, for a client that shall trust the sandbox.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return pool
}

// ServerCertificate issues a TLS certificate for this machine's loopback:
// 127.0.0.1, ::1 and localhost. Its key is never written down. It lives as
// long as the intermediate, because TLS clients look at the machine's clock
// and not at the sandbox's, which can be moved.
func (a *Authority) ServerCertificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make the key for loopback TLS: %w", err)
	}
	leaf, err := a.issue(&x509.Certificate{
		Subject:     pkix.Name{CommonName: "localhost", Organization: []string{organization}},
		NotBefore:   a.intermediate.NotBefore,
		NotAfter:    a.intermediate.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1).To4(), net.IPv6loopback},
	}, key.Public())
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("issue the certificate for loopback TLS: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, a.intermediate.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// issue signs a template as an end-entity certificate. Serial number, subject
// and authority key identifiers are filled in by crypto/x509, as RFC 5280
// §4.1.2.2, §4.2.1.1 and §4.2.1.2 want them.
func (a *Authority) issue(template *x509.Certificate, pub crypto.PublicKey) (*x509.Certificate, error) {
	template.BasicConstraintsValid = true
	skid, err := subjectKeyID(pub)
	if err != nil {
		return nil, err
	}
	template.SubjectKeyId = skid
	der, err := x509.CreateCertificate(rand.Reader, template, a.intermediate, pub, a.key)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return x509.ParseCertificate(der)
}

// New makes an authority that is kept nowhere. Its clock is now.
func New(now func() time.Time) (*Authority, error) {
	root, intermediate, _, key, err := generate(now())
	if err != nil {
		return nil, fmt.Errorf("make a CA: %w", err)
	}
	return assemble(root, intermediate, key, now)
}

// generate makes a whole authority. The root's key is returned for keeping; it
// signs nothing but the intermediate.
func generate(now time.Time) (root, intermediate *x509.Certificate, rootKey, key *ecdsa.PrivateKey, err error) {
	if rootKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, nil, nil, nil, err
	}
	if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, nil, nil, nil, err
	}
	rootTemplate := authorityTemplate("certty sandbox root", now)
	if root, err = signAuthority(rootTemplate, rootTemplate, rootKey.Public(), rootKey); err != nil {
		return nil, nil, nil, nil, err
	}
	template := authorityTemplate("certty sandbox issuing CA 1", now)
	template.MaxPathLenZero = true
	if intermediate, err = signAuthority(template, root, key.Public(), rootKey); err != nil {
		return nil, nil, nil, nil, err
	}
	return root, intermediate, rootKey, key, nil
}

func authorityTemplate(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name, Organization: []string{organization}},
		NotBefore:             now.AddDate(-authorityBefore, 0, 0).UTC(),
		NotAfter:              now.AddDate(authorityAfter, 0, 0).UTC(),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
}

func signAuthority(template, parent *x509.Certificate, pub crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, key)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", template.Subject.CommonName, err)
	}
	return x509.ParseCertificate(der)
}

// assemble joins loaded parts and refuses parts that don't belong together.
func assemble(root, intermediate *x509.Certificate, key crypto.Signer, now func() time.Time) (*Authority, error) {
	if err := intermediate.CheckSignatureFrom(root); err != nil {
		return nil, fmt.Errorf("the intermediate is not the root's: %w", err)
	}
	pub, ok := key.Public().(*ecdsa.PublicKey)
	if !ok || !pub.Equal(intermediate.PublicKey) {
		return nil, errors.New("the key is not the intermediate's")
	}
	return &Authority{root: root, intermediate: intermediate, key: key, now: now}, nil
}
