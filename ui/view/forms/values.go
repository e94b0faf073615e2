package forms

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certty/model"
	"certty/model/policytext"
	"certty/ui/widget/form"
)

// valuesOf is what the fields hold for a policy. The zero policy gives what
// leaves everything to the vault.
func valuesOf(p model.Policy) map[string]string {
	known, other := policytext.SplitEKUs(p.EKUs)
	values := map[string]string{
		fieldSubject:    p.Subject,
		fieldSANs:       strings.Join(sanWords(p.SANs), ", "),
		fieldIssuer:     policytext.Issuer(p.Issuer),
		fieldKey:        cmp.Or(policytext.KeyKind(p.Key), unset),
		fieldProtection: software,
		fieldExportable: triWord(p.Key.Exportable),
		fieldReuse:      triWord(p.Key.ReuseKey),
		fieldContent:    cmp.Or(policytext.ContentType(p.ContentType), unset),
		fieldProduct:    cmp.Or(p.Issuer.CertificateType, noProduct),
		fieldCT:         triWord(p.Issuer.Transparency),
		fieldEKU:        strings.Join(known, ", "),
		fieldEKUOther:   strings.Join(other, ", "),
		fieldUsage:      strings.Join(policytext.InOrder(p.KeyUsage, usageChoices), ", "),
		fieldAction:     unset,
	}
	if strings.HasSuffix(p.Key.Type, "-HSM") {
		values[fieldProtection] = hsm
	}
	if p.ValidityMonths != 0 {
		values[fieldMonths] = strconv.Itoa(p.ValidityMonths)
	}
	if len(p.LifetimeActions) > 0 {
		values[fieldAction] = cmp.Or(p.LifetimeActions[0].Action, unset)
		values[fieldWhen] = policytext.Moment(p.LifetimeActions[0])
	}
	return values
}

// faults are what is wrong with fields, by their ids; the first word stays.
type faults map[string]string

func (f faults) add(field, text string) {
	if _, said := f[field]; !said && text != "" {
		f[field] = text
	}
}

// policyOf is the policy that the fields ask for. base is the one that they
// were filled in from: what was not touched stays as it is there, and so does
// what no field shows.
func policyOf(value form.Values, base model.Policy) (model.Policy, faults) {
	start, wrong := valuesOf(base), faults{}
	touched := func(ids ...string) bool {
		return slices.ContainsFunc(ids, func(id string) bool { return value(id) != start[id] })
	}
	p := base
	p.Subject = value(fieldSubject)
	if touched(fieldSANs) {
		var err error
		p.SANs, err = model.ParseSANs(value(fieldSANs))
		wrong.add(fieldSANs, text(err))
	}
	if touched(fieldIssuer, fieldProduct, fieldCT) {
		p.Issuer = issuerOf(value)
	}
	if touched(fieldKey, fieldProtection, fieldExportable, fieldReuse) {
		p.Key = keyOf(value)
	}
	if touched(fieldContent) {
		p.ContentType = contentType(value(fieldContent))
	}
	if touched(fieldEKU, fieldEKUOther) {
		p.EKUs = ekusOf(value)
		emptied(wrong, fieldEKU, len(p.EKUs), len(base.EKUs))
	}
	if touched(fieldUsage) {
		p.KeyUsage = append(list(value(fieldUsage)), policytext.UnknownUsages(base.KeyUsage)...)
		emptied(wrong, fieldUsage, len(p.KeyUsage), len(base.KeyUsage))
	}
	if touched(fieldMonths) {
		p.ValidityMonths = number(value(fieldMonths), wrong)
		emptied(wrong, fieldMonths, p.ValidityMonths, base.ValidityMonths)
	}
	if touched(fieldAction, fieldWhen) {
		p.LifetimeActions = actionsOf(value, base.LifetimeActions, wrong)
	}
	return p, wrong
}

