package forms

import (
	"cmp"
	"slices"

	"certty/model"
	"certty/model/policytext"
	"certty/ui/widget/form"
)

// The ids of the fields.
const (
	fieldTarget     = "target"
	fieldSubject    = "subject"
	fieldSANs       = "sans"
	fieldName       = "name"
	fieldIssuer     = "issuer"
	fieldKey        = "key"
	fieldProtection = "protection"
	fieldExportable = "exportable"
	fieldReuse      = "reuse"
	fieldContent    = "content"
	fieldOrder      = "order"
	fieldProduct    = "product"
	fieldCT         = "transparency"
	fieldEKU        = "eku"
	fieldEKUOther   = "eku-other"
	fieldUsage      = "usage"
	fieldMonths     = "months"
	fieldAction     = "action"
	fieldWhen       = "when"
	fieldTags       = "tags"
	fieldEnabled    = "enabled"

	sectionParts = "subject-parts"
	sectionMore  = "more"
	sectionTerms = "terms"
	sectionKey   = "key-details"
	sectionUses  = "uses"
	sectionLife  = "life"
	sectionState = "state"
)

// partField is the id of the field for one attribute of the subject.
func partField(keyword string) string { return "subject-" + keyword }

// The words of choices.
const (
	unset         = "default"
	manualIssuer  = policytext.ManualIssuer
	software      = "software"
	hsm           = "HSM"
	noProduct     = "none"
	contentPKCS12 = policytext.ContentPKCS12
	contentPEM    = policytext.ContentPEM
	autoRenew     = policytext.AutoRenew
	emailContacts = policytext.EmailContacts
)

var (
	// keyChoices are the keys Key Vault makes (Key Vault REST, "Create
	// Certificate": key_size, JsonWebKeyCurveName).
	keyChoices   = []string{"RSA 2048", "RSA 3072", "RSA 4096", "EC P-256", "EC P-384", "EC P-521", "EC P-256K"}
	usageChoices = policytext.KeyUsages()
)

// policyFields are the questions about a policy, filled in from base. catalog
// is asked for what the vault has to offer, and parts for the whole subject,
// whenever a note is drawn.
func policyFields(base model.Policy, catalog *catalog, parts *parts) []form.Field {
	start := valuesOf(base)
	fields := []form.Field{
		{ID: fieldSubject, Label: "Subject", Hint: "an X.500 name, such as CN=shop.example.com, O=\"Contoso, Inc.\", C=US", Check: checked(model.CheckSubject), Note: noteSubject},
		{ID: fieldSANs, Label: "Alternative names", Hint: "DNS names, e-mail or IP addresses, URIs, upn:user@domain; blanks or commas between them", Check: checkSANs, Note: noteSANs},
		{ID: fieldIssuer, Label: "Issuer", Hint: catalog.hint(), Options: including([]string{manualIssuer, model.IssuerSelf}, start[fieldIssuer]), Note: catalog.note},
		{ID: fieldKey, Label: "Key", Hint: "left and right choose; the key is made in the vault", Options: choices(start[fieldKey], keyChoices...)},
		{ID: sectionParts, Kind: form.Section, Label: "Subject, part by part", Hint: "written into the subject, in quotes where it needs them", Note: parts.note},
	}
	for _, a := range attributes {
		fields = append(fields, form.Field{ID: partField(a.keyword), In: sectionParts, Label: a.label, Hint: a.keyword + " in the subject", Value: subjectParts(base.Subject)[a.keyword]})
	}
	fields = append(fields, form.Field{ID: sectionMore, Kind: form.Section, Label: "More", Hint: "key, uses, validity, renewal; what is left alone the vault decides"})
	fields = append(fields, termFields(start)...)
	fields = append(fields, keyFields(base, start)...)
	fields = append(fields, useFields()...)
	fields = append(fields, lifeFields(base, start, catalog)...)
	for i := range fields {
		fields[i].Value = cmp.Or(start[fields[i].ID], fields[i].Value)
	}
	return fields
}

func termFields(start map[string]string) []form.Field {
	ordered := func(value func(string) string) bool {
		return value(fieldIssuer) != manualIssuer && value(fieldIssuer) != model.IssuerSelf
	}
	return []form.Field{
		{ID: sectionTerms, In: sectionMore, Kind: form.Section, Label: "Issuer's terms", Show: ordered, Note: summing(fieldProduct, fieldCT)},
		{ID: fieldProduct, In: sectionTerms, Label: "Certificate type", Hint: "the product that is ordered; none leaves it to the issuer's account", Options: including([]string{noProduct, "OV-SSL", "EV-SSL"}, start[fieldProduct])},
		{ID: fieldCT, In: sectionTerms, Label: "Transparency", Hint: "published in the logs of Certificate Transparency (RFC 6962); browsers ask for it", Options: []string{unset, form.Yes, form.No}},
	}
}

