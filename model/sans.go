package model

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// CheckSANs says everything that is wrong with the names, each under its kind;
// the errors are joined. nil means that all are fine; no name at all is fine,
// too.
func CheckSANs(s SANs) error {
	var errs []error
	for _, kind := range sanKinds {
		for _, name := range *kind.names(&s) {
			if err := kind.check(name); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	}
	return errors.Join(errs...)
}

// CheckDNS says what is wrong with a dNSName (RFC 5280 §4.2.1.6, RFC 1034
// §3.5): labels of at most 63 letters, digits and hyphens, 253 characters
// together. The leftmost label, and only a whole one, may be "*" (RFC 6125
// §6.4.3). The underscore passes, because private CAs sign it; public ones
// don't.
func CheckDNS(name string) error {
	host, wildcard := strings.CutPrefix(name, "*.")
	if _, err := netip.ParseAddr(name); err == nil {
		return errors.New("is an IP address and no DNS name; leave dns: out, or write ip: instead")
	}
	switch {
	case name == "*":
		return errors.New("a wildcard needs a domain after it, as in *.example.com")
	case host == "":
		return errors.New("a name is needed")
	case strings.Contains(host, "*") && wildcard:
		return errors.New("only the leftmost label can be a wildcard")
	case strings.Contains(host, "*"):
		return errors.New("a wildcard is the whole leftmost label, as in *.example.com")
	case len(name) > 253:
		return fmt.Errorf("%d characters are too many; a DNS name has at most 253", len(name))
	case strings.HasSuffix(host, "."):
		return errors.New("ends with a dot")
	}
	for label := range strings.SplitSeq(host, ".") {
		if err := checkLabel(label); err != nil {
			return err
		}
	}
	return nil
}

func checkLabel(label string) error {
	switch {
	case label == "":
		return errors.New("has an empty label (two dots, or a dot in front)")
	case len(label) > 63:
		return fmt.Errorf("the label %.16s… is longer than 63 characters", label)
	case label[0] == '-' || label[len(label)-1] == '-':
		return fmt.Errorf("the label %s begins or ends with a hyphen", label)
	}
	for _, r := range label {
		switch {
		case r > unicode.MaxASCII:
			return fmt.Errorf("%q is not ASCII; write the name in its xn-- form (RFC 5891)", r)
		case !nameRune(r) && r != '_':
			return fmt.Errorf("%q can't stand in a DNS name", r)
		}
	}
	return nil
}

// CheckEmail says what is wrong with an rfc822Name: a mailbox without a name
// or angle brackets, in ASCII (RFC 5280 §4.2.1.6, RFC 5321 §4.1.2).
func CheckEmail(name string) error {
	local, domain, ok := cutLast(name, '@')
	switch {
	case !ok || local == "" || domain == "":
		return errors.New("an e-mail address has something before and after its @")
	case len(local) > 64:
		return errors.New("more than 64 characters stand before the @")
	case strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return errors.New("a dot before the @ stands between two other characters")
	}
	for _, r := range local {
		if !nameRune(r) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~.", r) {
			return fmt.Errorf("%q can't stand before the @", r)
		}
	}
	return checkDomain(domain)
}

func checkDomain(domain string) error {
	if strings.Contains(domain, "*") {
		return errors.New("a wildcard can't stand after the @")
	}
	if err := CheckDNS(domain); err != nil {
		return fmt.Errorf("after the @: %w", err)
	}
	return nil
}

// CheckUPN says what is wrong with a user principal name, the otherName
// 1.3.6.1.4.1.311.20.2.3: user@suffix, in any script, without spaces.
func CheckUPN(name string) error {
	user, suffix, ok := cutLast(name, '@')
	switch {
	case !ok || user == "" || suffix == "":
		return errors.New("a user principal name has something before and after its @")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return errors.New("spaces and control characters can't stand in it")
	case strings.Contains(user, "@"):
		return errors.New("has more than one @")
	}
	return nil
}

