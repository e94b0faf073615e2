package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

// vaultSuffixes are the domains of Key Vault in each cloud (Azure Key Vault
// basic concepts, "Azure Key Vault service limits and endpoints").
var vaultSuffixes = []struct {
	suffix string
	cloud  Cloud
}{
	{".vault.azure.net", CloudPublic},
	{".vault.azure.cn", CloudChina},
	{".vault.usgovcloudapi.net", CloudGovernment},
}

var (
	// vaultNamePattern is the rule for a vault's name ("Vault name and object
	// name" in the Key Vault documentation).
	vaultNamePattern = regexp.MustCompile(`^[a-z0-9-]{3,24}$`)
	hostPattern      = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)
	hsmPattern       = regexp.MustCompile(`\.managedhsm\.(azure\.net|azure\.cn|usgovcloudapi\.net)$`)
	privatePattern   = regexp.MustCompile(`^([a-z0-9-]+)\.(privatelink\.)?vaultcore\.(azure\.net|azure\.cn|usgovcloudapi\.net)$`)
)

// vaultURL is the address of a vault, taken apart.
type vaultURL struct {
	// address is the URL as requests start with: no path, no last slash.
	address string
	// name is the vault's name, or the host where it is another one.
	name string
	// cloud is the cloud the host tells; empty where it does not.
	cloud Cloud
}

// parseVaultURL takes a vault's address apart. The problem is what a person is
// told; it is empty where there is none. A foreign host is taken where an
// authority is set, or on loopback: nothing else says who gives its tokens.
func parseVaultURL(raw string, authority bool) (v vaultURL, problem string) {
	if vaultNamePattern.MatchString(strings.ToLower(raw)) {
		return v, fmt.Sprintf("%s is no address, did you mean https://%s.vault.azure.net?", quote(raw), strings.ToLower(raw))
	}
	u, problem := parseBase(raw)
	if problem != "" {
		return v, problem
	}
	host := strings.ToLower(u.Hostname())
	v = vaultURL{address: origin(u), name: host}
	if hsmPattern.MatchString(host) {
		return v, fmt.Sprintf("%s is a Managed HSM: it holds keys, but no certificates and no certificate requests", host)
	}
	if m := privatePattern.FindStringSubmatch(host); m != nil {
		return v, fmt.Sprintf("%s is the vault's name inside DNS only: write https://%s.vault.%s, which leads through the private link by itself",
			host, m[1], m[3])
	}
	for _, known := range vaultSuffixes {
		name, ok := strings.CutSuffix(host, known.suffix)
		if !ok {
			continue
		}
		if !vaultNamePattern.MatchString(name) {
			return v, fmt.Sprintf("%s is no vault's name: 3 to 24 letters, digits and hyphens", quote(name))
		}
		v.name, v.cloud = name, known.cloud
		return v, ""
	}
	if !authority && !isLoopback(host) {
		return v, fmt.Sprintf("%s is no vault's host: it ends in %s; for another host set authority as well",
			quote(host), suffixList())
	}
	return v, ""
}

// parseBase takes an https address apart that has no path of its own.
func parseBase(raw string) (*url.URL, string) {
	u, err := url.Parse(raw)
	switch {
	case err == nil && (u.Scheme == "" || u.Opaque != "") && !strings.Contains(raw, "://"):
		if guess, err := url.Parse("https://" + raw); err == nil && strings.Contains(guess.Hostname(), ".") && guess.User == nil {
			return nil, fmt.Sprintf("%s has no scheme, did you mean https://%s?", quote(raw), guess.Host)
		}
		return nil, fmt.Sprintf("%s is no address, it starts with https://", quote(raw))
	case err != nil, u.Hostname() == "":
		// Not the error: it repeats the address, which may hold a password.
		return nil, "no address can be read from it, it looks like https://host"
	case u.User != nil:
		return nil, "an address holds no user and password"
	case !hostPattern.MatchString(u.Hostname()) && net.ParseIP(u.Hostname()) == nil:
		return nil, fmt.Sprintf("%s is no host's name", quote(u.Hostname()))
	case u.Scheme != "https":
		return nil, fmt.Sprintf("%s is not taken, it must be https://", quote(u.Scheme+"://"))
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Sprintf("the address goes no further than the host: https://%s", u.Host)
	}
	return u, ""
}

// origin is the one way in which an https address is written.
func origin(u *url.URL) string {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	switch {
	case port != "" && port != "443":
		host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		host = "[" + host + "]"
	}
	return "https://" + host
}

// isLoopback reports whether a host is this machine, by its name alone.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func suffixList() string {
	var suffixes []string
	for _, known := range vaultSuffixes {
		suffixes = append(suffixes, known.suffix)
	}
	return list(suffixes)
}

// CompleteAddress gives the address that a person means: of a vault's bare name
// in a cloud (public where it is empty), of a host without its scheme, or of an
// address written another way. The cloud that the host tells and a target's name
// come with it, each empty where it can't be told. What can't be an address
// comes back as it is, for the check to explain.
func CompleteAddress(typed string, cloud Cloud) (address string, known Cloud, name string) {
	address = strings.TrimSpace(typed)
	bare := vaultNamePattern.MatchString(strings.ToLower(address))
	switch {
	case bare:
		address = "https://" + strings.ToLower(address) + suffixOf(cloud)
	case !strings.Contains(address, "://") && strings.Contains(address, "."):
		address = "https://" + address
	}
	v, problem := parseVaultURL(address, true)
	if problem != "" {
		return address, "", ""
	}
	if known = v.cloud; bare {
		known = ""
	}
	return v.address, known, asName(v.name)
}

// suffixOf is the domain of a cloud's vaults.
func suffixOf(cloud Cloud) string {
	for _, known := range vaultSuffixes {
		if known.cloud == cloud {
			return known.suffix
		}
	}
	return vaultSuffixes[0].suffix
}

// Clouds lists Azure's clouds, the public one first.
func Clouds() []Cloud { return []Cloud{CloudPublic, CloudChina, CloudGovernment} }
