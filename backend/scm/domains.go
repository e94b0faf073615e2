package scm

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"certty/backend"
	"certty/model"
)

// mostDomains is up to how many domains the delegations are read: each costs a
// call.
const mostDomains = 200

// domainJSON is a domain, in the list and alone (SCM REST API, "Domains").
type domainJSON struct {
	ID          num `json:"id"`
	Name        str `json:"name"`
	State       str `json:"state"`
	Validation  str `json:"validationStatus"`
	Method      str `json:"validationMethod"`
	Expires     day `json:"dcvExpiration"`
	Delegations []struct {
		OrganizationID num   `json:"orgId"`
		Kinds          []str `json:"certTypes"`
		Status         str   `json:"status"`
	} `json:"delegations"`
}

// domainValidationJSON is a row of the list of validations (SCM OpenAPI,
// DcvSearchResult): one call for the expiry of all domains.
type domainValidationJSON struct {
	Domain  str `json:"domain"`
	Status  str `json:"dcvStatus"`
	Method  str `json:"dcvMethod"`
	Expires day `json:"expirationDate"`
}

// domains reads the domains with their validations and, where they are not too
// many, to whom they are delegated.
func (r *accountReading) domains(ctx context.Context) error {
	w := r.backend.walk(opDomains, r.backend.accountRef(), "domain/v1", nil, domainKey)
	rows, err := w.all(ctx)
	if err != nil {
		return r.without("domains", err)
	}
	if !w.complete() {
		if err := r.without("some domains", &backend.Error{Kind: backend.KindPartial, Op: opDomains, Message: errShifted.Error(), Err: errShifted}); err != nil {
			return err
		}
	}
	for _, raw := range rows {
		var d domainJSON
		if unmarshal(raw, &d) == nil {
			r.account.Domains = append(r.account.Domains, model.Domain{ID: int(d.ID), Name: string(d.Name), State: string(d.State)})
		}
	}
	if err := r.domainDetails(ctx); err != nil {
		return err
	}
	validations, err := r.backend.domainValidations(ctx)
	if err != nil {
		return r.without("validations of domains", err)
	}
	for i := range r.account.Domains {
		d := &r.account.Domains[i]
		if v, ok := validations[strings.ToLower(d.Name)]; ok {
			d.Validation, d.Valid, d.Method, d.Expires = string(v.Status), validated(v.Status), string(v.Method), v.Expires.Time
		}
	}
	return nil
}

func domainKey(raw json.RawMessage) string {
	var d domainJSON
	if unmarshal(raw, &d) != nil || d.ID <= 0 || d.Name == "" {
		return ""
	}
	return strconv.Itoa(int(d.ID))
}

// domainDetails reads state and delegations of each domain.
func (r *accountReading) domainDetails(ctx context.Context) error {
	domains := r.account.Domains
	if len(domains) > mostDomains {
		return nil
	}
	for o := range fan(ctx, indices(domains), func(ctx context.Context, i int) (model.Domain, error) {
		return r.backend.domain(ctx, domains[i])
	}) {
		r.another(len(domains))
		if o.err != nil {
			if err := r.without("details of some domains", o.err); err != nil {
				return err
			}
			continue
		}
		domains[o.in] = o.out
	}
	return nil
}

// domain reads what a list does not tell of a domain.
func (b *Backend) domain(ctx context.Context, d model.Domain) (model.Domain, error) {
	a, c, err := b.get(ctx, opDomain, "domain/v1/"+strconv.Itoa(d.ID), nil)
	if err != nil {
		return d, err
	}
	var read domainJSON
	if err := unmarshal(a.body, &read); err != nil {
		return d, unreadable(c, a, err)
	}
	d.State, d.Method = string(read.State), string(read.Method)
	d.Validation, d.Valid, d.Expires = string(read.Validation), validated(read.Validation), read.Expires.Time
	for _, g := range read.Delegations {
		// A delegation that was asked for counts once it is approved.
		if strings.EqualFold(string(g.Status), "active") && slices.Contains(g.Kinds, "SSL") {
			d.Organizations = append(d.Organizations, int(g.OrganizationID))
		}
	}
	return d, nil
}

// Validations tells how the validations of all domains stand, by name. The list
// has neither what is to be published nor when the CA looks again.
func (b *Backend) Validations(ctx context.Context) ([]model.DomainValidation, error) {
	rows, err := b.domainValidations(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]model.DomainValidation, 0, len(rows))
	for _, domain := range slices.Sorted(maps.Keys(rows)) {
		v := rows[domain]
		out = append(out, model.DomainValidation{
			Domain: domain, Status: string(v.Status), Valid: validated(v.Status), Method: string(v.Method), Expires: v.Expires.Time,
		})
	}
	return out, nil
}

// domainValidations reads how the validations of all domains stand, by name in
// lower case. The call moved to v2; older instances have v1.
func (b *Backend) domainValidations(ctx context.Context) (map[string]domainValidationJSON, error) {
	key := func(raw json.RawMessage) string {
		var v domainValidationJSON
		_ = unmarshal(raw, &v)
		return strings.ToLower(string(v.Domain))
	}
	rows, err := b.walk(opDomains, b.accountRef(), "dcv/v2/validation", nil, key).all(ctx)
	if statusOf(err) == http.StatusNotFound {
		rows, err = b.walk(opDomains, b.accountRef(), "dcv/v1/validation", nil, key).all(ctx)
	}
	if err != nil {
		return nil, err
	}
	out := make(map[string]domainValidationJSON, len(rows))
	for _, raw := range rows {
		var v domainValidationJSON
		if unmarshal(raw, &v) == nil {
			out[key(raw)] = v
		}
	}
	return out, nil
}
