package x5c

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// EncodeCSR writes a certificate request as PEM (RFC 7468 §7): 64 columns, LF,
// a line end at the end.
func EncodeCSR(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

// EncodeChain writes certificates as PEM (RFC 7468 §5), one after the other.
func EncodeChain(chain [][]byte) []byte {
	var b bytes.Buffer
	for _, der := range chain {
		b.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return b.Bytes()
}

// ParseCSR reads a certificate request (RFC 2986) and verifies that it was
// signed with the key that it asks a certificate for.
func ParseCSR(der []byte) (*x509.CertificateRequest, error) {
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, fmt.Errorf("read certificate request: %w", err)
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, fmt.Errorf("verify certificate request with its own key: %w", err)
	}
	return csr, nil
}

// PublicKeyID names the public key of a certificate or a certificate request
// (DER): the SHA-256 of its SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) in
// lower-case hexadecimal. A certificate belongs to the request with the same
// one. It works for keys that crypto/x509 does not know, too, such as P-256K.
func PublicKeyID(der []byte) (string, error) {
	spki, err := subjectPublicKeyInfo(der)
	if err != nil {
		return "", fmt.Errorf("read public key: %w", err)
	}
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:]), nil
}

// requestInfo is what a certificate request signs (RFC 2986 §4.1).
type requestInfo struct {
	Version    int
	Subject    asn1.RawValue
	PublicKey  asn1.RawValue
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
}

// signed is the outer structure of a certificate (RFC 5280 §4.1) and of a
// certificate request (RFC 2986 §4.2).
type signed struct {
	TBS       asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// subjectPublicKeyInfo finds the key: that of a request by the outer structure
// alone, which tells the same as crypto/x509 in a fraction of its time, and that
// of a certificate so where crypto/x509 does not know it.
func subjectPublicKeyInfo(der []byte) ([]byte, error) {
	kind, _ := sniff(der)
	var refused error
	if kind == kindRequest {
		var key []byte
		if key, refused = keyOfRequest(der); refused == nil {
			return key, nil
		}
	}
	if c, err := x509.ParseCertificate(der); err == nil {
		return c.RawSubjectPublicKeyInfo, nil
	}
	if r, err := x509.ParseCertificateRequest(der); err == nil {
		return r.RawSubjectPublicKeyInfo, nil
	}
	if kind == kindRequest {
		return nil, refused
	}
	return keyOfCertificate(der, kind)
}

// keyOfRequest finds the key of a certificate request.
func keyOfRequest(der []byte) ([]byte, error) {
	var outer signed
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, err
	}
	var tbs requestInfo
	if _, err := asn1.Unmarshal(outer.TBS.FullBytes, &tbs); err != nil {
		return nil, err
	}
	return tbs.PublicKey.FullBytes, nil
}

// keyOfCertificate finds the key of a certificate whose key crypto/x509 does not
// know.
func keyOfCertificate(der []byte, kind kind) ([]byte, error) {
	var outer signed
	if _, err := asn1.Unmarshal(der, &outer); err != nil {
		return nil, err
	}
	if kind != kindCertificate {
		return nil, errors.New("neither a certificate nor a certificate request")
	}
	var tbs struct {
		Version                       asn1.RawValue `asn1:"optional,explicit,tag:0"`
		Serial                        asn1.RawValue
		Algorithm                     pkix.AlgorithmIdentifier
		Issuer, Validity, Subject     asn1.RawValue
		PublicKey                     asn1.RawValue
		IssuerUniqueID, SubjectUnique asn1.RawValue `asn1:"optional"`
		Extensions                    asn1.RawValue `asn1:"optional"`
	}
	if _, err := asn1.Unmarshal(outer.TBS.FullBytes, &tbs); err != nil {
		return nil, err
	}
	return tbs.PublicKey.FullBytes, nil
}

// KeyMatches reports whether one of the certificates is for the public key of a
// certificate request (DER).
func (b *Bundle) KeyMatches(csr []byte) bool {
	return len(b.forKey(csr)) > 0
}

// forKey finds the certificates with the public key of a certificate request,
// in their order.
func (b *Bundle) forKey(csr []byte) []*x509.Certificate {
	spki, err := subjectPublicKeyInfo(csr)
	if err != nil {
		return nil
	}
	var key interface{ Equal(crypto.PublicKey) bool }
	if request, err := x509.ParseCertificateRequest(csr); err == nil {
		key, _ = request.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	}
	var found []*x509.Certificate
	for _, c := range b.Certificates {
		// A CA may write the same key in another way, for example without the
		// NULL after an RSA algorithm.
		if bytes.Equal(c.RawSubjectPublicKeyInfo, spki) || key != nil && key.Equal(c.PublicKey) {
			found = append(found, c)
		}
	}
	return found
}

// challengePassword is the attribute of that name (RFC 2985 §5.4.1).
var challengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}

// HasChallengePassword reports whether a certificate request asks for a challenge
// password (RFC 2985 §5.4.1): a secret, which whoever sees the request can read.
func HasChallengePassword(csr *x509.CertificateRequest) bool {
	var tbs requestInfo
	if _, err := asn1.Unmarshal(csr.RawTBSCertificateRequest, &tbs); err != nil {
		return false // crypto/x509 read it, so this can't be
	}
	for rest := tbs.Attributes.Bytes; len(rest) > 0; {
		var attribute struct {
			Type   asn1.ObjectIdentifier
			Values asn1.RawValue
		}
		var err error
		if rest, err = asn1.Unmarshal(rest, &attribute); err != nil {
			return false
		}
		if attribute.Type.Equal(challengePassword) {
			return true
		}
	}
	return false
}
