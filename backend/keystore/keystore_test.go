package keystore_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	java "github.com/pavlo-v-chernykh/keystore-go/v4"
	"software.sslmate.com/src/go-pkcs12"

	"certty/backend/keystore"
)

// quick makes what the real one makes in less time.
var quick = keystore.Maker{Iterations: 1000}

const password = "correct horse 7"

var made = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC)

func key(t *testing.T, kind keystore.KeyKind) crypto.Signer {
	t.Helper()
	k, err := keystore.NewKey(kind)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// chain is a leaf for key and the root that signed it.
func chain(t *testing.T, k crypto.Signer) []*x509.Certificate {
	t.Helper()
	root := key(t, keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: made, NotAfter: made.AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "shop.example.com"}, DNSNames: []string{"shop.example.com"},
		NotBefore: made, NotAfter: made.AddDate(0, 0, 199),
	}
	sign := func(template, parent *x509.Certificate, public crypto.PublicKey) *x509.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, template, parent, public, root)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	ca := sign(authority, authority, root.Public())
	return []*x509.Certificate{sign(leaf, ca, k.Public()), ca}
}

func TestKeysAndRequests(t *testing.T) {
	for _, kind := range []keystore.KeyKind{{"RSA", "2048"}, {"EC", "P-256"}, {"EC", "P-384"}, {"ec", "p-521"}} {
		t.Run(kind.String(), func(t *testing.T) {
			k := key(t, kind)
			der, err := keystore.Request(k, "shop.example.com", []string{"www.example.com", "192.0.2.1"})
			if err != nil {
				t.Fatal(err)
			}
			request, err := x509.ParseCertificateRequest(der)
			if err != nil {
				t.Fatal(err)
			}
			if err := request.CheckSignature(); err != nil {
				t.Error(err)
			}
			if got := strings.Join(request.DNSNames, " "); got != "shop.example.com www.example.com" {
				t.Errorf("DNS names %q", got)
			}
			if len(request.IPAddresses) != 1 || request.Subject.CommonName != "shop.example.com" {
				t.Errorf("addresses %v, subject %s", request.IPAddresses, request.Subject)
			}
		})
	}
	for _, kind := range []keystore.KeyKind{{}, {"RSA", "1024"}, {"RSA", "P-256"}, {"DSA", "2048"}, {"EC", "2048"}} {
		if kind.Makes() {
			t.Errorf("%s can be made", kind)
		}
		if _, err := keystore.NewKey(kind); err == nil {
			t.Errorf("%s was made", kind)
		}
	}
}

// TestNamesOfARequest: the common name stands once among the names, however it
// is spelt there, and without one there is none.
func TestNamesOfARequest(t *testing.T) {
	k := key(t, keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	for _, tt := range []struct{ commonName, names, want string }{
		{"shop.example.com", "www.example.com", "shop.example.com www.example.com"},
		{"shop.example.com", "www.example.com shop.example.com", "www.example.com shop.example.com"},
		{"shop.example.com", "Shop.Example.com", "Shop.Example.com"},
		{"shop.example.com", "", "shop.example.com"},
		{"", "www.example.com", "www.example.com"},
		{"", "", ""},
	} {
		der, err := keystore.Request(k, tt.commonName, strings.Fields(tt.names))
		if err != nil {
			t.Fatal(err)
		}
		request, err := x509.ParseCertificateRequest(der)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(request.DNSNames, " "); got != tt.want {
			t.Errorf("%q with %q has the names %q, want %q", tt.commonName, tt.names, got, tt.want)
		}
	}
}

// TestKinds: whatever is offered can be made, and is told apart by its words.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range keystore.Kinds() {
		if !kind.Makes() || seen[kind.String()] {
			t.Errorf("%q can't be made, or is offered twice", kind)
		}
		seen[kind.String()] = true
	}
	if !seen["RSA 2048"] || !seen["EC P-256"] {
		t.Errorf("offered are %v", seen)
	}
}

