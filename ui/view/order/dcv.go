package order

import (
	"slices"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/sheet"
	"certty/ui/widget/form"
)

// accountsOwn leaves the validation of the names to the account.
const accountsOwn = "the account's own"

// dcvWords name the ways to validate a name.
var dcvWords = map[model.DCVMode]string{
	"": accountsOwn, model.DCVCNAME: "CNAME", model.DCVTXT: "TXT", model.DCVHTTP: "HTTP", model.DCVHTTPS: "HTTPS", model.DCVEmail: "e-mail",
}

// dcvFields ask how the names are validated. Most accounts validate their
// domains beforehand.
func dcvFields(in string) []form.Field {
	options := []string{accountsOwn}
	for _, mode := range model.DCVModes() {
		options = append(options, dcvWords[mode])
	}
	return []form.Field{
		{
			ID: fieldDCV, In: in, Label: "Domain validation", Options: options, Note: noteDCV,
			Hint: "the account's own, unless it does not validate its domains beforehand: it then wants a way for each order",
		},
		{
			ID: fieldDCVEmail, In: in, Label: "Validation e-mail", Hint: "the mailbox of the domain that the CA asks, such as admin@example.com",
			Show: func(value func(string) string) bool { return value(fieldDCV) == dcvWords[model.DCVEmail] },
		},
	}
}

// dcvSection asks the same in a section of its own.
func dcvSection() []form.Field {
	section := form.Field{
		ID: sectionDCV, Kind: form.Section, Label: "Validation", Hint: "how the CA is shown that the names are yours",
		Note: func(value func(string) string) string {
			if mode := dcvOf(value).Mode; mode != "" {
				return dcvWords[mode]
			}
			return ""
		},
	}
	return append([]form.Field{section}, dcvFields(sectionDCV)...)
}

// noteDCV says what a way asks for.
func noteDCV(value func(string) string) string {
	switch dcvOf(value).Mode {
	case model.DCVCNAME, model.DCVTXT:
		return "The record to publish stands with the order once it is with the CA."
	case model.DCVHTTP, model.DCVHTTPS:
		return "The file to publish stands with the order once it is with the CA."
	case model.DCVEmail:
		return "The CA sends a mail to this address for the names of the order."
	}
	return ""
}

// dcvOf is how the form wants the names validated.
func dcvOf(value form.Values) model.OrderDCV {
	for _, mode := range model.DCVModes() {
		if value(fieldDCV) != dcvWords[mode] {
			continue
		}
		if mode == model.DCVEmail {
			return model.OrderDCV{Mode: mode, Email: value(fieldDCVEmail)}
		}
		return model.OrderDCV{Mode: mode}
	}
	return model.OrderDCV{}
}

// checkDCV says what is wrong with it, for the names of a renewal or a
// replacement.
func checkDCV(value form.Values, wrong faults, names ...string) {
	field, text := dcvOf(value).Problem(names...)
	switch field {
	case model.InDCV:
		wrong.add(fieldDCV, view.Clean(text))
	case model.InDCVEmail:
		wrong.add(fieldDCVEmail, view.Clean(text))
	default:
	}
}

// dcvFacts say how the names are validated, where the order says it.
func dcvFacts(d model.OrderDCV) []sheet.Fact {
	if !slices.Contains(model.DCVModes(), d.Mode) {
		return nil
	}
	text := dcvWords[d.Mode] + ", for this order"
	if d.Email != "" {
		text += ", asking " + view.Clean(d.Email)
	}
	return []sheet.Fact{{Name: "validation", Value: text}}
}
