package x5c

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
)

// MaxCSR is the longest text, in bytes, that [FindRequest] reads: a CA account
// takes 32 767 characters (SCM REST API, Enroll); the rest is room for what
// stands around it.
const MaxCSR = 64 << 10

// Errors of [FindRequest]. They repeat nothing of what was read.
var (
	ErrNoRequest     = errors.New("no certificate request is in it: one begins with -----BEGIN CERTIFICATE REQUEST-----")
	ErrTwoRequests   = errors.New("more than one certificate request is in it; give the one that is meant")
	ErrCertificate   = errors.New("this is a certificate; a certificate request (CSR) is needed")
	ErrBigRequest    = errors.New("it is too long for a certificate request")
	ErrBrokenRequest = errors.New("the certificate request is cut off or damaged")
)

// FindRequest finds the one certificate request (RFC 2986) in what was pasted or
// in a file: PEM with anything around it, base64 alone, or DER. Line ends may have
// become blanks. Its signature was verified, so that who made it holds the key. A
// private key in it is ErrPrivateKey, and nothing is taken.
func FindRequest(data []byte) (*x509.CertificateRequest, error) {
	if len(data) > MaxCSR {
		return nil, ErrBigRequest
	}
	bundle, err := Read(data)
	if errors.Is(err, ErrPrivateKey) {
		return nil, err
	}
	var found [][]byte
	if text := string(data); strings.Contains(text, beginMark) {
		found = armoredRequests(text)
	} else if der := bareRequest(data); der != nil {
		found = [][]byte{der}
	}
	switch {
	case len(found) > 1:
		return nil, ErrTwoRequests
	case len(found) == 1:
		return understood(found[0])
	case bundle != nil && len(bundle.Certificates) > 0:
		return nil, ErrCertificate
	}
	return nil, ErrNoRequest
}

const beginMark = "-----BEGIN "

// armoredRequests lists the certificate requests among the PEM blocks of a text,
// each once. Base64 takes any white space in it (RFC 7468 §2), so that a text in
// which the line ends were lost is set again.
func armoredRequests(text string) [][]byte {
	var found [][]byte
	for {
		_, rest, ok := strings.Cut(text, beginMark)
		if !ok {
			return found
		}
		label, body, ok := strings.Cut(rest, "-----")
		if !ok {
			return found
		}
		text = rest
		body, _, ok = strings.Cut(body, "-----END "+label+"-----")
		if !ok || label != "CERTIFICATE REQUEST" && label != "NEW CERTIFICATE REQUEST" {
			continue
		}
		block, _ := pem.Decode([]byte(beginMark + label + "-----\n" + strings.Join(strings.Fields(body), "\n") + "\n-----END " + label + "-----\n"))
		if block == nil {
			continue
		}
		if len(found) == 0 || !bytes.Equal(found[len(found)-1], block.Bytes) {
			found = append(found, block.Bytes)
		}
	}
}

// bareRequest reads DER, or base64 without its marks; nil when it is neither.
func bareRequest(data []byte) []byte {
	if len(data) > 0 && data[0] == 0x30 {
		return data
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), ""))
	if err != nil || len(der) == 0 || der[0] != 0x30 {
		return nil
	}
	return der
}

func understood(der []byte) (*x509.CertificateRequest, error) {
	parsed, err := ParseCSR(der)
	if err != nil {
		if _, certificate := x509.ParseCertificate(der); certificate == nil {
			return nil, ErrCertificate
		}
		return nil, ErrBrokenRequest
	}
	return parsed, nil
}