// TestForms: each has a name, by which it is found again, and an extension.
func TestForms(t *testing.T) {
	want := map[keystore.Type][2]string{keystore.PKCS12: {"PKCS#12", ".p12"}, keystore.JKS: {"JKS", ".jks"}, keystore.PEM: {"PEM", ".pem"}}
	if got := keystore.Types(); len(got) != len(want) || got[0] != keystore.PKCS12 {
		t.Errorf("forms %v", got)
	}
	for form, w := range want {
		if form.Name() != w[0] || keystore.Named(w[0]) != form || form.Extension() != w[1] {
			t.Errorf("%s is %q, found as %q, with %q", form, form.Name(), keystore.Named(w[0]), form.Extension())
		}
	}
	if got := keystore.Named("ZIP"); got != "" || keystore.Type("zip").Name() != "" {
		t.Errorf("an unknown form is %q", got)
	}
}

// The key must not be readable from what is stored, and only the password opens
// it.
func TestLock(t *testing.T) {
	k := key(t, keystore.KeyKind{Algorithm: "EC", Size: "P-256"})
	locked, err := quick.Lock(k, []byte(password))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x509.ParsePKCS8PrivateKey(locked); err == nil || bytes.Contains(locked, plain[len(plain)/2:]) {
		t.Error("the key lies open")
	}
	var info struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}
	pbes2 := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	if _, err := asn1.Unmarshal(locked, &info); err != nil || !info.Algorithm.Algorithm.Equal(pbes2) {
		t.Errorf("algorithm %v, %v, want PBES2 of RFC 8018", info.Algorithm.Algorithm, err)
	}
	got, err := keystore.Unlock(locked, []byte(password))
	if err != nil {
		t.Fatal(err)
	}
	if !k.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(got.Public()) {
		t.Error("another key came out")
	}
	for _, wrong := range []string{"", "correct horse 8"} {
		if _, err := keystore.Unlock(locked, []byte(wrong)); !errors.Is(err, keystore.ErrPassword) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	if _, err := quick.Lock(k, nil); err == nil {
		t.Error("a key was stored without a password")
	}
}

func TestCheckPassword(t *testing.T) {
	for _, tt := range []struct {
		form     keystore.Type
		password string
		want     string
	}{
		{keystore.PKCS12, password, ""},
		{keystore.PKCS12, "pässwörter", ""},
		{keystore.PKCS12, "", "is needed"},
		{keystore.PKCS12, "short 7", "8 characters"},
		{keystore.PKCS12, strings.Repeat("x", 129), "128"},
		{keystore.PKCS12, "with\nbreak", "line break"},
		{keystore.PKCS12, "rocket 🚀 man", "emoji"},
		{keystore.PKCS12, "bytes \xff\xfe\xfd", "UTF-8"},
		{keystore.JKS, "pässwörter", "ASCII"},
		{keystore.JKS, "tilde ~ is ASCII", ""},
		{keystore.PKCS12, "eight ch", ""},
		{keystore.PKCS12, strings.Repeat("x", 128), ""},
		{keystore.PKCS12, "last of the plane \ufffe", ""},
		{keystore.PKCS12, "\U00010000 is the first beyond", "emoji"},
		{keystore.PKCS12, "delete \x7f", "control character"},
		{keystore.PEM, password, ""},
	} {
		err := keystore.CheckPassword(tt.form, tt.password)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s %q: %v, want %q", tt.form, tt.password, err, tt.want)
		}
		if err != nil && len(tt.password) > 6 && strings.Contains(err.Error(), tt.password) {
			t.Errorf("the password stands in %q", err)
		}
	}
}

