package scmserver

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// domainIdentity is DomainIdentity.
type domainIdentity struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

func (s *Server) listDomains(c *call) (*answer, error) {
	found, f := s.matchDomains(c)
	if f != nil {
		return nil, f
	}
	rows := []domainIdentity{}
	for _, d := range found {
		rows = append(rows, domainIdentity{d.ID, d.Name})
	}
	rows, total, f := page(c, rows)
	if f != nil {
		return nil, f
	}
	return &answer{status: http.StatusOK, body: rows, total: total}, nil
}

func (s *Server) countDomains(c *call) (*answer, error) {
	found, f := s.matchDomains(c)
	if f != nil {
		return nil, f
	}
	return ok(struct {
		Count int `json:"count"`
	}{len(found)}), nil
}

// domains are all domains as they stand now.
func (s *Server) domains(now time.Time) []*Domain {
	all := make([]*Domain, len(s.book.Domains))
	for i := range s.book.Domains {
		all[i] = s.domain(func(d *Domain) bool { return d == &s.book.Domains[i] }, now)
	}
	return all
}

func (s *Server) matchDomains(c *call) ([]*Domain, *failure) {
	org, f := wholeNumber(c.query, "orgId", 0)
	if f != nil {
		return nil, f
	}
	name, state, status := c.query.Get("name"), c.query.Get("state"), c.query.Get("status")
	switch {
	case name != "" && (len(name) < 2 || len(name) > 256):
		return nil, invalidField("name")
	case !slices.Contains([]string{"", "active", "inactive"}, state):
		return nil, invalidField("state")
	case !slices.Contains([]string{"", "requested", "approved"}, status):
		return nil, invalidField("status")
	}
	var found []*Domain
	for _, d := range s.domains(c.now) {
		if contains(d.Name, name) && (state == "" || d.Suspended == (state == "inactive")) &&
			(status == "" || d.requested() == (status == "requested")) && (org == 0 || d.delegatedTo(org)) {
			found = append(found, d)
		}
	}
	return found, nil
}

// requested reports whether a domain waits for somebody to approve its
// delegation.
func (d *Domain) requested() bool {
	return slices.ContainsFunc(d.Delegations, func(g Delegation) bool { return g.Requested })
}

func (d *Domain) delegatedTo(org int) bool {
	return slices.ContainsFunc(d.Delegations, func(g Delegation) bool { return g.Organization == org })
}

// domainAnswer is DomainInfo, with the statuses in the capitals of the older
// document's examples.
type domainAnswer struct {
	ID               int                `json:"id"`
	Name             string             `json:"name"`
	DelegationStatus string             `json:"delegationStatus"`
	State            string             `json:"state"`
	ValidationStatus string             `json:"validationStatus"`
	ValidationMethod string             `json:"validationMethod,omitempty"`
	Validation       string             `json:"dcvValidation,omitempty"`
	Expiration       string             `json:"dcvExpiration,omitempty"`
	Delegations      []delegationAnswer `json:"delegations"`
}

type delegationAnswer struct {
	OrgID      int      `json:"orgId"`
	CertTypes  []string `json:"certTypes"`
	Privileges []string `json:"domainCertificateRequestPrivileges"`
	Status     string   `json:"status"`
}

var (
	delegationStatus = map[bool]string{true: "REQUESTED", false: "ACTIVE"}
	domainState      = map[bool]string{true: "SUSPENDED", false: "ACTIVE"}
)

func (s *Server) getDomain(c *call) (*answer, error) {
	d := s.domain(func(d *Domain) bool { return d.ID == c.id }, c.now)
	if d == nil {
		return nil, &failure{http.StatusNotFound, -727, "The domain does not exist."}
	}
	a := domainAnswer{
		ID: d.ID, Name: d.Name, DelegationStatus: delegationStatus[d.requested()], State: domainState[d.Suspended],
		ValidationStatus: d.status(c.now), Validation: formatDay(d.Validated), Expiration: formatDay(d.Expires), Delegations: []delegationAnswer{},
	}
	if !d.Validated.IsZero() {
		a.ValidationMethod = d.method()
	}
	for _, g := range d.Delegations {
		a.Delegations = append(a.Delegations, delegationAnswer{g.Organization, g.certTypes(), g.privileges(), delegationStatus[g.Requested]})
	}
	return ok(a), nil
}

// dcvRow is DcvSearchResult.
type dcvRow struct {
	Domain      string `json:"domain"`
	Status      string `json:"dcvStatus"`
	Method      string `json:"dcvMethod,omitempty"`
	OrderStatus string `json:"dcvOrderStatus"`
	OrderMethod string `json:"dcvOrderMethod,omitempty"`
	Expiration  string `json:"expirationDate,omitempty"`
}

// listDCV lists how all domains stand, in one call for all.
func (s *Server) listDCV(c *call) (*answer, error) {
	number := map[string]int{}
	for _, name := range []string{"org", "department", "expiresIn"} {
		n, f := wholeNumber(c.query, name, 0)
		if f != nil {
			return nil, f
		}
		number[name] = n
	}
	rows := []dcvRow{}
	for _, d := range s.domains(c.now) {
		row := dcvRow{Domain: d.Name, Status: d.status(c.now), OrderStatus: d.orderStatus(), Expiration: formatDay(d.Expires)}
		if !d.Validated.IsZero() {
			row.Method = d.method()
		}
		if !d.Submitted.IsZero() {
			row.OrderMethod = d.method()
		}
		until := c.now.AddDate(0, 0, number["expiresIn"])
		if contains(d.Name, c.query.Get("domain")) && matchesWord(c.query.Get("dcvStatus"), row.Status) && matchesWord(c.query.Get("orderStatus"), row.OrderStatus) &&
			(number["org"] == 0 || d.delegatedTo(number["org"])) && (number["department"] == 0 || d.delegatedTo(number["department"])) &&
			(number["expiresIn"] == 0 || !d.Expires.IsZero() && d.Expires.Before(until)) {
			rows = append(rows, row)
		}
	}
	rows, total, f := page(c, rows)
	if f != nil {
		return nil, f
	}
	return &answer{status: http.StatusOK, body: rows, total: total}, nil
}

