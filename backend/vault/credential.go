package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"certty/backend"
)

// CredentialKind says where tokens come from.
type CredentialKind string

// The kinds of credentials.
const (
	// CredentialDefault tries environment, workload identity, managed identity
	// and the developer tools in azidentity's order. It is what "" means.
	CredentialDefault CredentialKind = "default"
	// CredentialEnvironment takes AZURE_TENANT_ID, AZURE_CLIENT_ID and the
	// secret or certificate that the environment names.
	CredentialEnvironment CredentialKind = "environment"
	// CredentialAzureCLI asks the az command, in the cloud that az is set to.
	CredentialAzureCLI CredentialKind = "azure-cli"
	// CredentialClientSecret is a service principal with a secret.
	CredentialClientSecret CredentialKind = "client-secret"
)

// Credential says how tokens are got. The secret itself comes by a function,
// called when the first token is needed.
type Credential struct {
	Kind CredentialKind
	// TenantID is the tenant's id or domain. The vault's challenge names the
	// tenant that the token must be from; a credential that is set to another
	// one fails, and the error says so.
	TenantID string
	ClientID string
	// Secret gives the client secret, for CredentialClientSecret only.
	Secret func(context.Context) (string, error)
	// Authority is the https URL of who gives out tokens; "" is that of the
	// vault's cloud, public where that can't be told.
	Authority string
}

// knownAuthorities publish the instance discovery document that makes the
// library trust an authority; any other is taken as configured.
var knownAuthorities = []string{
	"login.microsoftonline.com", "login.windows.net", "login.chinacloudapi.cn",
	"login.partner.microsoftonline.cn", "login.microsoftonline.us",
}

// credential makes azidentity's credential when the first token is needed, so
// that starting costs nothing and a secret is asked for only where it is used.
type credential struct {
	set     Credential
	options azcore.ClientOptions
	// trusted is true when the authority needs no instance discovery.
	trusted bool

	mu     sync.Mutex
	inner  azcore.TokenCredential
	secret string
}

func newCredential(o Options, addr address) (*credential, error) {
	c := &credential{set: o.Credential, options: azcore.ClientOptions{
		Transport: newClient(o),
		Retry:     policy.RetryOptions{MaxRetries: 1, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 2 * time.Second},
	}}
	if err := c.checkKind(); err != nil {
		return nil, err
	}
	switch {
	case o.Credential.Authority != "":
		u, err := parseOrigin(o.Credential.Authority)
		if err != nil {
			return nil, fmt.Errorf("credential: authority: %w", err)
		}
		c.options.Cloud = cloud.Configuration{ActiveDirectoryAuthorityHost: "https://" + canonicalHost(u) + "/"}
		c.trusted = true
		for _, known := range knownAuthorities {
			c.trusted = c.trusted && canonicalHost(u) != known
		}
	case addr.cloud.ActiveDirectoryAuthorityHost != cloud.AzurePublic.ActiveDirectoryAuthorityHost:
		// In the public cloud it is left open, so that AZURE_AUTHORITY_HOST counts.
		c.options.Cloud = addr.cloud
	}
	return c, nil
}

func (c *credential) checkKind() error {
	switch c.set.Kind {
	case "", CredentialDefault, CredentialEnvironment, CredentialAzureCLI:
		return nil
	case CredentialClientSecret:
		switch {
		case c.set.TenantID == "":
			return errors.New("credential: client-secret needs a tenant id")
		case c.set.ClientID == "":
			return errors.New("credential: client-secret needs a client id")
		case c.set.Secret == nil:
			return errors.New("credential: client-secret needs a secret")
		}
		return nil
	}
	return fmt.Errorf("credential: kind %q is not known; there are default, environment, azure-cli and client-secret", c.set.Kind)
}

