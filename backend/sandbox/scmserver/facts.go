package scmserver

import (
	"crypto/ecdsa"
	"crypto/md5" //nolint:gosec // SCM tells certificates' MD5, for what it is worth
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // SCM tells certificates' SHA-1
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"strconv"
	"strings"
)

// keyFacts are what SCM says about a key.
type keyFacts struct {
	algorithm, param string
	size             int
}

// key is the key of the certificate, or of the request while there is none.
func (o *order) key() (keyFacts, bool) {
	var public any
	if cert := o.certificate(); cert != nil {
		public = cert.PublicKey
	} else if csr, err := x509.ParseCertificateRequest(o.CSR); err == nil {
		public = csr.PublicKey
	}
	switch k := public.(type) {
	case *rsa.PublicKey:
		return keyFacts{"RSA", strconv.Itoa(k.N.BitLen()), k.N.BitLen()}, true
	case *ecdsa.PublicKey:
		return keyFacts{"EC", k.Curve.Params().Name, k.Curve.Params().BitSize}, true
	}
	return keyFacts{}, false
}

type fingerprints struct{ md5, sha1, sha256 string }

func hashes(cert *x509.Certificate) fingerprints {
	m, s, l := md5.Sum(cert.Raw), sha1.Sum(cert.Raw), sha256.Sum256(cert.Raw) //nolint:gosec // they are names, no proofs
	up := func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }
	return fingerprints{up(m[:]), up(s[:]), up(l[:])}
}

// signatureName is an algorithm as Java calls it ("SHA256withECDSA").
func signatureName(cert *x509.Certificate) string {
	switch cert.SignatureAlgorithm {
	case x509.SHA256WithRSA:
		return "SHA256withRSA"
	case x509.SHA384WithRSA:
		return "SHA384withRSA"
	case x509.SHA512WithRSA:
		return "SHA512withRSA"
	case x509.ECDSAWithSHA256:
		return "SHA256withECDSA"
	case x509.ECDSAWithSHA384:
		return "SHA384withECDSA"
	case x509.ECDSAWithSHA512:
		return "SHA512withECDSA"
	}
	return cert.SignatureAlgorithm.String()
}

func keyUsages(cert *x509.Certificate) []string {
	var all []string
	for _, u := range []struct {
		usage x509.KeyUsage
		name  string
	}{
		{x509.KeyUsageDigitalSignature, "Digital Signature"}, {x509.KeyUsageKeyEncipherment, "Key Encipherment"},
		{x509.KeyUsageDataEncipherment, "Data Encipherment"}, {x509.KeyUsageKeyAgreement, "Key Agreement"},
	} {
		if cert.KeyUsage&u.usage != 0 {
			all = append(all, u.name)
		}
	}
	return all
}

func extendedKeyUsages(cert *x509.Certificate) []string {
	var all []string
	for _, usage := range cert.ExtKeyUsage {
		switch usage {
		case x509.ExtKeyUsageServerAuth:
			all = append(all, "TLS Web Server Authentication")
		case x509.ExtKeyUsageClientAuth:
			all = append(all, "TLS Web Client Authentication")
		}
	}
	return all
}
