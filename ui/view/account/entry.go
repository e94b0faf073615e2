package account

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"certty/model"
	"certty/model/timetext"
	"certty/ui/theme"
)

// part is one of the lists.
type part uint8

const (
	organizations part = iota
	domains
	profiles
	fields
	parts
)

var partNames = [parts]string{"Organizations", "Domains", "Profiles", "Fields"}

// entry is one line of a list.
type entry struct {
	// key names it among its list over every sync.
	key string
	// id is the account's; "" where it told none.
	id, name string
	// glyph, role and state say how it stands.
	glyph, state string
	role         theme.Role
	// more are the list's own columns.
	more []string
	// said is all that is known of it.
	said []string
	// domain is set in the list of domains.
	domain *model.Domain
	text   string
}

// ID is the entry's identity in its list.
func (e *entry) ID() string { return e.key }

// matches reports whether the entry holds every word.
func (e *entry) matches(words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(e.text, word) })
}

// maker makes entries of an account at a moment.
type maker struct {
	account *model.Account
	glyphs  theme.Glyphs
	now     time.Time
	held    map[int][]held
}

// list makes the entries of a part, in their order.
func (m *maker) list(p part) []*entry {
	var out []*entry
	switch p {
	case organizations:
		for _, o := range m.byParent() {
			out = append(out, m.organization(o))
		}
	case domains:
		for _, d := range m.byTrouble() {
			out = append(out, m.domain(d))
		}
	case profiles:
		for _, p := range slices.SortedStableFunc(slices.Values(m.account.Profiles), func(a, b model.Profile) int {
			return cmp.Or(gone(a.GoneSince, b.GoneSince), strings.Compare(a.Name, b.Name))
		}) {
			out = append(out, m.profile(&p))
		}
	default:
		for _, f := range slices.SortedStableFunc(slices.Values(m.account.CustomFields), func(a, b model.CustomField) int {
			return cmp.Or(cmp.Compare(rank(!a.Mandatory), rank(!b.Mandatory)), strings.Compare(a.Name, b.Name))
		}) {
			out = append(out, m.field(&f))
		}
	}
	for _, e := range out {
		e.text = strings.ToLower(strings.Join(append([]string{e.id, e.name, e.state}, append(e.more, e.said...)...), " "))
	}
	return out
}

// gone sorts what the account does not list any more behind the rest.
func gone(a, b time.Time) int { return cmp.Compare(rank(!a.IsZero()), rank(!b.IsZero())) }

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

func key(id int, name string) string { return strconv.Itoa(id) + " " + name }

func idText(id int) string {
	if id == 0 {
		return ""
	}
	return strconv.Itoa(id)
}

// vanished marks what the account does not list any more.
func (m *maker) vanished(e *entry, since time.Time) bool {
	if since.IsZero() {
		return false
	}
	e.glyph, e.role, e.state = m.glyphs.Deleted, theme.Faint, "not listed"
	e.said = append(e.said, "The account has not listed it since "+timetext.Moment(since)+": it was removed, or is not delegated to this administrator any more. What was known of it is kept.")
	return true
}

// byParent lists the organizations by name, each followed by its departments.
func (m *maker) byParent() []*model.Organization {
	var out []*model.Organization
	all := make([]*model.Organization, len(m.account.Organizations))
	for i := range m.account.Organizations {
		all[i] = &m.account.Organizations[i]
	}
	slices.SortStableFunc(all, func(a, b *model.Organization) int {
		return cmp.Or(gone(a.GoneSince, b.GoneSince), strings.Compare(a.Name, b.Name))
	})
	for _, o := range all {
		if o.ParentID != 0 && m.account.Organization(o.ParentID) != nil {
			continue
		}
		out = append(out, o)
		for _, d := range all {
			if d.ParentID == o.ID && d.ParentID != 0 {
				out = append(out, d)
			}
		}
	}
	return out
}

