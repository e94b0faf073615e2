package x5c

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/smallstep/pkcs7"
)

// Climb finds the way from a certificate (DER) up among the certificates that
// are known, as far as every step is proved by a signature. The leaf is the
// first link, and the only one where its issuer is not known; a link of
// RoleRoot is the end of a whole chain. clean is the cleaner for text out of
// certificates, as in [Judge]. Nothing is marked as sent.
//
// The error says that leaf can't be read.
func Climb(leaf []byte, known []*x509.Certificate, now time.Time, clean func(string) string) ([]Link, error) {
	first, err := x509.ParseCertificate(leaf)
	if err != nil {
		return nil, fmt.Errorf("read certificate: %w", err)
	}
	j := &judge{bundle: &Bundle{Certificates: known}, want: Want{Now: now}, clean: clean, verifier: newVerifier()}
	j.path = j.proved(j.findPath(first))
	root := j.root()
	links := make([]Link, len(j.path))
	for i, c := range j.path {
		links[i] = j.link(c)
		switch {
		case i == 0:
			links[i].Role = RoleLeaf
		case c == root:
			links[i].Role = RoleRoot
		}
	}
	return links, nil
}

// proved cuts a path where a signature does not verify.
func (j *judge) proved(path []*x509.Certificate) []*x509.Certificate {
	for i := range len(path) - 1 {
		if j.verifier.verify(path[i], path[i+1]) != nil {
			return path[:i+1]
		}
	}
	return path
}

// EncodePKCS7 writes certificates (DER) as a SignedData without a signature,
// the form in which certificates are handed on (RFC 5652 §5.1, "certs-only" in
// RFC 8551 §3.2.2), in DER.
func EncodePKCS7(chain [][]byte) ([]byte, error) {
	der, err := pkcs7.DegenerateCertificate(bytes.Join(chain, nil))
	if err != nil {
		return nil, fmt.Errorf("write PKCS#7: %w", err)
	}
	return der, nil
}

// ArmorPKCS7 writes a PKCS#7 structure (DER) as PEM (RFC 7468 §8).
func ArmorPKCS7(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: der})
}
