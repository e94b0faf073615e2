package model

// Kind says what a [Ref] names.
type Kind string

// The kinds of things a backend holds.
const (
	// KindCertificate is a certificate object of a vault, named by its name;
	// its revision is a version.
	KindCertificate Kind = "certificate"
	// KindRequest is the pending request (a Key Vault "certificate operation")
	// under a certificate's name; its revision is the service's request_id.
	KindRequest Kind = "request"
)

// Ref names one thing in one target. It is comparable, so cursor, marks and
// maps go by Ref and never by position.
type Ref struct {
	// Target is the configured name of the vault or account.
	Target string
	// Kind says what Key names.
	Kind Kind
	// Key is the name within the target: a certificate's name in Key Vault.
	Key string
	// Revision is a request id or a version. It is opaque to the screen. An
	// answer with another revision under the same key means that the thing was
	// superseded.
	Revision string
}

// Row is the ref of the row that shows r: the certificate of that name,
// whatever its revision.
func (r Ref) Row() Ref { return Ref{Target: r.Target, Kind: KindCertificate, Key: r.Key} }

// String is for logs and errors: target/key, and the revision where there is one.
func (r Ref) String() string {
	s := r.Target
	if r.Key != "" {
		s += "/" + r.Key
	}
	if r.Revision != "" {
		s += "@" + r.Revision
	}
	return s
}
