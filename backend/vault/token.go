package vault

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

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

	mu    sync.Mutex
	inner azcore.TokenCredential
	// hidden are the secrets that inner was made with.
	hidden []string
}

func newCredential(o Options, addr address) (*credential, error) {
	c := &credential{set: o.Credential, options: azcore.ClientOptions{
		Transport: newClient(o),
		Retry:     policy.RetryOptions{MaxRetries: 1, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 2 * time.Second},
	}}
	if err := o.Credential.check(); err != nil {
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

// GetToken gets a token, or a *credentialError that says why not.
func (c *credential) GetToken(ctx context.Context, want policy.TokenRequestOptions) (azcore.AccessToken, error) {
	inner, hidden, err := c.open(ctx)
	if err != nil {
		return azcore.AccessToken{}, c.refused(ctx, err, seen{}, hidden, want)
	}
	var way attempt
	token, err := inner.GetToken(withAttempt(ctx, &way), want)
	if err != nil {
		c.forget()
		return azcore.AccessToken{}, c.refused(ctx, err, way.seen(), hidden, want)
	}
	return token, nil
}

// forget has a secret that was replaced meanwhile read again at the next try. A
// person's sign-in has none, and may be under way.
func (c *credential) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.set.Kind != CredentialDeviceCode {
		c.inner, c.hidden = nil, nil
	}
}

func (c *credential) open(ctx context.Context) (azcore.TokenCredential, []string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inner == nil {
		inner, err := c.build(ctx)
		if err != nil {
			return nil, c.hidden, err
		}
		c.inner = inner
	}
	return c.inner, c.hidden, nil
}