// CheckURI says what is wrong with a uniformResourceIdentifier: absolute, with
// something after the scheme, in ASCII, and with a whole host where it has one
// (RFC 5280 §4.2.1.6).
func CheckURI(name string) error {
	for _, r := range name {
		switch {
		case r > unicode.MaxASCII:
			return fmt.Errorf("%q is not ASCII; percent-encode it (RFC 3987 §3.1)", r)
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return errors.New("spaces and control characters can't stand in it")
		}
	}
	u, err := url.Parse(name)
	switch {
	case err != nil:
		// The parser's own error would repeat the whole URI.
		return errors.New("is not a URI (RFC 3986)")
	case u.Scheme == "":
		return errors.New("has no scheme, such as https://")
	case u.Opaque == "" && u.Host == "" && u.Path == "":
		return fmt.Errorf("has nothing after %s:", u.Scheme)
	case strings.HasPrefix(name[len(u.Scheme):], "://") && u.Host == "" && !strings.EqualFold(u.Scheme, "file"):
		return errors.New("has no host")
	}
	return nil
}

// CheckIP says what is wrong with an iPAddress: one IPv4 or IPv6 address, no
// network and no zone (RFC 5280 §4.2.1.6).
func CheckIP(name string) error {
	addr, err := netip.ParseAddr(name)
	if err != nil {
		if _, err := netip.ParsePrefix(name); err == nil {
			return errors.New("is a network; a certificate names single addresses")
		}
		return errors.New("is not an IP address")
	}
	if addr.Zone() != "" {
		return errors.New("an address with a zone means nothing elsewhere")
	}
	return nil
}

func cutLast(s string, sep byte) (before, after string, found bool) {
	i := strings.LastIndexByte(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// sanKind joins what there is to know of one kind of name.
type sanKind struct {
	// prefixes name the kind in a field, in lower case; the first is the one
	// that is shown.
	prefixes []string
	names    func(*SANs) *[]string
	check    func(string) error
}

var sanKinds = []sanKind{
	{[]string{"dns:"}, func(s *SANs) *[]string { return &s.DNS }, CheckDNS},
	{[]string{"email:", "rfc822:"}, func(s *SANs) *[]string { return &s.Emails }, CheckEmail},
	{[]string{"upn:"}, func(s *SANs) *[]string { return &s.UPNs }, CheckUPN},
	{[]string{"uri:"}, func(s *SANs) *[]string { return &s.URIs }, CheckURI},
	{[]string{"ip:"}, func(s *SANs) *[]string { return &s.IPs }, CheckIP},
}

// The places of the kinds in sanKinds.
const (
	kindDNS = iota
	kindEmail
	_ // a UPN is never guessed
	kindURI
	kindIP
)

// ParseSANs sorts the names of a form's field into their kinds. Commas,
// semicolons and white space separate them. A prefix dns: email: upn: uri: or
// ip: (any case; also as openssl prints them) says the kind; without one an IP
// address, a URI (by "://" or "urn:") and an e-mail address (by "@") are
// recognised, and everything else is a DNS name. A UPN always needs its
// prefix. A name that stands there twice is taken once.
//
// Every name is checked. The error joins what is wrong, name by name; the
// names that are fine are returned even then.
func ParseSANs(field string) (SANs, error) {
	var sans SANs
	var errs []error
	field = opensslAddress.Replace(field)
	for _, word := range strings.FieldsFunc(field, isSANSeparator) {
		kind, name := sanKindOf(word)
		if err := kind.check(name); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", word, err))
			continue
		}
		names := kind.names(&sans)
		if !slices.ContainsFunc(*names, func(n string) bool { return equalFold(n, name) }) {
			*names = append(*names, name)
		}
	}
	return sans, errors.Join(errs...)
}

// opensslAddress mends the one prefix of "openssl x509 -text" that has a space
// in it.
var opensslAddress = strings.NewReplacer("IP Address:", "ip:")

func isSANSeparator(r rune) bool {
	return r == ',' || r == ';' || unicode.IsSpace(r)
}

func sanKindOf(word string) (kind sanKind, name string) {
	lower := strings.ToLower(word)
	for _, k := range sanKinds {
		for _, prefix := range k.prefixes {
			if strings.HasPrefix(lower, prefix) {
				return k, word[len(prefix):]
			}
		}
	}
	_, addrErr := netip.ParseAddr(word)
	_, prefixErr := netip.ParsePrefix(word)
	switch {
	case addrErr == nil || prefixErr == nil:
		return sanKinds[kindIP], word
	case strings.Contains(word, "://"), strings.HasPrefix(lower, "urn:"):
		return sanKinds[kindURI], word
	case strings.Contains(word, "@"):
		return sanKinds[kindEmail], word
	default:
		return sanKinds[kindDNS], word
	}
}
