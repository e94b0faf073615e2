package model

import (
	"strings"
	"testing"
	"time"
)

// TestVaultMoves: what the state of a certificate and its request allows.
func TestVaultMoves(t *testing.T) {
	read := time.Unix(1, 0)
	manual := func(p Phase) *Request { return &Request{Phase: p, Issuer: Issuer{Name: IssuerUnknown}} }
	ordered := func(p Phase) *Request { return &Request{Phase: p, Issuer: Issuer{Name: "DigiCert"}} }
	deleted := &Deletion{PurgeAt: time.Date(2027, 2, 3, 12, 0, 0, 0, time.Local)}
	moves := map[string]func(*Item) string{
		"update": (*Item).WhyNotLive, "request": (*Item).WhyNoRequest, "merge": (*Item).WhyNotMerged, "enable": (*Item).WhyNotEnabled,
		"delete": (*Item).WhyNotDeleted, "recover": (*Item).WhyNotRecovered, "purge": (*Item).WhyNotPurged,
	}
	for _, tt := range []struct {
		name string
		it   Item
		// can are the moves that are allowed, says is in the reason of another.
		can, move, says string
	}{
		{"a new one whose request was not read", Item{}, "update delete", "request", "not read yet"},
		{"without a request", Item{RequestReadAt: read}, "update delete", "merge", "no request"},
		{"a manual request", Item{RequestReadAt: read, Request: manual(PhaseInProgress)}, "update delete request merge", "enable", NotIssued},
		{"an issuer's request", Item{Request: ordered(PhaseInProgress)}, "update delete request", "merge", "issuer DigiCert works on it"},
		{"an issuer's request that failed", Item{Request: ordered(PhaseFailed)}, "update delete request merge", "", ""},
		{"a completed one", Item{Certificate: Certificate{Issued: true}, Request: manual(PhaseCompleted)}, "update delete request enable", "merge", "completed already"},
		{"a request that is gone", Item{Request: &Request{Gone: true}}, "update delete", "merge", "gone"},
		{"a deleted one", Item{Deletion: deleted, Request: manual(PhaseInProgress)}, "recover purge", "merge", "recover it first"},
		{"a deleted one under protection", Item{Deletion: deleted, Certificate: Certificate{RecoveryLevel: "Recoverable"}}, "recover", "purge", "on 2027-02-03 12:00 "},
		{"a purged one", Item{Deletion: &Deletion{Purged: true}}, "", "recover", "purged"},
	} {
		for name, why := range moves {
			got := why(&tt.it)
			if can := strings.Contains(" "+tt.can+" ", " "+name+" "); can != (got == "") {
				t.Errorf("%s: %s is refused with %q", tt.name, name, got)
			}
			if name == tt.move && !strings.Contains(got, tt.says) {
				t.Errorf("%s: %s is refused with %q", tt.name, name, got)
			}
		}
	}
}
