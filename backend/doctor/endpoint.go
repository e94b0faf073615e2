package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/backend/wire"
	"certty/model/timetext"
)

// Endpoint is a host that has to be reached.
type Endpoint struct {
	// For is what it is needed for: "the vault", "sign-in".
	For string
	// URL is what is asked, without a credential.
	URL string
	// Vault is true for a Key Vault, which answers that a credential is needed
	// and whose tenant it belongs to.
	Vault bool
	// Listed is true for an endpoint that is told of and not asked.
	Listed bool
	// Proxy chooses the proxy; nil means HTTPS_PROXY and its kin.
	Proxy func(*http.Request) (*url.URL, error)
	// ReadRootCAs gives the authorities that are trusted; nil means the system's.
	ReadRootCAs func() (*x509.CertPool, error)
}

// Address is HOST:PORT, for a firewall.
func (e *Endpoint) Address() string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return e.URL
	}
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80"}[u.Scheme]
	}
	if port == "" {
		port = "443"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// What clocks may be apart: beyond the first a person should know, beyond the
// second tokens are refused (Microsoft Entra ID allows five minutes).
const (
	clockGood = 30 * time.Second
	clockMost = 5 * time.Minute
)

// peerSoon is when the end of a service's own TLS certificate is worth a word.
const peerSoon = 7 * 24 * time.Hour

func (e *Endpoint) examine(ctx context.Context, tenant string, o Options) []Check {
	if e.Listed {
		return nil
	}
	x := &examination{Endpoint: e, Options: o, host: e.Address()}
	x.run(ctx, tenant)
	return x.checks
}

// examination is the look at one endpoint.
type examination struct {
	*Endpoint
	Options
	host   string
	checks []Check
}

func (x *examination) say(what string, v backend.Verdict, text, fix string) {
	x.checks = append(x.checks, Check{Host: x.host, For: x.For, Finding: backend.Finding{What: what, Verdict: v, Text: text, Fix: fix}})
}

func (x *examination) run(ctx context.Context, tenant string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, x.URL, http.NoBody)
	if err != nil {
		x.say("address", backend.VerdictBad, err.Error(), "Mend the address in the configuration.")
		return
	}
	proxy, ok := x.proxy(req)
	if !ok || !x.resolve(ctx, req.URL.Hostname(), proxy) {
		return
	}
	var roots *x509.CertPool
	if x.ReadRootCAs != nil {
		if roots, err = x.ReadRootCAs(); err != nil {
			x.say("TLS", backend.VerdictBad, err.Error(), "Mend ca_file in the configuration.")
			return
		}
	}
	transport := wire.NewTransport(func(*http.Request) (*url.URL, error) { return proxy, nil }, roots)
	defer transport.CloseIdleConnections()
	before := x.Now()
	resp, err := wire.NewClient(wire.TellProxy(transport)).Do(req)
	if err != nil {
		x.unreached(err, proxy)
		return
	}
	defer resp.Body.Close() //nolint:errcheck // nothing of it is read
	x.tls(resp.TLS)
	x.clock(resp.Header, before, x.Now())
	if to := wire.RedirectTarget(resp); to != "" {
		x.say("answer", backend.VerdictWarn, "it points elsewhere: "+text.Flat(to), "No redirect is followed: a portal or a proxy may stand before the service.")
	}
	if x.Vault {
		x.tenant(resp, tenant)
	}
}

// proxy says which proxy is used, and where it comes from.
func (x *examination) proxy(req *http.Request) (*url.URL, bool) {
	choose, source := x.Proxy, "from the configuration"
	if choose == nil {
		choose, source = wire.Environment, "from the environment"
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			if x.Getenv(name) != "" {
				source = "from " + name
			}
		}
	}
	proxy, err := choose(req)
	local, isLocal := errors.AsType[*backend.Error](err)
	switch {
	case isLocal:
		x.say("proxy", backend.VerdictBad, local.Message, "Mend proxy_password in the configuration, or what is in that place.")
		return nil, false
	case err != nil:
		x.say("proxy", backend.VerdictBad, text.Flat(err.Error()), "Mend the address of the proxy; in a user and a password other signs than letters and digits are written as %XX.")
		return nil, false
	case proxy == nil:
		x.say("proxy", backend.VerdictGood, "none", "")
	default:
		said := (&url.URL{Scheme: proxy.Scheme, Host: proxy.Host}).String() + " " + source
		if proxy.User != nil {
			said += ", with a user and a password"
		}
		x.say("proxy", backend.VerdictGood, said, "")
	}
	return proxy, true
}

// resolve resolves the name that this machine has to know: the proxy's where
// there is one.
func (x *examination) resolve(ctx context.Context, host string, proxy *url.URL) bool {
	const what = "name resolution"
	if proxy != nil {
		host = proxy.Hostname()
	}
	if _, err := netip.ParseAddr(host); err == nil {
		x.say(what, backend.VerdictGood, host+" is an address", "")
		return true
	}
	found, err := x.Resolve(ctx, host)
	if err != nil {
		x.say(what, backend.VerdictBad, wire.Reason(err, ""),
			"Check the name, this machine's DNS servers, and for a private endpoint its private DNS zone (network administrator).")
		return false
	}
	said := host + ": " + text.Flat(strings.Join(found, ", "))
	if private(found) {
		said += ", a private address: through a private endpoint"
	}
	x.say(what, backend.VerdictGood, said, "")
	return true
}

