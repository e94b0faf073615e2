package scmserver

import (
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Status is where an order stands, spelt as the service does.
type Status string

// The statuses of SSL certificates ("Understanding SSL certificates" in
// Sectigo's documents, and the filter of the certificate list).
const (
	StatusInit       Status = "Init"
	StatusInvalid    Status = "Invalid"
	StatusRequested  Status = "Requested"
	StatusSAApproved Status = "SA Approved"
	StatusApproved   Status = "Approved"
	StatusDeclined   Status = "Declined"
	StatusApplied    Status = "Applied"
	StatusIssued     Status = "Issued"
	StatusRevoked    Status = "Revoked"
	StatusExpired    Status = "Expired"
	StatusReplaced   Status = "Replaced"
	StatusRejected   Status = "Rejected"
)

// The ways by which an order came, spelt as the service does.
const (
	ViaAPI        = "REST API"
	ViaForm       = "Enrollment Form"
	ViaAdmin      = "Client Admin"
	ViaDiscovery  = "Discovery"
	ViaImport     = "Imported"
	vendorSectigo = "Sectigo"
)

// order is an order and, once issued, its certificate: in SCM they are one.
type order struct {
	ID int
	// RenewID is told at enroll and nowhere else.
	RenewID                         string
	OrgID, ProfileID, Term          int
	CommonName                      string
	Names                           []string // without the common name unless asked for
	CSR                             []byte   // DER; empty for what was not ordered here
	Comments, ExternalRequester     string
	CustomFields                    []customValue
	Requester, Approver, Via, Owner string
	// EnrolledWith are the comments that it was enrolled with over the API; nil
	// for everything else.
	EnrolledWith *string `json:",omitempty"`
	// RenewalOf is the order that it renews.
	RenewalOf int `json:",omitempty"`

	// Status is as of the last look; Expired is never kept, it follows from the
	// certificate.
	Status Status
	// BackendID is the CA's number, given when the order is applied.
	BackendID int64

	Requested, Approved, Declined, Issued, Revoked, ReplaceAsked, Replaced, RenewedDate time.Time
	// Asked is when somebody or something last set the order going; the delays
	// of its behaviour count from there.
	Asked   time.Time
	Reason  string // of the revocation
	Message string `json:",omitempty"` // of who approved or declined
	Renewed bool

	// Behaviour is what its profile did with orders when it was made.
	Behaviour Behaviour
	// Validations are the names that wait for their own DCV.
	Validations []orderDCV `json:",omitempty"`
	DCVMode     string     `json:",omitempty"`

	// Chain is the certificate with its issuers in DER, leaf first; empty until
	// it is issued.
	Chain [][]byte
	// Former are certificates that were replaced; FormerName and FormerNames
	// are the last one's.
	Former      [][]byte `json:",omitempty"`
	FormerName  string   `json:",omitempty"`
	FormerNames []string `json:",omitempty"`
	// Replacement waits for the CA.
	Replacement *replacement `json:",omitempty"`

	AutoRenew            autoRenew
	SuspendNotifications bool
	Locations            []location `json:",omitempty"`
	// Dates are answered instead of the true ones, by the names of details'
	// members. Only a scenario has them.
	Dates map[string]string `json:",omitempty"`

	leaf *x509.Certificate // Chain[0], parsed once
}

type customValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type autoRenew struct {
	State string `json:"state"`
	Days  int    `json:"daysBeforeExpiration,omitempty"`
}

type location struct {
	ID      int               `json:"id"`
	Type    string            `json:"locationType"`
	Name    string            `json:"name"`
	Details map[string]string `json:"details"`
}

// replacement is what was asked for in place of a certificate.
type replacement struct {
	CommonName string
	Names      []string
	CSR        []byte
	Due        time.Time
}

// certificate is the order's leaf; nil until it is issued. The caller holds
// s.mu.
func (o *order) certificate() *x509.Certificate {
	if o.leaf == nil && len(o.Chain) > 0 {
		// It was issued or checked by this server.
		o.leaf, _ = x509.ParseCertificate(o.Chain[0])
	}
	return o.leaf
}

func (o *order) setChain(chain [][]byte) { o.Chain, o.leaf = chain, nil }

// allNames are the common name and the alternative names, each once.
func (o *order) allNames() []string { return withCommonName(o.CommonName, o.Names) }

func withCommonName(common string, names []string) []string {
	all := make([]string, 0, len(names)+1)
	for _, name := range append([]string{common}, names...) {
		if name != "" && !slices.ContainsFunc(all, func(have string) bool { return strings.EqualFold(have, name) }) {
			all = append(all, name)
		}
	}
	return all
}

// as is the order as it was at t: what came later has not happened yet, for
// lists and reports that lag behind. It is nil where there was none, and o
// itself where nothing has happened since.
func (o *order) as(t time.Time) *order {
	if o.Requested.After(t) {
		return nil
	}
	if !slices.ContainsFunc([]time.Time{o.Approved, o.Declined, o.Issued, o.Revoked, o.ReplaceAsked, o.Replaced, o.RenewedDate}, t.Before) {
		return o
	}
	copied := *o
	past := &copied
	for _, at := range []*time.Time{&past.Approved, &past.Declined, &past.Issued, &past.Revoked, &past.ReplaceAsked, &past.Replaced, &past.RenewedDate} {
		if at.After(t) {
			*at = time.Time{}
		}
	}
	switch {
	case !past.Revoked.Equal(o.Revoked):
		past.Status, past.Reason = StatusIssued, ""
	case !past.ReplaceAsked.Equal(o.ReplaceAsked):
		past.Status = StatusIssued
	}
	if n := len(o.Former); !past.Replaced.Equal(o.Replaced) && n > 0 {
		past.setChain(append([][]byte{o.Former[n-1]}, o.Chain[1:]...))
		past.CommonName, past.Names = o.FormerName, o.FormerNames
	}
	switch {
	case !past.Issued.Equal(o.Issued):
		past.setChain(nil)
		past.Status = StatusApplied
		if past.Approved.IsZero() && o.Behaviour.Approval {
			past.Status = StatusRequested
		}
	case !past.Declined.Equal(o.Declined), !past.Approved.Equal(o.Approved):
		past.Status = StatusRequested
	}
	return past
}

// statusAt is the status that is shown: an issued certificate expires by
// itself.
func (o *order) statusAt(now time.Time) Status {
	if cert := o.certificate(); o.Status == StatusIssued && cert != nil && now.After(cert.NotAfter) {
		return StatusExpired
	}
	return o.Status
}

// external reports whether a certificate was issued elsewhere.
func (o *order) external() bool { return o.Via == ViaImport || o.Via == ViaDiscovery }

// colons writes a serial number as SCM does: upper-case hex, a colon between
// bytes.
func colons(serial *big.Int) string {
	b := serial.Bytes()
	parts := make([]string, len(b))
	for i := range b {
		parts[i] = strings.ToUpper(hex.EncodeToString(b[i : i+1]))
	}
	return strings.Join(parts, ":")
}

// sameSerial compares a serial number as somebody wrote it, with colons or
// without, with zeros in front or without.
func sameSerial(said string, serial *big.Int) bool {
	hexDigits := strings.TrimPrefix(strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(said)), "0x")
	n, ok := new(big.Int).SetString(hexDigits, 16)
	return ok && n.Cmp(serial) == 0
}
