package vaultserver

import (
	"crypto"
	"crypto/x509"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// maxPassword is Key Vault's limit for the password of an imported bundle, in
// characters.
const maxPassword = 200

// importBody is the body of import.
type importBody struct {
	Value             string            `json:"value"`
	Password          string            `json:"pwd"`
	Policy            *Policy           `json:"policy"`
	Attributes        *Attributes       `json:"attributes"`
	Tags              map[string]string `json:"tags"`
	PreserveCertOrder *bool             `json:"preserveCertOrder"`
}

// importCertificate takes a certificate with its private key as a new version
// (Key Vault REST, "Import Certificate"). The stored policy becomes that of the
// certificate, and a pending object that has ended goes away; both as recorded.
func (s *Server) importCertificate(c *call) (*answer, error) {
	var body importBody
	if err := decode(c.body, &body); err != nil {
		return nil, unreadableBody(err)
	}
	if len(body.Tags) > maxTags {
		return nil, invalidBody()
	}
	if utf8.RuneCountInString(body.Password) > maxPassword {
		return nil, invalidProperty("pwd", "It is too long")
	}
	bundle, contentType, f := readBundle(body.Value, body.Password, body.contentType())
	if f != nil {
		return nil, f
	}
	policy, f := importedPolicy(bundle, contentType, body.Policy)
	if f != nil {
		return nil, f
	}
	v, err := bundle.version(&body, c.now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.forCreation(c.name, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		o = &object{Name: c.name, PolicyCreated: c.now}
		s.put(o)
	}
	o.Policy, o.PolicyUpdated = policy, c.now
	o.Versions, o.Placeholder, o.Pending, o.Coming = append(o.Versions, v), nil, nil, nil
	s.save(o)
	return &answer{status: http.StatusOK, body: c.bundle(o, v)}, nil
}

// contentType is the form that the body says it has; "" when it does not.
func (b *importBody) contentType() string {
	if b.Policy == nil || b.Policy.Secret == nil {
		return ""
	}
	return b.Policy.Secret.ContentType
}

// version is the version that an imported bundle makes.
func (b *bundle) version(body *importBody, now time.Time) (*version, error) {
	key, err := marshalKey(b.key)
	if err != nil {
		return nil, err
	}
	v := &version{
		ID: newID(), Enabled: true, NotBefore: b.leaf.NotBefore, Expires: b.leaf.NotAfter, Created: now, Updated: now,
		Tags: maps.Clone(body.Tags), Leaf: b.leaf.Raw, Above: b.above, Key: key, PreserveCertOrder: body.PreserveCertOrder,
	}
	if a := body.Attributes; a != nil && a.Enabled != nil {
		v.Enabled = *a.Enabled
	}
	return v, nil
}

// importedPolicy is the policy that an import leaves behind, as recorded: what
// the request says of issuer, lifetime actions, reuse and export of the key,
// and the rest as the certificate is, with empty usages where it has none.
func importedPolicy(b *bundle, contentType string, given *Policy) (Policy, *failure) {
	p := Policy{Key: &KeyProperties{}, Secret: &SecretProperties{}, X509: &X509Properties{}, Issuer: &IssuerParameters{}}
	if given != nil {
		copyGiven(&p, given)
	}
	kind, f := keyPropertiesOf(b.key.Public())
	if f != nil {
		return Policy{}, f
	}
	kind.Exportable, kind.Reuse = p.Key.Exportable, p.Key.Reuse
	if strings.HasSuffix(p.Key.Kty, "-HSM") {
		kind.Kty += "-HSM"
	}
	p.Key, p.Secret.ContentType, p.X509 = kind, contentType, x509PropertiesOf(b.leaf)
	for _, step := range []func(*Policy) *failure{completeKey, completeSecret, completeIssuer, completeActions} {
		if f := step(&p); f != nil {
			return Policy{}, f
		}
	}
	return p, nil
}

// keyPropertiesOf describes a key as a policy does. Which keys the service
// takes beyond those that it makes itself was not recorded.
func keyPropertiesOf(pub crypto.PublicKey) (*KeyProperties, *failure) {
	var size int
	var curve string
	kind := kindOf(pub)
	switch family, which, _ := strings.Cut(kind, " "); family {
	case "RSA":
		if _, err := fmt.Sscan(which, &size); err == nil {
			return &KeyProperties{Kty: "RSA", Size: size}, nil
		}
	case "EC":
		curve = which
		if curves[curve] != nil {
			return &KeyProperties{Kty: "EC", Curve: curve, Size: curveBits[curve]}, nil
		}
	}
	return nil, badParameter("The specified X.509 certificate content is invalid. Error: One or more X.509 properties are invalid.")
}

// x509PropertiesOf describes a certificate as a policy does.
func x509PropertiesOf(cert *x509.Certificate) *X509Properties {
	return &X509Properties{
		Subject: subjectText(cert.RawSubject), SANs: alternativeNamesOf(cert),
		EKUs: extKeyUsagesOf(cert), KeyUsage: keyUsageWords(cert.KeyUsage),
		ValidityMonths: monthsBetween(cert.NotBefore, cert.NotAfter), BasicConstraints: &BasicConstraints{CA: cert.IsCA},
	}
}

// monthsBetween counts the months that are begun, as recorded, and at least
// one.
func monthsBetween(from, until time.Time) int {
	from, until = from.UTC(), until.UTC()
	months := (until.Year()-from.Year())*12 + int(until.Month()) - int(from.Month()) - 1
	for from.AddDate(0, months, 0).Before(until) {
		months++
	}
	return max(months, 1)
}
