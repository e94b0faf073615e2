package scm

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// validationJSON is how the validation of an order stands (SCM OpenAPI,
// DcvInfoResp).
type validationJSON struct {
	Log struct {
		Error struct {
			Code        num `json:"code"`
			Description str `json:"description"`
		} `json:"error"`
		Entries []struct {
			Domain    str `json:"domainName"`
			Status    str `json:"dcvStatus"`
			LastCheck day `json:"lastCheck"`
			NextCheck day `json:"nextCheck"`
		} `json:"log"`
	} `json:"dcvLog"`
	Instructions []struct {
		Domain str `json:"domainName"`
		Mode   str `json:"dcvMode"`
		Host   str `json:"host"`
		Point  str `json:"point"`
		URL    str `json:"url"`
		File   str `json:"file"`
		Email  str `json:"dcvEmail"`
	} `json:"instructions"`
}

// Validation reads why an order waits (SCM REST API, "Get SSL certificate DCV
// info"): how the validation of each name stands and what has to be published.
func (b *Backend) Validation(ctx context.Context, ref model.Ref) (model.OrderValidation, error) {
	id, err := orderID(opValidation, ref)
	if err != nil {
		return model.OrderValidation{}, err
	}
	return b.validation(ctx, call{
		op: opValidation, ref: ref, method: http.MethodGet, path: "ssl/v1/" + strconv.Itoa(id) + "/dcv", want: http.StatusOK,
	})
}

// validation makes a call that answers with the log of a validation.
func (b *Backend) validation(ctx context.Context, c call) (model.OrderValidation, error) {
	a, err := b.do(ctx, c)
	if err != nil {
		return model.OrderValidation{}, err
	}
	all, err := decodeValidation(a.body)
	if err != nil {
		return model.OrderValidation{}, unreadable(c, a, err)
	}
	out := model.OrderValidation{ReadAt: a.at}
	for i := range all {
		all[i].into(&out)
	}
	return out, nil
}

// decodeValidation reads an answer that is an object in one release's documents
// and an array of them in the next one's.
func decodeValidation(body []byte) ([]validationJSON, error) {
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var all []validationJSON
		err := unmarshal(body, &all)
		return all, err
	}
	var one validationJSON
	if err := unmarshal(body, &one); err != nil {
		return nil, err
	}
	return []validationJSON{one}, nil
}

// into adds what v tells, a domain each.
func (v *validationJSON) into(out *model.OrderValidation) {
	if e := v.Log.Error; e.Code != 0 || e.Description != "" {
		out.Trouble = text.Flat(string(e.Description) + " (" + strconv.Itoa(int(e.Code)) + ")")
	}
	at := func(name str) *model.DomainValidation {
		for i := range out.Domains {
			if strings.EqualFold(out.Domains[i].Domain, string(name)) {
				return &out.Domains[i]
			}
		}
		out.Domains = append(out.Domains, model.DomainValidation{Domain: string(name)})
		return &out.Domains[len(out.Domains)-1]
	}
	for _, e := range v.Log.Entries {
		d := at(e.Domain)
		d.Status, d.Valid = string(e.Status), validated(e.Status)
		d.LastCheck, d.NextCheck = e.LastCheck.Time, e.NextCheck.Time
	}
	for _, i := range v.Instructions {
		d := at(i.Domain)
		d.Method = string(i.Mode)
		d.Host, d.Point, d.URL, d.Content, d.Email = string(i.Host), string(i.Point), string(i.URL), string(i.File), string(i.Email)
	}
}

// validated understands a validation's status. Spelling and case differ between
// calls.
func validated(status str) bool {
	return strings.EqualFold(strings.ReplaceAll(string(status), "_", ""), "validated")
}

// domainRequest names a domain (SCM OpenAPI, DomainRequest).
type domainRequest struct {
	Domain string `json:"domain"`
}

