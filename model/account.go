package model

import (
	"slices"
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
