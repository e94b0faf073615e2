package order

import (
	"cmp"
	"fmt"
	"strings"

	"certty/model"
	"certty/model/timetext"
)

// fact is something that is said of an order before it is changed.
type fact struct{ name, value string }

// maxNames is how many names of an order a summary lists.
const maxNames = 8

// listed lists names, the first of them where they are many.
func listed(names []string) string {
	if len(names) > maxNames {
		return strings.Join(names[:maxNames], ", ") + fmt.Sprintf(", and %d more", len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}

// lines writes facts below each other; those without a value are left out.
func lines(facts []fact) []string {
	width := 0
	for _, f := range facts {
		if f.value != "" {
			width = max(width, len(f.name))
		}
	}
	var out []string
	for _, f := range facts {
		if f.value != "" {
			out = append(out, fmt.Sprintf("%-*s  %s", width, f.name, f.value))
		}
	}
	return out
}

// orderFacts say which order is meant.
func orderFacts(it *model.Item) []fact {
	o := it.Order
	if o == nil {
		return []fact{{"name", it.Name()}, {"reference", it.Record.Reference}}
	}
	what := o.Profile
	if o.Term > 0 {
		what = strings.TrimPrefix(fmt.Sprintf("%s, %d days", what, o.Term), ", ")
	}
	facts := []fact{
		{"order", o.ID + ", " + o.Status}, {"names", listed(o.SANs)}, {"organization", o.Organization},
		{"profile", what}, {"requester", o.Requester},
	}
	if !o.Requested.IsZero() {
		facts = append(facts, fact{"requested", timetext.Moment(o.Requested)})
	}
	return facts
}

// certificateFacts say which certificate is meant.
func certificateFacts(it *model.Item) []fact {
	facts := []fact{{"serial", model.SerialPairs(it.Certificate.Serial)}, {"sha256", cmp.Or(it.Certificate.Fingerprint(), "not known here: the certificate was not collected")}}
	if o := it.Order; o != nil {
		facts = append(facts, fact{"names", listed(o.SANs)})
		if !o.Issued.IsZero() {
			facts = append(facts, fact{"issued", timetext.Moment(o.Issued)})
		}
	}
	if !it.Certificate.NotAfter.IsZero() {
		facts = append(facts, fact{"until", timetext.Moment(it.Certificate.NotAfter)})
	}
	return facts
}
