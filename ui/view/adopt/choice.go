package adopt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"certty/backend/repository"
	"certty/model"
	"certty/ui/theme"
	"certty/ui/widget/form"
)

// The ids of the form's fields.
const (
	fieldStatus        = "status"
	fieldOrganizations = "organizations"
	fieldFrom          = "from"
	fieldTo            = "to"
	fieldDeleted       = "deleted"
)

// phases are what can be chosen of orders, in the account's words.
var phases = []struct {
	word  string
	phase model.OrderPhase
}{
	{"requested", model.OrderRequested}, {"approved", model.OrderApproved}, {"applied", model.OrderApplied},
	{"issued", model.OrderIssued}, {"expired", model.OrderExpired}, {"revoked", model.OrderRevoked}, {"replaced", model.OrderReplaced},
	{"declined", model.OrderDeclined}, {"rejected", model.OrderRejected}, {"invalid", model.OrderInvalid}, {"others", model.OrderUnknown},
}

// newForm asks which orders are meant; nothing chosen means all.
func newForm(t *theme.Theme, account *model.Account) *form.Form {
	words := make([]string, len(phases))
	for i, p := range phases {
		words[i] = p.word
	}
	fields := []form.Field{{ID: fieldStatus, Label: "Status", Kind: form.Many, Options: words, Hint: "space chooses; none chosen: all"}}
	if names := organizationNames(account); len(names) > 0 {
		fields = append(fields, form.Field{ID: fieldOrganizations, Label: "Organizations", Kind: form.Many, Options: names,
			Hint: "an organization brings its departments; none chosen: all"})
	}
	fields = append(fields,
		form.Field{ID: fieldFrom, Label: "Expires from", Hint: "such as 2026-11-21; orders without a certificate don't count then; empty: no bound", Check: checkDay},
		form.Field{ID: fieldTo, Label: "Expires until", Hint: "this day included; empty: no bound", Check: checkDay},
		form.Field{ID: fieldDeleted, Label: "Also deleted", Kind: form.Toggle, Hint: "yes: show those again that were deleted here"})
	f := form.New(t, "Import", "Back", fields...)
	f.CheckWith(func(value form.Values) map[string]string {
		from, to := day(value(fieldFrom)), day(value(fieldTo))
		if !from.IsZero() && !to.IsZero() && to.Before(from) {
			return map[string]string{fieldTo: "it ends before it begins"}
		}
		return nil
	})
	return f
}

func checkDay(value string) string {
	if value != "" && day(value).IsZero() {
		return "a date is needed, such as 2026-11-21"
	}
	return ""
}

// day reads a date; zero when it is none.
func day(value string) time.Time {
	t, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return time.Time{}
	}
	return t
}

// organizationName is what an organization is called in the form: departments
// behind their organization, ids where two have one name.
func organizationName(account *model.Account, o *model.Organization) string {
	name := o.Name
	if parent := account.Organization(o.ParentID); o.ParentID != 0 && parent != nil {
		name = parent.Name + " / " + name
	}
	same := slices.ContainsFunc(account.Organizations, func(other model.Organization) bool {
		return other.ID != o.ID && other.Name == o.Name && other.ParentID == o.ParentID
	})
	// The form joins what is chosen with ", ".
	if name = strings.ReplaceAll(name, ", ", " "); same || name == "" {
		name += " (" + strconv.Itoa(o.ID) + ")"
	}
	return name
}

func organizationNames(account *model.Account) []string {
	names := make([]string, len(account.Organizations))
	for i := range account.Organizations {
		names[i] = organizationName(account, &account.Organizations[i])
	}
	slices.Sort(names)
	return names
}

// selection is what the form says.
func selection(value form.Values, chosen func(string) []string, account *model.Account) repository.Selection {
	s := repository.Selection{ExpiresFrom: day(value(fieldFrom)), ExpiresTo: day(value(fieldTo)), Deleted: value(fieldDeleted) == form.Yes}
	if !s.ExpiresTo.IsZero() {
		s.ExpiresTo = s.ExpiresTo.AddDate(0, 0, 1)
	}
	words := chosen(fieldStatus)
	for _, p := range phases {
		if slices.Contains(words, p.word) {
			s.Phases = append(s.Phases, p.phase)
		}
	}
	names := chosen(fieldOrganizations)
	for i := range account.Organizations {
		o := &account.Organizations[i]
		parent := account.Organization(o.ParentID)
		if slices.Contains(names, organizationName(account, o)) ||
			o.ParentID != 0 && parent != nil && slices.Contains(names, organizationName(account, parent)) {
			s.Organizations = append(s.Organizations, o.ID)
		}
	}
	return s
}

// guess counts what would be selected of the orders that are known here. The
// account may list others by now.
func (v *View) guess() {
	if v.form == nil || v.job != nil {
		return
	}
	s := selection(v.form.Value, v.form.Chosen, &v.account)
	known, selected, managed, hidden, unread := 0, 0, 0, 0, 0
	var items []*model.Item
	if state, ok := v.s.Data.State(v.target); ok && state.Snapshot != nil {
		items = state.Snapshot.Items() // with those that were deleted here
	}
	for _, it := range items {
		if it.Order == nil {
			continue
		}
		known++
		switch {
		case it.RequestReadAt.IsZero():
			unread++
		case !s.Takes(it.Order):
		case it.Hidden():
			hidden++
		case it.Record != nil:
			selected++
			managed++
		default:
			selected++
		}
	}
	text := fmt.Sprintf("About %d of the %d orders known here are selected. Managed here already: %d.", selected, known, managed)
	switch {
	case hidden > 0 && s.Deleted:
		text += fmt.Sprintf(" Deleted here and shown again: %d.", hidden)
	case hidden > 0:
		text += fmt.Sprintf(" Deleted here and left so: %d.", hidden)
	}
	if unread > 0 {
		text += fmt.Sprintf(" Known by name only, as yet: %d.", unread)
	}
	v.estimate = text
}
