package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// DefaultLifetime is how long certificates live unless the caller says
// otherwise: one day under what the CA/Browser Forum's Baseline Requirements
// (§6.3.2) allow from 15 March 2026 to 15 March 2027.
const DefaultLifetime = 199 * 24 * time.Hour

// backdate is how far before now certificates begin, for clocks that go slow.
const backdate = 10 * time.Minute

// Profile says what a certificate shall be, beyond what its request says. The
// zero value is a TLS server's certificate of DefaultLifetime, from now on.
type Profile struct {
	// NotBefore is when it begins; the zero time means ten minutes ago.
	NotBefore time.Time
	// Lifetime is how long it lives from NotBefore; 0 means DefaultLifetime.
	Lifetime time.Duration
	// ExtKeyUsage are its extended key usages (RFC 5280 §4.2.1.12); none means
	// serverAuth alone, as public CAs do it.
	ExtKeyUsage []asn1.ObjectIdentifier
	// KeyUsage is its key usage (RFC 5280 §4.2.1.3); 0 means what suits the
	// key's type.
	KeyUsage x509.KeyUsage
	// Subject is its subject instead of the request's, for CAs that write what
	// they have validated; nil means the request's.
	Subject *pkix.Name
	// DNSNames are its alternative names instead of the request's; none means
	// the request's.
	DNSNames []string
}

var oidServerAuth = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}

// oidSAN is the subject alternative name (RFC 5280 §4.2.1.6).
var oidSAN = asn1.ObjectIdentifier{2, 5, 29, 17}

var hostname = regexp.MustCompile(`^(\*\.)?([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`)

// ParseRequest reads a PKCS#10 certificate request (RFC 2986), PEM or DER, and
// checks its signature. Text around the PEM block is passed over.
func ParseRequest(data []byte) (*x509.CertificateRequest, error) {
	der := data
	for rest := data; ; {
		block, next := pem.Decode(rest)
		if block == nil {
			break
		}
		if block.Type == "CERTIFICATE REQUEST" || block.Type == "NEW CERTIFICATE REQUEST" {
			der = block.Bytes
			break
		}
		rest = next
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, fmt.Errorf("read the certificate request: %w", err)
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, fmt.Errorf("the certificate request's signature: %w", err)
	}
	return csr, nil
}

// Sign issues a certificate for a request whose signature holds. Subject and
// subject alternative names are the request's, byte for byte, unless the
// profile has others. A request
// without alternative names whose common name is a host name gets that name,
// as CAs do it, because nobody reads the common name any more (RFC 9525 §2).
func (a *Authority) Sign(csr *x509.CertificateRequest, p Profile) (Chain, error) {
	if err := csr.CheckSignature(); err != nil {
		return Chain{}, fmt.Errorf("the certificate request's signature: %w", err)
	}
	template, err := a.template(csr, p)
	if err != nil {
		return Chain{}, err
	}
	leaf, err := a.issue(template, csr.PublicKey)
	if err != nil {
		return Chain{}, fmt.Errorf("issue a certificate for %s: %w", csr.Subject, err)
	}
	return Chain{Leaf: leaf, Intermediate: a.intermediate, Root: a.root}, nil
}

func (a *Authority) template(csr *x509.CertificateRequest, p Profile) (*x509.Certificate, error) {
	t := &x509.Certificate{
		RawSubject:         csr.RawSubject,
		NotBefore:          p.NotBefore.UTC(),
		KeyUsage:           p.KeyUsage,
		UnknownExtKeyUsage: p.ExtKeyUsage,
	}
	if p.NotBefore.IsZero() {
		t.NotBefore = a.now().Add(-backdate).UTC()
	}
	lifetime := p.Lifetime
	if lifetime == 0 {
		lifetime = DefaultLifetime
	}
	// RFC 5280 §4.1.2.5: the lifetime includes its last second.
	t.NotAfter = t.NotBefore.Add(lifetime - time.Second)
	if lifetime < time.Second {
		return nil, fmt.Errorf("a lifetime of %s is too short", lifetime)
	}
	if len(t.UnknownExtKeyUsage) == 0 {
		t.UnknownExtKeyUsage = []asn1.ObjectIdentifier{oidServerAuth}
	}
	if t.KeyUsage == 0 {
		t.KeyUsage = keyUsageFor(csr.PublicKey)
	}
	if p.Subject != nil {
		t.RawSubject, t.Subject = nil, *p.Subject
	}
	if len(p.DNSNames) > 0 {
		t.DNSNames = p.DNSNames
	} else if san, ok := alternativeNames(csr); ok {
		t.ExtraExtensions = []pkix.Extension{san}
	} else if hostname.MatchString(csr.Subject.CommonName) {
		t.DNSNames = []string{csr.Subject.CommonName}
	}
	return t, nil
}

// alternativeNames is the request's own extension: taken over whole it keeps
// the kinds of names that crypto/x509 does not know, such as a UPN.
func alternativeNames(csr *x509.CertificateRequest) (pkix.Extension, bool) {
	for _, ext := range csr.Extensions {
		if ext.Id.Equal(oidSAN) {
			return ext, true
		}
	}
	return pkix.Extension{}, false
}

func keyUsageFor(pub crypto.PublicKey) x509.KeyUsage {
	if _, ok := pub.(*rsa.PublicKey); ok {
		return x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	}
	return x509.KeyUsageDigitalSignature
}

// subjectKeyID is the hash of the public key's bits, by the first method of
// RFC 7093 §2 (SHA-256, cut to 160 bits).
func subjectKeyID(pub crypto.PublicKey) ([]byte, error) {
	switch pub.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey:
	default:
		return nil, errors.New("a public key that is neither RSA nor EC")
	}
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	var spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &spki); err != nil {
		return nil, fmt.Errorf("read the public key: %w", err)
	}
	sum := sha256.Sum256(spki.Key.Bytes)
	return sum[:20], nil
}
