package scmserver

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// enrollBody is EnrollRequest.
type enrollBody struct {
	OrgID             int           `json:"orgId"`
	SubjAltNames      string        `json:"subjAltNames"`
	CertType          int           `json:"certType"`
	Term              int           `json:"term"`
	Comments          string        `json:"comments"`
	ExternalRequester string        `json:"externalRequester"`
	CustomFields      []customValue `json:"customFields"`
	DCVMode           string        `json:"dcvMode"`
	CSR               string        `json:"csr"`
}

// enroll orders a certificate. In which order the service checks is not
// documented.
func (s *Server) enroll(c *call) (*answer, error) {
	var body enrollBody
	if f := c.read(&enrollSchema, &body); f != nil {
		return nil, f
	}
	if c.settings.Restricted {
		return nil, refuse(-993, "Certificate orders currently restricted")
	}
	profile, f := s.allowed(body.OrgID, body.CertType, c.now)
	if f != nil {
		return nil, f
	}
	if !slices.Contains(profile.Terms, body.Term) {
		return nil, refuse(-36, "The validity period (term) is invalid for this certificate profile.")
	}
	if f := s.checkFields(body.CustomFields); f != nil {
		return nil, f
	}
	if f := checkRequester(body.ExternalRequester); f != nil {
		return nil, f
	}
	csr, f := readCSR(body.CSR, profile)
	if f != nil {
		return nil, f
	}
	names := splitNames(body.SubjAltNames)
	if len(names) == 0 {
		// What the service takes from the CSR is not documented.
		names = csr.DNSNames
	}
	common := csr.Subject.CommonName
	if common == "" && len(names) > 0 {
		common = names[0]
	}
	o := s.newOrder(c, body.OrgID, profile, common, names, csr.Raw)
	o.Term, o.Comments, o.ExternalRequester, o.CustomFields, o.DCVMode = body.Term, body.Comments, body.ExternalRequester, body.CustomFields, body.DCVMode
	o.EnrolledWith = &body.Comments
	if f := s.checkNames(o, profile, c.now); f != nil {
		return nil, f
	}
	s.put(o)
	return ok(struct {
		SSLID   int    `json:"sslId"`
		RenewID string `json:"renewId"`
	}{o.ID, o.RenewID}), nil
}

// allowed finds the profile that an organization or department may order with.
func (s *Server) allowed(orgID, profileID int, now time.Time) (*Profile, *failure) {
	org, top := s.organization(orgID), s.top(orgID)
	if org == nil || top == nil {
		return nil, refuse(-639, "Supplied orgid invalid..")
	}
	if org.APIDisabled || top.APIDisabled {
		// Which code the service has for it is not documented; the text fits.
		return nil, refuse(-1021, "This operation cannot be performed for Organization '%s'.", org.Name)
	}
	profile := s.profile(profileID)
	if profile == nil || !profile.delegatedTo(orgID, org.ParentID) {
		return nil, refuse(-39, "The certificate profile id is invalid!")
	}
	level := map[string]string{OV: LevelOV, EV: LevelEV}[profile.Validation]
	if level == "" {
		return profile, nil
	}
	state := NotValidated
	for _, v := range top.Validations {
		if v.Level == level {
			state = v.status(now)
		}
	}
	if state != Validated {
		return nil, refuse(-843, "SSL certificate of this type cannot be requested due to ‘%s’ validation status of the selected organization.", state)
	}
	return profile, nil
}

// checkFields looks for every mandatory field, and at what is said in each.
func (s *Server) checkFields(values []customValue) *failure {
	for _, field := range s.book.Fields {
		i := slices.IndexFunc(values, func(v customValue) bool { return v.Name == field.Name })
		switch {
		case field.Mandatory && (i < 0 || strings.TrimSpace(values[i].Value) == ""):
			return refuse(-62, "Missing mandatory custom field!")
		case i >= 0 && values[i].Value != "" && !field.takes(values[i].Value):
			return invalidField(field.Name)
		}
	}
	for _, v := range values {
		if !slices.ContainsFunc(s.book.Fields, func(f CustomField) bool { return f.Name == v.Name }) {
			return refuse(-135, "Custom field cannot be found.")
		}
	}
	return nil
}

func (f *CustomField) takes(value string) bool {
	switch f.Type {
	case "EMAIL":
		return address(value)
	case "NUMBER":
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case "DATE":
		_, err := time.Parse(isoDay, value)
		return err == nil
	case "TEXT_OPTION":
		return slices.Contains(f.Options, value)
	case "TEXT_MULTI_LINE":
		return true
	}
	return !strings.ContainsAny(value, "\r\n")
}