// domainStatusJSON is how the validation of a domain stands (SCM OpenAPI,
// DcvStatusResponseV2).
type domainStatusJSON struct {
	Status      str `json:"status"`
	Expires     day `json:"expirationDate"`
	OrderStatus str `json:"orderStatus"`
	Mode        str `json:"orderMode"`
	Host        str `json:"host"`
	Point       str `json:"point"`
	URL         str `json:"url"`
	FirstLine   str `json:"firstLine"`
	SecondLine  str `json:"secondLine"`
	Email       str `json:"validationEmail"`
	LastCheck   day `json:"lastCheck"`
	NextCheck   day `json:"nextCheck"`
}

// DomainValidation reads how the validation of a domain stands (SCM REST API,
// "DCV status"): a POST that changes nothing.
func (b *Backend) DomainValidation(ctx context.Context, domain string) (model.DomainValidation, error) {
	c, err := b.domainCall(opValidation, "dcv/v2/validation/status", domain)
	if err != nil {
		return model.DomainValidation{}, err
	}
	a, err := b.do(ctx, c)
	if err != nil {
		return model.DomainValidation{}, err
	}
	var s domainStatusJSON
	if err := unmarshal(a.body, &s); err != nil {
		return model.DomainValidation{}, unreadable(c, a, err)
	}
	content := s.FirstLine
	if s.SecondLine != "" {
		content += "\n" + s.SecondLine
	}
	return model.DomainValidation{
		Domain: domain, Status: string(s.Status), Valid: validated(s.Status), Method: string(s.Mode),
		OrderStatus: string(s.OrderStatus), Host: string(s.Host), Point: string(s.Point), URL: string(s.URL),
		Content: string(content), Email: string(s.Email), Expires: s.Expires.Time,
		LastCheck: s.LastCheck.Time, NextCheck: s.NextCheck.Time,
	}, nil
}

// domainCall is a POST about a domain.
func (b *Backend) domainCall(op, path, domain string) (call, error) {
	ref := b.accountRef()
	ref.Key = domain
	if strings.TrimSpace(domain) == "" {
		return call{}, invalid(op, ref, "a domain is needed")
	}
	return call{op: op, ref: ref, method: http.MethodPost, path: path, body: domainRequest{domain}, want: http.StatusOK}, nil
}

// Recheck asks the CA to look at the names of an order again (SCM REST API,
// "Recheck DCV"). The answer is the log without the instructions; those that
// were known are read again with it.
func (b *Backend) Recheck(ctx context.Context, ref model.Ref) (backend.Change, error) {
	id, err := orderID(opRecheck, ref)
	if err != nil {
		return backend.Change{}, err
	}
	if _, err := b.validation(ctx, call{
		op: opRecheck, ref: ref, method: http.MethodPost, path: "ssl/v1/" + strconv.Itoa(id) + "/dcv/recheck",
		want: http.StatusAccepted, changes: true,
	}); err != nil {
		return backend.Change{}, err
	}
	page, err := b.Read(ctx, ref)
	if err != nil {
		b.log.InfoContext(ctx, "did not read the order back", "target", b.info.Name, "op", opRecheck, "order", ref.Key, "error", err)
		return backend.Change{}, nil
	}
	return backend.Change{Page: page}, nil
}

// RecheckDomain asks the CA how the validation of a domain stands by now (SCM
// REST API, "DCV sync").
func (b *Backend) RecheckDomain(ctx context.Context, domain string) (backend.Change, error) {
	c, err := b.domainCall(opRecheckDomain, "dcv/v2/validation/sync", domain)
	if err != nil {
		return backend.Change{}, err
	}
	c.changes = true
	a, err := b.do(ctx, c)
	if err != nil {
		return backend.Change{}, err
	}
	var s domainStatusJSON
	if err := unmarshal(a.body, &s); err != nil {
		return backend.Change{}, unreadable(c, a, err)
	}
	return backend.Change{}, nil
}
