package model

import (
	"strings"
	"time"
)

// Certificate is what is known of a certificate object: what a list tells
// (attributes, thumbprint, subject, tags), and, once it was read, its content.
type Certificate struct {
	// Version is the id of the current version; "" while only a list was read
	// that does not tell it.
	Version string
	// Issued is false for a pending-only certificate: an object that has no
	// version with a certificate in it. Its dates are placeholders of the
	// service and must not be shown.
	Issued  bool
	Enabled bool
	// Subject is the distinguished name as the service writes it.
	Subject string
	// Thumbprint is the SHA-1 thumbprint in lower-case hexadecimal; "" when
	// nothing was issued.
	Thumbprint                            string
	NotBefore, NotAfter, Created, Updated time.Time
	Tags                                  map[string]string
	// RecoveryLevel says what the vault does with what is deleted (Key Vault
	// REST, DeletionRecoveryLevel), and RecoverableDays for how many days it can
	// be recovered. Lists of live certificates tell neither: "" and 0 until the
	// certificate was read.
	RecoveryLevel   string
	RecoverableDays int

	// The rest is known only after the certificate itself was read.

	// DER is the leaf certificate (X.509, RFC 5280); nil until read.
	DER []byte
	// Issuer is the distinguished name of who signed it.
	Issuer string
	// Serial is the serial number as SerialText writes it.
	Serial string
	SANs   SANs
	// KeyType is "RSA 2048" or "EC P-256": type and size in one word each.
	KeyType string
}

// Lifetime is the whole span the certificate is valid for; 0 when nothing was
// issued, when the dates make no sense, or when one of them is not told.
func (c *Certificate) Lifetime() time.Duration {
	if !c.Issued || c.NotBefore.IsZero() || !c.NotAfter.After(c.NotBefore) {
		return 0
	}
	return c.NotAfter.Sub(c.NotBefore)
}

// LifeLeft is the share of the lifetime that is left at now, between 0 and 1.
// ok is false when there is no lifetime to speak of.
func (c *Certificate) LifeLeft(now time.Time) (share float64, ok bool) {
	life := c.Lifetime()
	if life == 0 {
		return 0, false
	}
	left := c.NotAfter.Sub(now)
	return min(1, max(0, float64(left)/float64(life))), true
}

// SANs are the subject alternative names of RFC 5280 §4.2.1.6 that Key Vault
// knows, each kind on its own.
type SANs struct {
	DNS    []string
	Emails []string
	UPNs   []string
	URIs   []string
	IPs    []string
}

// All lists every name of every kind, DNS names first.
func (s SANs) All() []string {
	all := make([]string, 0, s.Len())
	for _, names := range [][]string{s.DNS, s.Emails, s.UPNs, s.URIs, s.IPs} {
		all = append(all, names...)
	}
	return all
}

// Len counts the names of every kind.
func (s SANs) Len() int {
	return len(s.DNS) + len(s.Emails) + len(s.UPNs) + len(s.URIs) + len(s.IPs)
}

// Words lists the names by their kind, for people.
func (s SANs) Words() string {
	var parts []string
	for _, kind := range []struct {
		word  string
		names []string
	}{{"DNS", s.DNS}, {"e-mail", s.Emails}, {"UPN", s.UPNs}, {"URI", s.URIs}, {"IP", s.IPs}} {
		if len(kind.names) > 0 {
			parts = append(parts, kind.word+" "+strings.Join(kind.names, ", "))
		}
	}
	return strings.Join(parts, "; ")
}
