package scm

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"certty/backend"
	"certty/model"
)

// Account reads organizations with their departments, domains, profiles and
// custom fields, and how long the password lives. It takes some calls for the whole
// and three for each organization. A part that can't be read leaves the others: the
// error is then of KindPartial and names it; how long the password lives is no such
// part. What this administrator does not see is not listed either; that says nothing
// about whether it exists.
// tell is called as it goes on; nil tells nobody.
func (b *Backend) Account(ctx context.Context, tell func(backend.AccountStep)) (model.Account, error) {
	if tell == nil {
		tell = func(backend.AccountStep) {}
	}
	r := accountReading{backend: b, tell: tell}
	parts := []struct {
		name string
		read func(context.Context) error
	}{{"organizations", r.organizations}, {"profiles", r.profiles}, {"domains", r.domains}, {"custom fields", r.customFields}}
	for i, part := range parts {
		r.step = backend.AccountStep{Part: part.name, Number: i + 1, Parts: len(parts)}
		r.tell(r.step)
		if err := part.read(ctx); err != nil {
			return r.account, asCall(call{op: "sync account", ref: b.accountRef()}, err)
		}
	}
	if err := r.password(ctx); err != nil {
		return r.account, asCall(call{op: "sync account", ref: b.accountRef()}, err)
	}
	if len(r.lost) > 0 {
		slices.Sort(r.lost)
		return r.account, &backend.Error{
			Kind: backend.KindPartial, Op: "sync account", Ref: b.accountRef(), Err: r.first,
			Message: "not read: " + strings.Join(slices.Compact(r.lost), "; "),
		}
	}
	r.account.ReadAt = b.now()
	return r.account, nil
}

// accountReading is an account that is being read.
type accountReading struct {
	backend *Backend
	account model.Account
	// step is what is being read, as tell is told.
	step backend.AccountStep
	tell func(backend.AccountStep)
	// lost says what could not be read, first why.
	lost  []string
	first error
}

// another tells that one more of so many details of the part was read.
func (r *accountReading) another(total int) {
	r.step.Done, r.step.Total = r.step.Done+1, total
	r.tell(r.step)
}

// without notes that a part could not be read, and hands on the errors that
// every other part would meet as well.
func (r *accountReading) without(what string, err error) error {
	if endsAll(err) {
		return err
	}
	message := err.Error()
	if e, ok := err.(*backend.Error); ok { //nolint:errorlint // do gives nothing else
		message = strings.TrimSpace(e.Message + " " + e.Code)
	}
	r.lost = append(r.lost, what+": "+message)
	if r.first == nil {
		r.first = err
	}
	return nil
}

// get reads one thing of the account.
func (b *Backend) get(ctx context.Context, op, path string, query url.Values) (answer, call, error) {
	c := call{op: op, ref: b.accountRef(), method: http.MethodGet, path: path, query: query, want: http.StatusOK}
	a, err := b.do(ctx, c)
	return a, c, err
}

// rows reads a list that has no pages.
func (b *Backend) rows(ctx context.Context, op, path string, query url.Values) ([]json.RawMessage, error) {
	a, c, err := b.get(ctx, op, path, query)
	if err != nil {
		return nil, err
	}
	rows, err := list(a.body)
	if err != nil {
		return nil, unreadable(c, a, err)
	}
	return rows, nil
}

// organizationJSON is an organization, in the list and alone (SCM REST API,
// "Organizations").
type organizationJSON struct {
	ID          num `json:"id"`
	Name        str `json:"name"`
	Departments []struct {
		ID   num `json:"id"`
		Name str `json:"name"`
	} `json:"departments"`
	API *flag `json:"sslCertsApiEnabled"`
}

// listOrganizations lists organizations and behind each its departments, whose
// ids serve as those of organizations.
func (b *Backend) listOrganizations(ctx context.Context) ([]model.Organization, error) {
	rows, err := b.rows(ctx, opOrganizations, "organization/v1", nil)
	if err != nil {
		return nil, err
	}
	var out []model.Organization
	for _, raw := range rows {
		var o organizationJSON
		if unmarshal(raw, &o) != nil || o.ID <= 0 {
			continue
		}
		out = append(out, model.Organization{ID: int(o.ID), Name: string(o.Name)})
		b.called.learn(int(o.ID), string(o.Name))
		for _, d := range o.Departments {
			if d.ID > 0 {
				out = append(out, model.Organization{ID: int(d.ID), Name: string(d.Name), ParentID: int(o.ID)})
				b.called.learn(int(d.ID), string(d.Name))
			}
		}
	}
	return out, nil
}

// organizations reads the organizations, whether they may order over the API,
// and how the CA's checks of them stand.
func (r *accountReading) organizations(ctx context.Context) error {
	list, err := r.backend.listOrganizations(ctx)
	if err != nil {
		return r.without("organizations", err)
	}
	r.account.Organizations = list
	for o := range fan(ctx, indices(list), func(ctx context.Context, i int) (model.Organization, error) {
		return r.backend.organization(ctx, list[i])
	}) {
		r.another(len(list))
		if o.err == nil || o.out.ID != 0 {
			list[o.in] = o.out
		}
		if o.err != nil {
			if err := r.without("details of some organizations", o.err); err != nil {
				return err
			}
		}
	}
	return nil
}

func indices[T any](list []T) []int {
	out := make([]int, len(list))
	for i := range list {
		out[i] = i
	}
	return out
}

