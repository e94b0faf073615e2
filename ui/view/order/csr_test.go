package order

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/model/x5c"
)

func sampleCSR(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "a.example.com"}, DNSNames: []string{"a.example.com", "b.example.com"},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestReadCSR(t *testing.T) {
	der := sampleCSR(t)
	text := string(x5c.EncodeCSR(der))
	for name, data := range map[string]string{
		"PEM": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "one line": strings.Join(strings.Fields(text), " "),
		"old label": strings.ReplaceAll(text, "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
		"in a mail": "Dear all,\n\n" + text + "\nRegards", "twice the same": text + text,
		"base64": base64.StdEncoding.EncodeToString(der), "DER": string(der),
		"beside a certificate request that is cut off": text + "-----BEGIN CERTIFICATE REQUEST-----\nMIIB",
	} {
		got, err := readCSR([]byte(data))
		if err != nil || string(got.der) != string(der) || got.String() != "for a.example.com, EC P-256; names b.example.com" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := readCSR([]byte(strings.Repeat("a", x5c.MaxCSR+1))); !errors.Is(err, x5c.ErrBigRequest) {
		t.Errorf("%v", err)
	}
	// The signature proves who has the key.
	broken := append([]byte(nil), der...)
	broken[len(broken)-1] ^= 1
	if _, err := readCSR(broken); !errors.Is(err, x5c.ErrBrokenRequest) {
		t.Errorf("a broken signature: %v", err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte{0x30, 1, 2}}))
	if _, err := readCSR([]byte(text + key)); !errors.Is(err, x5c.ErrPrivateKey) {
		t.Errorf("with a private key: %v", err)
	}
}

// FuzzReadCSR: whatever is pasted, what is understood is a CSR that proves its
// key, and an error repeats nothing of it.
func FuzzReadCSR(f *testing.F) {
	der := sampleCSR(f)
	text := string(x5c.EncodeCSR(der))
	challenge, err := os.ReadFile(filepath.Join("testdata", "challenge.pem"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{text, string(challenge), text[:100], string(der), "-----BEGIN CERTIFICATE REQUEST-----", "-----BEGIN -----END ", strings.Repeat("-----BEGIN X-----", 9), "MIIB"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readCSR(data)
		if (got == nil) == (err == nil) {
			t.Fatalf("%v and %v", got, err)
		}
		if err != nil {
			return
		}
		if _, err := x5c.ParseCSR(got.der); err != nil {
			t.Fatalf("not a request: %v", err)
		}
		if strings.ContainsAny(got.String(), "\x1b\r\n") {
			t.Fatalf("not clean: %q", got.String())
		}
	})
}
