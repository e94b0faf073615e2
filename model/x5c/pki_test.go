package x5c_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"certty/model/x5c"
)

// now is the moment all tests live in.
var now = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// rsaKey is made once: it takes a while.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func ecKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

var serials atomic.Int64

// extension is one of a certificate.
type extension = pkix.Extension

type entity struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// issue makes a certificate for key signed by issuer; nil signs itself. change
// may change the template.
func issue(t testing.TB, name string, key crypto.Signer, issuer *entity, change func(*x509.Certificate)) *entity {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1000 + serials.Add(1)),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    now.AddDate(0, 0, -10),
		NotAfter:     now.AddDate(0, 0, 90),
	}
	if change != nil {
		change(template)
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &entity{cert: cert, key: key}
}

func ca(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	c.NotBefore, c.NotAfter = now.AddDate(-5, 0, 0), now.AddDate(5, 0, 0)
}

func server(names ...string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		c.DNSNames = names
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
}

// pki is a root, two intermediates, and a leaf for the key of a request.
type pki struct {
	root, upper, lower, leaf *entity
	csr                      []byte
}

func request(t testing.TB, key crypto.Signer, names ...string) []byte {
	t.Helper()
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "shop.example.com"}, DNSNames: names,
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}

func newPKI(t testing.TB) *pki {
	t.Helper()
	p := &pki{}
	p.root = issue(t, "Root", rsaKey(), nil, ca)
	p.upper = issue(t, "Upper", ecKey(t), p.root, ca)
	p.lower = issue(t, "Lower", ecKey(t), p.upper, ca)
	key := ecKey(t)
	p.csr = request(t, key, "shop.example.com", "www.example.com")
	p.leaf = issue(t, "shop.example.com", key, p.lower, server("shop.example.com", "*.example.com"))
	return p
}

func (p *pki) want() x5c.Want { return x5c.Want{CSR: p.csr, Now: now} }

// bundle makes a bundle of certificates as Read does.
func bundle(entities ...*entity) *x5c.Bundle {
	b := &x5c.Bundle{}
	for _, e := range entities {
		b.Certificates = append(b.Certificates, e.cert)
	}
	return b
}

func pemOf(entities ...*entity) string {
	var chain [][]byte
	for _, e := range entities {
		chain = append(chain, e.cert.Raw)
	}
	return string(x5c.EncodeChain(chain))
}

// cleaned marks text that went through the cleaner.
func cleaned(s string) string { return "«" + strings.Map(dropControl, s) + "»" }

func plain(s string) string { return s }

func dropControl(r rune) rune {
	if r < 0x20 || r == 0x7f {
		return -1
	}
	return r
}

func names(certs []*x509.Certificate) string {
	var list []string
	for _, c := range certs {
		list = append(list, c.Subject.CommonName)
	}
	return strings.Join(list, ",")
}
