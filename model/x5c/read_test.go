package x5c_test

import (
	"archive/zip"
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"mime/quotedprintable"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/smallstep/pkcs7"

	"certty/model/x5c"
)

func wrap(s string, width int, end string) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + end)
		s = s[width:]
	}
	return b.String() + s + end
}

func b64(der []byte) string { return base64.StdEncoding.EncodeToString(der) }

func quotedPrintable(t testing.TB, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	if _, err := w.Write([]byte(s)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func utf16le(s string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func zipOf(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func p7b(t testing.TB, entities ...*entity) []byte {
	t.Helper()
	var der []byte
	for _, e := range entities {
		der = append(der, e.cert.Raw...)
	}
	content, err := pkcs7.DegenerateCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestRead(t *testing.T) {
	p := newPKI(t)
	leaf, lower, root := p.leaf, p.lower, p.root
	three := pemOf(leaf, lower, root)
	der := func(e *entity) []byte { return e.cert.Raw }
	kube := "apiVersion: v1\ndata:\n  ca.crt: " + b64([]byte(pemOf(lower))) + "\n  tls.crt: " + b64([]byte(pemOf(leaf))) + "\nkind: Secret\n"
	aux := slices.Concat(der(leaf), []byte{0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x2b, 6, 1, 5, 5, 7, 3, 1})
	const all = "shop.example.com,Lower,Root"

	tests := []struct {
		name, in, want string
		note           string // one of the notes
	}{
		{"PEM", three, all, "detected: PEM"},
		{"PEM in any order", pemOf(root, leaf, lower), "Root,shop.example.com,Lower", "detected: PEM"},
		{"text around", "Hello,\n\nhere it is:\n" + three + "\n-- \nCA team\n", all, "3 lines of text left out"},
		{"bag attributes", "Bag Attributes\n    localKeyID: 01\nsubject=CN = shop\n" + pemOf(leaf), "shop.example.com", "3 lines of text left out"},
		{"CRLF", strings.ReplaceAll(three, "\n", "\r\n"), all, "CRLF line ends"},
		{"CR", strings.ReplaceAll(three, "\n", "\r"), all, "CR line ends"},
		{"byte order mark", "\ufeff" + three, all, "byte order mark"},
		{"UTF-16 of a Windows editor", utf16le(strings.ReplaceAll(three, "\n", "\r\n")), all, "UTF-16"},
		{"X509 CERTIFICATE", block("X509 CERTIFICATE", der(leaf)), "shop.example.com", "detected: PEM"},
		{"TRUSTED CERTIFICATE with its settings", block("TRUSTED CERTIFICATE", aux), "shop.example.com", "detected: PEM"},
		{"indented", strings.ReplaceAll("\n"+three, "\n", "\n    "), all, ""},
		{"in one line", strings.ReplaceAll(three, "\n", " "), all, ""},
		{"in one line without spaces", strings.ReplaceAll(three, "\n", ""), all, ""},
		{"fewer hyphens", strings.TrimPrefix(three, "--"), all, ""},
		{"dashes of a word processor", strings.ReplaceAll(three, "-----", "\u2014\u2014-"), all, "invisible characters"},
		{"zero-width and hard spaces", strings.ReplaceAll(three, "\n", "\u200b\u00a0\n"), all, "invisible characters"},
		{"no END line", strings.TrimSuffix(pemOf(leaf), "-----END CERTIFICATE-----\n"), "shop.example.com", "1 block without its END line"},
		{"middle lines lost", strings.ReplaceAll(three, "-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n", ""), all, ""},
		{"no BEGIN line", strings.TrimPrefix(pemOf(leaf), "-----BEGIN CERTIFICATE-----\n"), "shop.example.com", "detected: base64 without PEM lines"},
		{"bare base64, wrapped", wrap(b64(der(leaf)), 64, "\n"), "shop.example.com", "detected: base64 without PEM lines"},
		{"bare base64, wrapped at 76 with CRLF", wrap(b64(der(leaf)), 76, "\r\n"), "shop.example.com", "CRLF line ends"},
		{"bare base64 in one line", b64(der(leaf)), "shop.example.com", ""},
		{"bare base64 without padding", strings.TrimRight(b64(der(leaf)), "=") + "\nthe intermediate\n" + strings.TrimRight(b64(der(lower)), "="), "shop.example.com,Lower", ""},
		{"bare base64url", base64.RawURLEncoding.EncodeToString(der(leaf)), "shop.example.com", ""},
		{"several blobs, one per line", b64(der(leaf)) + "\n" + b64(der(lower)) + "\n" + b64(der(root)) + "\n", all, ""},
		{"several wrapped blobs in a row", wrap(b64(der(leaf)), 64, "\n") + wrap(b64(der(lower)), 64, "\n"), "shop.example.com,Lower", ""},
		{"blobs with commas and quotes", `"` + b64(der(leaf)) + `", "` + b64(der(lower)) + `",`, "shop.example.com,Lower", ""},
		{"one base64 over several DER values", wrap(b64(slices.Concat(der(leaf), der(lower), der(root))), 64, "\n"), all, ""},
		{"base64 with words around", "leaf: " + b64(der(leaf)) + " and the CA " + b64(der(lower)) + " regards", "shop.example.com,Lower", "1 line of text left out"},
		{"base64 of base64", b64([]byte(b64(der(leaf)))), "shop.example.com", "base64 around the text"},
		{"Kubernetes secret", kube, "Lower,shop.example.com", "base64 around the text"},
		{"quoted-printable", quotedPrintable(t, "M\u00fcller says:\n"+three), all, "quoted-printable"},
		{"quoted-printable in one line", quotedPrintable(t, b64(der(leaf))), "shop.example.com", "quoted-printable"},
		{"reply marks", "> " + strings.ReplaceAll(strings.TrimSpace(three), "\n", "\n> "), all, "reply marks (>)"},
		{"reply marks, twice, quoted-printable", quotedPrintable(t, ">> "+strings.ReplaceAll(strings.TrimSpace(three), "\n", "\n> > ")), all, "reply marks (>)"},
		{"DER", string(der(leaf)), "shop.example.com", "detected: DER"},
		{"DER, concatenated", string(slices.Concat(der(leaf), der(lower))), "shop.example.com,Lower", "detected: DER"},
		{"JSON x5c", jsonOf(t, map[string]any{"kid": "1", "x5c": [][]byte{der(leaf), der(lower)}}), "shop.example.com,Lower", "detected: JSON"},
		{"JSON array", jsonOf(t, []string{b64(der(leaf)), b64(der(lower))}), "shop.example.com,Lower", "detected: JSON"},
		{"JSON with PEM", jsonOf(t, map[string]any{"a": map[string]any{"chain": three}}), all, "detected: JSON"},
		{"JSON array of PEM lines", jsonOf(t, strings.Split(three, "\n")), all, "detected: JSON"},
		{"JSON string", jsonOf(t, three), all, "detected: JSON"},
		{"escaped line ends without quotes", strings.ReplaceAll(three, "\n", `\n`), all, "escaped line ends"},
		{"a piece of JSON with escaped slashes", `"x5c": ["` + strings.ReplaceAll(b64(der(leaf)), "/", `\/`) + `", "` + b64(der(lower)), "shop.example.com,Lower", ""},
		{"PKCS#7 in PEM", block("PKCS7", p7b(t, leaf, lower, root)), all, "detected: PKCS#7"},
		{"CMS in PEM", block("CMS", p7b(t, leaf, lower)), "shop.example.com,Lower", "detected: PKCS#7"},
		{"PKCS#7 as certutil labels it", block("CERTIFICATE", p7b(t, leaf, lower)), "shop.example.com,Lower", "detected: PKCS#7"},
		{"PKCS#7 in DER", string(p7b(t, leaf, lower)), "shop.example.com,Lower", "detected: PKCS#7"},
		{"PKCS#7 in bare base64", wrap(b64(p7b(t, leaf, lower, root)), 64, "\r\n"), all, "detected: PKCS#7"},
		{"ZIP", zipOf(t, "readme.txt", "hello", "leaf.crt", pemOf(leaf), "chain/ca.p7b", string(p7b(t, lower)), "__MACOSX/x", "junk", "root.der", string(der(root))), all, "detected: ZIP with 4 files"},
		{"duplicates", three + pemOf(leaf, lower), all, "2 duplicates left out"},
		{"a request among certificates", pemOf(leaf) + string(x5c.EncodeCSR(p.csr)), "shop.example.com", "1 certificate request left out"},
		{"other blocks among certificates", pemOf(leaf) + block("DH PARAMETERS", []byte{0x30, 3, 2, 1, 1}), "shop.example.com", "a block DH PARAMETERS left out"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := x5c.Read([]byte(tt.in))
			if err != nil {
				t.Fatalf("Read: %v", err)
			}
			if got := names(b.Certificates); got != tt.want {
				t.Errorf("certificates %s, want %s", got, tt.want)
			}
			if tt.note != "" && !slices.ContainsFunc(b.Notes, func(n string) bool { return strings.Contains(n, tt.note) }) {
				t.Errorf("notes %q lack %q", b.Notes, tt.note)
			}
			if b.Bytes != len(tt.in) {
				t.Errorf("bytes %d, want %d", b.Bytes, len(tt.in))
			}
		})
	}
}

// TestReadAtEveryLength has certificates of every length modulo 3 stand in one
// base64 text, where a value begins in the middle of four characters.
func TestReadAtEveryLength(t *testing.T) {
	for extra := range 6 {
		a := issue(t, "a"+strings.Repeat("x", extra), ecKey(t), nil, nil)
		b := issue(t, "b", ecKey(t), nil, nil)
		both := b64(slices.Concat(a.cert.Raw, b.cert.Raw))
		for _, in := range []string{both, wrap(both, 64, "\n"), wrap(both, 76, "\r\n"), b64(a.cert.Raw) + b64(b.cert.Raw)} {
			got, err := x5c.Read([]byte(in))
			if err != nil || len(got.Certificates) != 2 {
				t.Errorf("%d more: Read = %v, %v", extra, got, err)
			}
		}
	}
}

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

// hostile is input of a length that was made to take long.
func hostile(t testing.TB, length int) map[string]string {
	t.Helper()
	fill := func(s string) string { return strings.Repeat(s, length/len(s)) }
	signed := "\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" // the beginning of PKCS#7
	certificate := b64(newPKI(t).leaf.cert.Raw)
	return map[string]string{
		"beginnings of certificates": fill("MIID" + certificate[4:43] + " "),
		"beginnings, one per line":   fill(certificate[:44] + "\n"),
		"small values":               fill(b64([]byte{0x30, 4, 0x30, 2, 6, 0}) + " "),
		"coats":                      fill("LS0tAAAA\n"),
		"coats in one word":          fill("LS0t"),
		"hollow PKCS#7":              fill(b64([]byte(signed+"\x30\x80")) + "!"),
		"deep BER":                   signed + fill("\x30\x80")[:length-100],
		"wide BER":                   signed + fill("\x02\x01\x01")[:length-100],
		"reaching BER":               signed + fill("\x30\x02\x30\x7f")[:length-100],
		"BEGIN lines":                fill("-----BEGIN X-----\n"),
		"END lines":                  fill("-----END X-----\n"),
		"different labels":           labels(length),
		"hyphens":                    fill("-"),
		"equals signs":               fill("=\n"),
		"reply marks":                fill(">"),
		"brackets":                   fill("["),
		"backslashes":                fill(`\n`),
	}
}

func TestReadHostile(t *testing.T) {
	for name, in := range hostile(t, x5c.MaxBytes/16) {
		t.Run(name, func(t *testing.T) {
			if b, err := x5c.Read([]byte(in)); err == nil {
				t.Errorf("Read = %v, want an error", b.Notes)
			}
		})
	}
}

// BenchmarkReadHostile shows that the worst input costs time in proportion to
// its length: the speeds at both lengths must be alike.
func BenchmarkReadHostile(b *testing.B) {
	for _, length := range []int{x5c.MaxBytes / 16, x5c.MaxBytes} {
		for name, in := range hostile(b, length) {
			b.Run(fmt.Sprintf("%s/%d", name, length), func(b *testing.B) {
				b.SetBytes(int64(len(in)))
				for b.Loop() {
					if _, err := x5c.Read([]byte(in)); err == nil {
						b.Fatal("no error")
					}
				}
			})
		}
	}
}

func labels(length int) string {
	var b strings.Builder
	for i := 0; b.Len() < length-50; i++ {
		fmt.Fprintf(&b, "-----BEGIN X%d-----\n", i)
	}
	return b.String()
}
