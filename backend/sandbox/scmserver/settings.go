package scmserver

import (
	"slices"
	"time"
)

// Settings are what can be changed on a running server. The zero value is a
// server that is up to date with itself, tolerant, and lets everything be done.
type Settings struct {
	// Strict refuses members of a body that Sectigo's OpenAPI document does not
	// have, and values of another type than it says. Otherwise unknown members
	// are passed over and "365" is a number, as real clients are served.
	Strict bool
	// ListingDelay is how far the certificate lists lag behind.
	ListingDelay time.Duration
	// ReportDelay is how far the reports lag behind.
	ReportDelay time.Duration
	// IgnoreDateFormat answers dates as MM/dd/yyyy whatever was asked for.
	IgnoreDateFormat bool
	// RenewalKeepsComments gives the renewing order the comments of the renewed
	// one. What the service does is not documented.
	RenewalKeepsComments bool
	// ReplaceStaysIssued leaves the status at Issued while a replacement is on
	// its way, instead of Applied. What the service does is not documented.
	ReplaceStaysIssued bool
	// Denied are the privileges that the administrator lacks.
	Denied []Privilege
	// Restricted stops all orders of the customer (-993).
	Restricted bool
	// PasswordLife is how long a password lives, in whole days; 0 means for
	// ever.
	PasswordLife time.Duration
	// AutoApprove skips Requested, as the autoApproveCertificates privilege
	// does.
	AutoApprove bool
}

// Privilege is what an administrator may do, spelt as
// GET /admin/v1/privileges does.
type Privilege string

// The privileges that gate calls.
const (
	SSLRequest Privilege = "sslRequest"
	SSLRenew   Privilege = "sslRenew"
	SSLReplace Privilege = "sslReplace"
	SSLRevoke  Privilege = "sslRevoke"
	SSLApprove Privilege = "sslApprove"
	SSLManage  Privilege = "sslManage"
	AllowDCV   Privilege = "allowDCV"
)

// actions are the privileges in the words of -3.
var actions = map[Privilege]string{
	SSLRequest: "SSL certificate request", SSLRenew: "SSL certificate renewal", SSLReplace: "SSL certificate replacement",
	SSLRevoke: "SSL certificate revocation", SSLApprove: "SSL certificate approval", SSLManage: "SSL certificate management",
	AllowDCV: "DCV validation",
}

func (s *Settings) allow(p Privilege) *failure {
	if p != "" && slices.Contains(s.Denied, p) {
		return notAuthorized(actions[p])
	}
	return nil
}

// Settings tells how the server is set.
func (s *Server) Settings() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.book.Settings.clone()
}

// SetSettings changes that, from the next request on. It is kept with the
// state.
func (s *Server) SetSettings(settings Settings) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.book.Settings = settings.clone()
	s.saveBook()
}

func (s *Settings) clone() Settings {
	c := *s
	c.Denied = slices.Clone(s.Denied)
	return c
}
