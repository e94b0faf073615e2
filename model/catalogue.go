package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Ordering lists the organizations that can be ordered for, each with its
// departments behind it.
func (a *Account) Ordering() []*Organization {
	var out []*Organization
	add := func(o *Organization) {
		if o.GoneSince.IsZero() && a.WhyNotOrganization(o) == "" {
			out = append(out, o)
		}
	}
	for i := range a.Organizations {
		o := &a.Organizations[i]
		if o.ParentID != 0 && a.Organization(o.ParentID) != nil {
			continue
		}
		add(o)
		for j := range a.Organizations {
			if d := &a.Organizations[j]; d.ParentID == o.ID {
				add(d)
			}
		}
	}
	return out
}

// WithDepartments is the id of an organization with those of its departments.
func (a *Account) WithDepartments(id int) []int {
	ids := []int{id}
	for i := range a.Organizations {
		if o := &a.Organizations[i]; id != 0 && o.ParentID == id {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// Label is what an organization is called for people: names repeat, ids don't. A
// department stands behind its organization.
func (a *Account) Label(o *Organization) string {
	if p := a.Organization(o.ParentID); p != nil {
		return fmt.Sprintf("%s / %s (%d)", p.Name, o.Name, o.ID)
	}
	return fmt.Sprintf("%s (%d)", o.Name, o.ID)
}

// Offers lists the profiles that an organization or department can order with.
func (a *Account) Offers(organization int) []*Profile {
	var out []*Profile
	for i := range a.Profiles {
		if p := &a.Profiles[i]; p.GoneSince.IsZero() && p.DelegatedTo(organization) {
			out = append(out, p)
		}
	}
	return out
}

// Untold lists what the account does not tell about an order of a profile for an
// organization; either may be nil.
func (a *Account) Untold(o *Organization, p *Profile) []string {
	var out []string
	if o != nil && !o.APIKnown {
		out = append(out, "whether orders over the API are switched on")
	}
	if p != nil && len(p.KeyTypes) == 0 {
		out = append(out, "which keys the profile takes")
	}
	if len(a.Domains) == 0 {
		out = append(out, "which domains are validated")
	} else if !slices.ContainsFunc(a.Domains, func(d Domain) bool { return len(d.Organizations) > 0 }) {
		out = append(out, "to whom the domains are delegated")
	}
	return out
}

// Unvalidated says how the CA's checks of an organization stand at a moment, where
// one of them stands in the way of some profiles; "" where none does. Those of a
// department are its organization's.
func (a *Account) Unvalidated(o *Organization, now time.Time) string {
	if o == nil {
		return ""
	}
	if parent := a.Organization(o.ParentID); parent != nil {
		o = parent
	}
	var open []string
	for _, v := range o.Validations {
		ended := !v.Expires.IsZero() && !now.Before(v.Expires)
		if !strings.EqualFold(v.Status, "validated") || ended {
			open = append(open, strings.ReplaceAll(v.Level, "_", " ")+" "+v.Status)
		}
	}
	if len(open) == 0 {
		return ""
	}
	return "the CA's check of " + o.Name + ": " + strings.Join(open, ", ") + ". Profiles that need it are refused."
}
