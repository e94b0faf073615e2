package vault

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	azlog "github.com/Azure/azure-sdk-for-go/sdk/azcore/log"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// Options say which vault is meant and how it is reached.
type Options struct {
	// Name is the configured name of the target.
	Name string
	// URL is the vault's, https://NAME.vault.azure.net or of another cloud.
	URL string
	// ReadOnly leaves out every capability that changes something.
	ReadOnly bool
	// Sandbox says that the service is the embedded one.
	Sandbox bool
	// APIVersion is Key Vault's api-version; "" is the one that the library
	// was made for.
	APIVersion string
	// VerbOverride is the header that names the verb of calls that are sent as
	// POST in place of PATCH and DELETE, for networks that block these; "" sends
	// the verbs themselves. Key Vault's documents write X-HTTP-METHOD, and
	// X-HTTP-REQUEST in another place.
	VerbOverride string
	Credential   Credential
	// RootCAs are trusted instead of the system's; nil trusts the system's.
	RootCAs *x509.CertPool
	// ReadRootCAs gives RootCAs when the first connection is made. Where it
	// fails, so does the call, with backend.KindLocal; the next call asks again.
	ReadRootCAs func() (*x509.CertPool, error)
	// Proxy chooses the proxy of a call; nil means HTTPS_PROXY and its kin, see
	// [http.ProxyFromEnvironment].
	Proxy func(*http.Request) (*url.URL, error)
	// Wrap puts a transport around the calls to the vault, outermost; calls
	// for a token do not pass it. It may refuse a call with a *backend.Error,
	// which then is what the caller gets.
	Wrap func(http.RoundTripper) http.RoundTripper
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Vault is one Azure Key Vault. It is safe for use by many goroutines.
type Vault struct {
	info       backend.Info
	host       string
	apiVersion string
	client     *azcertificates.Client
	credential *credential
	now        func() time.Time
	reads      policy.RetryOptions
}

// silence keeps the library from printing over the screen, which the variable
// AZURE_SDK_GO_LOGGING would make it do, and from writing down every call for a
// listener that throws it away.
var silence = sync.OnceFunc(func() {
	azlog.SetListener(func(azlog.Event, string) {})
	azlog.SetEvents("none")
})

// New makes a backend of a vault. It checks the options and touches neither
// network nor files nor credential: those come with the first call.
func New(o Options) (*Vault, error) {
	silence()
	if o.Name == "" {
		return nil, errors.New("a vault needs a name")
	}
	addr, err := parseAddress(o.URL)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	if err := checkVerbOverride(o.VerbOverride); err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	cred, err := newCredential(o, addr)
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	calls := newClient(o)
	calls.Timeout = 0 // tryPolicy bounds them
	if o.Wrap != nil {
		calls.Transport = o.Wrap(calls.Transport)
	}
	client, err := azcertificates.NewClient(addr.base, cred, &azcertificates.ClientOptions{
		ClientOptions: azcore.ClientOptions{
			APIVersion:       o.APIVersion,
			Transport:        calls,
			PerCallPolicies:  []policy.Policy{tripPolicy{}, verbPolicy{o.VerbOverride}},
			PerRetryPolicies: []policy.Policy{tryPolicy{}},
			Telemetry:        policy.TelemetryOptions{ApplicationID: "certty"},
		},
		// The check wants the vault's host under the domain that the challenge
		// names, which no loopback server can satisfy.
		DisableChallengeResourceVerification: addr.loopback,
	})
	if err != nil {
		return nil, fmt.Errorf("target %s: %w", o.Name, err)
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return &Vault{
		info:       backend.Info{Name: o.Name, Kind: "vault", Address: addr.base, ReadOnly: o.ReadOnly, Sandbox: o.Sandbox},
		host:       addr.host,
		apiVersion: o.APIVersion,
		client:     client,
		credential: cred,
		now:        now,
		reads:      readRetries(),
	}, nil
}

// Info says which vault it is.
func (v *Vault) Info() backend.Info { return v.info }

// whyAccount is why a vault does not do what CA accounts do.
const whyAccount = "a vault places no orders; this is for CA accounts"

// Capabilities says what can be done: everything, or reading only.
func (v *Vault) Capabilities() backend.Capabilities {
	c := backend.Capabilities{
		Sweep: v, Read: v, SweepDeleted: deletedSweeper{v}, Versions: v, Catalog: v,
		ChangesWhy: whyAccount, OrderWhy: whyAccount, RenewWhy: whyAccount, ReplaceWhy: whyAccount, RevokeWhy: whyAccount,
		ApproveWhy: whyAccount, CollectWhy: whyAccount, AccountWhy: whyAccount, ValidationWhy: whyAccount, RecheckWhy: whyAccount,
	}
	if v.info.ReadOnly {
		const why = "this target is read-only here"
		c.CreateWhy, c.CancelWhy, c.MergeWhy, c.DeleteRequestWhy = why, why, why, why
		c.NewVersionWhy, c.ImportWhy, c.LifecycleWhy = why, why, why
		return c
	}
	c.Create, c.Cancel, c.Merge, c.DeleteRequest = v, v, v, v
	c.NewVersion, c.Import, c.Lifecycle = v, v, v
	return c
}

// requestPage is the news that a request was read: nil when there is none.
func (v *Vault) requestPage(name string, r *model.Request, at time.Time) model.Page {
	return model.Page{
		Fields: model.FieldRequest,
		AsOf:   at,
		Items:  []model.Item{{Ref: v.certificateRef(name), Request: r}},
	}
}

func (v *Vault) certificateRef(name string) model.Ref {
	return model.Ref{Target: v.info.Name, Kind: model.KindCertificate, Key: name}
}

func (v *Vault) requestRef(name, id string) model.Ref {
	return model.Ref{Target: v.info.Name, Kind: model.KindRequest, Key: name, Revision: id}
}
