package model

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The parts of an OrderSpec that [OrderSpec.Problems] speaks of, besides
// [InSANs].
const (
	InCommonName   Field = "common name"
	InOrganization Field = "organization"
	InProfile      Field = "profile"
	InTerm         Field = "term"
	InKey          Field = "key"
	InDescription  Field = "description"
	InRequester    Field = "external requester"
)

// InCustomField is the part of an OrderSpec that a custom field of the account
// is.
func InCustomField(name string) Field { return Field("custom field " + name) }

// MaxDescription is how long the person's own part of an order's comments may
// be, in UTF-16 code units: the rest is the reference by which the order is
// found again.
const MaxDescription = MaxOrderComments - ReferenceLen

// maxCommonName is ub-common-name of RFC 5280, Appendix A.1, in characters.
const maxCommonName = 64

// OrderKey is the kind of key of an order, as a profile spells it: "RSA" with
// "2048", "EC" with "P-256".
type OrderKey struct{ Algorithm, Size string }

// String is the kind in words: "RSA 2048".
func (k OrderKey) String() string { return strings.TrimSpace(k.Algorithm + " " + k.Size) }

// KeyOf is the kind of key that a CSR (PKCS#10, DER) is for. The algorithm is
// the CSR's own name for it where the service has none.
func KeyOf(csr []byte) (OrderKey, error) {
	request, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		return OrderKey{}, fmt.Errorf("read the CSR: %w", err)
	}
	switch key := request.PublicKey.(type) {
	case *rsa.PublicKey:
		return OrderKey{Algorithm: "RSA", Size: strconv.Itoa(key.N.BitLen())}, nil
	case *ecdsa.PublicKey:
		return OrderKey{Algorithm: "EC", Size: key.Curve.Params().Name}, nil
	default:
		return OrderKey{Algorithm: request.PublicKeyAlgorithm.String()}, nil
	}
}

// Problems lists what must be put right before s can be sent, as far as the
// account's catalogue tells: an order that would be refused costs nothing, but
// hours. key is the kind of key that is made for the order; with a CSR it is the
// CSR's. What the account does not tell is no problem here. Whether the service
// takes the order only the service knows.
func (s *OrderSpec) Problems(a *Account, key OrderKey, now time.Time) []Problem {
	var list problems
	s.names(&list, a)
	list.organization(a, s.OrganizationID)
	if s.OrganizationID != 0 {
		s.domains(&list, a, now)
	}
	profile := list.profile(a, s.ProfileID, s.OrganizationID)
	if len(s.CSR) > 0 {
		key = s.csr(&list)
	}
	if profile != nil {
		switch {
		case len(profile.Terms) == 0:
			list.add(InTerm, "the account tells no term for this profile")
		case !slices.Contains(profile.Terms, s.Term):
			list.add(InTerm, "the profile has no term of %d days; it has %s", s.Term, days(profile.Terms))
		}
		if key.Algorithm != "" && !profile.Allows(key.Algorithm, key.Size) {
			list.add(InKey, "the profile takes no %s key; it takes %s", key, profile.keys())
		}
	}
	if n := UTF16Len(s.Description); n > MaxDescription {
		list.add(InDescription, "%d are %d too many: SCM takes %d in UTF-16 code units, where most emoji count two, and %d go to the reference by which the order is found again",
			n, n-MaxDescription, MaxOrderComments, ReferenceLen)
	}
	list.requester(s.ExternalRequester)
	s.customFields(&list, a)
	s.dcv(&list)
	return list
}

func (s *OrderSpec) names(list *problems, a *Account) {
	p := a.Profile(s.ProfileID)
	public := p != nil && p.OfPublicCA()
	switch n := utf8.RuneCountInString(s.CommonName); {
	case s.CommonName == "":
		list.add(InCommonName, "a common name is needed")
	case n > maxCommonName:
		list.add(InCommonName, "%d characters are too many; %d are allowed (a longer name goes into the alternative names)", n, maxCommonName)
	default:
		list.check(InCommonName, orderedName(s.CommonName, public))
	}
	for _, name := range s.SANs {
		if err := orderedName(name, public); err != nil {
			list.add(InSANs, "%s: %s", name, err)
		}
	}
}

// orderedName says what is wrong with a name of an order. It is a DNS name, and with
// a public CA never with an underscore (CA/Browser Forum, TLS Baseline Requirements,
// 7.1.2.7.12); where the CA may be a private one, [OrderSpec.Doubts] says that.
func orderedName(name string, public bool) error {
	if _, err := netip.ParseAddr(strings.TrimPrefix(strings.ToLower(name), "ip:")); err == nil {
		return errors.New("is an IP address; an SCM order takes DNS names only")
	}
	if err := CheckDNS(name); err != nil {
		return err
	}
	if public && strings.Contains(name, "_") {
		return errors.New("has an underscore, which no public CA signs in a DNS name (CA/Browser Forum Baseline Requirements, 7.1.2.7.12)")
	}
	return nil
}

