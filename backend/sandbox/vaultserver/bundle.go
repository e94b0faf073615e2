package vaultserver

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	bundles "certty/model/bundle"
)

// bundle is a certificate with its private key, and the certificates that came
// with it, in their order.
type bundle struct {
	leaf  *x509.Certificate
	key   crypto.Signer
	above [][]byte
}

// readBundle reads the value of an import in the form that the policy names,
// or, where it names none, in the form that it has. The leaf is the certificate
// that the key belongs to, wherever it stands.
func readBundle(value, password, contentType string) (*bundle, string, *failure) {
	if contentType == "" {
		contentType = contentTypes[0]
		if strings.Contains(value, "-----BEGIN ") {
			contentType = contentTypes[1]
		}
	}
	var certs []*x509.Certificate
	var key any
	var f *failure
	switch contentType {
	case contentTypes[0]:
		certs, key, f = readPKCS12(value, password)
	case contentTypes[1]:
		certs, key, f = readPEM(value)
	default:
		f = invalidProperty("policy.secret_props.contentType", "It is none of "+strings.Join(contentTypes, ", "))
	}
	if f != nil {
		return nil, "", f
	}
	b, f := newBundle(certs, key)
	return b, contentType, f
}

func readPKCS12(value, password string) ([]*x509.Certificate, any, *failure) {
	der, err := base64.StdEncoding.DecodeString(value)
	if err != nil || bundles.Costly(der) {
		return nil, nil, badPKCS12()
	}
	key, leaf, others, err := pkcs12.DecodeChain(der, password)
	if err != nil {
		return nil, nil, badPKCS12() // what is wrong with it is not told, as the service does
	}
	return append([]*x509.Certificate{leaf}, others...), key, nil
}

// readPEM reads one PKCS#8 key and any number of certificates; Key Vault takes
// no other form of key ("Import a certificate"). Clients send the text itself,
// and some its base64.
func readPEM(value string) ([]*x509.Certificate, any, *failure) {
	text := []byte(value)
	if !strings.Contains(value, "-----BEGIN ") {
		decoded, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return nil, nil, badPEM()
		}
		text = decoded
	}
	var certs []*x509.Certificate
	var key any
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "CERTIFICATE":
			cert, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, nil, badPEM()
			}
			certs = append(certs, cert)
		case block.Type == "PRIVATE KEY" && key == nil:
			k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, nil, badPEM()
			}
			key = k
		default:
			return nil, nil, badPEM()
		}
	}
	if key == nil || len(certs) == 0 {
		return nil, nil, badPEM()
	}
	return certs, key, nil
}

func newBundle(certs []*x509.Certificate, key any) (*bundle, *failure) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, publicKeyMismatch()
	}
	at := slices.IndexFunc(certs, func(cert *x509.Certificate) bool { return samePublicKey(cert.PublicKey, signer.Public()) })
	if at < 0 {
		return nil, publicKeyMismatch()
	}
	b := &bundle{leaf: certs[at], key: signer}
	for i, cert := range certs {
		if i != at {
			b.above = append(b.above, cert.Raw)
		}
	}
	return b, nil
}
