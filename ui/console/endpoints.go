package console

import (
	"cmp"
	"crypto/x509"
	"net/url"
	"os"
	"strings"

	"certty/backend/doctor"
	"certty/backend/scm"
	"certty/backend/vault"
)

// publicAuthority gives the tokens of the public cloud, where nothing else is
// said.
const publicAuthority = "https://login.microsoftonline.com"

// vaultEndpoints are the hosts that have to be reached for a vault.
func vaultEndpoints(o vault.Options) []doctor.Endpoint {
	base := strings.TrimRight(o.URL, "/")
	reached := func(what, url string) doctor.Endpoint {
		return doctor.Endpoint{For: what, URL: url, Proxy: o.Proxy, ReadRootCAs: trusted(o.RootCAs, o.ReadRootCAs)}
	}
	service := reached("the vault", base+"/certificates?api-version="+cmp.Or(o.APIVersion, "7.4"))
	service.Vault = true
	out := []doctor.Endpoint{service}
	authority := reached("sign-in", cmp.Or(o.Credential.Authority, os.Getenv("AZURE_AUTHORITY_HOST"), publicAuthority))
	switch o.Credential.Kind { //nolint:exhaustive // the rest signs in at the authority
	case vault.CredentialManagedIdentity:
		// It answers from inside the machine only, and without TLS.
		return append(out, doctor.Endpoint{For: "managed identity", URL: "http://169.254.169.254", Listed: true})
	}
	return append(out, authority)
}

// accountEndpoints are the hosts that have to be reached for an account.
func accountEndpoints(o scm.Options) []doctor.Endpoint {
	out := []doctor.Endpoint{{For: "the account", URL: o.URL, Proxy: o.Proxy, ReadRootCAs: trusted(o.RootCAs, o.ReadRootCAs)}}
	if o.Credential.TokenURL != "" {
		out = append(out, doctor.Endpoint{For: "sign-in", URL: origin(o.Credential.TokenURL), Proxy: o.Proxy, ReadRootCAs: trusted(o.RootCAs, o.ReadRootCAs)})
	}
	return out
}

// origin is a URL without its path: a token service is not asked for a token to
// see that it is there.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return raw
	}
	return u.Scheme + "://" + u.Host
}

func trusted(roots *x509.CertPool, read func() (*x509.CertPool, error)) func() (*x509.CertPool, error) {
	if read == nil && roots != nil {
		return func() (*x509.CertPool, error) { return roots, nil }
	}
	return read
}
