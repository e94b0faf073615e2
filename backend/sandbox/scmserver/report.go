package scmserver

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type reportBody struct {
	From              string            `json:"from"`
	To                string            `json:"to"`
	Organizations     []json.RawMessage `json:"organizationIds"`
	CommonName        string            `json:"commonName"`
	ExternalRequester string            `json:"externalRequester"`
	Status            string            `json:"certificateStatus"`
	DateAttribute     string            `json:"certificateDateAttribute"`
	Source            string            `json:"certificateRequestSource"`
	SerialFormat      string            `json:"serialNumberFormat"`
}

// reportRow is SSLReportResponseRow.
type reportRow struct {
	ID                int           `json:"id"`
	Type              string        `json:"type"`
	TypeID            int           `json:"typeId"`
	OrgID             int           `json:"orgId"`
	CommonName        string        `json:"commonName"`
	Names             string        `json:"subjAltNames"`
	Status            Status        `json:"status"`
	Requester         string        `json:"requester"`
	Approver          string        `json:"approver,omitempty"`
	OrganizationName  string        `json:"organizationName"`
	OrderNumber       int64         `json:"orderNumber,omitempty"`
	BackendCertID     string        `json:"backendCertId,omitempty"`
	RequestedVia      string        `json:"requestedVia"`
	Term              int           `json:"term"`
	Comments          string        `json:"comments"`
	Requested         string        `json:"requested,omitempty"`
	Approved          string        `json:"approved,omitempty"`
	Declined          string        `json:"declined,omitempty"`
	Issued            string        `json:"issued,omitempty"`
	Expires           string        `json:"expires,omitempty"`
	Revoked           string        `json:"revoked,omitempty"`
	Replaced          string        `json:"replaced,omitempty"`
	Issuer            string        `json:"issuer,omitempty"`
	ExternalRequester string        `json:"externalRequester,omitempty"`
	SerialNumber      string        `json:"serialNumber"`
	City              string        `json:"city,omitempty"`
	State             string        `json:"state,omitempty"`
	Country           string        `json:"country,omitempty"`
	SignatureAlg      string        `json:"signatureAlg,omitempty"`
	KeyAlg            string        `json:"publicKeyAlg,omitempty"`
	KeySize           string        `json:"publicKeySize,omitempty"`
	KeyType           string        `json:"publicKeyType,omitempty"`
	SHA1              string        `json:"sha1,omitempty"`
	MD5               string        `json:"md5,omitempty"`
	CustomFields      []customValue `json:"customFields,omitempty"`
}

type reportAnswer struct {
	StatusCode int         `json:"statusCode"`
	Message    string      `json:"message,omitempty"`
	Reports    []reportRow `json:"reports"`
}

// reportStatus are the statuses of the report's filter.
var reportStatus = map[string]Status{"1": StatusRequested, "2": StatusIssued, "3": StatusRevoked, "4": StatusExpired}

// reportSource are the sources of the report's filter.
var reportSource = map[string]string{
	"0": ViaForm, "1": ViaAdmin, "2": "Web API", "3": ViaDiscovery, "4": ViaImport, "5": "SCEP", "7": "MS Agent", "9": "Bulk Request",
	"10": "ACME", "11": "EST", "12": ViaAPI,
}

// report answers whole rows, as far as the report's delay lets it know them.
func (s *Server) report(c *call) (*answer, error) {
	var body reportBody
	if f := c.read(&reportSchema, &body); f != nil {
		return nil, f
	}
	from, to, f := body.window()
	if f != nil {
		return nil, f
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		// The rule is documented, the answer is not: an error in an answer of
		// 200 has a code other than 0.
		return ok(reportAnswer{StatusCode: -1, Message: "'from' must be earlier than 'to'", Reports: []reportRow{}}), nil
	}
	wanted, f := body.organizations()
	if f != nil {
		return nil, f
	}
	orders, err := s.all(c.now)
	if err != nil {
		return nil, err
	}
	rows := []reportRow{}
	for _, o := range orders {
		past := o.as(c.now.Add(-c.settings.ReportDelay))
		if past != nil && body.matches(past, c.now) && inWindow(past.reportDate(body.DateAttribute), from, to) && (len(wanted) == 0 || slices.Contains(wanted, o.OrgID)) {
			rows = append(rows, s.reportRow(past, body.SerialFormat, c.now))
		}
	}
	return ok(reportAnswer{Reports: rows}), nil
}

