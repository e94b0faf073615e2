package viewtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // a thumbprint is a name, as Key Vault has it
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
	"time"

	"certty/model"
)

const day = 24 * time.Hour

// Item makes a valid certificate that was read completely; change makes it
// something else.
func Item(target, name string, change func(*model.Item)) *model.Item {
	it := &model.Item{
		Ref: model.Ref{Target: target, Kind: model.KindCertificate, Key: name},
		Certificate: model.Certificate{
			Issued: true, Enabled: true, Version: strings.Repeat("7c", 16), Subject: "CN=" + name + ".example.com",
			Thumbprint: strings.Repeat("5e", 20), RecoveryLevel: "Recoverable+Purgeable", RecoverableDays: 90,
			Created: Noon.Add(-100 * day), Updated: Noon.Add(-100 * day),
			NotBefore: Noon.Add(-100 * day), NotAfter: Noon.Add(99 * day),
		},
		ListedAt: Noon, RequestReadAt: Noon, CertificateReadAt: Noon,
	}
	if change != nil {
		change(it)
	}
	return it
}

// Pending gives an item a request; without an issuer it is manual.
func Pending(it *model.Item, r model.Request) {
	if r.Since.IsZero() {
		r.Since = Noon.Add(-4 * time.Minute)
	}
	it.Request = &r
}

// Unissued makes an item one that has nothing but its request.
func Unissued(it *model.Item) {
	it.Certificate.Issued, it.Certificate.Enabled, it.Certificate.Thumbprint = false, false, ""
}

// Authority is a root and an intermediate that sign.
type Authority struct {
	t testing.TB
	// Root and Intermediate are DER.
	Root, Intermediate []byte
	key                *ecdsa.PrivateKey
	issuer             *x509.Certificate
}

// NewAuthority makes keys and certificates of a CA.
func NewAuthority(t testing.TB) *Authority {
	t.Helper()
	a := &Authority{t: t}
	ca := func(name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: serial(t), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
			KeyUsage: x509.KeyUsageCertSign, NotBefore: Noon.Add(-1000 * day), NotAfter: Noon.Add(3000 * day)}
	}
	rootKey := Key(t)
	root := ca("Test Root")
	a.Root = a.sign(root, root, &rootKey.PublicKey, rootKey)
	a.key = Key(t)
	a.Intermediate = a.sign(ca("Test Issuing CA"), a.parse(a.Root), &a.key.PublicKey, rootKey)
	a.issuer = a.parse(a.Intermediate)
	return a
}

// Key makes a key.
func Key(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func serial(t testing.TB) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	return n.Add(n, big.NewInt(1))
}

func (a *Authority) sign(template, parent *x509.Certificate, public any, key *ecdsa.PrivateKey) []byte {
	a.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		a.t.Fatal(err)
	}
	return der
}

func (a *Authority) parse(der []byte) *x509.Certificate {
	a.t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// Request makes a CSR (DER) for a DNS name with a key.
func Request(t testing.TB, key *ecdsa.PrivateKey, name string) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// Issue signs a certificate (DER) for a DNS name and a key.
func (a *Authority) Issue(key *ecdsa.PrivateKey, name string) []byte {
	a.t.Helper()
	return a.sign(&x509.Certificate{SerialNumber: serial(a.t), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: Noon.Add(-day), NotAfter: Noon.Add(198 * day), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}},
		a.issuer, &key.PublicKey, a.key)
}

// Thumbprint is the SHA-1 of a certificate as Key Vault writes it.
func Thumbprint(der []byte) string {
	sum := sha1.Sum(der) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}
