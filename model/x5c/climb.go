package x5c

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
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

// Leaf finds the end-entity certificate of a chain (DER), whichever way round
// it stands: the one that issued none of the others, by their names, rather one
// that is no CA. It is the first one where that can't be told, and nil where
// there is none at all.
func Leaf(chain [][]byte) []byte {
	certs := make([]*x509.Certificate, 0, len(chain))
	for _, der := range chain {
		if c, err := x509.ParseCertificate(der); err == nil {
			certs = append(certs, c)
		}
	}
	for _, ca := range []bool{false, true} {
		for _, c := range certs {
			issued := func(other *x509.Certificate) bool { return other != c && bytes.Equal(other.RawIssuer, c.RawSubject) }
			if c.IsCA == ca && !slices.ContainsFunc(certs, issued) {
				return c.Raw
			}
		}
	}
	if len(chain) == 0 {
		return nil
	}
	return chain[0]
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
