package x5c

import (
	"errors"
	"fmt"
	"slices"

	"github.com/smallstep/pkcs7"
)

// kind is what DER bytes are, by their first bytes.
type kind uint8

const (
	kindNone kind = iota
	kindCertificate
	kindRequest
	kindPKCS7
	kindPrivateKey
	kindPublicKey
	// kindOtherCMS is CMS content that is not signed: encrypted or plain data.
	kindOtherCMS
)

// sniffBytes is how many bytes [sniff] needs to be sure.
const sniffBytes = 32

// indefinite is the total of a BER value that does not tell its length.
const indefinite = -1

// Object identifiers as they stand in DER, without the last arc.
const (
	oidPKCS7  = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	oidPKCS5  = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05"     // PBES2 and older
	oidPKCS12 = "\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01" // PKCS#12 encryption
)

// sniff tells from the first bytes what a DER (or BER) value is, and how many
// bytes it has in total. It looks at the beginning only, so that it costs the
// same wherever it is tried.
func sniff(b []byte) (k kind, total int) {
	body, total, ok := sequence(b)
	if !ok {
		return kindNone, 0
	}
	switch {
	case hasPrefix(body, oidPKCS7+"\x02"):
		return kindPKCS7, total
	case hasPrefix(body, oidPKCS7):
		return kindOtherCMS, total
	case hasPrefix(body, "\x02\x01\x00\x02"), // RSA and DSA, RFC 8017 A.1.2
		hasPrefix(body, "\x02\x01\x00\x30"), hasPrefix(body, "\x02\x01\x01\x30"), // PKCS#8, RFC 5958
		hasPrefix(body, "\x02\x01\x01\x04"), // EC, RFC 5915
		hasPrefix(body, "\x02\x01\x03\x30"): // PKCS#12, RFC 7292
		return kindPrivateKey, total
	}
	inner, _, ok := sequence(body)
	switch {
	case !ok:
		return kindNone, 0
	case hasPrefix(inner, oidPKCS5), hasPrefix(inner, oidPKCS12):
		return kindPrivateKey, total
	case hasPrefix(inner, "\x06"):
		return kindPublicKey, total
	case hasPrefix(inner, "\xa0\x03\x02\x01"):
		return kindCertificate, total
	case hasPrefix(inner, "\x02\x01\x00"):
		// A request's version is followed by its subject, a first version
		// certificate's serial number by an algorithm.
		if name, _, ok := sequence(inner[3:]); ok && !hasPrefix(name, "\x06") {
			return kindRequest, total
		}
		return kindCertificate, total
	case hasPrefix(inner, "\x02"), hasPrefix(inner, "\x30"):
		return kindCertificate, total // or a revocation list, see reader.add
	}
	return kindNone, 0
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// sequence takes the header of a SEQUENCE off. body is what is there of its
// content, which may be less than it says.
func sequence(b []byte) (body []byte, total int, ok bool) {
	if len(b) < 2 || b[0] != 0x30 {
		return nil, 0, false
	}
	header, length, ok := lengthOf(b)
	if !ok {
		return nil, 0, false
	}
	if length == indefinite {
		return b[header:], indefinite, true
	}
	return b[header:min(len(b), header+length)], header + length, true
}

// lengthOf reads the length after a one-byte tag; lengths beyond MaxBytes are
// not ok.
func lengthOf(b []byte) (header, length int, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	n := int(b[1])
	switch {
	case n < 0x80:
		return 2, n, true
	case n == 0x80:
		return 2, indefinite, true
	case n > 0x83 || len(b) < 2+n-0x80:
		return 0, 0, false
	}
	for _, c := range b[2 : 2+n-0x80] {
		length = length<<8 | int(c)
	}
	return 2 + n - 0x80, length, length <= MaxBytes
}

// der takes one value, or several in a row, in. What follows the first and is
// no certificate belongs to it: the trust settings of a TRUSTED CERTIFICATE, a
// line end. where names the piece, form is the form it came in.
func (r *reader) der(data []byte, where func() string, form string) error {
	for first := true; ; first = false {
		kind, total := sniff(data)
		switch {
		case kind == kindNone, !first && kind != kindCertificate && kind != kindPrivateKey:
			return nil
		case total == indefinite:
			total = len(data)
		case total > len(data):
			if kind == kindPrivateKey {
				return ErrPrivateKey
			}
			return fmt.Errorf("%s is %w: %d of %d bytes are there", where(), ErrTruncated, len(data), total)
		}
		if err := r.value(kind, data[:total], where, form); err != nil {
			return err
		}
		data = data[total:]
	}
}

// value takes one whole value in.
func (r *reader) value(kind kind, der []byte, where func() string, form string) error {
	switch kind {
	case kindCertificate:
		r.form(form)
		return r.add(der, where)
	case kindRequest:
		r.requests++
	case kindPKCS7:
		r.form("PKCS#7")
		return r.pkcs7(der, where)
	case kindPrivateKey:
		return ErrPrivateKey
	case kindPublicKey:
		r.other("a public key")
	case kindOtherCMS:
		r.other("encrypted or other CMS data")
	case kindNone:
	}
	return nil
}

// pkcs7 takes the certificates of a SignedData in (RFC 5652 §5.1).
func (r *reader) pkcs7(der []byte, where func() string) error {
	err := checkNesting(der)
	var content *pkcs7.PKCS7
	if err == nil {
		content, err = pkcs7.Parse(der)
	}
	switch {
	case err != nil:
		return r.refuse(where()+" (PKCS#7)", err)
	case len(content.Certificates) == 0:
		r.other("PKCS#7 without a certificate")
		return nil
	}
	for i, cert := range content.Certificates {
		name := func() string { return fmt.Sprintf("certificate %d of %s", i+1, where()) }
		if err := r.add(cert.Raw, name); err != nil {
			return err
		}
	}
	return nil
}

var errNesting = errors.New("its parts do not lie within each other")

// checkNesting makes sure that a BER value is a tree that is neither too deep
// nor too wide. The PKCS#7 library follows lengths that reach out of their
// parent and searches all that follows for the end of each value of indefinite
// length; either takes it time without end on made-up input.
func checkNesting(b []byte) error {
	n := nesting{loose: 1000}
	for at := 0; at < len(b); {
		next, err := n.step(b, at)
		if err != nil {
			return err
		}
		if len(n.open) == 0 {
			return nil // what follows is not of this value
		}
		at = next
	}
	return nil
}

// nesting is where a walk over a BER value stands.
type nesting struct {
	// open holds the end of each value that was entered; indefinite where it
	// does not say.
	open []int
	// loose is how many more values may lie right in one of indefinite length.
	loose int
}

// step takes one header, or one end-of-contents mark, and returns where the
// next one is.
func (n *nesting) step(b []byte, at int) (next int, err error) {
	const deepest = 40
	top := len(n.open) - 1
	end := n.end(len(b))
	if top >= 0 && n.open[top] == indefinite {
		if hasPrefix(b[at:end], "\x00\x00") {
			n.open = n.open[:top]
			n.leave(at + 2)
			return at + 2, nil
		}
		n.loose--
	}
	header, length, ok := lengthOf(b[at:end])
	constructed := b[at]&0x20 != 0
	switch {
	case !ok, n.loose < 0, constructed && top >= deepest,
		b[at]&0x1f == 0x1f, // PKCS#7 has no tag of several bytes
		length == indefinite && !constructed,
		length != indefinite && at+header+length > end:
		return 0, errNesting
	case length == indefinite:
		n.open = append(n.open, indefinite)
		return at + header, nil
	case constructed:
		n.open = append(n.open, at+header+length)
		next = at + header
	default:
		next = at + header + length
	}
	n.leave(next)
	return next, nil
}

// end is where the innermost value of known length ends.
func (n *nesting) end(all int) int {
	for _, end := range slices.Backward(n.open) {
		if end != indefinite {
			return end
		}
	}
	return all
}

// leave closes the values that end at a place.
func (n *nesting) leave(at int) {
	for len(n.open) > 0 && n.open[len(n.open)-1] == at {
		n.open = n.open[:len(n.open)-1]
	}
}
