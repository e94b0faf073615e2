package vaultserver

import (
	"crypto"
	"crypto/sha1" //nolint:gosec // Key Vault names certificates by their SHA-1 thumbprint
	"crypto/x509"
	"encoding/base64"
	"time"
)

// The states of a pending request, spelt as recorded.
const (
	statusInProgress = "inProgress"
	statusCompleted  = "completed"
	statusCancelled  = "cancelled"
	statusFailed     = "failed"
)

// object is a certificate object: what stands under one name.
type object struct {
	Name string
	// Policy is the stored one, with all defaults filled in and without id and
	// attributes.
	Policy                       Policy
	PolicyCreated, PolicyUpdated time.Time
	// Placeholder is the version that a pending-only certificate shows; nil
	// once a version was issued.
	Placeholder *version
	// Versions were issued; the newest is last.
	Versions []*version
	// Pending is the pending object; nil when there is none. It stays after
	// the request has ended until somebody deletes it.
	Pending *operation
	// Coming is a request by which another client will replace the pending one
	// at the moment it was created, if that one is still in progress then. Only
	// a scenario plans such a thing.
	Coming *operation `json:",omitempty"`
	// Deletion is nil for a live object.
	Deletion *deletion `json:",omitempty"`
}

// version is one version of a certificate.
type version struct {
	ID      string
	Enabled bool
	// NotBefore and Expires are what the attributes say; for a placeholder
	// they are no certificate's.
	NotBefore, Expires, Created, Updated time.Time
	Tags                                 map[string]string
	// Leaf is the certificate in DER, empty for a placeholder; Above are the
	// certificates that were merged or issued with it.
	Leaf  []byte
	Above [][]byte
	// Key is the private key as PKCS#8.
	Key               []byte
	PreserveCertOrder *bool
}

// operation is a pending request.
type operation struct {
	RequestID       string
	Issuer          IssuerParameters
	CSR             []byte
	Key             []byte // PKCS#8
	Created         time.Time
	Status          string
	CancelRequested bool
	ErrorCode       string
	ErrorMessage    string
	// Due is when the issuer answers; zero when nobody will.
	Due time.Time
	// CancelDue is when an asked cancellation takes effect.
	CancelDue time.Time
	// Refusal is what the issuer will answer when it is due, if not a
	// certificate.
	RefusalCode, RefusalMessage string
	// Enabled, Tags and PreserveCertOrder are for the version to come.
	Enabled           bool
	Tags              map[string]string
	PreserveCertOrder *bool
}

// current is the version that the name alone stands for.
func (o *object) current() *version {
	if n := len(o.Versions); n > 0 {
		return o.Versions[n-1]
	}
	return o.Placeholder
}

func (o *object) version(id string) *version {
	for _, v := range o.Versions {
		if v.ID == id {
			return v
		}
	}
	if o.Placeholder != nil && o.Placeholder.ID == id {
		return o.Placeholder
	}
	return nil
}

func (v *version) issued() bool { return len(v.Leaf) > 0 }

// thumbprint is x5t: the SHA-1 of the certificate in base64url without padding
// (RFC 7517 §4.8).
func (v *version) thumbprint() string {
	if !v.issued() {
		return ""
	}
	sum := sha1.Sum(v.Leaf) //nolint:gosec // it is a name, not a proof
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (op *operation) inProgress() bool { return op.Status == statusInProgress }

func (op *operation) signer() (crypto.Signer, error) { return parseKey(op.Key) }

func (op *operation) request() (*x509.CertificateRequest, error) {
	return x509.ParseCertificateRequest(op.CSR)
}