func private(found []string) bool {
	for _, s := range found {
		if a, err := netip.ParseAddr(s); err == nil && a.IsPrivate() {
			return true
		}
	}
	return false
}

// unreached says how far it came.
func (x *examination) unreached(err error, proxy *url.URL) {
	const trust = "name the authority's certificate in ca_file, where a proxy looks into TLS that proxy's"
	why := wire.Reason(err, trust)
	certificate, unverified := errors.AsType[*tls.CertificateVerificationError](err)
	refused, byProxy := errors.AsType[*wire.ProxyError](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		x.say("connection", backend.VerdictBad, "no answer in time",
			"Have the firewall let this machine through to "+x.host+" (network administrator).")
	case unverified:
		chain := []string{why}
		for _, c := range certificate.UnverifiedCertificates {
			chain = append(chain, text.Flat(c.Subject.String())+", signed by "+text.Flat(c.Issuer.String()))
		}
		x.say("TLS", backend.VerdictBad, wire.Brief(strings.Join(chain, "; ")), "Find out who answers there: a proxy that looks into TLS, or another machine (network administrator).")
	case byProxy:
		x.say("connection", backend.VerdictBad, why, refused.Advice().Next)
	case proxy != nil:
		x.say("connection", backend.VerdictBad, why, "Have the proxy let this machine through to "+x.host+" (network administrator).")
	default:
		x.say("connection", backend.VerdictBad, why, "Have the firewall let this machine through to "+x.host+" (network administrator).")
	}
}

func (x *examination) tls(state *tls.ConnectionState) {
	if state == nil || len(state.PeerCertificates) == 0 {
		return
	}
	c := state.PeerCertificates[0]
	said := fmt.Sprintf("%s, %s signed by %s, until %s", tls.VersionName(state.Version),
		text.Flat(c.Subject.String()), text.Flat(c.Issuer.String()), timetext.Day(c.NotAfter))
	if c.NotAfter.Sub(x.Now()) < peerSoon {
		x.say("TLS", backend.VerdictWarn, said, "Whoever runs that server has to renew its certificate.")
		return
	}
	x.say("TLS", backend.VerdictGood, said, "")
}

// clock compares this machine's clock with the service's (RFC 9110 §6.6.1),
// which tells whole seconds.
func (x *examination) clock(h http.Header, before, after time.Time) {
	const what = "clock"
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		x.say(what, backend.VerdictUnknown, "the service does not tell its time", "")
		return
	}
	apart := before.Add(after.Sub(before) / 2).Sub(theirs).Round(time.Second)
	const fix = "Set this machine's clock; let it follow a time server."
	said := "this machine's is " + apart.Abs().String() + " ahead"
	if apart < 0 {
		said = "this machine's is " + apart.Abs().String() + " behind"
	}
	switch {
	case apart.Abs() > clockMost:
		x.say(what, backend.VerdictBad, said+": tokens are refused", fix)
	case apart.Abs() > clockGood:
		x.say(what, backend.VerdictWarn, said, fix)
	default:
		x.say(what, backend.VerdictGood, "right to "+max(apart.Abs(), time.Second).String(), "")
	}
}

// challenge is where a vault sends who has no token (Key Vault, "Authentication,
// requests and responses").
var challenge = regexp.MustCompile(`(?i)authorization(?:_uri)?="?https://[^/"\s]+/([^/"\s,]+)`)

// tenant reads the vault's challenge.
func (x *examination) tenant(resp *http.Response, configured string) {
	const what = "tenant"
	found := challenge.FindStringSubmatch(resp.Header.Get("WWW-Authenticate"))
	switch {
	case resp.StatusCode == http.StatusForbidden:
		x.say("answer", backend.VerdictBad, "403 before any sign-in: the vault's firewall does not let this machine in",
			"Have this machine's address allowed in the vault's networking settings, or come through its private endpoint (whoever manages the vault).")
	case resp.StatusCode != http.StatusUnauthorized || found == nil:
		x.say(what, backend.VerdictBad, fmt.Sprintf("the answer is not Key Vault's: %d (%s)", resp.StatusCode, wire.ContentType(resp.Header)),
			"Check the vault's URL; a proxy or portal may have answered.")
	case configured != "" && !strings.EqualFold(configured, found[1]):
		x.say(what, backend.VerdictBad, fmt.Sprintf("the vault belongs to tenant %s, the credential is set to %s", text.Flat(found[1]), configured),
			"Set credential.tenant to the vault's, or use the vault of your tenant.")
	default:
		x.say(what, backend.VerdictGood, text.Flat(found[1]), "")
	}
}
