package vaults

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/backend"
	"certty/ui/theme"
	"certty/ui/view"
	"certty/ui/widget/form"
)

// accountFields are the questions about an SCM account.
func accountFields(b Book, uses shown) []form.Field {
	part := func(which func(api, customerURI, name string) string) func(func(string) string) string {
		return func(value func(string) string) string { return which(b.Account(value(string(FieldAddress)))) }
	}
	out := []form.Field{
		{ID: string(FieldAddress), Label: "Address", Hint: "where you sign in, https://cert-manager.com/customer/NAME, or where the API begins, https://cert-manager.com/api",
			Note: part(func(api, customerURI, _ string) string {
				if customerURI == "" {
					return ""
				}
				return "the API at " + api + ", customer URI " + customerURI
			})},
		{ID: string(FieldCustomerURI), Label: "Customer URI", Hint: "the last part of the address where you sign in",
			Suggest: part(func(_, customerURI, _ string) string { return customerURI })},
		{ID: string(FieldName), Label: "Name", Hint: "what certty calls it: lower-case letters, digits and hyphens",
			Suggest: part(func(_, _, name string) string { return name })},
		{ID: string(FieldCredential), Label: "Credential", Options: b.Credentials(KindAccount), Hint: "left and right choose who certty is to the account",
			Note: func(value func(string) string) string { return kindWords[value(string(FieldCredential))] }},
		{ID: string(FieldLogin), Label: "Login", Hint: "the administrator's login name", Show: uses(FieldLogin)},
	}
	out = append(out, secretFields(FieldPassword, "Password", uses(FieldPassword))...)
	out = append(out, form.Field{ID: string(FieldClientID), Label: "Client id", Hint: "the API key's client id", Show: uses(FieldClientID)})
	out = append(out, secretFields(FieldSecret, "Client secret", uses(FieldSecret))...)
	out = append(out,
		form.Field{ID: string(FieldReadOnly), Label: "Read-only", Kind: form.Toggle, Hint: "yes: nothing but reads reaches this account, whatever is pressed"},
		form.Field{ID: sections, Label: "Network and protocol", Kind: form.Section})
	out = append(out, proxyFields()...)
	return append(out,
		form.Field{ID: string(FieldCAFile), In: sections, Label: "CA file", Hint: "PEM; trusted in place of the system's authorities, where a proxy needs it"},
		form.Field{ID: string(FieldTokenURL), In: sections, Label: "Token URL", Hint: "who gives the tokens, where it is not Sectigo's own address", Show: uses(FieldTokenURL)},
	)
}

// findings say how each thing stands that orders need: the verdict as a word,
// what was found, and what to do about it.
func findings(g theme.Glyphs, found []backend.Finding) []string {
	signs := map[backend.Verdict]string{backend.VerdictGood: g.Check, backend.VerdictWarn: g.Warn, backend.VerdictBad: g.Cross, backend.VerdictUnknown: "?"}
	var lines []string
	for _, f := range found {
		text, fix := explained(f)
		word := f.Verdict.String()
		if f.Verdict == backend.VerdictBad {
			word = "failed" // what was tried is missing nothing where it was refused or not reached
		}
		lines = append(lines, view.Clean(fmt.Sprintf("%s %s: %s. %s", signs[f.Verdict], f.What, word, text)))
		if fix != "" {
			lines = append(lines, "    "+view.Clean(fix))
		}
	}
	return lines
}

// explained says what was found, and what to do about it. Of a refusal it tells
// the cause and the service's own words.
func explained(f backend.Finding) (text, fix string) {
	e, ok := errors.AsType[*backend.Error](f.Err)
	switch {
	case !ok:
		return f.Text, f.Fix
	case e.Kind == backend.KindLocal:
		return e.Message, "Nothing was sent. Mend that, and test again."
	}
	text = backend.AdviceFor(f.Err).Cause
	if why := strings.TrimSpace(e.Message + " " + e.Code); why != "" {
		text += " It says: " + why
	}
	return text, f.Fix
}

// bad reports whether something is missing that orders need.
func bad(found []backend.Finding) bool {
	return slices.ContainsFunc(found, func(f backend.Finding) bool { return f.Verdict == backend.VerdictBad })
}
