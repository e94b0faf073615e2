package model

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
)

// Limits of an order's texts, in the units of the service: UTF-16 code units
// (SCM REST API, Enroll and Revoke).
const (
	MaxOrderComments  = 1024
	MaxOrderMessage   = 512
	MaxOrderRequester = 512
	MaxCustomValue    = 256
)

// UTF16Len is the length of s as SCM counts it: in UTF-16 code units, so that
// most emoji count two.
func UTF16Len(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// OrderSpec is an order that is to be placed.
type OrderSpec struct {
	CommonName string
	// SANs are DNS names; the common name may or may not be among them.
	SANs []string
	// OrganizationID is the id of an organization or of a department.
	OrganizationID int
	ProfileID      int
	// Term is the lifetime in days, one of the profile's.
	Term int
	// CSR is the PKCS#10 request (RFC 2986) in DER.
	CSR []byte
	// Description is the person's own part of the comments.
	Description string
	// Reference is put before the description, see [OrderReference].
	Reference         string
	ExternalRequester string
	CustomFields      []CustomValue
	// DCV is how the names of this order are validated; the zero value leaves it
	// to the account, whose domains are validated beforehand.
	DCV OrderDCV
}

// Comments is the text that is sent with the order: the reference, by which the
// order is found again, and the description.
func (s *OrderSpec) Comments() string {
	switch {
	case s.Reference == "":
		return s.Description
	case s.Description == "":
		return s.Reference
	default:
		return s.Reference + " " + s.Description
	}
}

// ReferencePrefix is how every reference begins.
const ReferencePrefix = "certty:"

// referenceDigits is how many hexadecimal digits of the key's hash a reference
// has: 64 bits, far beyond what one account orders.
const referenceDigits = 16

// OrderReference is the text by which an order is found again after a lost
// answer: "certty:", the first 16 hexadecimal digits of the SHA-256 over the
// public key (the SubjectPublicKeyInfo of RFC 5280 §4.1) of the CSR, and the
// number of the attempt, from 1. It is derived and not drawn, so that another
// console that holds the same CSR looks for the same order.
func OrderReference(csr []byte, attempt int) (string, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return "", fmt.Errorf("read the CSR: %w", err)
	}
	sum := sha256.Sum256(request.RawSubjectPublicKeyInfo)
	return fmt.Sprintf("%s%s:%d", ReferencePrefix, hex.EncodeToString(sum[:])[:referenceDigits], attempt), nil
}

// Carries reports whether the order's comments begin with a reference. What follows
// it is the description, or what somebody made of it on SCM's own pages; a further
// digit makes it the reference of a later attempt. No order carries "".
func (o *Order) Carries(reference string) bool {
	rest, ok := strings.CutPrefix(o.Comments, reference)
	return ok && reference != "" && (rest == "" || rest[0] < '0' || rest[0] > '9')
}

// ReferenceLen is the room that a reference with its space takes of the
// comments, for an attempt below ten.
const ReferenceLen = len(ReferencePrefix) + referenceDigits + len(":1") + 1

// OrderTrace is what is looked for after an order that had no answer, or before
// it is placed.
type OrderTrace struct {
	Reference  string
	CommonName string
	// Sent is when the order was sent, or the earliest time at which it may have
	// been, and Until the latest; zero is Sent. Orders requested from a day
	// before the one to a day after the other are looked at.
	Sent, Until time.Time
}

// RenewSpec renews an order.
type RenewSpec struct {
	// CSR is a new PKCS#10 request in DER; nil reuses the old request, and so
	// the old key.
	CSR []byte
	DCV OrderDCV
}

// ReplaceSpec has a certificate issued anew under the same order.
type ReplaceSpec struct {
	// CSR is the PKCS#10 request in DER.
	CSR        []byte
	CommonName string
	SANs       []string
	// Reason is told to the CA, 1 to 512 UTF-16 code units.
	Reason string
	DCV    OrderDCV
}

// RevocationReason is a reason code of RFC 5280 §5.3.1.
type RevocationReason int

// The reasons that SCM takes.
const (
	ReasonUnspecified          RevocationReason = 0
	ReasonKeyCompromise        RevocationReason = 1
	ReasonAffiliationChanged   RevocationReason = 3
	ReasonSuperseded           RevocationReason = 4
	ReasonCessationOfOperation RevocationReason = 5
)

// RevocationReasons lists the reasons in the order of their codes.
func RevocationReasons() []RevocationReason {
	return []RevocationReason{ReasonUnspecified, ReasonKeyCompromise, ReasonAffiliationChanged, ReasonSuperseded, ReasonCessationOfOperation}
}

// String is the reason in words.
func (r RevocationReason) String() string {
	switch r {
	case ReasonUnspecified:
		return "unspecified"
	case ReasonKeyCompromise:
		return "key compromise"
	case ReasonAffiliationChanged:
		return "affiliation changed"
	case ReasonSuperseded:
		return "superseded"
	case ReasonCessationOfOperation:
		return "cessation of operation"
	default:
		return fmt.Sprintf("reason %d", int(r))
	}
}

// Revocation says why a certificate is revoked.
type Revocation struct {
	Reason RevocationReason
	// Message is told to the CA, 1 to 512 UTF-16 code units.
	Message string
}
