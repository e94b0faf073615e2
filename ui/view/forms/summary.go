package forms

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"certty/model"
	"certty/ui/view"
	"certty/ui/view/sheet"
)

// allFacts lists every fact of a policy, always the same in the same order;
// what the policy leaves to the vault is empty.
func allFacts(p model.Policy) []sheet.Fact {
	var facts []sheet.Fact
	add := func(name, value string) { facts = append(facts, sheet.Fact{Name: name, Value: view.Clean(value)}) }
	known, other := splitEKUs(p.EKUs)
	add("subject", p.Subject)
	add("names", p.SANs.Words())
	add("issuer", issuerChoice(p.Issuer))
	add("certificate type", p.Issuer.CertificateType)
	add("transparency", yesNo(p.Issuer.Transparency))
	add("key", keyWords(p.Key))
	add("exportable", yesNo(p.Key.Exportable))
	add("reuse key", yesNo(p.Key.ReuseKey))
	add("content type", strings.TrimSuffix(contentChoice(p.ContentType), unset))
	add("extended usage", strings.Join(append(known, other...), ", "))
	add("key usage", strings.Join(append(inOrder(p.KeyUsage, usageChoices), unknown(p.KeyUsage)...), ", "))
	add("validity", months(p.ValidityMonths))
	var actions []string
	for _, a := range p.LifetimeActions {
		actions = append(actions, action(a))
	}
	add("renewal", strings.Join(actions, "; "))
	return facts
}

// factsOf lists what a policy says.
func factsOf(p model.Policy) []sheet.Fact {
	return slices.DeleteFunc(allFacts(p), func(f sheet.Fact) bool { return f.Value == "" })
}

func months(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " months"
}

func yesNo(b *bool) string { return strings.TrimSuffix(triWord(b), unset) }

func keyWords(k model.KeyProperties) string {
	words := keyChoice(k)
	if strings.HasSuffix(k.Type, "-HSM") {
		words += " in an HSM (" + k.Type + ")"
	}
	return words
}

func action(a model.LifetimeAction) string {
	if when := moment(a); when != "" {
		if a.DaysBeforeExpiry != 0 {
			return a.Action + " " + when + " before expiry"
		}
		return a.Action + " at " + when + " of the lifetime"
	}
	return a.Action
}

// defaults is what Key Vault takes where a policy says nothing, as recorded
// traffic shows it.
func defaults(manual bool) model.Policy {
	act := autoRenew
	if manual {
		act = emailContacts
	}
	return model.Policy{
		Key:             model.KeyProperties{Type: "RSA", Size: 2048, Exportable: new(true), ReuseKey: new(false)},
		ContentType:     string(model.ImportPFX),
		EKUs:            []string{purposes[0].oid, purposes[1].oid},
		KeyUsage:        []string{"digitalSignature", "keyEncipherment"},
		ValidityMonths:  12,
		LifetimeActions: []model.LifetimeAction{{Action: act, Percentage: 80}},
	}
}

// beyond are the facts of a policy that are not the vault's defaults.
func beyond(p model.Policy) []sheet.Fact {
	usual := factsOf(defaults(p.Issuer.Manual()))
	return slices.DeleteFunc(factsOf(p), func(f sheet.Fact) bool { return slices.Contains(usual, f) })
}

// change is one fact that is another one in a second policy.
type change struct{ name, was, now string }

// changes lists what differs between two policies; none when they say the same.
func changes(was, want model.Policy) []change {
	const nothing = "(nothing)"
	after := allFacts(want)
	var out []change
	for i, before := range allFacts(was) {
		if before != after[i] {
			out = append(out, change{before.Name, cmp.Or(before.Value, nothing), cmp.Or(after[i].Value, nothing)})
		}
	}
	return out
}

// difference says in words what changes between two policies.
func difference(was, want model.Policy) []string {
	var lines []string
	for _, c := range changes(was, want) {
		lines = append(lines, c.name, "  - was  "+c.was, "  + now  "+c.now)
	}
	return lines
}
