package vaultserver

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"certty/model"
)

// maxTags is Key Vault's limit of tags on an object.
const maxTags = 15

const maxSubject = 200

var contentTypes = []string{"application/x-pkcs12", "application/x-pem-file"}

// complete checks a policy as create takes it and fills in the service's
// defaults (as recorded: RSA 2048, exportable, PKCS#12, twelve months, both
// TLS usages). The result shares nothing with p that is changed later.
func complete(p *Policy) (Policy, *failure) {
	out := Policy{Key: &KeyProperties{}, Secret: &SecretProperties{}, X509: &X509Properties{}, Issuer: &IssuerParameters{}}
	copyGiven(&out, p)
	steps := []func(*Policy) *failure{completeX509, completeKey, completeSecret, completeIssuer, completeUsages, completeActions}
	for _, step := range steps {
		if f := step(&out); f != nil {
			return Policy{}, f
		}
	}
	return out, nil
}

func copyGiven(out, p *Policy) {
	if p.Key != nil {
		*out.Key = *p.Key
	}
	if p.Secret != nil {
		*out.Secret = *p.Secret
	}
	if p.X509 != nil {
		*out.X509 = *p.X509
	}
	if p.Issuer != nil {
		*out.Issuer = *p.Issuer
	}
	out.LifetimeActions = slices.Clone(p.LifetimeActions)
}

func completeX509(p *Policy) *failure {
	x := p.X509
	if _, err := model.ParseSubject(x.Subject); err != nil || utf8.RuneCountInString(x.Subject) > maxSubject {
		return invalidProperty("policy.x509_props", "Invalid X.500 distinguished name")
	}
	if x.Subject == "" && x.SANs.empty() {
		return badParameter("Either subjectName or san must be present")
	}
	if f := x.SANs.check(); f != nil {
		return f
	}
	if x.ValidityMonths < 0 {
		return invalidProperty("policy.x509_props.validity_months", "It can't be negative")
	}
	if x.ValidityMonths == 0 {
		x.ValidityMonths = 12
	}
	if x.ValidityMonths > 1200 {
		// No bound is documented; a hundred years keep dates encodable.
		return invalidProperty("policy.x509_props.validity_months", "It is too long")
	}
	if x.BasicConstraints == nil {
		x.BasicConstraints = &BasicConstraints{}
	}
	return nil
}

func (s *AlternativeNames) empty() bool {
	return s == nil || len(s.Emails)+len(s.DNSNames)+len(s.UPNs)+len(s.URIs)+len(s.IPAddresses) == 0
}

func (s *AlternativeNames) check() *failure {
	if s == nil {
		return nil
	}
	bad := func(name string) *failure {
		return invalidProperty("policy.x509_props.sans", "Invalid name "+name)
	}
	for _, name := range slices.Concat(s.DNSNames, s.Emails, s.URIs) {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return bad(name)
		}
	}
	for _, uri := range s.URIs {
		if u, err := url.Parse(uri); err != nil || u.Scheme == "" {
			return bad(uri)
		}
	}
	for _, address := range s.IPAddresses {
		if a, err := netip.ParseAddr(address); err != nil || a.Zone() != "" {
			return bad(address)
		}
	}
	for _, upn := range s.UPNs {
		if upn == "" || !utf8.ValidString(upn) {
			return bad(upn)
		}
	}
	return nil
}

func completeKey(p *Policy) *failure {
	k := p.Key
	if k.Kty == "" {
		k.Kty = "RSA"
	}
	hsm := strings.HasSuffix(k.Kty, "-HSM")
	switch k.Kty {
	case "RSA", "RSA-HSM":
		if k.Size == 0 {
			k.Size = 2048
		}
		if !slices.Contains([]int{2048, 3072, 4096}, k.Size) {
			return invalidProperty("policy.key_props.key_size", "It is none of 2048, 3072, 4096")
		}
		k.Curve = ""
	case "EC", "EC-HSM":
		if k.Curve == "" {
			k.Curve = "P-256"
		}
		bits, ok := curveBits[k.Curve]
		if !ok {
			return invalidProperty("policy.key_props.crv", "It is none of P-256, P-384, P-521, P-256K")
		}
		if k.Size != bits {
			k.Size = 0 // recorded answers repeat the right size where it was sent
		}
	default:
		return invalidProperty("policy.key_props.kty", "It is none of RSA, RSA-HSM, EC, EC-HSM")
	}
	if k.Exportable == nil {
		k.Exportable = new(!hsm)
	}
	if hsm && *k.Exportable {
		return invalidProperty("policy.key_props.exportable", "HSM keys can not be exported")
	}
	if k.Reuse == nil {
		k.Reuse = new(false)
	}
	return nil
}

