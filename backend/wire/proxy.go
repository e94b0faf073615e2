package wire

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
)

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
