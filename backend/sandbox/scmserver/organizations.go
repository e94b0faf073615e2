package scmserver

import (
	"strings"
	"time"
)

// departmentAnswer is DepartmentBasicInfo.
type departmentAnswer struct {
	ID         int    `json:"id"`
	ParentName string `json:"parentName"`
	Name       string `json:"name"`
}

// organizationAnswer is OrganizationBasicResp.
type organizationAnswer struct {
	ID          int                `json:"id"`
	Name        string             `json:"name"`
	Departments []departmentAnswer `json:"departments"`
}

func (s *Server) listOrganizations(*call) (*answer, error) {
	rows := []organizationAnswer{}
	for _, o := range s.book.Organizations {
		if o.ParentID == 0 {
			rows = append(rows, organizationAnswer{o.ID, o.Name, s.departments(&o)})
		}
	}
	return ok(rows), nil
}

func (s *Server) departments(parent *Organization) []departmentAnswer {
	rows := []departmentAnswer{}
	for _, o := range s.book.Organizations {
		if o.ParentID == parent.ID {
			rows = append(rows, departmentAnswer{o.ID, parent.Name, o.Name})
		}
	}
	return rows
}

// organizationDetails is OrganizationResp.
type organizationDetails struct {
	ID              int                `json:"id"`
	Name            string             `json:"name"`
	ParentID        int                `json:"parentId,omitempty"`
	ParentName      string             `json:"parentName,omitempty"`
	CertTypes       []string           `json:"certTypes"`
	Departments     []departmentAnswer `json:"departments"`
	ContactEmails   string             `json:"contactEmails,omitempty"`
	Address1        string             `json:"address1,omitempty"`
	City            string             `json:"city,omitempty"`
	StateOrProvince string             `json:"stateOrProvince,omitempty"`
	PostalCode      string             `json:"postalCode,omitempty"`
	Country         string             `json:"country,omitempty"`
	SSLEnabled      bool               `json:"sslCertsApiEnabled"`
	ClientEnabled   bool               `json:"clientCertsApiEnabled"`
}

func (s *Server) getOrganization(c *call) (*answer, error) {
	o := s.organization(c.id)
	if o == nil {
		return nil, notInOrganization(c.id)
	}
	a := organizationDetails{
		ID: o.ID, Name: o.Name, ParentID: o.ParentID, CertTypes: []string{"SSL"}, Departments: s.departments(o),
		ContactEmails: strings.Join(o.Emails, ","), Address1: o.Address, City: o.City, StateOrProvince: o.State,
		PostalCode: o.PostalCode, Country: o.Country, SSLEnabled: !o.APIDisabled,
	}
	if parent := s.organization(o.ParentID); parent != nil {
		a.ParentName = parent.Name
	}
	return ok(a), nil
}

// validationAnswer is the row of the older document's example; the newer one
// says "type" where this says "validationLevel", and the example is a server's.
type validationAnswer struct {
	ID          int    `json:"id"`
	Level       string `json:"validationLevel"`
	Status      string `json:"status"`
	Expires     string `json:"expires,omitempty"`
	Alternative bool   `json:"alternative"`
	BackendID   int    `json:"backendId"`
	BackendType string `json:"backendType"`
}

// caBackend is the id of Sectigo's own CA.
const caBackend = 288

func (s *Server) listValidations(c *call) (*answer, error) {
	o := s.top(c.id)
	if o == nil {
		return nil, notInOrganization(c.id)
	}
	rows := []validationAnswer{}
	for _, v := range o.Validations {
		rows = append(rows, validationAnswer{
			ID: v.ID, Level: v.Level, Status: v.status(c.now), Expires: formatMoment(v.Expires), BackendID: caBackend, BackendType: "SASP",
		})
	}
	return ok(rows), nil
}

// formatMoment writes a time as reports do; none is "".
func formatMoment(t time.Time) string { return formatTime(t, isoMoment) }

func formatDay(t time.Time) string { return formatTime(t, isoDay) }

func formatTime(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}
