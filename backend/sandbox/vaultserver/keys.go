package vaultserver

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"

	"certty/backend/sandbox/keypool"
)

var curves = map[string]elliptic.Curve{
	"P-256": elliptic.P256(),
	"P-384": elliptic.P384(),
	"P-521": elliptic.P521(),
}

// curveBits are the sizes of the curves that a policy may name.
var curveBits = map[string]int{"P-256": 256, "P-384": 384, "P-521": 521, "P-256K": 256}

// newKey makes the key that a policy asks for; an RSA key is the source's. HSM
// types are made like the others: the sandbox has no hardware.
func newKey(p *KeyProperties, source keypool.Source) (crypto.Signer, error) {
	switch p.Kty {
	case "EC", "EC-HSM":
		return ecdsa.GenerateKey(curves[p.Curve], rand.Reader)
	default:
		return source(p.Size)
	}
}

func marshalKey(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encode a private key: %w", err)
	}
	return der, nil
}

func parseKey(der []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read a private key: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("read a private key: it can't sign")
	}
	return signer, nil
}

// samePublicKey compares the public keys of a certificate and a request.
func samePublicKey(a, b crypto.PublicKey) bool {
	type equaler interface{ Equal(crypto.PublicKey) bool }
	e, ok := a.(equaler)
	return ok && e.Equal(b)
}
