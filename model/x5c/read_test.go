package x5c_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
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
		{"JSON x5c", jsonOf(t, map[string]any{"kid": "1", "x5c": [][]byte{der(leaf), der(lower)}}), "shop.example.com,Lower", "detected: JSON, base64 without PEM lines"},
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
		{"ZIP with one file", zipOf(t, "chain.pem", three), all, "detected: ZIP with 1 file, PEM"},
		{"ZIP", zipOf(t, "readme.txt", "hello", "leaf.crt", pemOf(leaf), "chain/ca.p7b", string(p7b(t, lower)), "__MACOSX/x", "junk", "root.der", string(der(root))), all, "detected: ZIP with 4 files, PEM, PKCS#7, DER"},
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

// What is pasted twice is there once, and said.
func TestJoinSaysWhatCameTwice(t *testing.T) {
	p := newPKI(t)
	once, both := read(t, pemOf(p.leaf)), read(t, pemOf(p.leaf, p.lower))
	for _, tt := range []struct {
		bundles []*x5c.Bundle
		note    string
	}{
		{[]*x5c.Bundle{once, both}, "1 certificate that was there already"},
		{[]*x5c.Bundle{both, once, both}, "3 certificates that were there already"},
	} {
		all := x5c.Join(tt.bundles...)
		if names(all.Certificates) != "shop.example.com,Lower" || !slices.Contains(all.Notes, tt.note) {
			t.Errorf("certificates %s, notes %q, want %q", names(all.Certificates), all.Notes, tt.note)
		}
	}
}

func read(t *testing.T, in string) *x5c.Bundle {
	t.Helper()
	b, err := x5c.Read([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	return b
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
