package sheet

import (
	"fmt"
	"strings"

	"certty/model"
	"certty/model/timetext"
)

// maxNames is how many names of an order a summary lists.
const maxNames = 8

// Order says which order is meant, for the head of a form or a question: its
// id, names, and who ordered what. What is not known is left out.
func Order(it *model.Item) []Fact {
	o := it.Order
	if o == nil {
		return nil
	}
	facts := []Fact{{"order", o.ID}}
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, Fact{name, value})
		}
	}
	names := o.SANs
	if len(names) > maxNames {
		names = append(names[:maxNames:maxNames], fmt.Sprintf("and %d more", len(o.SANs)-maxNames))
	}
	add("names", strings.Join(names, ", "))
	add("organization", o.Organization)
	what := o.Profile
	if o.Term > 0 {
		what = strings.TrimPrefix(fmt.Sprintf("%s, %d days", what, o.Term), ", ")
	}
	add("profile", what)
	add("requester", o.Requester)
	if !o.Requested.IsZero() {
		add("requested", timetext.Moment(o.Requested))
	}
	return facts
}