func (m *maker) organization(o *model.Organization) *entry {
	e := &entry{key: key(o.ID, o.Name), id: idText(o.ID), name: o.Name, glyph: m.glyphs.Good, role: theme.Good, state: "may order"}
	kind := "organization"
	if o.ParentID != 0 {
		kind = "department"
		e.name = "  " + o.Name
		if parent := m.account.Organization(o.ParentID); parent != nil {
			kind += " of " + parent.Name
		}
	}
	e.said = append(e.said, fmt.Sprintf("%s: %s, id %d", o.Name, kind, o.ID))
	switch why := m.account.WhyNotOrganization(o); {
	case m.vanished(e, o.GoneSince):
	case why != "":
		e.glyph, e.role, e.state = m.glyphs.Off, theme.Warn, "API off"
		e.said = append(e.said, "Nothing can be ordered for it here: "+why+".")
	case !o.APIKnown:
		e.glyph, e.role, e.state = m.glyphs.Waits, theme.Text, "not told"
		e.said = append(e.said, "The account does not tell whether it may order over the API.")
	default:
		e.said = append(e.said, "Certificates may be ordered for it over the API.")
	}
	var checks, short []string
	for _, v := range o.Validations {
		text := strings.TrimSpace(v.Level + " " + strings.ToLower(v.Status))
		brief := text
		if !v.Expires.IsZero() {
			brief = v.Level + " until " + v.Expires.Format(time.DateOnly)
			text += " until " + v.Expires.Format(time.DateOnly) + ", " + left(v.Expires, m.now)
		}
		checks, short = append(checks, text), append(short, brief)
	}
	if len(checks) > 0 {
		e.said = append(e.said, "The CA's checks of it: "+strings.Join(checks, "; ")+".")
	}
	e.more = []string{strings.Join(short, "; ")}
	return e
}

func (m *maker) profile(p *model.Profile) *entry {
	e := &entry{key: key(p.ID, p.Name), id: idText(p.ID), name: p.Name, glyph: m.glyphs.Good, role: theme.Good, state: "offered"}
	e.said = append(e.said, fmt.Sprintf("%s: profile, id %d", p.Name, p.ID))
	m.vanished(e, p.GoneSince)
	if p.Description != "" {
		e.said = append(e.said, p.Description)
	}
	terms := make([]string, len(p.Terms))
	for i, days := range p.Terms {
		terms[i] = strconv.Itoa(days)
	}
	var kinds []string
	for _, algorithm := range slices.Sorted(maps.Keys(p.KeyTypes)) {
		kinds = append(kinds, algorithm+" "+strings.Join(p.KeyTypes[algorithm], " "))
	}
	e.more = []string{strings.Join(terms, ", "), strings.Join(kinds, "; ")}
	e.said = append(e.said, "Lifetimes that can be ordered: "+told(strings.Join(terms, ", "), " days")+". Keys: "+told(strings.Join(kinds, "; "), "")+".")
	if len(p.Organizations) > 0 {
		e.said = append(e.said, "Delegated to "+m.named(p.Organizations)+".")
	}
	return e
}

// told is text, or that nothing was told.
func told(text, unit string) string {
	if text == "" {
		return "not told"
	}
	return text + unit
}

// named lists organizations by their names.
func (m *maker) named(ids []int) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		if names[i] = strconv.Itoa(id); m.account.Organization(id) != nil {
			names[i] = m.account.Organization(id).Name
		}
	}
	return strings.Join(names, ", ")
}

func (m *maker) field(f *model.CustomField) *entry {
	e := &entry{key: key(f.ID, f.Name), id: idText(f.ID), name: f.Name, glyph: m.glyphs.Off, role: theme.Text, state: "optional"}
	if f.Mandatory {
		e.glyph, e.role, e.state = m.glyphs.Warn, theme.Warn, "mandatory"
	}
	e.more = []string{f.Type, strings.Join(f.Options, ", ")}
	e.said = append(e.said, fmt.Sprintf("%s: custom field, id %s, %s", f.Name, told(e.id, ""), e.state))
	if f.Mandatory {
		e.said = append(e.said, "No order over the API is taken without a value for it.")
	}
	e.said = append(e.said, "Input: "+told(f.Type, "")+".")
	if len(f.Options) > 0 {
		e.said = append(e.said, "Choices: "+strings.Join(f.Options, ", ")+".")
	}
	return e
}
