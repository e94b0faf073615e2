package vault

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
)

// vaultSuffixes are the domains that Key Vault uses in each cloud ("About keys,
// secrets and certificates", "Vault name and object name"), and the cloud whose
// authority gives out the tokens.
var vaultSuffixes = map[string]cloud.Configuration{
	".vault.azure.net":         cloud.AzurePublic,
	".vault.azure.cn":          cloud.AzureChina,
	".vault.usgovcloudapi.net": cloud.AzureGovernment,
}

// hsmSuffixes are the domains of Managed HSM, which speaks the same protocol
// for keys but has no certificates.
var hsmSuffixes = []string{
	".managedhsm.azure.net", ".managedhsm.azure.cn", ".managedhsm.usgovcloudapi.net",
}

// vaultName is what Key Vault allows as a vault's name.
var vaultName = regexp.MustCompile(`^[0-9A-Za-z-]{3,24}$`)

// address is a vault's checked URL.
type address struct {
	// base is the URL without a trailing slash and without a default port.
	base string
	host string // with the port where it is not 443
	// cloud is the zero value for hosts of no known cloud.
	cloud    cloud.Configuration
	loopback bool
}

// parseAddress checks a vault's URL.
func parseAddress(raw string) (address, error) {
	u, err := parseOrigin(raw)
	if err != nil {
		return address{}, fmt.Errorf("vault URL: %w", err)
	}
	name := strings.ToLower(u.Hostname())
	for _, suffix := range hsmSuffixes {
		if strings.HasSuffix(name, suffix) {
			return address{}, fmt.Errorf("vault URL: %s is a Managed HSM: it holds keys only, no certificates; name a vault instead", name)
		}
	}
	a := address{host: canonicalHost(u), loopback: isLoopback(name)}
	a.base = "https://" + a.host
	for suffix, config := range vaultSuffixes {
		vault, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if !vaultName.MatchString(vault) {
			return address{}, fmt.Errorf("vault URL: %q can't be a vault's name: 3 to 24 letters, digits and hyphens", vault)
		}
		a.cloud = config
	}
	return a, nil
}

// parseOrigin reads a URL that must be https://host[:port] and nothing more.
func parseOrigin(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%q is not a URL", raw)
	case u.Scheme != "https":
		return nil, fmt.Errorf("%q must begin with https://", u.Redacted())
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q names no host", u.Redacted())
	case u.User != nil:
		return nil, fmt.Errorf("%q must not hold a user or a password", u.Redacted())
	case u.Path != "" && u.Path != "/":
		return nil, fmt.Errorf("%q must end after the host, without %s", u.Redacted(), u.Path)
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, fmt.Errorf("%q must end after the host", u.Redacted())
	}
	return u, nil
}

// canonicalHost is the host as it is compared: lower case, without the port
// 443 that Key Vault writes into its links.
func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	return host
}

func isLoopback(hostname string) bool {
	if hostname == "localhost" {
		return true
	}
	ip := net.ParseIP(hostname)
	return ip != nil && ip.IsLoopback()
}