// organization reads what a list does not tell of an organization. With an
// error, what was read stands in it.
func (b *Backend) organization(ctx context.Context, o model.Organization) (model.Organization, error) {
	id := strconv.Itoa(o.ID)
	a, c, err := b.get(ctx, opOrganization, "organization/v1/"+id, nil)
	if err != nil {
		return o, err
	}
	var d organizationJSON
	if err := unmarshal(a.body, &d); err != nil {
		return o, unreadable(c, a, err)
	}
	if d.API != nil {
		o.API, o.APIKnown = bool(*d.API), true
	}
	if o.ParentID != 0 {
		// It is the organization that the CA checks.
		return o, nil
	}
	rows, err := b.rows(ctx, opOrgValidations, "organization/v2/"+id+"/validations", nil)
	if err != nil {
		return o, err
	}
	for _, raw := range rows {
		var v struct {
			Level   str `json:"validationLevel"`
			Type    str `json:"type"`
			Status  str `json:"status"`
			Expires day `json:"expires"`
		}
		if unmarshal(raw, &v) != nil {
			continue
		}
		if v.Level == "" {
			v.Level = v.Type
		}
		o.Validations = append(o.Validations, model.OrganizationValidation{Level: string(v.Level), Status: string(v.Status), Expires: v.Expires.Time})
	}
	return o, nil
}

// profileJSON is a certificate profile (SCM REST API, "List SSL certificate
// profiles").
type profileJSON struct {
	ID          num              `json:"id"`
	Name        str              `json:"name"`
	Description str              `json:"description"`
	Terms       []num            `json:"terms"`
	KeyTypes    map[string][]str `json:"keyTypes"`
}

// listProfiles lists the profiles of an organization, of all where it is 0.
func (b *Backend) listProfiles(ctx context.Context, organization int) ([]model.Profile, error) {
	var query url.Values
	if organization != 0 {
		query = url.Values{"organizationId": {strconv.Itoa(organization)}}
	}
	rows, err := b.rows(ctx, opProfiles, "ssl/v1/types", query)
	if err != nil {
		return nil, err
	}
	var out []model.Profile
	for _, raw := range rows {
		var p profileJSON
		if unmarshal(raw, &p) != nil || p.ID <= 0 {
			continue
		}
		profile := model.Profile{ID: int(p.ID), Name: string(p.Name), Description: string(p.Description)}
		for _, term := range p.Terms {
			if term > 0 {
				profile.Terms = append(profile.Terms, int(term))
			}
		}
		for algorithm, sizes := range p.KeyTypes {
			if profile.KeyTypes == nil {
				profile.KeyTypes = map[string][]string{}
			}
			for _, size := range sizes {
				profile.KeyTypes[algorithm] = append(profile.KeyTypes[algorithm], string(size))
			}
		}
		out = append(out, profile)
	}
	return out, nil
}

// profiles reads the profiles, and to which organizations each is delegated.
func (r *accountReading) profiles(ctx context.Context) error {
	all, err := r.backend.listProfiles(ctx, 0)
	if err != nil {
		return r.without("profiles", err)
	}
	ids := make([]int, len(r.account.Organizations))
	for i, o := range r.account.Organizations {
		ids[i] = o.ID
	}
	at := func(id int) int { return slices.IndexFunc(all, func(p model.Profile) bool { return p.ID == id }) }
	for o := range fan(ctx, ids, r.backend.listProfiles) {
		r.another(len(ids))
		if o.err != nil {
			if err := r.without("profiles of some organizations", o.err); err != nil {
				return err
			}
		}
		for _, p := range o.out {
			i := at(p.ID)
			if i < 0 {
				i, all = len(all), append(all, p)
			}
			all[i].Organizations = append(all[i].Organizations, o.in)
		}
	}
	for i := range all {
		slices.Sort(all[i].Organizations)
	}
	r.account.Profiles = all
	return nil
}

// customFields reads the fields that the account added to orders, and what can
// be entered. What an order over the API needs is what the first list says; the
// second one may be refused.
func (r *accountReading) customFields(ctx context.Context) error {
	rows, err := r.backend.rows(ctx, opCustomFields, "ssl/v1/customFields", nil)
	if err != nil {
		return r.without("custom fields", err)
	}
	for _, raw := range rows {
		var f struct {
			ID        num  `json:"id"`
			Name      str  `json:"name"`
			Mandatory flag `json:"mandatory"`
		}
		if unmarshal(raw, &f) == nil && f.Name != "" {
			r.account.CustomFields = append(r.account.CustomFields, model.CustomField{ID: int(f.ID), Name: string(f.Name), Mandatory: bool(f.Mandatory)})
		}
	}
	if len(r.account.CustomFields) == 0 {
		return nil
	}
	rows, err = r.backend.rows(ctx, opCustomFields, "customField/v2", url.Values{"certType": {"SSL"}})
	if err != nil {
		return r.without("kinds of custom fields", err)
	}
	for _, raw := range rows {
		var f struct {
			ID    num `json:"id"`
			Input struct {
				Type    str   `json:"type"`
				Options []str `json:"options"`
			} `json:"input"`
		}
		if unmarshal(raw, &f) != nil {
			continue
		}
		for i := range r.account.CustomFields {
			if own := &r.account.CustomFields[i]; own.ID == int(f.ID) {
				own.Type = string(f.Input.Type)
				for _, option := range f.Input.Options {
					own.Options = append(own.Options, string(option))
				}
			}
		}
	}
	return nil
}
