package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"testing"

	"certty/model/x5c"
)

// TestCSRText: what is in a request, and one whose own signature is wrong.
func TestCSRText(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "a\x1b[2Jb"}, DNSNames: []string{"a.example.com"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	id, err := x5c.PublicKeyID(der)
	if err != nil {
		t.Fatal(err)
	}
	got := csrText("prod/a", der)
	for _, want := range []string{"prod/a", "DNS a.example.com", "EC P-256", "right", id} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "\x1b") {
		t.Errorf("it moves the terminal: %q", got)
	}
	der[len(der)-1] ^= 1
	if got := csrText("prod/a", der); !strings.Contains(got, "wrong") && !strings.Contains(got, "unreadable") {
		t.Errorf("a broken one:\n%s", got)
	}
}
