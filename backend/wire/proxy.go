package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"certty/backend"
	"certty/model"
)

// AdviceProxy is what a person can do about a proxy that wants a password. A
// proxy is given one by the environment only: the configuration holds no secret.
var AdviceProxy = backend.Advice{
	Cause: "The proxy on the way wants a user and a password, or does not accept those it got. Nothing was changed.",
	Next: "Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, other signs than letters and digits written as %XX, " +
		"and take proxy out of the target's settings; or name a proxy there that wants no password.",
	Who: model.ActorYou,
}

// adviceProxyRefuses is what a person can do about a proxy that does not connect.
var adviceProxyRefuses = &backend.Advice{
	Cause: "The proxy on the way did not connect to the service. Nothing was changed.",
	Next:  "Have the proxy let this machine through to the target's address (network administrator), or name another one in the target's settings.",
	Who:   model.ActorYou,
}

// ProxyError is a proxy's refusal to connect (RFC 9110 §9.3.6). It comes before
// anything is sent to the service, and has nothing of a password in it.
type ProxyError struct {
	// Host is the proxy's name with its port.
	Host string
	// Status is what it answered.
	Status int
	// Named is true where it was given a user and a password.
	Named bool
}

// Error says who refused, and why.
func (e *ProxyError) Error() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired && e.Named:
		return "the proxy " + e.Host + " does not accept the user and the password"
	case e.Status == http.StatusProxyAuthRequired:
		return "the proxy " + e.Host + " wants a user and a password"
	}
	return strings.TrimSuffix(fmt.Sprintf("the proxy %s does not connect: %d %s", e.Host, e.Status, http.StatusText(e.Status)), " ")
}

// ProxyAdvice is what a person can do where err is a proxy's refusal, or an
// address of a proxy that can't be read; else nil.
func ProxyAdvice(err error) *backend.Advice {
	refused, ok := errors.AsType[*ProxyError](err)
	switch {
	case ok && refused.Status != http.StatusProxyAuthRequired:
		return adviceProxyRefuses
	case ok, errors.Is(err, errUnreadableProxy):
		return &AdviceProxy
	}
	return nil
}

// connected turns a proxy's refusal into a ProxyError. net/http gives the text of
// its status alone, which looks like the service's answer.
func connected(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Host: proxy.Host, Status: resp.StatusCode, Named: proxy.User != nil}
}

// errUnreadableProxy does not repeat the address: there may be a password in it.
var errUnreadableProxy = errors.New("HTTPS_PROXY holds no address of a proxy that can be read, it looks like http://USER:PASSWORD@HOST:PORT")

// Environment chooses the proxy as [http.ProxyFromEnvironment] does, but fails
// where HTTPS_PROXY can't be read. That one then goes without a proxy, or takes
// the start of an address whose password has a # or a / in it for a host.
func Environment(req *http.Request) (*url.URL, error) {
	host := req.URL.Hostname()
	if host != "localhost" && !net.ParseIP(host).IsLoopback() && req.URL.Scheme == "https" && !readable(fromEnvironment(os.Getenv)) {
		return nil, errUnreadableProxy
	}
	return http.ProxyFromEnvironment(req)
}

// fromEnvironment is the address of the proxy that counts for https.
func fromEnvironment(getenv func(string) string) string {
	if address := getenv("HTTPS_PROXY"); address != "" {
		return address
	}
	return getenv("https_proxy")
}

// readable reports whether a proxy's address has a host, and nothing behind it.
// None at all is readable.
func readable(address string) bool {
	if address == "" {
		return true
	}
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	return err == nil && u.Hostname() != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" &&
		slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme)
}
