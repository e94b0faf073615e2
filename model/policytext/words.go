package policytext

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"certty/model"
)

// The words of choices.
const (
	ManualIssuer  = "Unknown (manual)"
	ContentPKCS12 = "PKCS#12"
	ContentPEM    = "PEM"
	AutoRenew     = "AutoRenew"
	EmailContacts = "EmailContacts"
)

// hsm is how the types of keys end that stay in an HSM.
const hsm = "-HSM"

// purpose is an extended key usage that has a name (RFC 5280 §4.2.1.12).
type purpose struct{ name, oid string }

var purposes = []purpose{
	{"serverAuth", "1.3.6.1.5.5.7.3.1"}, {"clientAuth", "1.3.6.1.5.5.7.3.2"}, {"codeSigning", "1.3.6.1.5.5.7.3.3"},
	{"emailProtection", "1.3.6.1.5.5.7.3.4"}, {"timeStamping", "1.3.6.1.5.5.7.3.8"}, {"OCSPSigning", "1.3.6.1.5.5.7.3.9"},
}

// Purposes lists the names of the extended key usages that have one.
func Purposes() []string {
	names := make([]string, len(purposes))
	for i, p := range purposes {
		names[i] = p.name
	}
	return names
}

// PurposeOID is the object identifier of an extended key usage by its name,
// whose case does not count; "" where the name is none.
func PurposeOID(name string) string {
	for _, p := range purposes {
		if strings.EqualFold(p.name, name) {
			return p.oid
		}
	}
	return ""
}

// SplitEKUs parts object identifiers into the names of those that have one, in
// the order of [Purposes], and the others.
func SplitEKUs(oids []string) (known, other []string) {
	for _, oid := range oids {
		if i := slices.IndexFunc(purposes, func(p purpose) bool { return p.oid == oid }); i >= 0 {
			known = append(known, purposes[i].name)
		} else {
			other = append(other, oid)
		}
	}
	return InOrder(known, Purposes()), other
}

// KeyUsages lists the key usages that Key Vault knows (Key Vault REST,
// KeyUsageType), the usual ones first.
func KeyUsages() []string {
	return []string{"digitalSignature", "keyEncipherment", "dataEncipherment", "keyAgreement", "nonRepudiation",
		"keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}
}

// UnknownUsages are the key usages that are none of [KeyUsages].
func UnknownUsages(usages []string) []string {
	return slices.DeleteFunc(slices.Clone(usages), func(u string) bool {
		return slices.ContainsFunc(KeyUsages(), func(known string) bool { return strings.EqualFold(known, u) })
	})
}

// InOrder sorts names as the options stand, spelt as they are there, and leaves
// out what is no option.
func InOrder(names, options []string) []string {
	var out []string
	for _, o := range options {
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, o) }) {
			out = append(out, o)
		}
	}
	return out
}

// Issuer is who signs, in words.
func Issuer(i model.Issuer) string {
	switch {
	case i.Manual():
		return ManualIssuer
	case strings.EqualFold(i.Name, model.IssuerSelf):
		return model.IssuerSelf
	}
	return i.Name
}

// Signing says who signs and what that means for the person.
func Signing(i model.Issuer) string {
	switch {
	case i.Manual():
		return "Unknown: you have the CSR signed, then merge"
	case i.Name == model.IssuerSelf:
		return "Self: the vault signs it with its own key; it goes on by itself"
	}
	return i.Name + ": the vault orders it there; it goes on by itself, and may cost"
}

// KeyKind is the kind of key without where it is kept: "RSA 2048", "EC P-256";
// "" where it is left to the vault.
func KeyKind(k model.KeyProperties) string {
	kind := strings.TrimSuffix(k.Type, hsm)
	switch {
	case k.Curve != "":
		return cmp.Or(kind, "EC") + " " + k.Curve
	case k.Size != 0:
		return cmp.Or(kind, "RSA") + " " + strconv.Itoa(k.Size)
	}
	return kind
}

// Key is the key in words.
func Key(k model.KeyProperties) string {
	words := KeyKind(k)
	if strings.HasSuffix(k.Type, hsm) {
		words += " in an HSM (" + k.Type + ")"
	}
	return words
}

// ContentType is a content type in a word: PKCS#12 or PEM, anything else as it
// stands.
func ContentType(stored string) string {
	switch stored {
	case string(model.ImportPFX):
		return ContentPKCS12
	case string(model.ImportPEM):
		return ContentPEM
	}
	return stored
}

// ParseContentType is the content type of a word; anything else stays as it is.
func ParseContentType(word string) string {
	switch {
	case strings.EqualFold(word, ContentPKCS12), strings.EqualFold(word, "pkcs12"), strings.EqualFold(word, "pfx"):
		return string(model.ImportPFX)
	case strings.EqualFold(word, ContentPEM):
		return string(model.ImportPEM)
	}
	return word
}

// Action is a lifetime action in words.
func Action(a model.LifetimeAction) string {
	if when := Moment(a); when != "" {
		if a.DaysBeforeExpiry != 0 {
			return a.Action + " " + when + " before expiry"
		}
		return a.Action + " at " + when + " of the lifetime"
	}
	return a.Action
}

// Moment says when a lifetime action is taken, as [ParseMoment] reads it; "" when
// it does not say.
func Moment(a model.LifetimeAction) string {
	switch {
	case a.Percentage != 0:
		return strconv.Itoa(a.Percentage) + "%"
	case a.DaysBeforeExpiry != 0:
		return strconv.Itoa(a.DaysBeforeExpiry) + " days"
	}
	return ""
}

var errMoment = errors.New("80% of the lifetime, or 30 days before expiry")

// ParseMoment reads when a lifetime action is taken: "80%", "30 days".
func ParseMoment(s string, a *model.LifetimeAction) error {
	digits := strings.TrimRight(s, " %abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return errMoment
	}
	switch unit := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(s, digits))); {
	case unit == "%", unit == "percent":
		a.Percentage = n
	case unit == "d", unit == "day", strings.HasPrefix(unit, "days"):
		a.DaysBeforeExpiry = n
	default:
		return errMoment
	}
	return nil
}
