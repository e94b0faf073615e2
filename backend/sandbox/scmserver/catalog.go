package scmserver

import (
	"slices"
	"strings"
	"time"
)

// Organization is an organization, or a department of one: departments share
// one space of ids with organizations and can be ordered for like them.
type Organization struct {
	ID   int
	Name string
	// ParentID is the organization that a department belongs to; 0 for an
	// organization.
	ParentID int
	// APIDisabled is true where "Web/REST API" is off for SSL.
	APIDisabled bool
	// Validations are what CAs know of it; departments have their parent's.
	Validations                      []Validation
	Address, City, State, PostalCode string
	// Country is a code of ISO 3166-1 alpha-2.
	Country string
	Emails  []string
}

// Validation is what a CA found out about an organization.
type Validation struct {
	ID int
	// Level is OV_SSL, EV_SSL or OV_SMIME.
	Level string
	// Status is NOT_VALIDATED, PENDING, EXPIRED, FAILED or VALIDATED; once
	// Expires is over it is EXPIRED.
	Status  string
	Expires time.Time
}

// Levels and states of validations, spelt as the service does.
const (
	LevelOV = "OV_SSL"
	LevelEV = "EV_SSL"

	Validated    = "VALIDATED"
	NotValidated = "NOT_VALIDATED"
	Pending      = "PENDING"
	Expired      = "EXPIRED"
)

func (v *Validation) status(now time.Time) string {
	if v.Status == Validated && !v.Expires.IsZero() && !now.Before(v.Expires) {
		return Expired
	}
	return v.Status
}

// Profile is a certificate profile, what the API calls a certificate type.
type Profile struct {
	ID                int
	Name, Description string
	// Terms are the days that a certificate may be ordered for.
	Terms []int
	// KeyTypes are the allowed sizes or curves by algorithm ("RSA", "EC").
	KeyTypes map[string][]string
	// Organizations may use it; none means all.
	Organizations []int
	// Validation is DV, OV or EV.
	Validation string
	// NoRenewal is true where certificates can't be renewed.
	NoRenewal bool
	// Behaviour is what becomes of orders.
	Behaviour Behaviour
}

// The kinds of validation that a profile stands for.
const (
	DV = "DV"
	OV = "OV"
	EV = "EV"
)

// Behaviour is what the administrators and the CA behind a profile do with
// orders, and when.
type Behaviour struct {
	// Approval is true where an administrator has to approve first.
	Approval bool
	// Apply is how long an approved order waits for the CA, Issue how long the
	// CA takes then.
	Apply, Issue time.Duration
	// PerOrderDCV is true where domains are validated for each order instead of
	// beforehand. The owner of the DNS publishes the record after Publish; the
	// CA looks once an hour and when asked to.
	PerOrderDCV bool
	Publish     time.Duration
	// Rejected is true where the CA refuses, Invalid where SCM does.
	Rejected, Invalid bool
}

// CustomField is a field that an order can or must fill.
type CustomField struct {
	ID   int
	Name string
	// Mandatory is true where orders over the API need it.
	Mandatory bool
	// Type is TEXT_SINGLE_LINE, TEXT_MULTI_LINE, EMAIL, NUMBER, TEXT_OPTION or
	// DATE; "" means TEXT_SINGLE_LINE. Options are those of TEXT_OPTION.
	Type    string
	Options []string
}

// Domain is a domain with the validation of who controls it.
type Domain struct {
	ID   int
	Name string
	// Suspended is true for a domain that can't be used.
	Suspended bool
	// Status is VALIDATED or NOT_VALIDATED; once Expires is over it is EXPIRED.
	Status             string
	Validated, Expires time.Time
	// Method is how: EMAIL, CNAME, HTTP, HTTPS or TXT; "" means CNAME.
	Method string
	// Submitted is when a validation that still runs was submitted, Publish when
	// the record it waits for will be found.
	Submitted, Publish time.Time
	Delegations        []Delegation
}

// Delegation lets an organization or department use a domain.
type Delegation struct {
	Organization int
	// CertTypes are the products; none means SSL alone.
	CertTypes []string
	// Privileges are DOMAIN and SUBDOMAIN; none means both.
	Privileges []string
	// Requested is true until somebody approves it.
	Requested bool
}

func (d *Domain) status(now time.Time) string {
	switch {
	case d.Status == Validated && !d.Expires.IsZero() && !now.Before(d.Expires):
		return Expired
	case d.Status == "":
		return NotValidated
	}
	return d.Status
}

func (d *Domain) orderStatus() string {
	if d.Submitted.IsZero() {
		return "NOT_INITIATED"
	}
	return "SUBMITTED"
}

func (d *Domain) method() string {
	if d.Method == "" {
		return "CNAME"
	}
	return d.Method
}

// settle brings a domain up to the clock's time: a submitted validation ends
// when its record is found.
func (d *Domain) settle(now time.Time) (changed bool) {
	if d.Submitted.IsZero() || d.Publish.IsZero() || now.Before(d.Publish) {
		return false
	}
	d.validate(d.Publish)
	return true
}

// reuse is how long a validation can be used: 198 days since 12 March 2026, as
// Sectigo announced for the Baseline Requirements' 200.
const reuse = 198 * 24 * time.Hour

func (d *Domain) validate(now time.Time) {
	d.Status, d.Validated, d.Expires = Validated, now, now.Add(reuse)
	d.Submitted, d.Publish = time.Time{}, time.Time{}
}

func (g *Delegation) privileges() []string {
	if len(g.Privileges) == 0 {
		return []string{"DOMAIN", "SUBDOMAIN"}
	}
	return g.Privileges
}

func (g *Delegation) certTypes() []string {
	if len(g.CertTypes) == 0 {
		return []string{"SSL"}
	}
	return g.CertTypes
}

// covers reports whether a delegated domain is responsible for a host name.
func (g *Delegation) covers(domain, host string) bool {
	host = strings.TrimPrefix(host, "*.")
	if strings.EqualFold(host, domain) {
		return slices.Contains(g.privileges(), "DOMAIN")
	}
	return strings.HasSuffix(strings.ToLower(host), "."+strings.ToLower(domain)) && slices.Contains(g.privileges(), "SUBDOMAIN")
}

func (p *Profile) delegatedTo(organization, parent int) bool {
	return len(p.Organizations) == 0 || slices.Contains(p.Organizations, organization) || parent != 0 && slices.Contains(p.Organizations, parent)
}

// offeredTerm is the term that a renewal takes: the old one, or the longest
// where the profile has that no longer.
func (p *Profile) offeredTerm(old int) int {
	if slices.Contains(p.Terms, old) || len(p.Terms) == 0 {
		return old
	}
	return slices.Max(p.Terms)
}