// domains checks every name against the domains of the account. Names that are
// validated for this order need a domain, and none that is validated.
func (s *OrderSpec) domains(list *problems, a *Account, now time.Time) {
	trouble := func(d *Domain) string { return d.Trouble(now) }
	if s.DCV.Mode != "" {
		trouble = (*Domain).closed
	}
	if orderedName(s.CommonName, false) == nil {
		if why := a.whyNotName(s.CommonName, s.OrganizationID, trouble); why != "" {
			list.add(InCommonName, "%s", why)
		}
	}
	for _, name := range s.SANs {
		if equalFold(name, s.CommonName) || orderedName(name, false) != nil {
			continue
		}
		if why := a.whyNotName(name, s.OrganizationID, trouble); why != "" {
			list.add(InSANs, "%s: %s", name, why)
		}
	}
}

// csr checks that the order says what its CSR says: the service takes the common
// name out of it (SCM REST API, Enroll).
func (s *OrderSpec) csr(list *problems) OrderKey {
	request, err := x509.ParseCertificateRequest(s.CSR)
	if err != nil {
		list.add(InKey, "this is no certificate request (RFC 2986)")
		return OrderKey{}
	}
	if cn := request.Subject.CommonName; cn != "" && s.CommonName != "" && !equalFold(cn, s.CommonName) {
		list.add(InCommonName, "the CSR is for %s, and the name is taken from there; change the name here, or bring another CSR", cn)
	}
	key, err := KeyOf(s.CSR)
	if err != nil {
		list.add(InKey, "%s", err)
	}
	return key
}

func (l *problems) organization(a *Account, id int) {
	o := a.Organization(id)
	switch {
	case id == 0:
		l.add(InOrganization, "an organization or a department is needed")
	case o == nil:
		l.add(InOrganization, "the account lists no organization or department %d", id)
	case !o.GoneSince.IsZero():
		l.add(InOrganization, "the account does not list it any more")
	default:
		if why := a.WhyNotOrganization(o); why != "" {
			l.add(InOrganization, "%s", why)
		}
	}
}

// profile finds a profile that can be ordered with; nil when none was found.
func (l *problems) profile(a *Account, id, organization int) *Profile {
	p := a.Profile(id)
	switch {
	case id == 0:
		l.add(InProfile, "a certificate profile is needed")
	case p == nil:
		l.add(InProfile, "the account lists no profile %d", id)
	case !p.GoneSince.IsZero():
		l.add(InProfile, "the account does not list it any more")
	case organization != 0 && !p.DelegatedTo(organization):
		l.add(InProfile, "it is not delegated to this organization")
	}
	return p
}

func (p *Profile) keys() string {
	var all []string
	for algorithm, sizes := range p.KeyTypes {
		for _, size := range sizes {
			all = append(all, algorithm+" "+size)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func days(terms []int) string {
	words := make([]string, len(terms))
	for i, term := range terms {
		words[i] = strconv.Itoa(term)
	}
	return strings.Join(words, ", ")
}

// requester checks one or several mailboxes, as the service takes them: "a@x.com"
// or "a@x.com, b@x.com" (SCM REST API, Enroll).
func (l *problems) requester(list string) {
	if strings.TrimSpace(list) == "" {
		return
	}
	for one := range strings.SplitSeq(list, ",") {
		if err := CheckEmail(strings.TrimSpace(one)); err != nil {
			l.add(InRequester, "%s: %s", strings.TrimSpace(one), err)
		}
	}
	if n := UTF16Len(list); n > MaxOrderRequester {
		l.add(InRequester, "%d characters are too many; %d are allowed", n, MaxOrderRequester)
	}
}

// customFields checks what every custom field of the account wants.
func (s *OrderSpec) customFields(list *problems, a *Account) {
	for i := range a.CustomFields {
		f := &a.CustomFields[i]
		at := slices.IndexFunc(s.CustomFields, func(v CustomValue) bool { return v.Name == f.Name })
		value := ""
		if at >= 0 {
			value = s.CustomFields[at].Value
		}
		if why := f.Check(value); why != "" {
			list.add(InCustomField(f.Name), "%s", why)
		}
	}
	for _, v := range s.CustomFields {
		if !slices.ContainsFunc(a.CustomFields, func(f CustomField) bool { return f.Name == v.Name }) {
			list.add(InCustomField(v.Name), "the account has no such field")
		}
	}
}
