package x5c_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"certty/model/x5c"
)

// byLibrary is the key of a certificate or a request as crypto/x509 reads it;
// "" where it refuses.
func byLibrary(der []byte) string {
	var key []byte
	if c, err := x509.ParseCertificate(der); err == nil {
		key = c.RawSubjectPublicKeyInfo
	} else if r, err := x509.ParseCertificateRequest(der); err == nil {
		key = r.RawSubjectPublicKeyInfo
	} else {
		return ""
	}
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:])
}

// TestPublicKeyIDLikeLibrary: the outer structure tells the key that crypto/x509
// tells, refuses nothing that it accepts, and goes on where it refuses what
// stands around the key.
func TestPublicKeyIDLikeLibrary(t *testing.T) {
	p := newPKI(t)
	csr := p.csr
	challenge, err := os.ReadFile(filepath.Join("testdata", "challenge.pem"))
	if err != nil {
		t.Fatal(err)
	}
	withChallenge, err := x5c.FindRequest(challenge)
	if err != nil {
		t.Fatal(err)
	}
	change := func(old, with string) []byte {
		t.Helper()
		if !bytes.Contains(csr, []byte(old)) {
			t.Fatalf("the request does not hold % x", old)
		}
		return bytes.Replace(csr, []byte(old), []byte(with), 1)
	}
	// The request begins with 30 82 and two bytes of length.
	long := slices.Concat([]byte{0x30, 0x83, 0}, csr[2:])
	endless := slices.Concat([]byte{0x30, 0x80}, csr[4:], []byte{0, 0})
	for name, test := range map[string]struct {
		der     []byte
		library bool // crypto/x509 accepts it
		want    bool
	}{
		"a request":                         {csr, true, true},
		"one with a challenge password":     {withChallenge.Raw, true, true},
		"a certificate":                     {p.leaf.cert.Raw, true, true},
		"version 1":                         {change("\x02\x01\x00\x30", "\x02\x01\x01\x30"), true, true},
		"a curve that no library knows":     {change("\x2a\x86\x48\xce\x3d\x03\x01\x07", "\x2a\x86\x48\xce\x3d\x03\x01\x7f"), false, true},
		"a key of another kind":             {change("\x2a\x86\x48\xce\x3d\x02\x01", "\x2a\x86\x48\xce\x3d\x02\x7f"), true, true},
		"a name that is an address":         {change("\x82\x10shop.example.com", "\x87\x10shop.example/com"), true, true},
		"an address of three bytes":         {change("\x82\x10shop.example.com", "\x87\x03hop\x82\x0bexample.com"), false, true},
		"something behind it":               {append(slices.Clone(csr), 5, 0), false, true},
		"a length with a byte too many":     {long, false, false},
		"no length":                         {endless, false, false},
		"cut off":                           {csr[:len(csr)-1], false, false},
		"an algorithm that never ends":      {change("\x2a\x86\x48\xce\x3d\x04\x03\x02", "\x2a\x86\x48\xce\x3d\x04\x03\x82"), false, false},
		"nothing but the head of a request": {[]byte("\x30\x05\x30\x03\x02\x01\x00"), false, false},
	} {
		library := byLibrary(test.der)
		if (library != "") != test.library {
			t.Errorf("%s: crypto/x509 accepts it: %v", name, library != "")
		}
		id, err := x5c.PublicKeyID(test.der)
		if (err == nil) != test.want || library != "" && id != library {
			t.Errorf("%s: PublicKeyID = %q, %v; crypto/x509 has %q", name, id, err, library)
		}
	}
}

// BenchmarkPublicKeyID is what the first look costs at each completed request.
func BenchmarkPublicKeyID(b *testing.B) {
	csr := newPKI(b).csr
	b.ReportAllocs()
	for b.Loop() {
		if _, err := x5c.PublicKeyID(csr); err != nil {
			b.Fatal(err)
		}
	}
}
