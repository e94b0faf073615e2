package x5c

import (
	"crypto/dsa" //nolint:staticcheck // old certificates have such keys; nothing is signed with them
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"certty/model"
)

// KeyType says what a public key is: "RSA 2048", "EC P-256", "Ed25519".
func KeyType(key any) string {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	case *dsa.PublicKey:
		return fmt.Sprintf("DSA %d", k.P.BitLen())
	}
	return "unknown key"
}

// NamesOf lists the subject alternative names of a certificate. They are as
// they stand there: clean them before they are shown.
func NamesOf(c *x509.Certificate) model.SANs {
	names := model.SANs{DNS: c.DNSNames, Emails: c.EmailAddresses, UPNs: upns(c.Extensions)}
	for _, u := range c.URIs {
		names.URIs = append(names.URIs, u.String())
	}
	for _, ip := range c.IPAddresses {
		names.IPs = append(names.IPs, ip.String())
	}
	return names
}

// NamesAsked lists the subject alternative names that a certificate request
// asks for, as they stand there.
func NamesAsked(csr *x509.CertificateRequest) model.SANs {
	return NamesOf(&x509.Certificate{
		DNSNames: csr.DNSNames, EmailAddresses: csr.EmailAddresses,
		URIs: csr.URIs, IPAddresses: csr.IPAddresses, Extensions: csr.Extensions,
	})
}

var (
	oidSAN = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidUPN = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2, 3}
)

// upns finds the user principal names, which crypto/x509 leaves out: other
// names of Microsoft's type (RFC 5280 §4.2.1.6).
func upns(extensions []pkix.Extension) []string {
	i := slices.IndexFunc(extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidSAN) })
	if i < 0 {
		return nil
	}
	var names []asn1.RawValue
	if _, err := asn1.Unmarshal(extensions[i].Value, &names); err != nil {
		return nil
	}
	var found []string
	for _, name := range names {
		var other struct {
			Type  asn1.ObjectIdentifier
			Value string `asn1:"explicit,tag:0,utf8"`
		}
		if name.Class != asn1.ClassContextSpecific || name.Tag != 0 {
			continue
		}
		if _, err := asn1.UnmarshalWithParams(name.FullBytes, &other, "tag:0"); err == nil && other.Type.Equal(oidUPN) {
			found = append(found, other.Value)
		}
	}
	return found
}

// checkNames says whether the leaf has every name that was asked for.
func (j *judge) checkNames() {
	has := NamesOf(j.path[0])
	asked := j.asked()
	if len(asked) == 0 {
		if has.Len() == 0 {
			j.add(Warn, CheckNames, "the certificate has no alternative name; browsers do not look at the common name")
		}
		return
	}
	var missing []string
	for _, a := range asked {
		if !slices.ContainsFunc(*a.of(&has), func(name string) bool { return a.covers(name, a.name) }) {
			missing = append(missing, j.clean(a.name))
		}
	}
	switch {
	case len(missing) > 0:
		j.add(Warn, CheckNames, fmt.Sprintf("asked for, but not in the certificate: %s", list(missing)))
	case len(asked) == 1:
		j.add(OK, CheckNames, "the name that was asked for is covered")
	default:
		j.add(OK, CheckNames, fmt.Sprintf("names cover all %d SANs", len(asked)))
	}
}

// nameKind is a kind of names and its rule of comparison.
type nameKind struct {
	of     func(*model.SANs) *[]string
	covers func(has, asked string) bool
}

var nameKinds = []nameKind{
	{func(s *model.SANs) *[]string { return &s.DNS }, coversDNS},
	{func(s *model.SANs) *[]string { return &s.Emails }, strings.EqualFold},
	{func(s *model.SANs) *[]string { return &s.UPNs }, strings.EqualFold},
	{func(s *model.SANs) *[]string { return &s.URIs }, func(has, asked string) bool { return has == asked }},
	{func(s *model.SANs) *[]string { return &s.IPs }, sameIP},
}

type askedName struct {
	nameKind
	name string
}

// asked lists the names of the request and of Want, each once.
func (j *judge) asked() []askedName {
	sources := []model.SANs{j.want.SANs}
	if j.request != nil {
		sources = append(sources, NamesAsked(j.request))
	}
	var asked []askedName
	for _, kind := range nameKinds {
		seen := map[string]bool{}
		for i := range sources {
			for _, name := range *kind.of(&sources[i]) {
				if key := strings.ToLower(name); !seen[key] {
					seen[key] = true
					asked = append(asked, askedName{kind, name})
				}
			}
		}
	}
	return asked
}

// coversDNS follows RFC 6125 §6.4.3: a wildcard stands for exactly one whole
// leftmost label, and covers no other wildcard than itself.
func coversDNS(has, asked string) bool {
	has, asked = strings.TrimSuffix(has, "."), strings.TrimSuffix(asked, ".")
	if strings.EqualFold(has, asked) {
		return true
	}
	domain, wildcard := strings.CutPrefix(has, "*.")
	first, rest, ok := strings.Cut(asked, ".")
	return wildcard && ok && first != "" && first != "*" && strings.EqualFold(domain, rest)
}

func sameIP(has, asked string) bool {
	a, errA := netip.ParseAddr(has)
	b, errB := netip.ParseAddr(asked)
	return errA == nil && errB == nil && a.Unmap() == b.Unmap()
}