// checkRequester reads "a@x.com" or "a@x.com, b@x.com".
func checkRequester(list string) *failure {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	for one := range strings.SplitSeq(list, ",") {
		if !address(strings.TrimSpace(one)) {
			return invalidField("externalRequester")
		}
	}
	return nil
}

func address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// newOrder makes an order that was asked for now, without an id.
func (s *Server) newOrder(c *call, orgID int, p *Profile, common string, names []string, csr []byte) *order {
	o := &order{
		RenewID: random(15), OrgID: orgID, ProfileID: p.ID, CommonName: common, Names: names, CSR: csr,
		Requester: c.account, Owner: c.account, Via: ViaAPI, Requested: c.now, Behaviour: p.Behaviour,
	}
	s.begin(o, c.settings, c.now)
	return o
}

// begin sets an order going.
func (s *Server) begin(o *order, settings Settings, now time.Time) {
	o.Asked = now
	switch {
	case o.Behaviour.Invalid:
		o.Status = StatusInvalid
	case o.Behaviour.Approval && !settings.AutoApprove:
		o.Status = StatusRequested
	default:
		o.Status, o.Approved, o.Approver = StatusApproved, now, o.Requester
	}
}

// put gives an order its id and keeps it.
func (s *Server) put(o *order) {
	o.ID = s.book.Next
	s.book.Next += 3 // ids have gaps: other customers order too
	s.orders[o.ID] = o
	s.save(o)
	s.saveBook()
}

var hostname = regexp.MustCompile(`^(\*\.)?([a-zA-Z0-9_]([a-zA-Z0-9_-]*[a-zA-Z0-9_])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`)

// splitNames reads a list with commas.
func splitNames(list string) []string {
	var names []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one != "" {
			names = append(names, one)
		}
	}
	return names
}

// checkNames looks for every name of an order among the organization's domains.
func (s *Server) checkNames(o *order, p *Profile, now time.Time) *failure {
	names := o.allNames()
	if len(names) == 0 {
		return missing("commonName")
	}
	if len(o.CommonName) > 64 {
		return invalidField("commonName") // RFC 5280, ub-common-name
	}
	if p.Behaviour.PerOrderDCV && o.DCVMode == "" {
		return missing("dcvMode")
	}
	var open []string
	for _, name := range names {
		if !hostname.MatchString(name) || len(name) > 253 {
			return refuse(-732, "Invalid domain name.")
		}
		d, f := s.delegated(name, o.OrgID, now)
		switch {
		case f != nil:
			return f
		case d.status(now) != Validated:
			open = append(open, name)
		}
	}
	if p.Behaviour.PerOrderDCV {
		o.Validations = nil
		for _, name := range names {
			o.Validations = append(o.Validations, newOrderDCV(name, o.Asked, p.Behaviour.Publish))
		}
		return nil
	}
	if len(open) > 0 {
		return refuse(-737, "The domain(s): %s are not validated! Please perform the DCV process for them before proceed.", strings.Join(open, ", "))
	}
	return nil
}

// delegated finds the domain that lets an organization order for a name.
func (s *Server) delegated(name string, orgID int, now time.Time) (*Domain, *failure) {
	parent := 0
	if org := s.organization(orgID); org != nil {
		parent = org.ParentID
	}
	var best *Domain
	for i := range s.book.Domains {
		d := s.domain(func(d *Domain) bool { return d == &s.book.Domains[i] }, now)
		if d.mayOrder(name, orgID, parent) && (best == nil || len(d.Name) > len(best.Name)) {
			best = d
		}
	}
	switch {
	case best == nil:
		return nil, refuse(-1010, "Domain '%s' is not allowed.", name)
	case best.Suspended:
		return nil, refuse(-715, "The domain '%s' is inactive.", best.Name)
	}
	return best, nil
}

// mayOrder reports whether a domain covers a name for an organization, or a
// department of it.
func (d *Domain) mayOrder(name string, orgID, parent int) bool {
	return slices.ContainsFunc(d.Delegations, func(g Delegation) bool {
		return !g.Requested && slices.Contains(g.certTypes(), "SSL") && g.covers(d.Name, name) &&
			(g.Organization == orgID || parent != 0 && g.Organization == parent)
	})
}
