package x5c_test

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"certty/model"
	"certty/model/x5c"
)

func FuzzRead(f *testing.F) {
	p := newPKI(f)
	chain := pemOf(p.leaf, p.lower)
	der := p.leaf.cert.Raw
	key, err := x509.MarshalPKCS8PrivateKey(p.leaf.key)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"", chain, strings.ReplaceAll(chain, "\n", "\r\n"), strings.ReplaceAll(chain, "\n", `\n`), string(der),
		b64(der), wrap(b64(slices.Concat(der, der)), 64, "\n"), b64([]byte(chain)), quotedPrintable(f, chain),
		jsonOf(f, map[string]any{"x5c": [][]byte{der}}), string(p7b(f, p.leaf)), block("PKCS7", p7b(f, p.leaf)),
		zipOf(f, "a.crt", chain), string(p.csr), string(x5c.EncodeCSR(p.csr)), string(key), utf16le(chain), "> " + chain,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := x5c.Read(data)
		if (b == nil) == (err == nil) {
			t.Fatalf("Read = %v, %v", b, err)
		}
		if err != nil {
			known := []error{x5c.ErrPrivateKey, x5c.ErrNothing, x5c.ErrTruncated, x5c.ErrTooLarge, x5c.ErrCSR}
			if !slices.ContainsFunc(known, func(e error) bool { return errors.Is(err, e) }) {
				t.Fatalf("an error of no known kind: %v", err)
			}
			if strings.ContainsFunc(err.Error(), unicode.IsControl) {
				t.Fatalf("control characters in the error: %q", err)
			}
			return
		}
		if len(b.Certificates) == 0 || len(b.Certificates) > x5c.MaxCertificates || b.Bytes != len(data) {
			t.Fatalf("%d certificates of %d bytes", len(b.Certificates), b.Bytes)
		}
		for _, note := range b.Notes {
			if strings.ContainsFunc(note, unicode.IsControl) {
				t.Fatalf("control characters in a note: %q", note)
			}
		}
		// What was read is read again from sound PEM.
		var chain [][]byte
		for _, c := range b.Certificates {
			chain = append(chain, c.Raw)
		}
		again, err := x5c.Read(x5c.EncodeChain(chain))
		if err != nil || len(again.Certificates) != len(chain) {
			t.Fatalf("read again: %v", err)
		}
	})
}

// FuzzJudge changes a chain, its request and what is wanted, byte by byte.
func FuzzJudge(f *testing.F) {
	p := newPKI(f)
	other := issue(f, "Upper", p.upper.key, p.root, ca)
	f.Add(slices.Concat(p.leaf.cert.Raw, p.lower.cert.Raw, p.upper.cert.Raw, p.root.cert.Raw), p.csr, "www.example.com", "1.3.6.1.5.5.7.3.2", int64(0))
	f.Add(slices.Concat(other.cert.Raw, p.upper.cert.Raw, p.lower.cert.Raw), p.csr, "", "", int64(1e9))
	f.Add(p.leaf.cert.Raw, []byte{}, "*.a", "1", int64(-1e9))
	f.Fuzz(func(t *testing.T, der, csr []byte, name, eku string, seconds int64) {
		b, err := x5c.Read(der)
		if err != nil {
			b = nil
		}
		want := x5c.Want{CSR: csr, SANs: model.SANs{DNS: []string{name}}, EKUs: []string{eku}, Now: now.Add(0)}
		want.Now = want.Now.AddDate(0, 0, int(seconds%100000))
		want.IncludeRoot = seconds%2 == 0
		clean := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsControl(r) {
					return -1
				}
				return r
			}, s)
		}
		v := x5c.Judge(b, want, clean)
		if v.OK != (v.Worst() < x5c.Fail) || v.OK != (len(v.Chain) > 0) {
			t.Fatalf("OK %v with a chain of %d: %+v", v.OK, len(v.Chain), v.Checks)
		}
		if b != nil && len(v.Links)+len(v.Unused) != len(b.Certificates) {
			t.Fatalf("%d links and %d unused of %d", len(v.Links), len(v.Unused), len(b.Certificates))
		}
		if v.OK && !b.KeyMatches(csr) {
			t.Fatal("a chain without the request's key can be sent")
		}
		for _, c := range v.Checks {
			if strings.ContainsFunc(c.Text, unicode.IsControl) {
				t.Fatalf("control characters in a check: %q", c.Text)
			}
		}
	})
}

