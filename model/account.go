package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Account is what orders of a CA account are made with: its organizations,
// domains and profiles. It is synced rarely and kept in the store; what the
// account does not list any more is marked and not dropped.
type Account struct {
	Organizations []Organization
	Domains       []Domain
	Profiles      []Profile
	CustomFields  []CustomField
	// Password is how long the login's password lives; the zero value where none is
	// used or the account never told.
	Password PasswordLife
	// ReadAt is when all of it was last read; zero when never.
	ReadAt time.Time
}

// Organization is an organization of the account, or a department of one, whose
// id serves as an organization's wherever one is asked for.
type Organization struct {
	ID   int
	Name string
	// ParentID is the organization a department belongs to; 0 for an
	// organization.
	ParentID int
	// API is the switch that lets certificates be ordered over the interface
	// (sslCertsApiEnabled); APIKnown is false while it was not told.
	API, APIKnown bool
	// Validations are the CA's checks of the organization itself.
	Validations []OrganizationValidation
	// GoneSince is when the account did not list it any more; zero while it does.
	GoneSince time.Time
}

// OrganizationValidation is one check of an organization by the CA.
type OrganizationValidation struct {
	// Level is what it is for, Status how it stands, both as the service spells
	// them: "OV_SSL", "VALIDATED".
	Level, Status string
	Expires       time.Time
}

// Domain is a domain that the account may order for.
type Domain struct {
	ID   int
	Name string
	// State is whether it is switched on, as the service spells it.
	State string
	// Validation is the status of its control validation, as the service spells
	// it; Valid is it, understood.
	Validation string
	Valid      bool
	Method     string
	// Expires is the day its validation ends; zero when not told.
	Expires time.Time
	// Organizations are the ids of those it is delegated to for SSL and that
	// delegation approved.
	Organizations []int
	GoneSince     time.Time
}

// Covers reports whether name lies in the domain: the domain itself, a name
// below it, or a wildcard of either. Case and a final dot don't count.
func (d *Domain) Covers(name string) bool {
	name = strings.TrimPrefix(foldDomain(name), "*.")
	domain := strings.TrimPrefix(foldDomain(d.Name), "*.")
	return domain != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}

func foldDomain(s string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "."))
}

// Profile is a certificate profile: what can be ordered.
type Profile struct {
	ID                int
	Name, Description string
	// Terms are the lifetimes that can be ordered, in days.
	Terms []int
	// KeyTypes are the sizes or curves by key algorithm, as the service spells
	// them: "RSA" → "2048", "EC" → "P-256". It is empty where the account does
	// not tell.
	KeyTypes map[string][]string
	// Organizations are the ids of those it is delegated to; empty when that
	// was not asked.
	Organizations []int
	GoneSince     time.Time
}

// Allows reports whether the profile takes a key of that kind. A profile that
// tells no key types takes any.
func (p *Profile) Allows(algorithm, size string) bool {
	if len(p.KeyTypes) == 0 {
		return true
	}
	for a, sizes := range p.KeyTypes {
		if equalFold(a, algorithm) && slices.ContainsFunc(sizes, func(s string) bool { return equalFold(s, size) }) {
			return true
		}
	}
	return false
}

// DelegatedTo reports whether the organization or department of that id may
// order with the profile. A profile whose delegations were not asked for counts
// as delegated.
func (p *Profile) DelegatedTo(organization int) bool {
	return len(p.Organizations) == 0 || slices.Contains(p.Organizations, organization)
}

// CustomField is a field that the account added to its orders.
type CustomField struct {
	ID        int
	Name      string
	Mandatory bool
	// Type is the kind of input as the service spells it, Options its choices;
	// empty where that was not told.
	Type    string
	Options []string
}