// canMake checks that a key of a complete policy can be made here: Key Vault
// knows P-256K too, crypto/x509 does not.
func canMake(k *KeyProperties) *failure {
	if k.Curve != "" && curves[k.Curve] == nil {
		return invalidProperty("policy.key_props.crv", "This sandbox can't make keys on "+k.Curve)
	}
	return nil
}

func completeSecret(p *Policy) *failure {
	if p.Secret.ContentType == "" {
		p.Secret.ContentType = contentTypes[0]
	}
	if !slices.Contains(contentTypes, p.Secret.ContentType) {
		return invalidProperty("policy.secret_props.contentType", "It is none of "+strings.Join(contentTypes, ", "))
	}
	return nil
}

func completeIssuer(p *Policy) *failure {
	if p.Issuer.Name == "" {
		p.Issuer.Name = model.IssuerUnknown
	}
	return nil
}

func completeUsages(p *Policy) *failure {
	x := p.X509
	if x.EKUs == nil {
		x.EKUs = []string{"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"}
	}
	for _, eku := range x.EKUs {
		if _, ok := parseOID(eku); !ok {
			return invalidProperty("policy.x509_props.ekus", "Invalid object identifier "+eku)
		}
	}
	if x.KeyUsage == nil {
		x.KeyUsage = []string{"digitalSignature", "keyEncipherment"}
		if strings.HasPrefix(p.Key.Kty, "EC") {
			// What the service does for EC keys is not recorded; an EC key can't
			// encipher keys (RFC 8813 §3).
			x.KeyUsage = []string{"digitalSignature"}
		}
	}
	for _, usage := range x.KeyUsage {
		if _, ok := keyUsages[usage]; !ok {
			return invalidProperty("policy.x509_props.key_usage", "Unknown key usage "+usage)
		}
	}
	return nil
}

func completeActions(p *Policy) *failure {
	if len(p.LifetimeActions) == 0 {
		action := "AutoRenew"
		if manual(p.Issuer.Name) {
			action = "EmailContacts"
		}
		p.LifetimeActions = []LifetimeAction{{Trigger: Trigger{LifetimePercentage: 80}, Action: Action{Type: action}}}
	}
	for _, a := range p.LifetimeActions {
		percent, days := a.Trigger.LifetimePercentage, a.Trigger.DaysBeforeExpiry
		switch {
		case a.Action.Type != "AutoRenew" && a.Action.Type != "EmailContacts":
			return invalidProperty("policy.lifetime_actions.action", "It is none of AutoRenew, EmailContacts")
		case (percent == 0) == (days == 0):
			return invalidProperty("policy.lifetime_actions.trigger", "Exactly one of lifetime_percentage and days_before_expiry must be set")
		case percent < 0 || percent > 99:
			return invalidProperty("policy.lifetime_actions.trigger", "lifetime_percentage must be between 1 and 99")
		case days < 0 || days > p.X509.ValidityMonths*27:
			return invalidProperty("policy.lifetime_actions.trigger", "days_before_expiry must be between 1 and validity_months multiplied by 27")
		}
	}
	return nil
}

// manual reports whether an issuer's name stands for "somebody merges".
func manual(issuer string) bool {
	return issuer == "" || strings.EqualFold(issuer, model.IssuerUnknown)
}

func selfSigned(issuer string) bool { return strings.EqualFold(issuer, model.IssuerSelf) }