// GetToken gets a token, or a *credentialError that says why not.
func (c *credential) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	inner, secret, err := c.open(ctx)
	if err != nil {
		return azcore.AccessToken{}, c.refused(ctx, err, seen{}, "", want)
	}
	var way attempt
	token, err := inner.GetToken(withAttempt(ctx, &way), want)
	if err != nil {
		// A secret that was replaced meanwhile is read again at the next try.
		c.mu.Lock()
		c.inner, c.secret = nil, ""
		c.mu.Unlock()
		return azcore.AccessToken{}, c.refused(ctx, err, way.seen(), secret, want)
	}
	return token, nil
}

func (c *credential) open(ctx context.Context) (azcore.TokenCredential, string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner != nil {
		return c.inner, c.secret, nil
	}
	inner, err := c.build(ctx)
	if err != nil {
		return nil, "", err
	}
	c.inner = inner
	return inner, c.secret, nil
}

func (c *credential) build(ctx context.Context) (azcore.TokenCredential, error) {
	switch c.set.Kind {
	case CredentialEnvironment:
		return azidentity.NewEnvironmentCredential(&azidentity.EnvironmentCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted,
		})
	case CredentialAzureCLI:
		return azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: c.set.TenantID})
	case CredentialClientSecret:
		secret, err := c.set.Secret(ctx)
		if err != nil {
			return nil, fmt.Errorf("the client secret could not be read: %w", err)
		}
		c.secret = secret
		return azidentity.NewClientSecretCredential(c.set.TenantID, c.set.ClientID, secret, &azidentity.ClientSecretCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted,
		})
	default:
		return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{
			ClientOptions: c.options, DisableInstanceDiscovery: c.trusted, TenantID: c.set.TenantID,
		})
	}
}

// credentialError says why there is no token.
type credentialError struct {
	kind       backend.ErrorKind
	message    string
	retryAfter time.Duration
	err        error // the context's end, or nil
}

func (e *credentialError) Error() string { return "no token: " + e.message }
func (e *credentialError) Unwrap() error { return e.err }

// NonRetriable tells the library not to try again.
func (e *credentialError) NonRetriable() {}

// refused explains a failure of azidentity, whose own text is a page long and
// quotes whole answers.
func (c *credential) refused(ctx context.Context, err error, way seen, secret string, want policy.TokenRequestOptions) error {
	out := &credentialError{kind: backend.KindAuth, err: endOfContext(err)}
	var failed *azidentity.AuthenticationFailedError
	switch {
	case ctx.Err() != nil:
		out.kind, out.err, out.message = backend.KindNetwork, ctx.Err(), ctx.Err().Error()
	case errors.As(err, &failed) && failed.RawResponse != nil:
		out.fromAuthority(failed.RawResponse)
	case way.err != nil:
		out.kind, out.message = backend.KindNetwork, "the authority was not reached: "+reason(way.err)
	case strings.Contains(err.Error(), "isn't configured to acquire tokens for tenant"):
		out.message = fmt.Sprintf("wrong tenant: the vault belongs to tenant %s, the credential is set to %s", want.TenantID, c.set.TenantID)
	default:
		out.message = err.Error()
	}
	if secret != "" {
		out.message = strings.ReplaceAll(out.message, secret, "***")
	}
	out.message = brief(out.message)
	return out
}

// fromAuthority reads an OAuth error (RFC 6749 §5.2). Entra's description
// begins with a code, AADSTS and a number, and goes on with ids and a time
// stamp on lines of their own.
func (e *credentialError) fromAuthority(resp *http.Response) {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		e.kind = backend.KindThrottled
		e.retryAfter = retryAfter(resp.Header, time.Now())
	case resp.StatusCode >= 500:
		e.kind = backend.KindUnavailable
	}
	e.message = fmt.Sprintf("the authority answered %d", resp.StatusCode)
	body, err := runtime.Payload(resp)
	if err != nil {
		return
	}
	var refusal struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(body, &refusal) != nil {
		return
	}
	description, _, _ := strings.Cut(jsonText(refusal.Description), "\n")
	if why := strings.TrimSpace(jsonText(refusal.Error) + " " + description); why != "" {
		e.message += ": " + why
	}
}
