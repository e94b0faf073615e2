package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DefaultSCMURL is where the API of Sectigo Certificate Manager begins unless an
// account is on another instance (SCM REST API, "Overview").
const DefaultSCMURL = "https://cert-manager.com/api"

var (
	// valuePattern takes what stands in an HTTP header of its own: visible ASCII
	// without blanks at its ends (RFC 9110 §5.5).
	valuePattern    = regexp.MustCompile(`^[!-~]([ -~]*[!-~])?$`)
	customerPattern = regexp.MustCompile(`^[!-.0-~]+$`)
	ownerPattern    = regexp.MustCompile(`^[A-Za-z0-9._@-]*(:[A-Za-z0-9._@-]+)?$`)
	modePattern     = regexp.MustCompile(`^0?[0-7]{3}$`)
)

// modeLimit is all that a file with a key may allow.
const modeLimit = 0o640

// Bits is the mode as a number; 0 where none is set.
func (d Deploy) Bits() uint32 {
	bits, err := strconv.ParseUint(d.Mode, 8, 12)
	if err != nil {
		return 0
	}
	return uint32(bits)
}

// SignInAddress takes apart the address at which people sign in,
// https://cert-manager.com/customer/NAME: where the API of that instance begins
// and the customer URI. Ok is false for any other address.
func SignInAddress(raw string) (api, customerURI string, ok bool) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return "", "", false
	}
	before, after, found := strings.Cut(u.Path, "/customer/")
	customerURI, _, _ = strings.Cut(after, "/")
	if !found || !customerPattern.MatchString(customerURI) {
		return "", "", false
	}
	return "https://" + u.Host + before + "/api", customerURI, true
}

// scm checks the settings of a CA account.
func (v *validator) scm(path string, t *Target) {
	v.scmURL(path, t)
	switch {
	case t.CustomerURI == "" && t.Credential.Kind == CredentialClientCredentials:
	case t.CustomerURI == "":
		v.report(path+".customer_uri", "an account needs its customer URI: NAME in the address people sign in at, https://cert-manager.com/customer/NAME")
	case !customerPattern.MatchString(t.CustomerURI):
		text := fmt.Sprintf("%s is no customer URI: it is NAME alone of https://cert-manager.com/customer/NAME", quote(t.CustomerURI))
		if _, name, ok := SignInAddress(t.CustomerURI); ok {
			text += fmt.Sprintf(", did you mean %s?", name)
		}
		v.report(path+".customer_uri", "%s", text)
	}
	v.secret(path+".keystore_password", &t.KeystorePassword)
	v.deploy(path+".deploy", &t.Deploy)
	if len(t.OnIssued) == 0 {
		return
	}
	if t.OnIssued[0] == "" {
		v.report(path+".on_issued", "the command has no name, it is a list of the program and its arguments")
		return
	}
	if strings.ContainsRune(t.OnIssued[0], '/') {
		t.OnIssued = slices.Clone(t.OnIssued)
		t.OnIssued[0] = v.paths.resolve(v.cfg.File, t.OnIssued[0])
	}
}

func (v *validator) scmURL(path string, t *Target) {
	if t.URL == "" {
		t.URL = DefaultSCMURL
		return
	}
	if api, name, ok := SignInAddress(t.URL); ok {
		v.report(path+".url", "this is the address people sign in at: write  url: %s  and  customer_uri: %s", api, name)
		return
	}
	u, problem := parseEndpoint(t.URL)
	if problem != "" {
		v.report(path+".url", "%s", problem)
		return
	}
	host := u.Hostname()
	if sectigos := host == "cert-manager.com" || strings.HasSuffix(host, ".cert-manager.com") || strings.HasSuffix(host, ".sectigo.com"); sectigos && u.Path == "" {
		v.report(path+".url", "the address goes as far as the API begins, did you mean %s/api?", origin(u))
		return
	}
	t.URL = origin(u) + u.EscapedPath()
}

// parseEndpoint takes an https address apart that may have a path. The problem
// is what a person is told; it is empty where there is none.
func parseEndpoint(raw string) (*url.URL, string) {
	u, err := url.Parse(raw)
	switch {
	case err == nil && u.Scheme == "" && !strings.Contains(raw, "://") && strings.Contains(raw, "."):
		return nil, fmt.Sprintf("%s has no scheme, did you mean https://%s?", quote(raw), strings.TrimLeft(raw, "/"))
	case err != nil || u.Hostname() == "":
		// Not the error: it repeats the address, which may hold a password.
		return nil, "no address can be read from it, it looks like " + DefaultSCMURL
	case u.User != nil:
		return nil, "an address holds no user and password"
	case u.Scheme != "https":
		return nil, fmt.Sprintf("%s is not taken, it must be https://: the password goes there", quote(u.Scheme+"://"))
	case !hostPattern.MatchString(u.Hostname()) && net.ParseIP(u.Hostname()) == nil:
		return nil, fmt.Sprintf("%s is no host's name", quote(u.Hostname()))
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return nil, "the address ends with its path"
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, ""
}

// scmCredential checks what is written of a login.
func (v *validator) scmCredential(path string, c *Credential) {
	for _, s := range []struct{ name, value, what string }{
		{"login", c.Login, "a login"}, {"client_id", c.ClientID, "the id of an API key"},
	} {
		if s.value != "" && !valuePattern.MatchString(s.value) {
			// Not repeated: logins and passwords are easily mixed up.
			v.report(path+"."+s.name, "not %s: printable ASCII characters on one line", s.what)
		}
	}
	if c.TokenURL == "" {
		return
	}
	if _, problem := parseEndpoint(c.TokenURL); problem != "" {
		v.report(path+".token_url", "%s", problem)
	}
}

// deploy checks where files go by default.
func (v *validator) deploy(path string, d *Deploy) {
	d.Dir = v.paths.resolve(v.cfg.File, d.Dir)
	if d.Dir != "" && !filepath.IsAbs(d.Dir) {
		v.report(path+".dir", "%s is not an absolute path", quote(d.Dir))
	}
	if !ownerPattern.MatchString(d.Owner) {
		v.report(path+".owner", "%s is no owner, it looks like user, user:group or :group", quote(d.Owner))
	}
	if d.Mode == "" {
		return
	}
	if bits := d.Bits(); !modePattern.MatchString(d.Mode) || bits&^modeLimit != 0 || bits&0o400 == 0 {
		v.report(path+".mode", "%s is no mode for files with a key: 0600, or 0640 so that their group may read them", quote(d.Mode))
	}
}

// foreign refuses the settings of another kind of service, which would be
// ignored.
func (v *validator) foreign(path string, t *Target) {
	for _, s := range []struct {
		name string
		set  bool
		of   TargetKind
	}{
		{"customer_uri", t.CustomerURI != "", KindSCM},
		{"keystore_password", !t.KeystorePassword.IsZero(), KindSCM},
		{"deploy", t.Deploy != Deploy{}, KindSCM},
		{"on_issued", len(t.OnIssued) > 0, KindSCM},
		{"cloud", t.Cloud != "", KindVault},
		{"authority", t.Authority != "", KindVault},
		{"api_version", t.APIVersion != "", KindVault},
		{"verb_override", t.VerbOverride != "", KindVault},
		{"operation_tag", t.OperationTag, KindVault},
	} {
		if s.set && s.of != t.Kind {
			v.report(path+"."+s.name, "%s is not used by %s, only by %s", s.name, t.Kind, s.of)
		}
	}
}
