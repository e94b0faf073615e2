package scm

import (
	"encoding/json"
	"net/netip"
	"strings"

	"certty/backend/text"
	"certty/model"
)

// names are subject alternative names in any of the forms that SCM writes: an
// array, one text with commas, one with semicolons (reports), one with the kind
// before each name, "dNSName=a, dNSName=b" (certificateDetails).
type names []string

func (n *names) UnmarshalJSON(raw []byte) error {
	var one string
	var many []json.RawMessage
	switch {
	case json.Unmarshal(raw, &one) == nil:
		*n = splitNames(one)
	case json.Unmarshal(raw, &many) == nil:
		var all []string
		for _, element := range many {
			if json.Unmarshal(element, &one) == nil {
				all = append(all, one)
			}
		}
		*n = splitNames(strings.Join(all, ","))
	}
	return nil
}

// splitNames takes a text of names apart. Each name comes once; case does not
// count.
func splitNames(written string) []string {
	var list []string
	seen := map[string]bool{}
	for _, part := range strings.FieldsFunc(written, func(r rune) bool { return r == ',' || r == ';' }) {
		if kind, name, ok := strings.Cut(part, "="); ok && knownKind(kind) {
			part = name
		}
		part = text.Clean(strings.TrimSpace(part))
		if fold := strings.ToLower(part); part != "" && !seen[fold] {
			seen[fold] = true
			list = append(list, part)
		}
	}
	return list
}

// knownKind reports whether a text names a kind of RFC 5280 §4.2.1.6.
func knownKind(kind string) bool {
	switch strings.ToLower(strings.TrimSpace(kind)) {
	case "dnsname", "dns", "dns name", "ipaddress", "ip", "ip address", "rfc822name", "email", "uniformresourceidentifier", "uri":
		return true
	}
	return false
}

// sans sorts names by what they look like.
func sans(list []string) model.SANs {
	var out model.SANs
	for _, name := range list {
		switch _, err := netip.ParseAddr(name); {
		case err == nil:
			out.IPs = append(out.IPs, name)
		case strings.Contains(name, "://"):
			out.URIs = append(out.URIs, name)
		case strings.Contains(name, "@"):
			out.Emails = append(out.Emails, name)
		default:
			out.DNS = append(out.DNS, name)
		}
	}
	return out
}
