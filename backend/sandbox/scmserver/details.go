package scmserver

import (
	"cmp"
	"strings"
	"time"
)

// profileAnswer is ApiCertType.
type profileAnswer struct {
	ID          int                 `json:"id"`
	Name        string              `json:"name"`
	Description string              `json:"description"`
	Terms       []int               `json:"terms"`
	KeyTypes    map[string][]string `json:"keyTypes"`
	Secondary   bool                `json:"useSecondaryOrgName"`
}

// detailsAnswer is CertDetailsResponse. Dates of what has not happened are left
// out.
type detailsAnswer struct {
	CommonName        string              `json:"commonName"`
	SSLID             int                 `json:"sslId"`
	ID                int                 `json:"id"`
	OrgID             int                 `json:"orgId"`
	Status            Status              `json:"status"`
	OrderNumber       int64               `json:"orderNumber,omitempty"`
	BackendCertID     string              `json:"backendCertId,omitempty"`
	Vendor            string              `json:"vendor"`
	CertType          *profileAnswer      `json:"certType,omitempty"`
	SubType           string              `json:"subType"`
	ValidationType    string              `json:"validationType,omitempty"`
	Term              int                 `json:"term"`
	Owner             string              `json:"owner"`
	OwnerID           int                 `json:"ownerId"`
	Requester         string              `json:"requester"`
	RequestedVia      string              `json:"requestedVia"`
	ExternalRequester string              `json:"externalRequester,omitempty"`
	Comments          string              `json:"comments"`
	Requested         string              `json:"requested,omitempty"`
	Approved          string              `json:"approved,omitempty"`
	Issued            string              `json:"issued,omitempty"`
	Declined          string              `json:"declined,omitempty"`
	Expires           string              `json:"expires,omitempty"`
	Replaced          string              `json:"replaced,omitempty"`
	Revoked           string              `json:"revoked,omitempty"`
	ReasonCode        string              `json:"reasonCode,omitempty"`
	Renewed           bool                `json:"renewed"`
	RenewedDate       string              `json:"renewedDate,omitempty"`
	SerialNumber      string              `json:"serialNumber,omitempty"`
	SignatureAlg      string              `json:"signatureAlg,omitempty"`
	KeyAlgorithm      string              `json:"keyAlgorithm,omitempty"`
	KeySize           int                 `json:"keySize"`
	KeyType           string              `json:"keyType,omitempty"`
	KeyUsages         []string            `json:"keyUsages,omitempty"`
	ExtendedKeyUsages []string            `json:"extendedKeyUsages,omitempty"`
	Names             []string            `json:"subjectAlternativeNames"`
	CustomFields      []customValue       `json:"customFields"`
	Certificate       *certificateDetails `json:"certificateDetails,omitempty"`
	AutoInstall       autoInstall         `json:"autoInstallDetails"`
	AutoRenew         autoRenew           `json:"autoRenewDetails"`
	Suspended         bool                `json:"suspendNotifications"`
}

type autoInstall struct {
	State string `json:"state"`
}

type certificateDetails struct {
	Issuer     string `json:"issuer"`
	Subject    string `json:"subject"`
	Names      string `json:"subjectAltNames"`
	MD5Hash    string `json:"md5Hash"`
	SHA1Hash   string `json:"sha1Hash"`
	SHA256Hash string `json:"sha256Hash"`
}

func (s *Server) details(c *call) (*answer, error) {
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, notFound(c.id)
	}
	return ok(s.describe(o, c)), nil
}

// ownerID is the one administrator's.
const ownerID = 85

var validationTypes = map[string]string{
	DV: "Domain Validation (DV)", OV: "Organization Validation (OV)", EV: "Extended Validation (EV)",
}

func (s *Server) describe(o *order, c *call) detailsAnswer {
	date := c.dates()
	a := detailsAnswer{
		CommonName: o.CommonName, SSLID: o.ID, ID: o.ID, OrgID: o.OrgID, Status: o.statusAt(c.now), Vendor: vendorSectigo,
		Term: o.Term, Owner: o.Owner, OwnerID: ownerID, Requester: o.Requester, RequestedVia: o.Via,
		ExternalRequester: o.ExternalRequester, Comments: o.Comments,
		Requested: date(o.Requested), Approved: date(o.Approved), Issued: date(o.Issued), Declined: date(o.Declined),
		Replaced: date(o.Replaced), Revoked: date(o.Revoked), ReasonCode: o.Reason, Renewed: o.Renewed, RenewedDate: date(o.RenewedDate),
		Names: append([]string{}, o.Names...), CustomFields: append([]customValue{}, o.CustomFields...),
		AutoInstall: autoInstall{notConfigured}, AutoRenew: autoRenew{o.AutoRenew.state(), o.AutoRenew.Days}, Suspended: o.SuspendNotifications,
	}
	if o.BackendID != 0 {
		a.OrderNumber, a.BackendCertID = o.BackendID, backendID(o)
	}
	// A profile that is gone is still named by its id.
	a.CertType = &profileAnswer{ID: o.ProfileID}
	if p := s.profile(o.ProfileID); p != nil {
		answer := p.answer()
		a.CertType, a.ValidationType = &answer, validationTypes[p.Validation]
	}
	if k, known := o.key(); known {
		a.KeyAlgorithm, a.KeySize, a.KeyType = k.algorithm, k.size, k.algorithm+" - "+k.param
	}
	o.describeCertificate(&a, date)
	a.override(o.Dates)
	return a
}

