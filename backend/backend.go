package backend

import (
	"context"
	"iter"

	"certty/model"
)

// Info says which target a backend talks to.
type Info struct {
	// Name is the configured name, unique among the targets.
	Name string
	// Kind is the kind of target, "vault" or "scm".
	Kind string
	// Address is where it is, for people: the vault's or the account's URL.
	Address string
	// ReadOnly is true when nothing but reads can reach the service.
	ReadOnly bool
	// Sandbox is true when the service is the embedded one.
	Sandbox bool
}

// Backend is one target.
type Backend interface {
	Info() Info
	Capabilities() Capabilities
}

// Capabilities is what a backend can do. A nil field means it can't, and the
// field's Why says the reason, in words for the person.
type Capabilities struct {
	Sweep    Sweeper
	SweepWhy string

	Read    Reader
	ReadWhy string

	Create    Creator
	CreateWhy string

	Cancel    Canceler
	CancelWhy string

	Merge    Merger
	MergeWhy string

	DeleteRequest    RequestDeleter
	DeleteRequestWhy string

	// SweepDeleted lists the soft-deleted certificates.
	SweepDeleted    Sweeper
	SweepDeletedWhy string

	NewVersion    VersionMaker
	NewVersionWhy string

	Import    Importer
	ImportWhy string

	Lifecycle    Lifecycle
	LifecycleWhy string

	Versions    VersionReader
	VersionsWhy string

	Catalog    Cataloger
	CatalogWhy string

	// The rest is what CA accounts can do; see order.go.

	// Changes reads only what changed since the last sweep.
	Changes    ChangeReader
	ChangesWhy string

	Order    Orderer
	OrderWhy string

	Renew    Renewer
	RenewWhy string

	Replace    Replacer
	ReplaceWhy string

	Revoke    Revoker
	RevokeWhy string

	Approve    Approver
	ApproveWhy string

	Collect    Collector
	CollectWhy string

	Account    AccountReader
	AccountWhy string

	Validation    Validator
	ValidationWhy string

	Recheck    Rechecker
	RecheckWhy string
}

// Sweeper lists everything a target holds.
type Sweeper interface {
	// Sweep yields pages of model.FieldListing as they arrive. The last page
	// carries a Summary. An error ends the sequence; what was yielded before
	// it stays true. Sweep never reads requests: a list does not tell their
	// state.
	Sweep(ctx context.Context) iter.Seq2[model.Page, error]
}

// Reader reads one thing.
type Reader interface {
	// Read reads what ref names. For a model.KindRequest the page holds one
	// item with model.FieldRequest, whose Request is nil when the service
	// knows none (that is no error). With a revision in ref only that request
	// is meant; another one under the name counts as none. For a
	// model.KindCertificate the page holds one item with FieldCertificate and
	// FieldPolicy; a certificate that does not exist is a NotFound error. At a
	// CA account either kind reads the order, with model.FieldOrder.
	Read(ctx context.Context, ref model.Ref) (model.Page, error)
}

// Change is what a changing call returns: the news it brought, and the
// service's own id of the call for the journal.
type Change struct {
	Page model.Page
	// ServiceRequestID is what the service calls the call (x-ms-request-id);
	// support asks for it.
	ServiceRequestID string
}

// Creator creates certificates.
type Creator interface {
	// Create asks for a certificate, or for a new version of one. The page
	// holds its request. A request in progress under the name is a State error
	// of StatePending.
	Create(ctx context.Context, spec model.CreateSpec) (Change, error)
}

// CancelWay says what cancelling means for a request.
type CancelWay string

// The ways of cancelling.
const (
	// CancelAsk asks the service, which answers later.
	CancelAsk CancelWay = "ask"
	// CancelDecline declines an order that waits for approval.
	CancelDecline CancelWay = "decline"
	// CancelRevoke means that only a revocation is left, which is an action of
	// its own: [Revoker].
	CancelRevoke CancelWay = "revoke"
	// CancelDelete deletes the account's record of a certificate that was
	// imported or discovered.
	CancelDelete CancelWay = "delete"
	// CancelImpossible means that nothing is left to cancel, or nothing can be.
	CancelImpossible CancelWay = "impossible"
)

