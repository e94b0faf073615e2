package forms

import (
	"strings"

	"certty/model"
	"certty/ui/view"
	"certty/ui/widget/form"
)

func checked(check func(string) error) func(string) string {
	return func(value string) string { return text(check(value)) }
}

func checkSANs(value string) string {
	_, err := model.ParseSANs(value)
	return text(err)
}

// noteSubject shows what was understood.
func noteSubject(value func(string) string) string {
	if name := rfc4514(value(fieldSubject)); name != "" {
		return "RFC 4514: " + view.Clean(name)
	}
	return ""
}

// noteSANs shows into which kinds the names were sorted.
func noteSANs(value func(string) string) string {
	sans, err := model.ParseSANs(value(fieldSANs))
	if err != nil {
		return ""
	}
	return view.Clean(sans.Words())
}

func noteProtection(value func(string) string) string {
	if value(fieldProtection) != hsm {
		return ""
	}
	return "key type " + keyOf(value).Type + "; it can't be exported"
}

func warnAction(value func(string) string) string {
	if value(fieldAction) == autoRenew && value(fieldIssuer) == manualIssuer {
		return "with issuer Unknown the vault can't renew by itself: a person has the CSR signed. EmailContacts says when it is time."
	}
	return ""
}

// summing sums up a closed section: what in it was decided.
func summing(ids ...string) func(func(string) string) string {
	return func(value func(string) string) string {
		var parts []string
		for _, id := range ids {
			if word := decided(id, value(id)); word != "" {
				parts = append(parts, word)
			}
		}
		return view.Clean(strings.Join(parts, ", "))
	}
}

// decided is what a field's value adds to a sum; "" when it is the vault's
// default.
func decided(id, value string) string {
	switch {
	case value == unset, value == "", value == software, value == noProduct:
		return ""
	case id == fieldEnabled && value == form.Yes:
		return ""
	case id == fieldExportable && value == form.No:
		return "not exportable"
	case id == fieldExportable:
		return "exportable"
	case id == fieldReuse && value == form.No:
		return "a new key each time"
	case id == fieldReuse:
		return "key reused"
	case id == fieldOrder && value == form.No:
		return "leaf first"
	case id == fieldOrder:
		return "order preserved"
	case id == fieldCT && value == form.No:
		return "not in CT logs"
	case id == fieldCT:
		return "in CT logs"
	case id == fieldMonths:
		return value + " months"
	case id == fieldWhen:
		return "at " + value
	case id == fieldEnabled:
		return "disabled"
	}
	return value
}