func FuzzPublicKeyID(f *testing.F) {
	p := newPKI(f)
	f.Add(p.csr)
	f.Add(p.leaf.cert.Raw)
	f.Fuzz(func(t *testing.T, der []byte) {
		id, err := x5c.PublicKeyID(der)
		if (id == "") == (err == nil) {
			t.Fatalf("PublicKeyID = %q, %v", id, err)
		}
		if library := byLibrary(der); library != "" && (err != nil || id != library) {
			t.Fatalf("PublicKeyID = %q, %v; crypto/x509 has %q", id, err, library)
		}
	})
}

func TestEncode(t *testing.T) {
	p := newPKI(t)
	out := x5c.EncodeCSR(p.csr)
	lines := strings.Split(string(out), "\n")
	if lines[0] != "-----BEGIN CERTIFICATE REQUEST-----" || len(lines[1]) != 64 || lines[len(lines)-1] != "" || bytes.Contains(out, []byte("\r")) {
		t.Errorf("EncodeCSR wrote\n%s", out)
	}
	back, _ := pem.Decode(out)
	if back == nil || !bytes.Equal(back.Bytes, p.csr) {
		t.Error("EncodeCSR's PEM holds something else")
	}
	b, err := x5c.Read([]byte(pemOf(p.leaf, p.lower)))
	if err != nil || names(b.Certificates) != "shop.example.com,Lower" {
		t.Errorf("EncodeChain's PEM reads as %v, %v", b, err)
	}
}

func TestParseCSR(t *testing.T) {
	p := newPKI(t)
	if csr, err := x5c.ParseCSR(p.csr); err != nil || csr.Subject.CommonName != "shop.example.com" {
		t.Errorf("ParseCSR = %v, %v", csr, err)
	}
	forged := bytes.Replace(p.csr, []byte("shop.example.com"), []byte("evil.example.com"), 1)
	if _, err := x5c.ParseCSR(forged); err == nil || !strings.Contains(err.Error(), "its own key") {
		t.Errorf("a request that was changed after it was signed: %v", err)
	}
	if _, err := x5c.ParseCSR(p.leaf.cert.Raw); err == nil {
		t.Error("a certificate passes for a request")
	}
}

func TestPublicKeyID(t *testing.T) {
	p := newPKI(t)
	csr, err := x5c.PublicKeyID(p.csr)
	if err != nil || len(csr) != 64 {
		t.Fatalf("PublicKeyID = %q, %v", csr, err)
	}
	if leaf, err := x5c.PublicKeyID(p.leaf.cert.Raw); err != nil || leaf != csr {
		t.Errorf("leaf %q, %v; request %q", leaf, err, csr)
	}
	if root, err := x5c.PublicKeyID(p.root.cert.Raw); err != nil || root == csr {
		t.Errorf("root %q, %v; it has another key", root, err)
	}
	for _, der := range [][]byte{nil, []byte("x"), p.csr[:50], p.leaf.cert.RawSubjectPublicKeyInfo} {
		if id, err := x5c.PublicKeyID(der); err == nil {
			t.Errorf("PublicKeyID(%d bytes) = %q", len(der), id)
		}
	}
}

// BenchmarkReadJudge is what a paste of four certificates costs.
func BenchmarkReadJudge(b *testing.B) {
	p := newPKI(b)
	data, want := []byte(pemOf(p.root, p.upper, p.lower, p.leaf)), p.want()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		bundle, err := x5c.Read(data)
		if err != nil {
			b.Fatal(err)
		}
		if v := x5c.Judge(bundle, want, plain); !v.OK {
			b.Fatal(v.Checks)
		}
	}
}