// Check says what is wrong with a value; "" when nothing is. An empty value of
// an optional field is right. A kind that is not known takes any line (SCM REST
// API, Enroll; SCM OpenAPI, CustomFieldInput).
func (f *CustomField) Check(value string) string {
	value = strings.TrimSpace(value)
	switch n := UTF16Len(value); {
	case value == "" && f.Mandatory:
		return "the account makes it mandatory"
	case value == "":
		return ""
	case n > MaxCustomValue:
		return fmt.Sprintf("%d characters are too many; %d are allowed", n, MaxCustomValue)
	}
	switch f.Type {
	case "EMAIL":
		if err := CheckEmail(value); err != nil {
			return err.Error()
		}
	case "NUMBER":
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return "a whole number is needed"
		}
	case "DATE":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "a date is needed, such as 2026-11-21"
		}
	case "TEXT_OPTION":
		if len(f.Options) > 0 && !slices.Contains(f.Options, value) {
			return "one of these is needed: " + strings.Join(f.Options, ", ")
		}
	}
	return ""
}

// Organization finds an organization or department by id; nil when unknown.
func (a *Account) Organization(id int) *Organization {
	if i := slices.IndexFunc(a.Organizations, func(o Organization) bool { return o.ID == id }); i >= 0 {
		return &a.Organizations[i]
	}
	return nil
}

// Profile finds a profile by id; nil when unknown.
func (a *Account) Profile(id int) *Profile {
	if i := slices.IndexFunc(a.Profiles, func(p Profile) bool { return p.ID == id }); i >= 0 {
		return &a.Profiles[i]
	}
	return nil
}

// WhyNotOrganization is why nothing can be ordered for o over the interface; ""
// when it can, or the account does not tell. A department needs the switch of
// its organization, too.
func (a *Account) WhyNotOrganization(o *Organization) string {
	for _, one := range []*Organization{o, a.Organization(o.ParentID)} {
		if one != nil && one.APIKnown && !one.API {
			return fmt.Sprintf("orders over the API are switched off for %s; an administrator of the account can switch them on", one.Name)
		}
	}
	return ""
}

// WhyNotName is why a DNS name can't be ordered for an organization or
// department: no domain of the account covers it, or none that does is
// delegated, switched on and validated. It is "" when it can be ordered, and
// where the account does not tell.
func (a *Account) WhyNotName(name string, organization int, now time.Time) string {
	return a.whyNotName(name, organization, func(d *Domain) string { return d.Trouble(now) })
}

func (a *Account) whyNotName(name string, organization int, troubleOf func(*Domain) string) string {
	if len(a.Domains) == 0 {
		return "" // they could not be read, or this administrator sees none
	}
	delegated := slices.ContainsFunc(a.Domains, func(d Domain) bool { return len(d.Organizations) > 0 })
	why, longest := "the account has no domain that covers it", 0
	for i := range a.Domains {
		d := &a.Domains[i]
		if !d.Covers(name) {
			continue
		}
		trouble := troubleOf(d)
		if trouble == "" && delegated && !a.holds(d, organization) {
			trouble = "is not delegated to this organization"
		}
		if trouble == "" {
			return ""
		}
		if len(d.Name) > longest {
			why, longest = "the domain "+d.Name+" "+trouble, len(d.Name)
		}
	}
	return why
}

// holds reports whether a domain is delegated to an organization, or to the one
// that a department belongs to.
func (a *Account) holds(d *Domain, organization int) bool {
	o := a.Organization(organization)
	return slices.Contains(d.Organizations, organization) || o != nil && o.ParentID != 0 && slices.Contains(d.Organizations, o.ParentID)
}

// Trouble is why nothing can be ordered in a domain at a moment; "" when it can.
func (d *Domain) Trouble(now time.Time) string {
	switch closed := d.closed(); {
	case closed != "":
		return closed
	case d.Validation != "" && !d.Valid:
		return "is not validated (" + d.Validation + ")"
	case !d.Expires.IsZero() && !now.Before(d.Expires.AddDate(0, 0, 1)):
		// The whole of its last day counts.
		return "must be validated again: its validation ended on " + d.Expires.Format(time.DateOnly)
	}
	return ""
}

// closed is why no name of a domain can be ordered, validated or not.
func (d *Domain) closed() string {
	switch {
	case !d.GoneSince.IsZero():
		return "is not listed by the account any more"
	case d.State != "" && !equalFold(d.State, "active"):
		return "is switched off (" + d.State + ")"
	}
	return ""
}
