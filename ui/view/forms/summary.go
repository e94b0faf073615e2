package forms

import (
	"certty/model"
	"certty/model/policytext"
	"certty/ui/view"
	"certty/ui/view/sheet"
)

// cleaned are facts of a policy for the screen.
func cleaned(facts []policytext.Fact) []sheet.Fact {
	out := make([]sheet.Fact, len(facts))
	for i, f := range facts {
		out[i] = sheet.Fact{Name: f.Name, Value: view.Clean(f.Value)}
	}
	return out
}

// factsOf lists what a policy says.
func factsOf(p model.Policy) []sheet.Fact { return cleaned(policytext.Facts(p)) }

// beyond are the facts of a policy that are not the vault's defaults.
func beyond(p model.Policy) []sheet.Fact { return cleaned(policytext.Beyond(p)) }

// changes lists what differs between two policies; none when they say the same.
func changes(was, want model.Policy) []policytext.Change {
	out := policytext.Changes(was, want)
	for i, c := range out {
		out[i].Was, out[i].Now = view.Clean(c.Was), view.Clean(c.Now)
	}
	return out
}

// difference says in words what changes between two policies.
func difference(was, want model.Policy) []string {
	var lines []string
	for _, c := range changes(was, want) {
		lines = append(lines, c.Name, "  - was  "+c.Was, "  + now  "+c.Now)
	}
	return lines
}
