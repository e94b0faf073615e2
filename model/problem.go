package model

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Field names a part of a [CreateSpec] that a person fills in.
type Field string

// The parts of a CreateSpec that [CreateSpec.Problems] speaks of.
const (
	InName            Field = "name"
	InSubject         Field = "subject"
	InSANs            Field = "alternative names"
	InKeyType         Field = "key type"
	InKeySize         Field = "key size"
	InCurve           Field = "curve"
	InExportable      Field = "exportable"
	InContentType     Field = "content type"
	InEKUs            Field = "extended key usage"
	InKeyUsage        Field = "key usage"
	InValidity        Field = "validity"
	InLifetimeActions Field = "lifetime actions"
)

// Problem is one thing that a person must put right before a certificate can
// be created.
type Problem struct {
	Field Field
	// Text says what is wrong and what would be right, without the field's
	// name.
	Text string
}

// What Key Vault accepts in a policy (Key Vault REST, "Create Certificate":
// JsonWebKeyType, JsonWebKeyCurveName, KeyUsageType, SecretProperties).
var (
	keyTypes     = []string{"RSA", "RSA-HSM", "EC", "EC-HSM"}
	rsaSizes     = []int{2048, 3072, 4096}
	curveSizes   = map[string]int{"P-256": 256, "P-384": 384, "P-521": 521, "P-256K": 256}
	contentTypes = []string{"application/x-pkcs12", "application/x-pem-file"}
	keyUsages    = []string{"digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment",
		"keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
)

// daysPerMonth is how many days before expiry a lifetime action may lie at
// most, for each month of validity (Key Vault REST, Trigger).
const daysPerMonth = 27

// defaultMonths is the validity that Key Vault takes when none is given.
const defaultMonths = 12

// Problems lists everything that must be put right before s can be sent, in
// the order of a form; none means that nothing here stands in the way.
// Whether the policy is wise is not asked here, and whether the name is free
// only the vault knows.
func (s *CreateSpec) Problems() []Problem {
	var list problems
	list.check(InName, CheckName(s.Name))
	list.check(InSubject, CheckSubject(s.Policy.Subject))
	if strings.TrimSpace(s.Policy.Subject) == "" && s.Policy.SANs.Len() == 0 {
		list.add(InSubject, "a subject or an alternative name is needed")
	}
	list.check(InSANs, CheckSANs(s.Policy.SANs))
	list.key(s.Policy.Key)
	list.usage(&s.Policy)
	list.validity(&s.Policy)
	return list
}

type problems []Problem

func (l *problems) add(field Field, format string, args ...any) {
	*l = append(*l, Problem{Field: field, Text: fmt.Sprintf(format, args...)})
}

// check adds err, and each one of several joined errors by itself.
func (l *problems) check(field Field, err error) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, err := range joined.Unwrap() {
			l.check(field, err)
		}
		return
	}
	if err != nil {
		l.add(field, "%s", err.Error())
	}
}

func (l *problems) key(k KeyProperties) {
	switch k.Type {
	case "", "RSA", "RSA-HSM":
		if k.Size != 0 && !slices.Contains(rsaSizes, k.Size) {
			l.add(InKeySize, "an RSA key has 2048, 3072 or 4096 bits, not %d", k.Size)
		}
		if k.Curve != "" {
			l.add(InCurve, "an RSA key has no curve")
		}
	case "EC", "EC-HSM":
		size, known := curveSizes[k.Curve]
		if k.Curve != "" && !known {
			l.add(InCurve, "%q is no curve of Key Vault; P-256, P-384, P-521 and P-256K are", k.Curve)
		}
		if k.Size != 0 && k.Size != size {
			l.add(InKeySize, "the curve says the size of an EC key; leave the size out")
		}
	default:
		l.add(InKeyType, "%q is no key type; %s are", k.Type, strings.Join(keyTypes, ", "))
	}
	if strings.HasSuffix(k.Type, "-HSM") && k.Exportable != nil && *k.Exportable {
		l.add(InExportable, "a key in an HSM can't be exported")
	}
}

func (l *problems) usage(p *Policy) {
	if p.ContentType != "" && !slices.Contains(contentTypes, p.ContentType) {
		l.add(InContentType, "%q is no content type of Key Vault; %s are", p.ContentType, strings.Join(contentTypes, " and "))
	}
	for _, eku := range p.EKUs {
		if _, ok := parseOID(eku); !ok {
			l.add(InEKUs, "%q is no object identifier, such as 1.3.6.1.5.5.7.3.1", eku)
		}
	}
	for _, usage := range p.KeyUsage {
		if !slices.ContainsFunc(keyUsages, func(known string) bool { return equalFold(known, usage) }) {
			l.add(InKeyUsage, "%q is no key usage; %s are", usage, strings.Join(keyUsages, ", "))
		}
	}
}

func (l *problems) validity(p *Policy) {
	months := p.ValidityMonths
	switch {
	case months < 0:
		l.add(InValidity, "the months can't be fewer than 0")
	case months > math.MaxInt32:
		l.add(InValidity, "%d months are more than the service can read", months)
	}
	if months <= 0 {
		months = defaultMonths
	}
	months = min(months, math.MaxInt32/daysPerMonth)
	for _, a := range p.LifetimeActions {
		l.lifetimeAction(a, months)
	}
}

func (l *problems) lifetimeAction(a LifetimeAction, months int) {
	if a.Action != "AutoRenew" && a.Action != "EmailContacts" {
		l.add(InLifetimeActions, "%q is no action; AutoRenew and EmailContacts are", a.Action)
	}
	switch {
	case (a.Percentage == 0) == (a.DaysBeforeExpiry == 0):
		l.add(InLifetimeActions, "give either a share of the lifetime or days before expiry")
	case a.Percentage != 0 && (a.Percentage < 1 || a.Percentage > 99):
		l.add(InLifetimeActions, "a share of the lifetime is 1 to 99 percent, not %d", a.Percentage)
	case a.DaysBeforeExpiry != 0 && (a.DaysBeforeExpiry < 1 || a.DaysBeforeExpiry > months*daysPerMonth):
		l.add(InLifetimeActions, "with %d months of validity the days before expiry are 1 to %d, not %d", months, months*daysPerMonth, a.DaysBeforeExpiry)
	}
}
