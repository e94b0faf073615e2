package x5c

import (
	"crypto/sha1" //nolint:gosec // a thumbprint is a name here, as Key Vault has it, and proves nothing
	"crypto/x509"
	"encoding/hex"
	"slices"
	"time"

	"certty/model"
)

// Order is the order in which a chain is sent.
type Order uint8

// The orders of a chain.
const (
	// LeafFirst is what Key Vault documents for x5c (RFC 7515 §4.1.6).
	LeafFirst Order = iota
	// RootFirst is its reverse.
	RootFirst
)

// Want is what the certificates are measured by.
type Want struct {
	// CSR is the certificate request (RFC 2986) in DER.
	CSR []byte
	// SANs are the names that were asked for besides those in the CSR.
	SANs model.SANs
	// EKUs are the extended key usages that the policy asks for, as object
	// identifiers; none asks for nothing.
	EKUs []string
	// Live is the SHA-1 thumbprint of the version that is in use under the
	// request's name, in lower-case hexadecimal, and LiveUntil its end; zero
	// where there is none or it is not known. With a key that is used again an
	// old certificate matches a new request, too.
	Live      string
	LiveUntil time.Time
	Now       time.Time
	// IncludeRoot sends the root, too, where there is one.
	IncludeRoot bool
	Strategy    Order
}

// Into completes w by what a row says that the chain is to be merged into: the
// names and usages that its policy asks for, and the version that is in use under
// its name.
func (w Want) Into(it *model.Item) Want {
	if it.Policy != nil {
		w.SANs, w.EKUs = it.Policy.SANs, it.Policy.EKUs
	}
	if c := &it.Certificate; c.Issued {
		w.Live, w.LiveUntil = c.Thumbprint, c.NotAfter
	}
	return w
}

// Role is the place of a certificate in a chain.
type Role string

// The roles of certificates.
const (
	RoleLeaf         Role = "leaf"
	RoleIntermediate Role = "intermediate"
	RoleRoot         Role = "root"
)

// Link is one certificate as it is shown. All text is clean.
type Link struct {
	Role Role
	// Subject and Issuer are distinguished names as RFC 4514 writes them.
	Subject, Issuer string
	// Name is the subject's common name; the whole subject where it has none.
	Name string
	// KeyType is "RSA 2048" or "EC P-256".
	KeyType             string
	NotBefore, NotAfter time.Time
	// Thumbprint is the SHA-1 of the certificate in lower-case hexadecimal, as
	// Key Vault has it.
	Thumbprint string
	// DER is the certificate itself.
	DER []byte
	// Sent tells whether it is in [Verdict.Chain].
	Sent bool
}

// Level says how much a check's result weighs.
type Level uint8

// The levels of a check.
const (
	OK Level = iota
	// Warn is worth a look; the chain can be sent.
	Warn
	// Fail is what the vault must refuse or what would break clients; the chain
	// can't be sent.
	Fail
)

// CheckID names a check, so that a screen can explain it.
type CheckID string

// The checks, in the order in which they are made.
const (
	CheckKey       CheckID = "key"
	CheckRenewal   CheckID = "renewal"
	CheckRefused   CheckID = "refused"
	CheckOrder     CheckID = "order"
	CheckSignature CheckID = "signature"
	CheckGap       CheckID = "gap"
	CheckRoot      CheckID = "root"
	CheckDates     CheckID = "dates"
	CheckLifetime  CheckID = "lifetime"
	CheckNames     CheckID = "names"
	CheckEKU       CheckID = "eku"
	CheckCA        CheckID = "ca"
	CheckPathLen   CheckID = "path length"
	CheckWeak      CheckID = "weak"
)

// Check is the result of one check, in words for a person.
type Check struct {
	Level Level
	ID    CheckID
	Text  string
}

// Verdict is what there is to say of a bundle before it is sent.
type Verdict struct {
	// Links are the chain from the leaf up, also where it can't be sent.
	Links []Link
	// Unused are the certificates that are not of the chain.
	Unused []Link
	Checks []Check
	// Chain is what to send, DER, in the wanted order. It is nil unless OK.
	Chain [][]byte
	// OK is true when no check failed.
	OK bool
}

