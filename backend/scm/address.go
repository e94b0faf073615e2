package scm

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"certty/backend/text"
)

// parseAddress reads where the API begins. Scheme, port and prefix stay as they
// are: Sectigo tells customers to adjust the URL to their instance (SCM REST
// API, "Overview").
func parseAddress(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, fmt.Errorf("its URL %q is none", text.Clean(raw))
	case u.Scheme == "" || u.Host == "":
		return nil, fmt.Errorf("its URL %q is not complete; it looks like https://cert-manager.com/api", text.Clean(raw))
	case u.Scheme != "https":
		return nil, errors.New("its URL must begin with https://, because the password goes there with every call")
	case u.User != nil:
		return nil, errors.New("its URL must not hold a login or password")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("its URL must end with its path")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// visibleASCII reports whether s can stand in an HTTP header as it is: not
// empty, printable ASCII, no blanks at its ends (RFC 9110 §5.5).
func visibleASCII(s string) bool {
	if s == "" || s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}
