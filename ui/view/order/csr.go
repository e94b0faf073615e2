package order

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"

	"certty/model"
	"certty/model/x5c"
	"certty/ui/view"
)

// maxCSR is the longest text that is read for a CSR: the service takes 32 767
// characters (SCM REST API, Enroll); the rest is room for what stands around it.
const maxCSR = 64 << 10

var (
	errNoCSR       = errors.New("no certificate request is in it; it begins with -----BEGIN CERTIFICATE REQUEST-----")
	errTwoCSRs     = errors.New("more than one certificate request is in it; give the one that is meant")
	errCertificate = errors.New("this is a certificate; a certificate request (CSR) is needed")
	errBigCSR      = errors.New("it is too long for a certificate request")
	errBrokenCSR   = errors.New("the certificate request is cut off or damaged")
)

// request is a CSR that was understood.
type request struct {
	der []byte
	// name is its common name, names its DNS names; cleaned.
	name  string
	names []string
	key   model.OrderKey
}

// readCSR finds the one certificate request (RFC 2986) in what was pasted or in
// a file: PEM with anything around it, base64 alone, or DER. Line ends may have
// become blanks. A private key in it is x5c.ErrPrivateKey, and nothing is taken.
func readCSR(data []byte) (*request, error) {
	if len(data) > maxCSR {
		return nil, errBigCSR
	}
	bundle, err := x5c.Read(data)
	if errors.Is(err, x5c.ErrPrivateKey) {
		return nil, err
	}
	var found [][]byte
	if text := string(data); strings.Contains(text, beginMark) {
		found = armored(text)
	} else if der := bare(data); der != nil {
		found = [][]byte{der}
	}
	switch {
	case len(found) > 1:
		return nil, errTwoCSRs
	case len(found) == 1:
		return understand(found[0])
	case bundle != nil && len(bundle.Certificates) > 0:
		return nil, errCertificate
	}
	return nil, errNoCSR
}

const beginMark = "-----BEGIN "

// armored lists the certificate requests among the PEM blocks of a text, each
// once. Base64 takes any white space in it (RFC 7468 §2), so that a text in which
// the line ends were lost is set again.
func armored(text string) [][]byte {
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

// bare reads DER, or base64 without its marks; nil when it is neither.
func bare(data []byte) []byte {
	if len(data) > 0 && data[0] == 0x30 {
		return data
	}
	der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(string(data)), ""))
	if err != nil || len(der) == 0 || der[0] != 0x30 {
		return nil
	}
	return der
}

// understand reads a CSR and verifies that who made it holds the key.
func understand(der []byte) (*request, error) {
	parsed, err := x5c.ParseCSR(der)
	if err != nil {
		if _, certificate := x509.ParseCertificate(der); certificate == nil {
			return nil, errCertificate
		}
		return nil, errBrokenCSR
	}
	key, err := model.KeyOf(der)
	if err != nil {
		return nil, errBrokenCSR
	}
	r := &request{der: parsed.Raw, name: view.Clean(parsed.Subject.CommonName), key: key}
	for _, name := range x5c.NamesAsked(parsed).DNS {
		r.names = append(r.names, view.Clean(name))
	}
	return r, nil
}

// common is the name that an order with this CSR is for.
func (r *request) common() string {
	if r.name == "" && len(r.names) > 0 {
		return r.names[0]
	}
	return r.name
}

// String says what it is for.
func (r *request) String() string {
	text := "for " + r.common() + ", " + r.key.String()
	if others := without(r.names, r.common()); len(others) > 0 {
		text += "; names " + strings.Join(others, ", ")
	}
	return text
}

// without lists the names that are not name.
func without(names []string, name string) []string {
	var out []string
	for _, n := range names {
		if !strings.EqualFold(n, name) {
			out = append(out, n)
		}
	}
	return out
}
