package scmserver

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// csrLetters is the pattern of a CSR in the OpenAPI document.
var csrLetters = regexp.MustCompile(`^[a-zA-Z0-9+=/\s-]+$`)

// smallest is the smallest RSA key that any CA takes.
const smallest = 2048

// readCSR reads a request, PEM or bare base64, that a profile takes.
func readCSR(said string, p *Profile) (*x509.CertificateRequest, *failure) {
	if strings.TrimSpace(said) == "" {
		return nil, refuse(-7, "%s is required but missing.", "CSR")
	}
	if !csrLetters.MatchString(said) {
		return nil, refuse(-9, "The CSR is not valid Base-64 data!")
	}
	var der []byte
	if block, _ := pem.Decode([]byte(said)); block != nil {
		der = block.Bytes
	} else {
		var err error
		if der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(said), "")); err != nil {
			return nil, refuse(-9, "The CSR is not valid Base-64 data!")
		}
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		return nil, refuse(-10, "Error while decoding CSR.")
	}
	if f := checkKey(csr, p); f != nil {
		return nil, f
	}
	if err := csr.CheckSignature(); err != nil {
		return nil, refuse(-138, "Invalid CSR.")
	}
	return csr, nil
}

// checkKey looks whether a profile takes the key of a request.
func checkKey(csr *x509.CertificateRequest, p *Profile) *failure {
	switch key := csr.PublicKey.(type) {
	case *rsa.PublicKey:
		switch sizes := p.KeyTypes["RSA"]; {
		case key.N.BitLen() < smallest:
			return refuse(-141, "The public key size in the CSR should be %d bits minimum.", smallest)
		case len(sizes) == 0:
			return refuse(-11, "The CSR uses an unsupported algorithm!")
		case !slices.Contains(sizes, strconv.Itoa(key.N.BitLen())):
			return refuse(-13, "The CSR uses an unsupported key size!")
		}
	case *ecdsa.PublicKey:
		switch curves := p.KeyTypes["EC"]; {
		case len(curves) == 0:
			return refuse(-170, "Based on the customer configuration, ECC CSRs are not allowed.")
		case !slices.Contains(curves, key.Curve.Params().Name):
			return refuse(-13, "The CSR uses an unsupported key size!")
		}
	default:
		return refuse(-11, "The CSR uses an unsupported algorithm!")
	}
	return nil
}
