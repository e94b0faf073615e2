package order

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certty/model"
	"certty/ui/view"
	"certty/ui/widget/form"
)

// The fields of an order besides those of its key.
const (
	fieldName         = "name"
	fieldSANs         = "sans"
	fieldOrganization = "organization"
	fieldProfile      = "profile"
	fieldTerm         = "term"
	fieldDescription  = "description"
	fieldRequester    = "requester"
	fieldReason       = "reason"
	fieldDCV          = "dcv"
	fieldDCVEmail     = "dcv e-mail"
	fieldDir          = "dir"
	fieldOwner        = "owner"
	fieldMode         = "mode"

	sectionMore  = "more"
	sectionFiles = "files"
	sectionDCV   = "validation"
)

// customID is the field of a custom field of the account.
func customID(f *model.CustomField) string { return "custom " + strconv.Itoa(f.ID) + " " + f.Name }

// days is how a term is written in the form.
func days(term int) string { return strconv.Itoa(term) + " days" }

func daysOf(text string) int {
	n, err := strconv.Atoi(strings.TrimSuffix(text, " days"))
	if err != nil {
		return 0
	}
	return n
}

// fields are the questions of an order; mandatory custom fields stand among the
// others, the rest under More.
func (v *Order) fields() []form.Field {
	fields := []form.Field{
		{ID: fieldName, Label: "Common name", Hint: "the DNS name that the certificate is for"},
		{ID: fieldSANs, Label: "Other names", Hint: "DNS names, blanks or commas between them", Note: noteNames},
		{ID: fieldOrganization, Label: "Organization", Options: []string{nothing}, Hint: "left and right choose; departments are indented", Note: v.noteOrganization, Warn: v.warnOrganization},
		{ID: fieldProfile, Label: "Profile", Options: []string{nothing}, Hint: "those that are delegated to the organization", Note: v.noteProfile, Warn: v.warnProfile},
		{ID: fieldTerm, Label: "Term", Options: []string{nothing}, Hint: "those that the profile has", Note: v.noteTerm},
	}
	fields = append(fields, v.key.fields()...)
	var rest []form.Field
	for i := range v.cat.account.CustomFields {
		if f := &v.cat.account.CustomFields[i]; f.Mandatory {
			fields = append(fields, customField(f, ""))
		} else {
			rest = append(rest, customField(f, sectionMore))
		}
	}
	fields = append(fields, form.Field{ID: fieldDescription, Label: "Description", Hint: "stands in SCM's comments, behind the reference by which certty finds the order again", Note: noteDescription})
	fields = append(fields, form.Field{ID: sectionMore, Kind: form.Section, Label: "More", Hint: "external requester, domain validation, custom fields, files"},
		form.Field{ID: fieldRequester, In: sectionMore, Label: "External requester", Hint: "e-mail addresses that SCM tells about the order, commas between them"})
	fields = append(fields, dcvFields(sectionMore)...)
	fields = append(fields, rest...)
	return append(fields, fileFields(sectionMore, v.files)...)
}

// customField asks for a custom field of the account, in the way of its kind.
func customField(f *model.CustomField, in string) form.Field {
	field := form.Field{ID: customID(f), In: in, Label: f.Name, Hint: "a custom field of the account, " + kindWords(f)}
	if strings.EqualFold(f.Type, "TEXT_OPTION") && len(f.Options) > 0 {
		// No choice is made for the person.
		field.Options = append([]string{nothing}, f.Options...)
	}
	return field
}

func kindWords(f *model.CustomField) string {
	words := map[string]string{"EMAIL": "an e-mail address", "NUMBER": "a whole number", "DATE": "a date as 2026-11-21", "TEXT_OPTION": "a choice", "TEXT_SINGLE_LINE": "one line", "TEXT_MULTI_LINE": "text"}[f.Type]
	if words == "" {
		words = "whose kind the account does not tell"
	}
	if f.Mandatory {
		words += "; mandatory"
	}
	return words
}

// noteNames counts what was understood.
func noteNames(value func(string) string) string {
	sans, err := model.ParseSANs(value(fieldSANs))
	if n := len(sans.DNS); err == nil && n > 3 {
		return fmt.Sprintf("%d names", n)
	}
	return ""
}

// noteDescription counts as the service does, while it is typed.
func noteDescription(value func(string) string) string {
	n := model.UTF16Len(value(fieldDescription))
	text := fmt.Sprintf("%d / %d", n, model.MaxDescription)
	if n > model.MaxDescription-100 {
		text += fmt.Sprintf(", as SCM counts: most emoji are two, and %d of its %d go to the reference", model.ReferenceLen, model.MaxOrderComments)
	}
	return text
}

// names reads the field of the other names, and says of each that is wrong why,
// behind the name and a colon.
func names(value form.Values) (names, wrong []string) {
	sans, err := model.ParseSANs(value(fieldSANs))
	if err != nil {
		wrong = strings.Split(err.Error(), "\n") // joined, one line for each
	}
	for _, other := range slices.Concat(sans.Emails, sans.UPNs, sans.URIs, sans.IPs) {
		wrong = append(wrong, other+": an SCM order takes DNS names only")
	}
	return sans.DNS, wrong
}

// mostNamed is how many wrong names are named behind the one that is explained.
const mostNamed = 6

// allWrong says what is wrong with the first of the wrong names, and names the
// others as far as there is room: none is found by sending again.
func allWrong(wrong []string) string {
	if len(wrong) < 2 {
		return view.Clean(strings.Join(wrong, ""))
	}
	var others []string
	for _, text := range wrong[1:] {
		name, _, _ := strings.Cut(text, ": ")
		others = append(others, name)
	}
	more, rest := "1 more name is wrong: ", ""
	if n := len(others); n > 1 {
		more = fmt.Sprintf("%d more names are wrong: ", n)
	}
	if n := len(others) - mostNamed; n > 0 {
		others, rest = others[:mostNamed], fmt.Sprintf(" and %d others", n)
	}
	return view.Clean(wrong[0] + "; " + more + strings.Join(others, ", ") + rest)
}

// faults are what is wrong, by the id of the field; the first thing counts.
type faults map[string]string

func (f faults) add(id, text string) {
	if text != "" && f[id] == "" {
		f[id] = text
	}
}
