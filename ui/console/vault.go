package console

import (
	"cmp"
	"context"
	"net/http"

	"certty/backend/guard"
	"certty/backend/sandbox"
	"certty/backend/vault"
	"certty/config"
)

// prompter shows the code with which a person signs in; it returns when that has
// ended, or an error when it is given up.
type prompter = func(ctx context.Context, message, url, code string) error

// vaultOptions says how a configured vault is reached.
func (k *kit) vaultOptions(t config.Target, prompt prompter) (vault.Options, error) {
	o := vault.Options{
		Name: t.Name, URL: t.URL, APIVersion: t.APIVersion, VerbOverride: t.VerbOverride, Now: k.now, ReadOnly: k.cfg.ReadOnly || t.ReadOnly,
		Credential: vault.Credential{
			Kind: vault.CredentialKind(t.Credential.Kind), TenantID: t.Credential.Tenant,
			ClientID: t.Credential.ClientID, Secret: k.secret(t.Credential.Secret),
			Certificate: func(ctx context.Context) ([]byte, string, error) {
				return t.Credential.ReadCertificate(ctx, k.cfg.SecretVariables()...)
			},
			Prompt: prompt, Authority: authority(t),
		},
	}
	o.ReadRootCAs = readerOfRootCAs(t)
	var err error
	o.Proxy, err = k.proxyOf(t)
	return o, err
}

// sandboxVaultOptions says how the embedded vault is reached.
func (k *kit) sandboxVaultOptions(box *sandbox.Sandbox) vault.Options {
	access := box.Access()
	return vault.Options{
		Name: sandboxTarget, URL: access.VaultURL, Sandbox: true, ReadOnly: k.cfg.ReadOnly, RootCAs: box.CAPool(),
		Credential: vault.Credential{
			Kind: vault.CredentialClientSecret, TenantID: access.TenantID, ClientID: access.ClientID,
			Secret:    func(context.Context) (string, error) { return access.ClientSecret, nil },
			Authority: access.Authority,
		},
	}
}

// reach makes the backend of a vault. Of a read-only one the transport lets
// nothing but reads through.
func reach(o vault.Options) (*vault.Vault, error) {
	if o.ReadOnly {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper {
			return guard.ReadOnlyTransport(next, guard.IsTokenCall)
		}
	}
	return vault.New(o)
}

// authorities give the tokens of Azure's clouds. In the public one it is left
// open, so that AZURE_AUTHORITY_HOST counts.
var authorities = map[config.Cloud]string{
	config.CloudChina:      "https://login.chinacloudapi.cn",
	config.CloudGovernment: "https://login.microsoftonline.us",
}

func authority(t config.Target) string { return cmp.Or(t.Authority, authorities[t.Cloud]) }
