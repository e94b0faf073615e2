package scm

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"certty/backend"
	"certty/model"
)

// Options say which account is meant and how it is reached.
type Options struct {
	// Name is the configured name of the target.
	Name string
	// URL is where the API begins, with its prefix:
	// https://cert-manager.com/api.
	URL string
	// CustomerURI selects the customer's account: the last part of the address
	// people sign in at, https://cert-manager.com/customer/URI. With client
	// credentials it may be "".
	CustomerURI string
	Credential  Credential
	// ReadOnly leaves out every capability that changes something.
	ReadOnly bool
	// Sandbox says that the service is the embedded one.
	Sandbox bool
	// RootCAs are trusted instead of the system's; nil trusts the system's.
	RootCAs *x509.CertPool
	// ReadRootCAs gives RootCAs when the first connection is made. Where it
	// fails, so does the call, with backend.KindLocal; the next call asks again.
	ReadRootCAs func() (*x509.CertPool, error)
	// Proxy chooses the proxy of a call; nil means HTTPS_PROXY and its kin, see
	// [http.ProxyFromEnvironment].
	Proxy func(*http.Request) (*url.URL, error)
	// Wrap puts a transport around the calls of the API, outermost; calls for a
	// token do not pass it. It may refuse a call with a *backend.Error, which
	// then is what the caller gets. See [OnlyReads].
	Wrap func(http.RoundTripper) http.RoundTripper
	// Known gives what was last read of the account: the names of organizations
	// in it stand in for those that an order's details leave out, until the
	// account tells them itself. It is asked once, when the first details were
	// read. Nil knows nothing.
	Known func(context.Context) (model.Account, error)
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log is told of each call at debug level, without anything secret; nil
	// tells nobody.
	Log *slog.Logger
}

// parallel is how many reads are under way at once at most. The service's
// limits are not documented.
const parallel = 4

// Backend is one SCM account. It is safe for use by many goroutines.
type Backend struct {
	info       backend.Info
	base       *url.URL
	credential credential
	client     *http.Client
	now        func() time.Time
	log        *slog.Logger
	// slots are taken by reads while they are under way.
	slots chan struct{}
	// called are the organizations' names, which an order's details leave out.
	called *organizationNames
}

// New makes a backend of an account. It checks the options and touches neither
// network nor files nor credential: those come with the first call.
func New(o Options) (*Backend, error) {
	if o.Name == "" {
		return nil, errors.New("an SCM account needs a name")
	}
	base, err := parseAddress(o.URL)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	b := &Backend{
		info: backend.Info{Name: o.Name, Kind: "scm", Address: base.String(), ReadOnly: o.ReadOnly, Sandbox: o.Sandbox},
		base: base,
		now:  o.Now, log: o.Log,
		slots: make(chan struct{}, parallel), called: &organizationNames{known: o.Known},
	}
	if b.now == nil {
		b.now = time.Now
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	plain := newClient(o)
	if b.credential, err = newCredential(o, plain, b.now); err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	b.client = plain
	if o.Wrap != nil {
		wrapped := *plain
		wrapped.Transport = o.Wrap(plain.Transport)
		b.client = &wrapped
	}
	return b, nil
}

// Info says which account it is.
func (b *Backend) Info() backend.Info { return b.info }

// What an account can't do, and why.
const (
	whyVault     = "a CA account issues certificates on orders; this is for Key Vault"
	whyMerge     = "a CA account has nothing to merge into: it issues the certificate itself"
	whyImport    = "SCM takes no private keys; a certificate without its key is brought in on its own pages"
	whyDeleted   = "SCM keeps no deleted orders"
	whyVersions  = "an order holds one certificate: a renewal is an order of its own, and a replacement takes the old one's place"
	whyLifecycle = "SCM neither disables nor deletes what it issued; a certificate can be revoked"
	whyCatalog   = "issuers and contacts belong to Key Vault; an account has profiles and organizations"
	whyReadOnly  = "this target is read-only here"
)

// Capabilities says what can be done: what an account is for, or reading only.
func (b *Backend) Capabilities() backend.Capabilities {
	c := backend.Capabilities{
		Sweep: b, Read: b, Changes: b, Collect: b, Account: b, Validation: b,
		CreateWhy: whyVault, MergeWhy: whyMerge, DeleteRequestWhy: "an order can't be deleted; one that waits for approval can be declined",
		SweepDeletedWhy: whyDeleted, NewVersionWhy: whyVersions, ImportWhy: whyImport,
		LifecycleWhy: whyLifecycle, VersionsWhy: whyVersions, CatalogWhy: whyCatalog,
	}
	if b.info.ReadOnly {
		c.CancelWhy, c.OrderWhy, c.RenewWhy, c.ReplaceWhy = whyReadOnly, whyReadOnly, whyReadOnly, whyReadOnly
		c.RevokeWhy, c.ApproveWhy, c.RecheckWhy = whyReadOnly, whyReadOnly, whyReadOnly
		return c
	}
	c.Cancel, c.Order, c.Renew, c.Replace = b, b, b, b
	c.Revoke, c.Approve, c.Recheck = b, b, b
	return c
}

// accountRef names the account as a whole.
func (b *Backend) accountRef() model.Ref {
	return model.Ref{Target: b.info.Name, Kind: model.KindCertificate}
}

// row names an order, as an item does.
func (b *Backend) row(id int) model.Ref {
	return model.Ref{Target: b.info.Name, Kind: model.KindCertificate, Key: strconv.Itoa(id)}
}

// orderPage is the news that orders were read.
func orderPage(at time.Time, items ...model.Item) model.Page {
	return model.Page{Fields: model.FieldOrder, AsOf: at, Items: items}
}