func (o *order) describeCertificate(a *detailsAnswer, date func(time.Time) string) {
	cert := o.certificate()
	if cert == nil {
		return
	}
	h := hashes(cert)
	a.Expires, a.SerialNumber, a.SignatureAlg = date(cert.NotAfter), colons(cert.SerialNumber), signatureName(cert)
	a.KeyUsages, a.ExtendedKeyUsages = keyUsages(cert), extendedKeyUsages(cert)
	names := make([]string, 0, len(cert.DNSNames)+len(cert.IPAddresses))
	for _, name := range cert.DNSNames {
		names = append(names, "dNSName="+name)
	}
	for _, ip := range cert.IPAddresses {
		names = append(names, "iPAddress="+ip.String())
	}
	a.Certificate = &certificateDetails{
		Issuer: cert.Issuer.String(), Subject: cert.Subject.String(), Names: strings.Join(names, ", "),
		MD5Hash: h.md5, SHA1Hash: h.sha1, SHA256Hash: h.sha256,
	}
}

// override answers dates that no clock can have shown.
func (a *detailsAnswer) override(dates map[string]string) {
	for name, at := range map[string]*string{
		"requested": &a.Requested, "approved": &a.Approved, "issued": &a.Issued, "declined": &a.Declined, "expires": &a.Expires,
		"replaced": &a.Replaced, "revoked": &a.Revoked, "renewedDate": &a.RenewedDate,
	} {
		if said, given := dates[name]; given {
			*at = said
		}
	}
}

func (r autoRenew) state() string { return cmp.Or(r.State, "Not scheduled") }

func (p *Profile) answer() profileAnswer {
	return profileAnswer{ID: p.ID, Name: p.Name, Description: p.Description, Terms: append([]int{}, p.Terms...), KeyTypes: p.KeyTypes}
}

// listProfiles lists the certificate profiles, those of one organization where
// that is asked for.
func (s *Server) listProfiles(c *call) (*answer, error) {
	id, f := wholeNumber(c.query, "organizationId", 0)
	if f != nil {
		return nil, f
	}
	parent := 0
	if org := s.organization(id); org != nil {
		parent = org.ParentID
	}
	rows := []profileAnswer{}
	for _, p := range s.book.Profiles {
		if id == 0 || s.organization(id) != nil && p.delegatedTo(id, parent) {
			rows = append(rows, p.answer())
		}
	}
	return ok(rows), nil
}

type fieldAnswer struct {
	ID        int    `json:"id"`
	Name      string `json:"name"`
	Mandatory bool   `json:"mandatory"`
}

func (s *Server) listFields(*call) (*answer, error) {
	rows := []fieldAnswer{}
	for _, f := range s.book.Fields {
		rows = append(rows, fieldAnswer{f.ID, f.Name, f.Mandatory})
	}
	return ok(rows), nil
}

// fieldV2 is ApiCustomFieldV2.
type fieldV2 struct {
	ID          int        `json:"id"`
	Name        string     `json:"name"`
	CertType    string     `json:"certType"`
	State       string     `json:"state"`
	Input       fieldInput `json:"input"`
	Mandatories []string   `json:"mandatories"`
}

type fieldInput struct {
	Type    string   `json:"type"`
	Options []string `json:"options,omitempty"`
}

func (s *Server) listFieldsV2(c *call) (*answer, error) {
	rows := []fieldV2{}
	for _, f := range s.book.Fields {
		row := fieldV2{ID: f.ID, Name: f.Name, CertType: "SSL", State: "ACTIVE", Input: fieldInput{cmp.Or(f.Type, "TEXT_SINGLE_LINE"), f.Options}, Mandatories: []string{}}
		if f.Mandatory {
			row.Mandatories = []string{"ADMIN_UI", "REST_API"}
		}
		if want := c.query.Get("certType"); want == "" || want == row.CertType {
			rows = append(rows, row)
		}
	}
	return ok(rows), nil
}
