package scm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"certty/backend"
	"certty/model"
)

// enrollRequest is an order (SCM OpenAPI, EnrollRequest). The names are one
// text: an array is refused as -1002.
type enrollRequest struct {
	Organization      int             `json:"orgId"`
	CSR               string          `json:"csr"`
	Names             string          `json:"subjAltNames,omitempty"`
	Profile           int             `json:"certType"`
	Term              int             `json:"term"`
	Comments          string          `json:"comments,omitempty"`
	ExternalRequester string          `json:"externalRequester,omitempty"`
	CustomFields      []customRequest `json:"customFields,omitempty"`
	dcvRequest
}

// dcvRequest says how the names of an order are validated (SCM OpenAPI,
// EnrollRequest, RenewInfo and ReplaceRequest).
type dcvRequest struct {
	DCVMode  model.DCVMode `json:"dcvMode,omitempty"`
	DCVEmail string        `json:"dcvEmail,omitempty"`
}

// customRequest is a custom field of an order (SCM OpenAPI, ApiCertField).
type customRequest struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// placed is the answer to an order and to a renewal. The renewId that comes with
// it is the key to a call that does not tell what it made; it is not kept.
type placed struct {
	ID num `json:"sslId"`
}

// Order places an order with a CSR (SCM REST API, "Request SSL certificate"). It
// is sent once. The page holds the order's id and names with
// [model.FieldListing]: its status is read with the next look.
func (b *Backend) Order(ctx context.Context, spec model.OrderSpec) (backend.Change, error) {
	ref := b.accountRef()
	ref.Key = spec.Reference
	if wrong := checkOrder(&spec); wrong != "" {
		return backend.Change{}, invalid(opOrder, ref, wrong)
	}
	request := enrollRequest{
		Organization: spec.OrganizationID, CSR: csrPEM(spec.CSR), Names: strings.Join(spec.SANs, ","),
		Profile: spec.ProfileID, Term: spec.Term, Comments: spec.Comments(), ExternalRequester: spec.ExternalRequester,
		dcvRequest: dcvOf(spec.DCV),
	}
	for _, f := range spec.CustomFields {
		request.CustomFields = append(request.CustomFields, customRequest(f))
	}
	c := call{op: opOrder, ref: ref, method: http.MethodPost, path: "ssl/v1/enroll", body: request, want: http.StatusOK, changes: true}
	id, a, err := b.place(ctx, c)
	if err != nil {
		return backend.Change{}, err
	}
	item := model.Item{Ref: b.row(id), Order: &model.Order{ID: strconv.Itoa(id), CommonName: spec.CommonName, SANs: spec.SANs}}
	return backend.Change{Page: model.Page{Fields: model.FieldListing, AsOf: a.at, Items: []model.Item{item}}}, nil
}

// place makes a call that answers with the id of a new order. Without the id it
// is not known what became of it.
func (b *Backend) place(ctx context.Context, c call) (int, answer, error) {
	a, err := b.do(ctx, c)
	if err != nil {
		return 0, a, err
	}
	var made placed
	if err := unmarshal(a.body, &made); err != nil {
		return 0, a, unreadable(c, a, errors.New("it is not the JSON of an order"))
	}
	if made.ID <= 0 {
		return 0, a, unreadable(c, a, errNoID)
	}
	return int(made.ID), a, nil
}

func dcvOf(d model.OrderDCV) dcvRequest { return dcvRequest{DCVMode: d.Mode, DCVEmail: d.Email} }

func checkDCV(d model.OrderDCV) string {
	if d.Mode == model.DCVEmail && d.Email == "" {
		return "a validation by e-mail needs the address that is asked"
	}
	return ""
}

// checkOrder says what the service would refuse in any case, or take otherwise
// than it was meant; "" when nothing is wrong.
func checkOrder(spec *model.OrderSpec) string {
	comments := spec.Comments()
	switch {
	case len(spec.CSR) == 0:
		return "a certificate request (CSR) is needed"
	case spec.OrganizationID <= 0:
		return "an organization or department is needed"
	case spec.ProfileID <= 0:
		return "a profile is needed"
	case spec.Term <= 0:
		return "a lifetime in days is needed, one of the profile's"
	case model.UTF16Len(comments) > model.MaxOrderComments:
		return fmt.Sprintf("reference and description are %d characters long as SCM counts; %d is the most", model.UTF16Len(comments), model.MaxOrderComments)
	case model.UTF16Len(spec.ExternalRequester) > model.MaxOrderRequester:
		return fmt.Sprintf("the external requester is longer than %d characters", model.MaxOrderRequester)
	}
	if wrong := checkDCV(spec.DCV); wrong != "" {
		return wrong
	}
	for _, name := range spec.SANs {
		if name == "" || strings.ContainsAny(name, ",; \t\r\n") {
			return fmt.Sprintf("%q is not one name", name)
		}
	}
	for _, f := range spec.CustomFields {
		if f.Name == "" || model.UTF16Len(f.Value) > model.MaxCustomValue {
			return fmt.Sprintf("the value of custom field %q is longer than %d characters", f.Name, model.MaxCustomValue)
		}
	}
	return ""
}