// matchesWord compares a filter with a word, in the spelling of any release.
func matchesWord(want, is string) bool { return want == "" || plainWord(want) == plainWord(is) }

// dcvState is DcvStatusResponseV2 and what submit and sync answer.
type dcvState struct {
	Status         string `json:"status"`
	ValidationDate string `json:"validationDate,omitempty"`
	ExpirationDate string `json:"expirationDate,omitempty"`
	OrderStatus    string `json:"orderStatus"`
	OrderMode      string `json:"orderMode,omitempty"`
	Message        string `json:"message,omitempty"`
	OrderBackendID string `json:"orderBackendId,omitempty"`
	SubmittedDate  string `json:"submittedDate,omitempty"`
	LastCheck      string `json:"lastCheck,omitempty"`
	NextCheck      string `json:"nextCheck,omitempty"`

	Host       string `json:"host,omitempty"`
	Point      string `json:"point,omitempty"`
	URL        string `json:"url,omitempty"`
	FirstLine  string `json:"firstLine,omitempty"`
	SecondLine string `json:"secondLine,omitempty"`
}

// named reads which domain a body is about.
func (s *Server) named(c *call) (*Domain, *failure) {
	var body struct {
		Domain string `json:"domain"`
	}
	if f := c.read(&domainSchema, &body); f != nil {
		return nil, f
	}
	if body.Domain == "" {
		return nil, missing("domain")
	}
	d := s.domain(func(d *Domain) bool { return strings.EqualFold(d.Name, body.Domain) }, c.now)
	if d == nil {
		return nil, noSuchDomain(body.Domain)
	}
	return d, nil
}

func (s *Server) getDCV(c *call) (*answer, error) {
	d, f := s.named(c)
	if f != nil {
		return nil, f
	}
	return ok(d.state(c.now)), nil
}

// syncDCV has the CA look now.
func (s *Server) syncDCV(c *call) (*answer, error) { return s.getDCV(c) }

func (d *Domain) state(now time.Time) dcvState {
	a := dcvState{Status: d.status(now), ValidationDate: formatDay(d.Validated), ExpirationDate: formatDay(d.Expires), OrderStatus: d.orderStatus()}
	if d.Submitted.IsZero() {
		return a
	}
	a.OrderMode, a.SubmittedDate, a.OrderBackendID = d.method(), formatDay(d.Submitted), "99887766"
	a.LastCheck, a.NextCheck = formatMoment(now.Truncate(lookEvery)), formatMoment(now.Truncate(lookEvery).Add(lookEvery))
	a.record(d)
	return a
}

// record adds what is to be published.
func (a *dcvState) record(d *Domain) {
	i := instruct(d.Name, d.method(), nil)
	a.Host, a.Point, a.URL = i.Host, i.Point, i.URL
	if i.URL != "" {
		a.FirstLine, a.SecondLine, _ = strings.Cut(i.File, "\n")
	}
}

// startDCV tells what to publish; nothing is asked of the CA yet.
func (s *Server) startDCV(c *call) (*answer, error) {
	mode := strings.ToUpper(c.word)
	if !slices.Contains([]string{"HTTP", "HTTPS", "CNAME", "EMAIL", "TXT"}, mode) {
		return nil, &failure{http.StatusNotFound, -1, "Unknown error."}
	}
	d, f := s.named(c)
	if f != nil {
		return nil, f
	}
	d.Method = mode
	s.saveBook()
	if mode == "EMAIL" {
		return ok(struct {
			Emails []string `json:"emails"`
		}{emails(d.Name)}), nil
	}
	var a dcvState
	a.record(d)
	return ok(struct {
		Host       string `json:"host,omitempty"`
		Point      string `json:"point,omitempty"`
		URL        string `json:"url,omitempty"`
		FirstLine  string `json:"firstLine,omitempty"`
		SecondLine string `json:"secondLine,omitempty"`
	}{a.Host, a.Point, a.URL, a.FirstLine, a.SecondLine}), nil
}

// emails are the constructed addresses (Baseline Requirements §3.2.2.4.4).
func emails(domain string) []string {
	var all []string
	for _, who := range []string{"admin", "administrator", "hostmaster", "postmaster", "webmaster"} {
		all = append(all, who+"@"+domain)
	}
	return all
}

// dnsOwner is how long a submitted validation takes when nobody says
// otherwise ([Server.Publish]).
const dnsOwner = 10 * time.Minute

// submitDCV asks the CA to look for what was published.
func (s *Server) submitDCV(c *call) (*answer, error) {
	d, f := s.named(c)
	if f != nil {
		return nil, f
	}
	d.Method, d.Submitted, d.Publish = cmp.Or(strings.ToUpper(c.word), d.method()), c.now, c.now.Add(dnsOwner)
	s.saveBook()
	a := dcvState{Status: d.status(c.now), OrderStatus: d.orderStatus(), Message: "Submitted successfully", OrderBackendID: "99887766"}
	return ok(a), nil
}