func keyFields(base model.Policy, start map[string]string) []form.Field {
	return []form.Field{
		{ID: sectionKey, In: sectionMore, Kind: form.Section, Label: "Key details", Note: summing(fieldProtection, fieldExportable, fieldReuse, fieldContent, fieldOrder)},
		{ID: fieldProtection, In: sectionKey, Label: "Kept in", Options: []string{software, hsm}, Note: noteProtection, Hint: "an HSM needs a vault of the premium tier"},
		{ID: fieldExportable, In: sectionKey, Label: "Exportable", Options: tri(base.Key.Exportable), Hint: "whether the private key may leave the vault; the vault's default is yes"},
		{ID: fieldReuse, In: sectionKey, Label: "Reuse key", Options: tri(base.Key.ReuseKey), Hint: "a new version keeps the key of this one; the vault's default is no"},
		{ID: fieldContent, In: sectionKey, Label: "Content type", Options: choices(start[fieldContent], contentPKCS12, contentPEM), Hint: "the form in which programs get it from the vault; the default is PKCS#12"},
	}
}

func useFields() []form.Field {
	return []form.Field{
		{ID: sectionUses, In: sectionMore, Kind: form.Section, Label: "Uses", Note: summing(fieldEKU, fieldEKUOther, fieldUsage)},
		{ID: fieldEKU, In: sectionUses, Kind: form.Many, Label: "Extended usage", Options: policytext.Purposes(), Hint: "left and right move, space chooses; none chosen: serverAuth, clientAuth"},
		{ID: fieldEKUOther, In: sectionUses, Label: "Other usages", Hint: "object identifiers, such as 1.3.6.1.4.1.311.20.2.2"},
		{ID: fieldUsage, In: sectionUses, Kind: form.Many, Label: "Key usage", Options: usageChoices, Hint: "left and right move, space chooses; none chosen: digitalSignature, keyEncipherment"},
	}
}

func lifeFields(base model.Policy, start map[string]string, catalog *catalog) []form.Field {
	return []form.Field{
		{ID: sectionLife, In: sectionMore, Kind: form.Section, Label: "Validity and renewal", Note: summing(fieldMonths, fieldAction, fieldWhen)},
		{ID: fieldMonths, In: sectionLife, Label: "Validity in months", Hint: "the vault's default is 12; the issuer may allow fewer"},
		{ID: fieldAction, In: sectionLife, Label: "Before it expires", Options: choices(start[fieldAction], autoRenew, emailContacts), Note: catalog.noteAction(base), Warn: warnAction, Hint: "the default: AutoRenew at 80%, EmailContacts where the issuer is Unknown"},
		{ID: fieldWhen, In: sectionLife, Label: "When", Hint: "80% of the lifetime, or 30 days before expiry",
			Show: func(value func(string) string) bool { return value(fieldAction) != unset },
			Suggest: func(value func(string) string) string {
				if value(fieldAction) == unset {
					return ""
				}
				return "80%"
			}},
	}
}

// orderField asks for preserveCertOrder, which Key Vault takes with a new
// certificate only (api-version 7.6, "Create Certificate" and "Import
// Certificate").
func orderField(section, given string) form.Field {
	return form.Field{ID: fieldOrder, In: section, Label: "Preserve order", Options: []string{unset, form.Yes, form.No},
		Hint: "whether the chain keeps the order in which it is " + given + "; the vault's default is no: the leaf comes first. Since api-version 7.6"}
}

// including adds what is stored to what can be chosen.
func including(options []string, stored string) []string {
	if stored == "" || slices.Contains(options, stored) {
		return options
	}
	return append(slices.Clip(options), stored)
}

// choices offers the vault's default only where nothing else is stored: a
// stored value can be changed, but not taken back.
func choices(stored string, options ...string) []string {
	if stored == "" || stored == unset {
		return append([]string{unset}, options...)
	}
	return including(options, stored)
}

func tri(stored *bool) []string { return choices(triWord(stored), form.Yes, form.No) }

func triWord(b *bool) string {
	switch {
	case b == nil:
		return unset
	case *b:
		return form.Yes
	}
	return form.No
}