// emptied refuses to take back what is stored: the vault's default comes with
// a new certificate only.
func emptied(wrong faults, field string, now, before int) {
	if now == 0 && before != 0 {
		wrong.add(field, "something is stored here; it can be changed, not taken back")
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// sanWords writes names so that [model.ParseSANs] sorts them as they were.
func sanWords(s model.SANs) []string {
	var words []string
	add := func(prefix string, names []string, kind func(model.SANs) []string) {
		for _, name := range names {
			if parsed, err := model.ParseSANs(name); err != nil || !slices.Equal(kind(parsed), []string{name}) {
				name = prefix + name
			}
			words = append(words, name)
		}
	}
	add("dns:", s.DNS, func(s model.SANs) []string { return s.DNS })
	add("email:", s.Emails, func(s model.SANs) []string { return s.Emails })
	add("upn:", s.UPNs, func(s model.SANs) []string { return s.UPNs })
	add("uri:", s.URIs, func(s model.SANs) []string { return s.URIs })
	add("ip:", s.IPs, func(s model.SANs) []string { return s.IPs })
	return words
}

func issuerOf(value form.Values) model.Issuer {
	name := value(fieldIssuer)
	switch name {
	case manualIssuer:
		return model.Issuer{Name: model.IssuerUnknown}
	case model.IssuerSelf:
		return model.Issuer{Name: model.IssuerSelf}
	}
	issuer := model.Issuer{Name: name, Transparency: triOf(value(fieldCT))}
	if product := value(fieldProduct); product != noProduct {
		issuer.CertificateType = product
	}
	return issuer
}

func keyOf(value form.Values) model.KeyProperties {
	kind, size, _ := strings.Cut(strings.TrimSuffix(value(fieldKey), unset), " ")
	k := model.KeyProperties{Type: kind, Exportable: triOf(value(fieldExportable)), ReuseKey: triOf(value(fieldReuse))}
	if bits, err := strconv.Atoi(size); err == nil {
		k.Size = bits
	} else {
		k.Curve = size
	}
	if value(fieldProtection) == hsm {
		k.Type = cmp.Or(k.Type, "RSA") + "-HSM"
	}
	return k
}

func contentType(choice string) string {
	if choice == unset {
		return ""
	}
	return policytext.ParseContentType(choice)
}

func ekusOf(value form.Values) []string {
	var oids []string
	for _, name := range list(value(fieldEKU)) {
		oids = append(oids, policytext.PurposeOID(name))
	}
	return append(oids, list(value(fieldEKUOther))...)
}

// list cuts a value at commas, semicolons and blanks.
func list(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' || r == ' ' })
}

func number(value string, wrong faults) int {
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	switch {
	case errors.Is(err, strconv.ErrRange):
		wrong.add(fieldMonths, "that is more than the service can read")
	case err != nil:
		wrong.add(fieldMonths, fmt.Sprintf("%q is no number of months", value))
	case n < 1:
		wrong.add(fieldMonths, "at least 1 month")
	}
	return n
}

func triOf(word string) *bool {
	switch word {
	case form.Yes:
		return new(true)
	case form.No:
		return new(false)
	}
	return nil
}

// fieldOf is the field that a problem of the model is about.
var fieldOf = map[model.Field]string{
	model.InName: fieldName, model.InSubject: fieldSubject, model.InSANs: fieldSANs,
	model.InKeyType: fieldKey, model.InKeySize: fieldKey, model.InCurve: fieldKey,
	model.InExportable: fieldExportable, model.InContentType: fieldContent,
	model.InEKUs: fieldEKUOther, model.InKeyUsage: fieldUsage,
	model.InValidity: fieldMonths, model.InLifetimeActions: fieldWhen,
}

// judge adds what the model says about a specification.
func (f faults) judge(spec model.CreateSpec) {
	for _, p := range spec.Problems() {
		f.add(fieldOf[p.Field], p.Text)
	}
}
