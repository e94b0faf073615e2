package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	java "github.com/pavlo-v-chernykh/keystore-go/v4"
	"software.sslmate.com/src/go-pkcs12"
)

// Type is a form of keystore.
type Type string

// The forms of keystores.
const (
	// PKCS12 is RFC 7292 with PBES2 and AES, read by OpenSSL 1.1, Java 8u301,
	// Windows Server 2019 and later ones.
	PKCS12 Type = "pkcs12"
	// JKS is Java's older form. Its protection of the key is weak by today's
	// measure; Java itself reads PKCS#12 since version 8.
	JKS Type = "jks"
	// PEM is the encrypted key and the chain, leaf first, as text.
	PEM Type = "pem"
)

// Types lists the forms, the best first.
func Types() []Type { return []Type{PKCS12, JKS, PEM} }

// Name is what people call the form, as in RFC 7292's title; "" for none.
func (t Type) Name() string {
	switch t {
	case PKCS12:
		return "PKCS#12"
	case JKS:
		return "JKS"
	case PEM:
		return "PEM"
	default:
		return ""
	}
}

// Named is the form that people call so; "" where there is none.
func Named(name string) Type {
	for _, t := range Types() {
		if t.Name() == name {
			return t
		}
	}
	return ""
}

// Extension is what a file of that form ends with, with the dot.
func (t Type) Extension() string {
	switch t {
	case PKCS12:
		return ".p12"
	case JKS:
		return ".jks"
	default:
		return ".pem"
	}
}

// The bounds of a password, in bytes. Java's keytool takes no fewer than six.
const (
	minPassword = 8
	maxPassword = 128
)

// CheckPassword says what is wrong with a password for a keystore; nil when
// nothing is.
func CheckPassword(t Type, password string) error {
	switch {
	case password == "":
		return errors.New("a password is needed: the key is never written without one")
	case len(password) < minPassword:
		return fmt.Errorf("%d characters or more, Java takes none shorter than six", minPassword)
	case len(password) > maxPassword:
		return fmt.Errorf("%d bytes at most", maxPassword)
	case !utf8.ValidString(password):
		return errors.New("it is not valid UTF-8")
	case slices.ContainsFunc([]rune(password), func(r rune) bool { return r < ' ' || r == 0x7f }):
		return errors.New("it holds a control character, such as a line break")
	case t == JKS && slices.ContainsFunc([]rune(password), func(r rune) bool { return r > 0x7e }):
		return errors.New("ASCII only: Java's tools read other characters of a JKS password differently")
	case slices.ContainsFunc([]rune(password), func(r rune) bool { return r > 0xffff }):
		// PKCS#12 counts in UTF-16 code units without surrogates (RFC 7292 B.1).
		return errors.New("no emoji or other characters outside the basic plane: PKCS#12 can't hold them")
	}
	return nil
}

// Encode makes a keystore of a key and its chain, leaf first. The leaf must be
// the key's certificate.
func (m Maker) Encode(t Type, key crypto.Signer, chain []*x509.Certificate, password []byte, made time.Time) ([]byte, error) {
	if len(chain) == 0 {
		return nil, errors.New("make a keystore: there is no certificate")
	}
	if !Fits(key, chain[0]) {
		return nil, errors.New("make a keystore: the certificate is not for this key")
	}
	if err := CheckPassword(t, string(password)); err != nil {
		return nil, fmt.Errorf("make a keystore: the password: %w", err)
	}
	var data []byte
	var err error
	switch t {
	case PKCS12:
		data, err = pkcs12.Modern2023.WithIterations(m.iterations()).Encode(key, chain[0], chain[1:], string(password))
	case JKS:
		data, err = encodeJKS(key, chain, password, made)
	case PEM:
		data, err = m.encodePEM(key, chain, password)
	default:
		err = fmt.Errorf("%q is no form of keystore", t)
	}
	if err != nil {
		return nil, fmt.Errorf("make a %s keystore: %w", t, err)
	}
	return data, nil
}

// alias names the key's entry in a JKS.
const alias = "certty"

func encodeJKS(key crypto.Signer, chain []*x509.Certificate, password []byte, made time.Time) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	defer clear(der)
	entry := java.PrivateKeyEntry{CreationTime: made, PrivateKey: der}
	for _, c := range chain {
		entry.CertificateChain = append(entry.CertificateChain, java.Certificate{Type: "X509", Content: c.Raw})
	}
	store := java.New(java.WithOrderedAliases(), java.WithMinPasswordLen(minPassword))
	if err := store.SetPrivateKeyEntry(alias, entry, password); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := store.Store(&out, password); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (m Maker) encodePEM(key crypto.Signer, chain []*x509.Certificate, password []byte) ([]byte, error) {
	locked, err := m.Lock(key, password)
	if err != nil {
		return nil, err
	}
	out := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: locked})
	for _, c := range chain {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out, nil
}
