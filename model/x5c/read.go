package x5c

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Limits of what [Read] takes in.
const (
	// MaxBytes is how long an input, or one file in a ZIP archive, may be.
	MaxBytes = 1 << 20
	// MaxCertificates is how many different certificates may be in it.
	MaxCertificates = 100
	// maxDepth is how many coats (base64, JSON, ZIP) may be around each other.
	maxDepth = 4
)

// What [Read] returns instead of a bundle, wrapped with what was found where.
var (
	// ErrPrivateKey: there is a private key in the input. It was not kept, and
	// no part of it is in the error.
	ErrPrivateKey = errors.New("there is a private key in it; nothing was taken (only certificates belong here)")
	// ErrNothing: there is no certificate; the error says what it looks like.
	ErrNothing = errors.New("no certificate found")
	// ErrTruncated: a certificate is cut off or damaged; the error says which.
	ErrTruncated = errors.New("cut off or damaged")
	// ErrTooLarge: more than MaxBytes or MaxCertificates.
	ErrTooLarge = errors.New("too large")
	// ErrCSR: there is only a certificate request (RFC 2986), not the
	// certificate that was signed from it.
	ErrCSR = errors.New("this is a certificate request (CSR), not the certificate that the CA signed from it")
)

// Bundle is what [Read] found.
type Bundle struct {
	// Certificates are in the order in which they were found, each once.
	Certificates []*x509.Certificate
	// Refused says of each certificate that was found but can't be read which
	// one it is and why.
	Refused []string
	// Notes say what was noticed and mended, in words for a person: "detected:
	// PKCS#7", "CRLF line ends", "2 lines of text left out". They hold nothing
	// of the input but the names of files in an archive and the reasons of
	// Refused, both without control characters.
	Notes []string
	// Bytes is the length of the input.
	Bytes int
}

// Read finds the certificates in what a person pasted or in a file: PEM under
// any of its labels, in any order and with anything around it; base64 without
// the PEM lines, wrapped or not; DER; PKCS#7 (RFC 5652) in all three; JSON with
// any of these in its strings; a ZIP archive of files with any of these. It
// mends what mail and editors do to text: line ends, byte order marks, UTF-16,
// quoted-printable, reply marks, escaped line ends.
//
// The errors are [ErrPrivateKey], [ErrNothing], [ErrTruncated], [ErrTooLarge]
// and [ErrCSR]. A certificate that crypto/x509 refuses is no error as long as
// there is another one: see [Bundle.Refused].
func Read(data []byte) (*Bundle, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("%w: %d bytes; at most %d are read", ErrTooLarge, len(data), MaxBytes)
	}
	r := &reader{seen: map[[sha256.Size]byte]bool{}}
	if err := r.read(data, 0); err != nil {
		return nil, err
	}
	if len(r.certificates) == 0 {
		return nil, r.nothing()
	}
	return &Bundle{
		Certificates: r.certificates,
		Refused:      r.refused,
		Notes:        r.allNotes(),
		Bytes:        len(data),
	}, nil
}

// reader gathers what is found in one input.
type reader struct {
	certificates []*x509.Certificate
	seen         map[[sha256.Size]byte]bool
	refused      []string
	notes        []string // what was mended, each once

	forms      []string // the forms certificates came in, each once
	others     []string // other things that were recognised, each once
	requests   int
	duplicates int
	textLines  int
	endless    int // blocks without their END line
	blocks     int // PEM blocks so far, for naming them
}

// read takes bytes of any kind; depth counts the coats around them.
func (r *reader) read(data []byte, depth int) error {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return nil
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return r.archive(data, depth)
	case bytes.HasPrefix(data, []byte{0xfe, 0xed, 0xfe, 0xed}), bytes.HasPrefix(data, []byte{0xce, 0xce, 0xce, 0xce}):
		r.other("a Java keystore")
		return nil
	}
	if kind, _ := sniff(data); kind != kindNone {
		return r.der(data, func() string { return "the DER file" }, "DER")
	}
	text, ok := r.decodeText(data)
	if !ok {
		r.other("binary data of no known form")
		return nil
	}
	return r.text(text, depth)
}