// Worst is the gravest level of all checks.
func (v *Verdict) Worst() Level {
	worst := OK
	for _, c := range v.Checks {
		worst = max(worst, c.Level)
	}
	return worst
}

// LiveAlready reports whether a check says that the leaf is the version that is in
// use already.
func (v *Verdict) LiveAlready() bool {
	return slices.ContainsFunc(v.Checks, func(c Check) bool { return c.ID == CheckRenewal && c.Level == Fail })
}

// Judge finds the chain for the wanted request among the certificates and says
// what a vault and its clients will make of it.
//
// The leaf is the certificate with the request's public key; of several the
// newest. Where there is none, a leaf is guessed so that something can be
// shown. clean is the cleaner for text out of certificates (text.Clean of
// package backend/text); Judge panics without one.
func Judge(b *Bundle, want Want, clean func(string) string) *Verdict {
	if clean == nil {
		panic("x5c.Judge: no function to clean text with")
	}
	if b == nil {
		b = &Bundle{}
	}
	j := &judge{bundle: b, want: want, clean: clean, verifier: newVerifier()}
	leaf := j.leaf()
	if leaf == nil {
		return &Verdict{Checks: j.checks}
	}
	j.path = j.findPath(leaf)
	if !j.onlyCAs {
		j.check()
	}
	return j.verdict()
}

// judge is one call of [Judge].
type judge struct {
	bundle   *Bundle
	want     Want
	clean    func(string) string
	verifier *verifier
	request  *x509.CertificateRequest // nil where it can't be read

	path []*x509.Certificate // from the leaf up
	// onlyCAs is true where nothing but CA certificates came, none with the
	// request's key: people paste one piece after another.
	onlyCAs bool
	checks  []Check
}

// root is the self-signed end of the path; nil where it has none. A
// self-signed leaf is no root.
func (j *judge) root() *x509.Certificate {
	last := j.path[len(j.path)-1]
	if len(j.path) > 1 && j.verifier.selfSigned(last) {
		return last
	}
	return nil
}

func (j *judge) verdict() *Verdict {
	v := &Verdict{Checks: j.checks}
	v.OK = v.Worst() < Fail
	root := j.root()
	for i, c := range j.path {
		link := j.link(c)
		switch {
		case i == 0 && !j.onlyCAs:
			link.Role = RoleLeaf
		case c == root:
			link.Role = RoleRoot
		}
		link.Sent = v.OK && (c != root || j.want.IncludeRoot)
		if link.Sent {
			v.Chain = append(v.Chain, c.Raw)
		}
		v.Links = append(v.Links, link)
	}
	if j.want.Strategy == RootFirst {
		slices.Reverse(v.Chain)
	}
	for _, c := range j.bundle.Certificates {
		if !slices.Contains(j.path, c) {
			v.Unused = append(v.Unused, j.link(c))
		}
	}
	return v
}

// link describes a certificate; the role is guessed from itself alone.
func (j *judge) link(c *x509.Certificate) Link {
	l := Link{
		Role:       RoleLeaf,
		Subject:    j.clean(c.Subject.String()),
		Issuer:     j.clean(c.Issuer.String()),
		Name:       j.name(c),
		KeyType:    j.clean(KeyType(c.PublicKey)),
		NotBefore:  c.NotBefore,
		NotAfter:   c.NotAfter,
		Thumbprint: thumbprint(c),
		DER:        c.Raw,
	}
	if c.IsCA {
		l.Role = RoleIntermediate
		if string(c.RawSubject) == string(c.RawIssuer) {
			l.Role = RoleRoot
		}
	}
	return l
}

func thumbprint(c *x509.Certificate) string {
	sum := sha1.Sum(c.Raw) //nolint:gosec // see the import
	return hex.EncodeToString(sum[:])
}

// name is what a certificate is called in a sentence.
func (j *judge) name(c *x509.Certificate) string {
	switch {
	case c.Subject.CommonName != "":
		return j.clean(c.Subject.CommonName)
	case len(c.Subject.Names) > 0:
		return j.clean(c.Subject.String())
	case len(c.DNSNames) > 0:
		return j.clean(c.DNSNames[0])
	}
	return "a certificate without a name"
}

func (j *judge) add(level Level, id CheckID, text string) {
	j.checks = append(j.checks, Check{Level: level, ID: id, Text: text})
}
