package keystore

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/youmark/pkcs8"
)

// KeyKind is a kind of key as a certificate profile spells it: algorithm "RSA"
// with size "2048", "3072" or "4096", or "EC" with "P-256", "P-384" or "P-521".
type KeyKind struct{ Algorithm, Size string }

// String is the kind in words: "RSA 2048".
func (k KeyKind) String() string { return k.Algorithm + " " + k.Size }

var (
	rsaSizes = map[string]int{"2048": 2048, "3072": 3072, "4096": 4096}
	curves   = map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}
)

// Makes reports whether a key of that kind can be made here.
func (k KeyKind) Makes() bool {
	switch strings.ToUpper(k.Algorithm) {
	case "RSA":
		return rsaSizes[k.Size] != 0
	case "EC", "ECC":
		return curves[strings.ToUpper(k.Size)] != nil
	}
	return false
}

// Kinds lists the kinds of keys that can be made here, the one that is taken where
// nobody chooses before the others.
func Kinds() []KeyKind {
	return []KeyKind{{"RSA", "2048"}, {"RSA", "3072"}, {"RSA", "4096"}, {"EC", "P-256"}, {"EC", "P-384"}, {"EC", "P-521"}}
}

// NewKey makes a key.
func NewKey(kind KeyKind) (crypto.Signer, error) {
	if !kind.Makes() {
		return nil, fmt.Errorf("make a key: %q is no kind of key that is made here", kind)
	}
	if curve := curves[strings.ToUpper(kind.Size)]; curve != nil {
		key, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make a key %s: %w", kind, err)
		}
		return key, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, rsaSizes[kind.Size])
	if err != nil {
		return nil, fmt.Errorf("make a key %s: %w", kind, err)
	}
	return key, nil
}

// Request makes a certificate request (PKCS#10, RFC 2986) for key, in DER. The
// common name becomes the first of the names where it is not among them.
func Request(key crypto.Signer, commonName string, names []string) ([]byte, error) {
	template := x509.CertificateRequest{Subject: pkix.Name{CommonName: commonName}}
	for _, name := range withName(commonName, names) {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
			continue
		}
		template.DNSNames = append(template.DNSNames, name)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &template, key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate request for %q: %w", commonName, err)
	}
	return der, nil
}

func withName(commonName string, names []string) []string {
	if commonName == "" || slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, commonName) }) {
		return names
	}
	return append([]string{commonName}, names...)
}

// ErrPassword says that a password does not open a key.
var ErrPassword = errors.New("the password does not open the key")

// defaultIterations of PBKDF2 with HMAC-SHA-256 (OWASP, "Password Storage Cheat
// Sheet").
const defaultIterations = 600_000

// Maker encrypts keys and makes keystores. The zero value is ready.
type Maker struct {
	// Iterations is how often PBKDF2 turns a password before it is a key; 0 means
	// 600 000, which costs about 0.2 s. Only tests want fewer.
	Iterations int
}

func (m Maker) iterations() int { return cmp.Or(m.Iterations, defaultIterations) }

// Lock encrypts a key with a password.
func (m Maker) Lock(key crypto.Signer, password []byte) ([]byte, error) {
	if len(password) == 0 {
		// The library would write the key in the clear.
		return nil, errors.New("encrypt the key: there is no password")
	}
	der, err := pkcs8.MarshalPrivateKey(key, password, &pkcs8.Opts{
		Cipher:  pkcs8.AES256CBC,
		KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: m.iterations(), HMACHash: crypto.SHA256},
	})
	if err != nil {
		return nil, fmt.Errorf("encrypt the key: %w", err)
	}
	return der, nil
}

// Unlock opens what [Maker.Lock] made; [ErrPassword] is in the error where the password
// is another one, or the data is damaged: the two can't be told apart.
func Unlock(locked, password []byte) (crypto.Signer, error) {
	if len(password) == 0 {
		return nil, ErrPassword
	}
	key, err := pkcs8.ParsePKCS8PrivateKey(locked, password)
	if err != nil {
		// The library's own words may quote what it decrypted.
		return nil, ErrPassword
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("open the key: %T can't sign", key)
	}
	return signer, nil
}

// Fits reports whether a certificate is for the key.
func Fits(key crypto.Signer, certificate *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(certificate.PublicKey)
}
