package scm

import (
	"cmp"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"certty/model"
)

// identityJSON is a row of the list (SCM OpenAPI, SSLIdentity).
type identityJSON struct {
	ID         num    `json:"sslId"`
	CommonName str    `json:"commonName"`
	Names      names  `json:"subjectAlternativeNames"`
	Serial     serial `json:"serialNumber"`
}

// statesJSON is when an order reached each state, as far as it did. Details and
// reports spell these alike.
type statesJSON struct {
	Requested day `json:"requested"`
	Approved  day `json:"approved"`
	Declined  day `json:"declined"`
	Issued    day `json:"issued"`
	Expires   day `json:"expires"`
	Replaced  day `json:"replaced"`
	Revoked   day `json:"revoked"`
}

// sharedJSON is what details and reports have in common.
type sharedJSON struct {
	statesJSON
	ID                num         `json:"id"`
	OrganizationID    num         `json:"orgId"`
	CommonName        str         `json:"commonName"`
	Status            str         `json:"status"`
	BackendID         str         `json:"backendCertId"`
	Requester         str         `json:"requester"`
	ExternalRequester str         `json:"externalRequester"`
	RequestedVia      str         `json:"requestedVia"`
	Comments          str         `json:"comments"`
	Term              num         `json:"term"`
	Serial            serial      `json:"serialNumber"`
	CustomFields      []valueJSON `json:"customFields"`
	ReasonCode        str         `json:"reasonCode"`
}

// valueJSON is a custom field with its value.
type valueJSON struct {
	Name  str `json:"name"`
	Value str `json:"value"`
}

// detailsJSON is one order (SCM REST API, "Get SSL certificate details").
type detailsJSON struct {
	sharedJSON
	OldID   num `json:"sslId"`
	Profile struct {
		ID   num `json:"id"`
		Name str `json:"name"`
	} `json:"certType"`
	Renewed     flag  `json:"renewed"`
	RenewedDate day   `json:"renewedDate"`
	KeyType     str   `json:"keyType"`
	Names       names `json:"subjectAlternativeNames"`
	Certificate struct {
		Issuer  str   `json:"issuer"`
		Subject str   `json:"subject"`
		SHA1    str   `json:"sha1Hash"`
		Names   names `json:"subjectAltNames"`
	} `json:"certificateDetails"`
}

// reportJSON is a row of the report of certificates (SCM REST API, "SSL
// Certificates report").
type reportJSON struct {
	sharedJSON
	ProfileID    num   `json:"typeId"`
	Profile      str   `json:"type"`
	Organization str   `json:"organizationName"`
	Names        names `json:"subjAltNames"`
	Issuer       str   `json:"issuer"`
	SHA1         str   `json:"sha1"`
	KeyType      str   `json:"publicKeyType"`
	KeyAlgorithm str   `json:"publicKeyAlg"`
	KeySize      str   `json:"publicKeySize"`
}

var errNoID = errors.New("it has no id")

// listed is a row of the list as an item.
func (b *Backend) listed(raw json.RawMessage) (model.Item, error) {
	var row identityJSON
	if err := unmarshal(raw, &row); err != nil || row.ID <= 0 {
		return model.Item{}, errNoID
	}
	return model.Item{
		Ref:         b.row(int(row.ID)),
		Order:       &model.Order{ID: strconv.Itoa(int(row.ID)), CommonName: string(row.CommonName), SANs: row.Names},
		Certificate: model.Certificate{Serial: row.Serial.hex},
	}, nil
}

// detailed is an order's details as an item.
func (b *Backend) detailed(raw []byte) (model.Item, error) {
	var d detailsJSON
	if err := unmarshal(raw, &d); err != nil {
		return model.Item{}, err
	}
	if d.ID = cmp.Or(d.ID, d.OldID); d.ID <= 0 {
		return model.Item{}, errNoID
	}
	o := d.order()
	o.Organization = b.called.of(o.OrganizationID)
	o.ProfileID, o.Profile = int(d.Profile.ID), string(d.Profile.Name)
	o.SANs = d.Names
	o.Renewed, o.RenewedAt = bool(d.Renewed), d.RenewedDate.Time
	if d.RenewedDate.bad {
		o.Unreadable = append(o.Unreadable, "renewedDate")
	}
	c := d.certificate(o)
	c.Issuer, c.Subject = string(d.Certificate.Issuer), string(d.Certificate.Subject)
	c.Thumbprint, c.KeyType = thumbprint(d.Certificate.SHA1), keyType(string(d.KeyType))
	// The names that the certificate has are told apart from those that were
	// ordered.
	if certified := d.Certificate.Names; len(certified) > 0 {
		c.SANs = sans(certified)
	} else {
		c.SANs = sans(d.Names)
	}
	return model.Item{Ref: b.row(int(d.ID)), Order: o, Certificate: c}, nil
}

