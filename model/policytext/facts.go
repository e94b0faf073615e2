package policytext

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"certty/model"
)

// Fact is something that a policy says.
type Fact struct{ Name, Value string }

// allFacts lists every fact of a policy, always the same in the same order;
// what the policy leaves to the vault is empty.
func allFacts(p model.Policy) []Fact {
	known, other := SplitEKUs(p.EKUs)
	var actions []string
	for _, a := range p.LifetimeActions {
		actions = append(actions, Action(a))
	}
	return []Fact{
		{"subject", p.Subject},
		{"names", p.SANs.Words()},
		{"issuer", Issuer(p.Issuer)},
		{"certificate type", p.Issuer.CertificateType},
		{"transparency", yesNo(p.Issuer.Transparency)},
		{"key", Key(p.Key)},
		{"exportable", yesNo(p.Key.Exportable)},
		{"reuse key", yesNo(p.Key.ReuseKey)},
		{"content type", ContentType(p.ContentType)},
		{"extended usage", strings.Join(append(known, other...), ", ")},
		{"key usage", strings.Join(append(InOrder(p.KeyUsage, KeyUsages()), UnknownUsages(p.KeyUsage)...), ", ")},
		{"validity", months(p.ValidityMonths)},
		{"renewal", strings.Join(actions, "; ")},
	}
}

// Facts lists what a policy says, as the service and the person wrote it: clean
// it before it is shown where it was not decoded by a backend.
func Facts(p model.Policy) []Fact {
	return slices.DeleteFunc(allFacts(p), func(f Fact) bool { return f.Value == "" })
}

// Beyond lists the facts of a policy that are not the vault's defaults.
func Beyond(p model.Policy) []Fact {
	usual := Facts(Defaults(p.Issuer.Manual()))
	return slices.DeleteFunc(Facts(p), func(f Fact) bool { return slices.Contains(usual, f) })
}

// Change is one fact that is another one in a second policy.
type Change struct{ Name, Was, Now string }

// Changes lists what differs between two policies; none when they say the same.
func Changes(was, want model.Policy) []Change {
	const nothing = "(nothing)"
	after := allFacts(want)
	var out []Change
	for i, before := range allFacts(was) {
		if before != after[i] {
			out = append(out, Change{before.Name, cmp.Or(before.Value, nothing), cmp.Or(after[i].Value, nothing)})
		}
	}
	return out
}

// Defaults is what Key Vault takes where a policy says nothing, as recorded
// traffic shows it.
func Defaults(manual bool) model.Policy {
	act := AutoRenew
	if manual {
		act = EmailContacts
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

func months(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + " months"
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}
