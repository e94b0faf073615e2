package x5c_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"

	"certty/model/x5c"
)

func TestReadErrors(t *testing.T) {
	p := newPKI(t)
	leaf := pemOf(p.leaf)
	bare := wrap(b64(p.leaf.cert.Raw), 64, "\n")
	cut := func(s string, from, to int) string { return s[:from] + s[to:] }
	tests := []struct {
		name, in string
		want     error
		says     string
	}{
		{"empty", "", x5c.ErrNothing, "empty"},
		{"blank", " \n\t\n", x5c.ErrNothing, "empty"},
		{"prose", "Please find the certificate attached.", x5c.ErrNothing, "plain text"},
		{"JSON without one", `{"status":"ok"}`, x5c.ErrNothing, "JSON"},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00", x5c.ErrNothing, "binary data"},
		{"Java keystore", "\xfe\xed\xfe\xed\x00\x00\x00\x02", x5c.ErrNothing, "Java keystore"},
		{"public key", block("PUBLIC KEY", p.leaf.cert.RawSubjectPublicKeyInfo), x5c.ErrNothing, "public key"},
		{"request", string(x5c.EncodeCSR(p.csr)), x5c.ErrCSR, ""},
		{"request in DER", string(p.csr), x5c.ErrCSR, ""},
		{"request in bare base64", b64(p.csr), x5c.ErrCSR, ""},
		{"NEW CERTIFICATE REQUEST", block("NEW CERTIFICATE REQUEST", p.csr), x5c.ErrCSR, ""},
		{"cut in the second block", leaf + leaf[:len(leaf)/2], x5c.ErrTruncated, "block 2 (CERTIFICATE)"},
		{"cut in the first block", cut(leaf, len(leaf)/2, len(leaf)) + "\n" + pemOf(p.lower), x5c.ErrTruncated, "block 1 (CERTIFICATE)"},
		{"a line lost within a block", cut(leaf, 200, 265), x5c.ErrTruncated, "block 1"},
		{"no base64 in a block", "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----", x5c.ErrTruncated, "block 1"},
		{"beginning lost", leaf[100:], x5c.ErrTruncated, "beginning is missing"},
		{"cut bare base64", "Hi\n" + bare[:300], x5c.ErrTruncated, "at line 2"},
		{"cut bare base64 before another", bare[:325] + bare, x5c.ErrTruncated, "at line 1"},
		{"cut DER", string(p.leaf.cert.Raw[:200]), x5c.ErrTruncated, "200 of"},
		{"cut PKCS#7", block("PKCS7", p7b(t, p.leaf)[:300]), x5c.ErrTruncated, "block 1 (PKCS7)"},
		{"cut ZIP", zipOf(t, "a", leaf)[:100], x5c.ErrTruncated, "ZIP"},
		{"too long", strings.Repeat("a", x5c.MaxBytes+1), x5c.ErrTooLarge, ""},
		{"ZIP with a large file", zipOf(t, "a.crt", strings.Repeat("a", x5c.MaxBytes+1)), x5c.ErrTooLarge, "a.crt"},
		{"ZIP in a ZIP", zipOf(t, "a.zip", zipOf(t, "a.crt", leaf)), x5c.ErrNothing, "archive inside"},
		{"ZIP with a broken file", zipOf(t, "x/a.crt", leaf[:300]), x5c.ErrTruncated, "a.crt in the ZIP"},
		{"certificate that can't be read", block("CERTIFICATE", broken(p)), x5c.ErrNothing, "block 1 (CERTIFICATE) can't be read: x509"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := x5c.Read([]byte(tt.in))
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("Read = %v, %v; want %v that says %q", b, err, tt.want, tt.says)
			}
		})
	}
}

// broken makes a certificate of the right outer form that crypto/x509 refuses:
// its version is 9.
func broken(p *pki) []byte {
	der := slices.Clone(p.leaf.cert.Raw)
	i := bytes.Index(der, []byte{0xa0, 3, 2, 1, 2})
	der[i+4] = 9
	return der
}

func TestReadKeepsTheOthers(t *testing.T) {
	p := newPKI(t)
	b, err := x5c.Read([]byte(block("CERTIFICATE", broken(p)) + pemOf(p.lower)))
	if err != nil {
		t.Fatal(err)
	}
	if names(b.Certificates) != "Lower" || len(b.Refused) != 1 || !strings.HasPrefix(b.Refused[0], "block 1 (CERTIFICATE) can't be read: x509: ") {
		t.Errorf("certificates %s, refused %q", names(b.Certificates), b.Refused)
	}
	if !slices.Contains(b.Notes, b.Refused[0]) {
		t.Errorf("notes %q lack what was refused", b.Notes)
	}
}