// CancelPlan says what a cancellation would do, before anything is sent.
type CancelPlan struct {
	Way CancelWay
	// Effect says what happens and what does not, in words for the person;
	// where Way is CancelImpossible it says why.
	Effect string
}

// Canceler cancels requests.
type Canceler interface {
	// PlanCancel decides from what is known of the item what cancelling its
	// request would mean. It sends nothing.
	PlanCancel(item *model.Item) CancelPlan
	// Cancel cancels the request that ref names, by its revision: another
	// request that took the name meanwhile is left alone, as a Gone error. A
	// request that is not in progress any more is a State error of
	// StateTooLate.
	Cancel(ctx context.Context, ref model.Ref) (Change, error)
}

// Merger completes a manual request with its signed certificate.
type Merger interface {
	// Merge sends the chain (DER, leaf first) for the request that ref names.
	// The request is read again just before; when its revision is another one
	// or it is gone, nothing is sent and a Gone error is returned. The page
	// holds the new version, read back.
	Merge(ctx context.Context, ref model.Ref, chain [][]byte) (Change, error)
}

// RequestDeleter deletes pending requests.
type RequestDeleter interface {
	// DeleteRequest deletes the request object that ref names, by its
	// revision. The certificate object and its name remain, and an order at a
	// CA may go on.
	DeleteRequest(ctx context.Context, ref model.Ref) (Change, error)
}

// VersionMaker renews.
type VersionMaker interface {
	// NewVersion asks for a new version of the certificate that ref names from
	// the policy that is stored with it. It sends no policy: one that is sent
	// replaces the stored one. Errors are those of Creator.
	NewVersion(ctx context.Context, ref model.Ref) (Change, error)
}

// Importer brings a certificate with its private key into a vault.
type Importer interface {
	// Import sends the bundle. Its password is sent to the vault and kept
	// nowhere. Errors are those of Creator; a bundle that the service can't
	// read, or a wrong password, is Invalid.
	Import(ctx context.Context, spec model.ImportSpec) (Change, error)
}

// Lifecycle changes certificates that exist.
type Lifecycle interface {
	// Update enables, disables or re-tags the version that ref names, the
	// current one where ref has no revision. What is nil stays as it is. When
	// the tags are others by now than the update says, nothing is sent and a
	// Conflict error is returned.
	Update(ctx context.Context, ref model.Ref, update model.Update) (Change, error)
	// UpdatePolicy changes the stored policy. Only what differs between was and
	// want is sent; was is what the person saw. When the stored policy is
	// another one by now, nothing is sent and a Conflict error is returned.
	UpdatePolicy(ctx context.Context, ref model.Ref, was, want model.Policy) (Change, error)
	// Delete soft-deletes the certificate with every version, and the key and
	// the secret of the same name. The page carries model.FieldDeleted.
	Delete(ctx context.Context, ref model.Ref) (Change, error)
	// Recover brings a soft-deleted certificate back. Reads may lag behind it.
	Recover(ctx context.Context, ref model.Ref) (Change, error)
	// Purge destroys a soft-deleted certificate for good.
	Purge(ctx context.Context, ref model.Ref) (Change, error)
}

// VersionReader reads what existed before the current version.
type VersionReader interface {
	// Versions lists the versions of the certificate that ref names, newest
	// first, with what a list tells of each.
	Versions(ctx context.Context, ref model.Ref) ([]model.Certificate, error)
	// Version reads the version that ref's revision names; the current one
	// where it has none.
	Version(ctx context.Context, ref model.Ref) (model.Certificate, error)
}

// Cataloger lists what certificates can be asked with.
type Cataloger interface {
	// Issuers lists the issuers that are set up in the vault.
	Issuers(ctx context.Context) ([]model.IssuerInfo, error)
	// Contacts lists who is told about certificates of the vault; none is no
	// error.
	Contacts(ctx context.Context) ([]model.Contact, error)
}