// text takes text in any coat.
func (r *reader) text(text string, depth int) error {
	if hasPrivateKey(text) {
		return ErrPrivateKey
	}
	if depth < maxDepth {
		if inner, ok := jsonStrings(text); ok {
			r.form("JSON")
			lines := r.textLines
			err := r.text(inner, depth+1)
			r.textLines = lines // a JSON's other members are no text left out
			return err
		}
	}
	text = r.mendText(text)
	if hasPrivateKey(text) {
		return ErrPrivateKey
	}
	return r.armored(text, depth)
}

// add takes the DER of a certificate in; where names it.
func (r *reader) add(der []byte, where func() string) error {
	sum := sha256.Sum256(der)
	if r.seen[sum] {
		r.duplicates++
		return nil
	}
	if len(r.seen) >= MaxCertificates {
		return fmt.Errorf("%w: more than %d certificates", ErrTooLarge, MaxCertificates)
	}
	r.seen[sum] = true
	cert, err := x509.ParseCertificate(der)
	if err == nil {
		r.certificates = append(r.certificates, cert)
		return nil
	}
	if _, crlErr := x509.ParseRevocationList(der); crlErr == nil {
		r.other("a revocation list (CRL)")
		return nil
	}
	return r.refuse(where(), err)
}

// refuse takes down what can't be read, and why.
func (r *reader) refuse(what string, why error) error {
	if len(r.refused) >= MaxCertificates {
		return fmt.Errorf("%w: more than %d pieces that can't be read", ErrTooLarge, MaxCertificates)
	}
	r.refused = append(r.refused, fmt.Sprintf("%s can't be read: %s", what, printable(why.Error())))
	return nil
}

// count is how much was recognised so far.
func (r *reader) count() int {
	return len(r.seen) + len(r.refused) + r.duplicates + r.requests
}

func (r *reader) note(text string)  { addOnce(&r.notes, text) }
func (r *reader) form(name string)  { addOnce(&r.forms, name) }
func (r *reader) other(name string) { addOnce(&r.others, name) }

// addOnce keeps the lists short, whatever the input.
func addOnce(list *[]string, s string) {
	const longest = 20
	if len(*list) < longest && !slices.Contains(*list, s) {
		*list = append(*list, s)
	}
}

// allNotes puts the notes together, the form first.
func (r *reader) allNotes() []string {
	var notes []string
	if len(r.forms) > 0 {
		notes = append(notes, "detected: "+strings.Join(r.forms, ", "))
	}
	notes = append(notes, r.notes...)
	count := func(n int, one, many string) {
		switch {
		case n == 1:
			notes = append(notes, "1 "+one)
		case n > 1:
			notes = append(notes, fmt.Sprintf("%d %s", n, many))
		}
	}
	count(r.endless, "block without its END line", "blocks without their END line")
	count(r.duplicates, "duplicate left out", "duplicates left out")
	count(r.requests, "certificate request left out", "certificate requests left out")
	for _, other := range r.others {
		notes = append(notes, other+" left out")
	}
	count(r.textLines, "line of text left out", "lines of text left out")
	return append(notes, r.refused...)
}

// nothing is the error of an input without a readable certificate.
func (r *reader) nothing() error {
	switch {
	case len(r.refused) > 0:
		return fmt.Errorf("%w that can be read: %s", ErrNothing, strings.Join(r.refused, "; "))
	case r.requests > 0:
		return ErrCSR
	case len(r.others) > 0:
		return fmt.Errorf("%w: this looks like %s", ErrNothing, strings.Join(r.others, " and "))
	case slices.Contains(r.forms, "JSON"):
		return fmt.Errorf("%w: this looks like JSON without a certificate in its strings", ErrNothing)
	case r.textLines > 0:
		return fmt.Errorf("%w: this looks like plain text", ErrNothing)
	}
	return fmt.Errorf("%w: it is empty", ErrNothing)
}

// printable takes out what can't be shown: reasons and file names quote their
// input.
func printable(s string) string {
	const longest = 200
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	if runes := []rune(s); len(runes) > longest {
		s = string(runes[:longest]) + "…"
	}
	return s
}