// window reads the two ends; either can be left away. A day as the last end
// counts whole.
func (b *reportBody) window() (from, to time.Time, f *failure) {
	for _, end := range []struct {
		name, said string
		into       *time.Time
	}{{"from", b.From, &from}, {"to", b.To, &to}} {
		if end.said == "" {
			continue
		}
		t, err := parseMoment(end.said)
		if err != nil {
			return from, to, invalidField(end.name)
		}
		*end.into = t
	}
	if len(b.To) == len(isoDay) {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}

func inWindow(t, from, to time.Time) bool {
	return (from.IsZero() || !t.IsZero() && !t.Before(from)) && (to.IsZero() || !t.IsZero() && !t.After(to))
}

// organizations reads ids, as numbers or as texts.
func (b *reportBody) organizations() ([]int, *failure) {
	var ids []int
	for _, raw := range b.Organizations {
		n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
		if err != nil {
			return nil, invalidField("organizationIds")
		}
		ids = append(ids, n)
	}
	return ids, nil
}

func (b *reportBody) matches(o *order, now time.Time) bool {
	if want, named := reportStatus[b.Status]; named && o.statusAt(now) != want {
		return false
	}
	if b.Source != "" && reportSource[b.Source] != o.Via && b.Source != "0" {
		return false
	}
	return contains(o.CommonName, b.CommonName) && strings.Contains(o.ExternalRequester, b.ExternalRequester)
}

// reportDate is the date that a window is about: 2 revocation, 3 expiry, 4
// request, 5 issuance. What 1 is, which an example sends, is not documented;
// request is taken for it and for none.
func (o *order) reportDate(attribute string) time.Time {
	switch attribute {
	case "2":
		return o.Revoked
	case "3":
		if cert := o.certificate(); cert != nil {
			return cert.NotAfter
		}
		return time.Time{}
	case "5":
		if !o.Replaced.IsZero() {
			return o.Replaced
		}
		return o.Issued
	}
	return o.Requested
}

func (s *Server) reportRow(o *order, serialFormat string, now time.Time) reportRow {
	row := reportRow{
		ID: o.ID, TypeID: o.ProfileID, OrgID: o.OrgID, CommonName: o.CommonName, Names: strings.Join(o.Names, "; "), Status: o.statusAt(now),
		Requester: o.Requester, Approver: o.Approver, RequestedVia: o.Via, Term: o.Term, Comments: o.Comments, ExternalRequester: o.ExternalRequester,
		Requested: formatMoment(o.Requested), Approved: formatMoment(o.Approved), Declined: formatMoment(o.Declined), Issued: formatMoment(o.Issued),
		Revoked: formatMoment(o.Revoked), Replaced: formatMoment(o.Replaced), CustomFields: o.CustomFields,
	}
	if o.BackendID != 0 {
		row.OrderNumber, row.BackendCertID = o.BackendID, backendID(o)
	}
	if p := s.profile(o.ProfileID); p != nil {
		row.Type = p.Name
	}
	if org := s.organization(o.OrgID); org != nil {
		row.OrganizationName = org.Name
	}
	if top := s.top(o.OrgID); top != nil {
		row.City, row.State, row.Country = top.City, top.State, top.Country
	}
	if k, known := o.key(); known {
		row.KeyAlg, row.KeySize, row.KeyType = k.algorithm, strconv.Itoa(k.size), k.algorithm+" - "+k.param
	}
	if cert := o.certificate(); cert != nil {
		h := hashes(cert)
		row.Expires, row.Issuer, row.SignatureAlg, row.SHA1, row.MD5 = formatMoment(cert.NotAfter), cert.Issuer.String(), signatureName(cert), h.sha1, h.md5
		row.SerialNumber = colons(cert.SerialNumber)
		if serialFormat == "HEXWithLeadingZeros" {
			row.SerialNumber = strings.ToUpper(fmt.Sprintf("%0*x", 2*len(cert.SerialNumber.Bytes()), cert.SerialNumber))
		}
	}
	for name, at := range map[string]*string{"requested": &row.Requested, "expires": &row.Expires, "issued": &row.Issued, "revoked": &row.Revoked} {
		if said, given := o.Dates[name]; given {
			*at = said
		}
	}
	return row
}

// backendID is the CA's number as text.
func backendID(o *order) string { return strconv.FormatInt(o.BackendID, 10) }
