package config

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// longestProxyUser is as much as SOCKS5 has room for, in bytes (RFC 1929 §2).
const longestProxyUser = 255

// proxy checks the proxy of a target, and who certty is to it.
func (v *validator) proxy(path string, t *Target) {
	v.secret(path+".proxy_password", &t.ProxyPassword)
	named, known := t.ProxyUser != "", !t.ProxyPassword.IsZero()
	if t.Proxy == "" {
		for name, set := range map[string]bool{"proxy_user": named, "proxy_password": known} {
			if set {
				v.report(path+"."+name, "%s belongs to proxy, which is not set", name)
			}
		}
		return
	}
	u, err := url.Parse(t.Proxy)
	switch {
	case err != nil || u.Hostname() == "" || !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme):
		v.report(path+".proxy", "no proxy can be read from it, it looks like http://host:port; allowed are http, https, socks5")
		return
	case u.User != nil:
		v.report(path+".proxy", "an address holds no user and password: proxy_user names the user, proxy_password says where the password is")
		return
	case named && !known:
		v.report(path+".proxy_password", "%s has no password: say where it is", quote(t.ProxyUser))
	case known && !named:
		v.report(path+".proxy_user", "a password needs a user, name it")
	}
	v.proxyUser(path+".proxy_user", u.Scheme, t.ProxyUser)
}

// proxyUser checks that a user can be told to a proxy: HTTP ends it at a colon
// (RFC 7617 §2), SOCKS5 tells its length in one byte.
func (v *validator) proxyUser(path, scheme, user string) {
	switch {
	case strings.ContainsFunc(user, unicode.IsControl):
		v.report(path, "not a user: printable characters on one line")
	case scheme != "socks5" && strings.Contains(user, ":"):
		// Not repeated: what is behind the colon may be the password.
		v.report(path, "a user has no colon; the password is not written here, proxy_password says where it is")
	case len(user) > longestProxyUser:
		v.report(path, "longer than the %d bytes that a proxy takes", longestProxyUser)
	}
}