// reported is a row of a report as an item.
func (b *Backend) reported(raw json.RawMessage) (model.Item, error) {
	var r reportJSON
	if err := unmarshal(raw, &r); err != nil || r.ID <= 0 {
		return model.Item{}, errNoID
	}
	o := r.order()
	o.ProfileID, o.Profile, o.Organization = int(r.ProfileID), string(r.Profile), string(r.Organization)
	b.called.learn(o.OrganizationID, o.Organization)
	o.SANs = r.Names
	c := r.certificate(o)
	c.Issuer, c.Thumbprint, c.SANs = string(r.Issuer), thumbprint(r.SHA1), sans(r.Names)
	if c.KeyType = keyType(string(r.KeyType)); c.KeyType == "" {
		c.KeyType = strings.TrimSpace(string(r.KeyAlgorithm) + " " + string(r.KeySize))
	}
	return model.Item{Ref: b.row(int(r.ID)), Order: o, Certificate: c}, nil
}

// order is what details and reports tell of an order.
func (s *sharedJSON) order() *model.Order {
	o := &model.Order{
		ID: strconv.Itoa(int(s.ID)), Status: string(s.Status), Phase: model.ParseOrderPhase(string(s.Status)),
		CommonName: string(s.CommonName), OrganizationID: int(s.OrganizationID), Term: int(s.Term),
		Comments: string(s.Comments), Requester: string(s.Requester), ExternalRequester: string(s.ExternalRequester),
		RequestedVia: string(s.RequestedVia), BackendID: string(s.BackendID), RevokedFor: string(s.ReasonCode),
	}
	for _, v := range s.CustomFields {
		o.CustomFields = append(o.CustomFields, model.CustomValue{Name: string(v.Name), Value: string(v.Value)})
	}
	for _, state := range []struct {
		name string
		read day
		into *time.Time
	}{
		{"requested", s.Requested, &o.Requested}, {"approved", s.Approved, &o.Approved}, {"declined", s.Declined, &o.Declined},
		{"issued", s.Issued, &o.Issued}, {"expires", s.Expires, &o.Expires}, {"replaced", s.Replaced, &o.Replaced}, {"revoked", s.Revoked, &o.Revoked},
	} {
		*state.into = state.read.Time
		if state.read.bad {
			o.Unreadable = append(o.Unreadable, state.name)
		}
	}
	if s.Serial.bad {
		o.Unreadable = append(o.Unreadable, "serialNumber")
	}
	return o
}

// certificate is what details and reports tell of the certificate. Where the
// moment of issue is not told, the term says when it was.
func (s *sharedJSON) certificate(o *model.Order) model.Certificate {
	c := model.Certificate{
		Issued: o.Phase.Certified() || s.Serial.hex != "", Serial: s.Serial.hex,
		NotBefore: o.Issued, NotAfter: o.Expires,
	}
	c.Enabled = c.Issued
	if c.NotBefore.IsZero() && !c.NotAfter.IsZero() && o.Term > 0 {
		c.NotBefore = c.NotAfter.AddDate(0, 0, -o.Term)
	}
	if !c.Issued {
		// Before a certificate is there the dates are what was asked for.
		c.NotBefore, c.NotAfter = time.Time{}, time.Time{}
	}
	return c
}

// keyType is "RSA 2048" of SCM's "RSA - 2048".
func keyType(written string) string {
	algorithm, size, _ := strings.Cut(written, " - ")
	return strings.TrimSpace(strings.TrimSpace(algorithm) + " " + strings.TrimSpace(size))
}

// thumbprint is in lower-case hexadecimal without colons.
func thumbprint(written str) string {
	return strings.ToLower(strings.ReplaceAll(string(written), ":", ""))
}