func TestReadTooMany(t *testing.T) {
	key := ecKey(t)
	var many []*entity
	for range x5c.MaxCertificates + 1 {
		many = append(many, issue(t, "x", key, nil, nil))
	}
	if _, err := x5c.Read([]byte(pemOf(many...))); !errors.Is(err, x5c.ErrTooLarge) {
		t.Errorf("Read = %v, want ErrTooLarge", err)
	}
	if b, err := x5c.Read([]byte(pemOf(many[1:]...))); err != nil || len(b.Certificates) != x5c.MaxCertificates {
		t.Errorf("Read = %v, want %d certificates", err, x5c.MaxCertificates)
	}
}

// TestReadPrivateKey hides private keys in every coat. Not one byte of a key
// may be in the error.
func TestReadPrivateKey(t *testing.T) {
	p := newPKI(t)
	pkcs8RSA, err := x509.MarshalPKCS8PrivateKey(rsaKey())
	if err != nil {
		t.Fatal(err)
	}
	pkcs8EC, err := x509.MarshalPKCS8PrivateKey(p.leaf.key)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ecKey(t))
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(rsaKey())
	keys := map[string]string{
		"PKCS#8 RSA":        block("PRIVATE KEY", pkcs8RSA),
		"PKCS#8 EC":         block("PRIVATE KEY", pkcs8EC),
		"PKCS#1":            block("RSA PRIVATE KEY", pkcs1),
		"SEC1":              block("EC PRIVATE KEY", sec1),
		"encrypted":         block("ENCRYPTED PRIVATE KEY", []byte("does not matter")),
		"OpenSSH":           block("OPENSSH PRIVATE KEY", []byte("does not matter")),
		"cut":               block("PRIVATE KEY", pkcs8EC)[:60],
		"only the END line": "QUJD\n-----END PRIVATE KEY-----",
		"PuTTY":             "PuTTY-User-Key-File-3: ssh-rsa\n",
		"JWK":               `{"kty":"EC","crv":"P-256","d":"` + strings.Repeat("abcd", 8) + `"}`,
		"JWK, escaped":      `"{\"kty\":\"EC\",\"d\": \"` + strings.Repeat("abcd", 8) + `\"}"`,
		"bare PKCS#8 RSA":   wrap(b64(pkcs8RSA), 64, "\n"),
		"bare PKCS#8 EC":    b64(pkcs8EC),
		"bare PKCS#1":       b64(pkcs1),
		"bare SEC1":         b64(sec1),
		"wrong label":       block("CERTIFICATE", pkcs1),
	}
	binary := map[string]string{
		"DER PKCS#8": string(pkcs8EC),
		"DER PKCS#1": string(pkcs1),
		"DER SEC1":   string(sec1),
		"PKCS#12":    "\x30\x82\x01\x00\x02\x01\x03\x30\x82\x00\xf0" + strings.Repeat("x", 240),
		"cut DER":    string(pkcs1[:100]),
	}
	refused := func(name, in string) {
		t.Helper()
		b, err := x5c.Read([]byte(in))
		if !errors.Is(err, x5c.ErrPrivateKey) || b != nil {
			t.Errorf("%s: Read = %v, %v; want ErrPrivateKey", name, b, err)
			return
		}
		for i := 0; i+12 <= len(in); i++ {
			if piece := in[i : i+12]; strings.Contains(err.Error(), piece) && !strings.Contains("private key", strings.ToLower(strings.TrimSpace(piece))) {
				t.Errorf("%s: the error repeats the input: %q", name, piece)
				return
			}
		}
	}
	for name, key := range keys {
		refused(name, key)
		refused(name+" after a certificate", pemOf(p.leaf)+key)
		refused(name+" in base64", "tls.key: "+b64([]byte(key+"\n"+pemOf(p.leaf))))
		refused(name+" in JSON", jsonOf(t, map[string]string{"cert": pemOf(p.leaf), "key": key}))
		refused(name+" in mail", quotedPrintable(t, "> "+strings.ReplaceAll(key, "\n", "\n> ")))
		refused(name+" in UTF-16", utf16le(key))
		refused(name+" in a ZIP", zipOf(t, "a.crt", pemOf(p.leaf), "a.key", key))
	}
	for name, key := range binary {
		refused(name, key)
		refused(name+" in a ZIP", zipOf(t, "a.crt", pemOf(p.leaf), "a.key", key))
	}
	if _, err := x5c.Read([]byte(pemOf(p.leaf) + "Never send your private key. At the END the PRIVATE KEY stays with you.\n")); err != nil {
		t.Errorf("a sentence about private keys: %v", err)
	}
}
