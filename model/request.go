package model

import (
	"strings"
	"time"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

// Phase is how far a pending request got.
type Phase uint8

// The phases of a pending request. A status this program does not know is
// PhaseUnknown: it is shown as it came and never taken for finished.
const (
	PhaseUnknown Phase = iota
	PhaseInProgress
	PhaseCompleted
	PhaseCancelled
	PhaseFailed
)

// ParsePhase reads a status as the service writes it. Documents and recordings
// differ in spelling (cancelled and canceled, completed and complete, any
// case), so the comparison is loose.
func ParsePhase(status string) Phase {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "inprogress", "in progress":
		return PhaseInProgress
	case "completed", "complete":
		return PhaseCompleted
	case "cancelled", "canceled":
		return PhaseCancelled
	case "failed":
		return PhaseFailed
	default:
		return PhaseUnknown
	}
}

// Final reports whether the request will not move any more by itself. Even
// then another client may delete or replace it.
func (p Phase) Final() bool {
	return p == PhaseCompleted || p == PhaseCancelled || p == PhaseFailed
}

// Request is a pending certificate request (in Key Vault: a certificate
// operation) as it was last read.
type Request struct {
	// ID is the service's request_id; "" where the service does not tell it.
	ID string
	// Status is the status as the service spells it.
	Status string
	// Phase is Status, understood.
	Phase Phase
	// Details is the service's remark on the status.
	Details string
	// CancelAsked is true once cancellation was asked for; the request may
	// still complete.
	CancelAsked bool
	// ErrorCode and ErrorMessage say why it failed.
	ErrorCode    string
	ErrorMessage string
	Issuer       Issuer
	// CSR is the PKCS#10 certificate request (RFC 2986) in DER; nil where the
	// service told none, and where only its key was kept.
	CSR []byte
	// KeyID names the public key of a CSR that was left out to save memory, as
	// x5c.PublicKeyID does; "" otherwise. A read on a person's wish brings the CSR
	// back.
	KeyID string
	// Target is where a completed request's certificate is.
	Target string
	// PreserveCertOrder says whether the vault keeps the order in which a chain
	// is merged; nil where the service does not tell (Key Vault REST,
	// CertificateOperation, since api-version 7.6).
	PreserveCertOrder *bool
	// RetryAfter is how long the service asks to wait before the next look; 0
	// where it does not say.
	RetryAfter time.Duration

	// The rest is not the service's: it is what was seen from here.

	// SeenAt is when this phase of this request was first seen from here.
	SeenAt time.Time
	// Since is when the phase began, which is SeenAt where the request was known
	// before. It is zero for a request that stood so when it was asked for the
	// first time: the service does not tell how long it had stood so.
	Since time.Time
	// Gone is true when the service no longer knows the request; the other
	// fields are its last known state.
	Gone bool
	// Replaced is the id of the request that stood here before and was
	// overwritten by this one without having ended as far as was seen from
	// here; "" otherwise. This request is then somebody else's.
	Replaced string
}

// Manual reports whether a person has to have the CSR signed and merge.
func (r *Request) Manual() bool { return r.Issuer.Manual() }

// Open reports whether the request is in progress as far as is known: it can
// still be merged, cancelled or completed.
func (r *Request) Open() bool {
	return r != nil && !r.Gone && (r.Phase == PhaseInProgress || r.Phase == PhaseUnknown)
}

// firstSeen is SeenAt; in values from before that was kept Since tells it.
func (r *Request) firstSeen() time.Time {
	if r.SeenAt.IsZero() {
		return r.Since
	}
	return r.SeenAt
}

// IssuerErrorCode and RejectedCode are the two error codes of a failed request
// that Key Vault documents: the first is the CA's side, the second the
// request's.
const (
	IssuerErrorCode = "Certificate issuer error"
	RejectedCode    = "Request rejected"
)