func TestEncode(t *testing.T) {
	for _, kind := range []keystore.KeyKind{{"RSA", "2048"}, {"EC", "P-256"}} {
		k := key(t, kind)
		certs := chain(t, k)
		for form, read := range map[keystore.Type]func(*testing.T, []byte) (any, [][]byte){
			keystore.PKCS12: readPKCS12, keystore.JKS: readJKS, keystore.PEM: readPEM,
		} {
			t.Run(string(form)+" "+kind.String(), func(t *testing.T) {
				data, err := quick.Encode(form, k, certs, []byte(password), made)
				if err != nil {
					t.Fatal(err)
				}
				private, got := read(t, data)
				if !k.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(private.(crypto.Signer).Public()) {
					t.Error("another key came out")
				}
				if len(got) != 2 || !bytes.Equal(got[0], certs[0].Raw) || !bytes.Equal(got[1], certs[1].Raw) {
					t.Errorf("%d certificates came out, or in another order", len(got))
				}
			})
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	ec := keystore.KeyKind{Algorithm: "EC", Size: "P-256"}
	k := key(t, ec)
	certs := chain(t, k)
	for name, try := range map[string]func() ([]byte, error){
		"another key": func() ([]byte, error) {
			return quick.Encode(keystore.PKCS12, key(t, ec), certs, []byte(password), made)
		},
		"no certificate":          func() ([]byte, error) { return quick.Encode(keystore.PKCS12, k, nil, []byte(password), made) },
		"short password":          func() ([]byte, error) { return quick.Encode(keystore.JKS, k, certs, []byte("short"), made) },
		"short password, PKCS#12": func() ([]byte, error) { return quick.Encode(keystore.PKCS12, k, certs, []byte("short"), made) },
		"no password":             func() ([]byte, error) { return quick.Encode(keystore.PEM, k, certs, nil, made) },
		"unknown form":            func() ([]byte, error) { return quick.Encode("zip", k, certs, []byte(password), made) },
	} {
		if data, err := try(); err == nil || data != nil {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}

// TestOtherPrograms has the programs read the keystores that people read them
// with.
func TestOtherPrograms(t *testing.T) {
	k := key(t, keystore.KeyKind{Algorithm: "RSA", Size: "2048"})
	certs := chain(t, k)
	dir := t.TempDir()
	secret := filepath.Join(dir, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	write := func(t *testing.T, form keystore.Type) string {
		data, err := quick.Encode(form, k, certs, []byte(password), made)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "keystore"+form.Extension())
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, tt := range map[string]struct {
		form keystore.Type
		args []string
		want string
	}{
		"openssl pkcs12": {keystore.PKCS12, []string{"openssl", "pkcs12", "-nodes", "-passin", "file:" + secret, "-in"}, "shop.example.com"},
		"openssl pkey":   {keystore.PEM, []string{"openssl", "pkey", "-pubout", "-passin", "file:" + secret, "-in"}, "BEGIN PUBLIC KEY"},
		"keytool pkcs12": {keystore.PKCS12, []string{"keytool", "-list", "-v", "-storepass:file", secret, "-keystore"}, "PrivateKeyEntry"},
		"keytool jks":    {keystore.JKS, []string{"keytool", "-list", "-v", "-storepass:file", secret, "-keystore"}, "PrivateKeyEntry"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(tt.args[0]); err != nil {
				t.Skipf("skipped: no %s on this machine", tt.args[0])
			}
			args := append(tt.args[1:], write(t, tt.form))
			out, err := exec.CommandContext(t.Context(), tt.args[0], args...).CombinedOutput()
			if err != nil || !strings.Contains(string(out), tt.want) {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func readPKCS12(t *testing.T, data []byte) (any, [][]byte) {
	t.Helper()
	private, leaf, rest, err := pkcs12.DecodeChain(data, password)
	if err != nil {
		t.Fatal(err)
	}
	got := [][]byte{leaf.Raw}
	for _, c := range rest {
		got = append(got, c.Raw)
	}
	return private, got
}

func readJKS(t *testing.T, data []byte) (any, [][]byte) {
	t.Helper()
	store := java.New()
	if err := store.Load(bytes.NewReader(data), []byte(password)); err != nil {
		t.Fatal(err)
	}
	entry, err := store.GetPrivateKeyEntry(store.Aliases()[0], []byte(password))
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.ParsePKCS8PrivateKey(entry.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	for _, c := range entry.CertificateChain {
		got = append(got, c.Content)
	}
	return private, got
}

func readPEM(t *testing.T, data []byte) (any, [][]byte) {
	t.Helper()
	var private any
	var got [][]byte
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "ENCRYPTED PRIVATE KEY":
			k, err := keystore.Unlock(block.Bytes, []byte(password))
			if err != nil {
				t.Fatal(err)
			}
			private = k
		case "CERTIFICATE":
			got = append(got, block.Bytes)
		default:
			t.Fatalf("a block of type %s", block.Type)
		}
	}
	return private, got
}
