package scm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"certty/backend"
	"certty/model"
)

// vendorFile reads one of the vendor's documents that lie beside the checkout.
func vendorFile(t *testing.T, name string, into any) {
	t.Helper()
	dir, err := filepath.Abs(".")
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "reference", "scm", "samples", name))
	if err != nil {
		t.Skipf("skipped: %s of the vendor does not lie beside this checkout", name)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// example is a request and its answer as the vendor's documents print them.
type example struct {
	Section []string `json:"section"`
	Request struct {
		Method string          `json:"method"`
		URL    string          `json:"url"`
		Body   json.RawMessage `json:"body"`
	} `json:"request"`
	Response struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
		Body    json.RawMessage   `json:"body"`
	} `json:"response"`
}

func (e example) bytes() []byte {
	var s string
	if json.Unmarshal(e.Response.Body, &s) == nil {
		return []byte(s)
	}
	return e.Response.Body
}

// examples are those of a document whose method and path fit.
func examples(t *testing.T, file, method, pattern string) []example {
	t.Helper()
	var doc struct {
		Items []example `json:"items"`
	}
	vendorFile(t, file, &doc)
	fits := regexp.MustCompile(pattern)
	var out []example
	for _, e := range doc.Items {
		u, err := url.Parse(e.Request.URL)
		if err == nil && e.Request.Method == method && fits.MatchString(u.Path) {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		t.Fatalf("%s has no %s %s", file, method, pattern)
	}
	return out
}

// replaying is a client of a service that answers everything with an example.
func replaying(t *testing.T, e example) *Backend {
	t.Helper()
	s := serve(t)
	s.on("/", func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range e.Response.Headers {
			if name != "Content-Length" {
				w.Header().Set(name, value)
			}
		}
		w.WriteHeader(e.Response.Status)
		_, _ = w.Write(e.bytes())
	})
	return s.client(t)
}

// lastNumber is the id in an example's path.
func lastNumber(t *testing.T, e example) int {
	t.Helper()
	id := 0
	for _, n := range regexp.MustCompile(`/(\d+)`).FindAllStringSubmatch(e.Request.URL, -1) {
		if _, err := fmt.Sscan(n[1], &id); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

// TestVendorDetails: of the example nothing that is shown is lost.
func TestVendorDetails(t *testing.T) {
	for _, e := range examples(t, "11-ssl-list-count-details.json", http.MethodGet, `/ssl/v1/\d+$`) {
		page, err := replaying(t, e).Read(t.Context(), row(lastNumber(t, e)))
		if err != nil {
			t.Fatal(err)
		}
		var raw map[string]any
		if err := json.Unmarshal(e.Response.Body, &raw); err != nil {
			t.Fatal(err)
		}
		it := page.Items[0]
		o, c := it.Order, it.Certificate
		profile, _ := raw["certType"].(map[string]any)
		details, _ := raw["certificateDetails"].(map[string]any)
		for name, pair := range map[string][2]any{
			"commonName":    {raw["commonName"], o.CommonName},
			"status":        {raw["status"], o.Status},
			"orgId":         {raw["orgId"], float64(o.OrganizationID)},
			"profile":       {profile["id"], float64(o.ProfileID)},
			"profile name":  {profile["name"], o.Profile},
			"backendCertId": {raw["backendCertId"], o.BackendID},
			"term":          {raw["term"], float64(o.Term)},
			"requester":     {raw["requester"], o.Requester},
			"requestedVia":  {raw["requestedVia"], o.RequestedVia},
			"comments":      {raw["comments"], o.Comments},
			"renewed":       {raw["renewed"], o.Renewed},
			"requested":     {raw["requested"], o.Requested.Format("01/02/2006")},
			"expires":       {raw["expires"], o.Expires.Format("01/02/2006")},
			"names":         {raw["subjectAlternativeNames"].([]any)[0], strings.Join(o.SANs, " ")},
			"custom field":  {raw["customFields"].([]any)[0].(map[string]any)["value"], o.CustomFields[0].Value},
			"issuer":        {details["issuer"], c.Issuer},
			"thumbprint":    {strings.ToLower(details["sha1Hash"].(string)), c.Thumbprint},
			"serialNumber":  {"112233", c.Serial},
			"keyType":       {"RSA 2048", c.KeyType},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %v became %v", name, pair[0], pair[1])
			}
		}
		if len(o.Unreadable) != 0 || !c.Issued || c.NotBefore.IsZero() {
			t.Errorf("%+v with %+v", o, c)
		}
	}
}

func TestVendorListAndReport(t *testing.T) {
	e := examples(t, "11-ssl-list-count-details.json", http.MethodGet, `/ssl/v1$`)[0]
	w := replaying(t, e).walk(opList, row(1), "ssl/v1", nil, orderKey)
	rows, err := w.all(t.Context())
	if err != nil || len(rows) != 1 || !w.complete() {
		t.Fatalf("%s, %v", rows, err)
	}
	it, err := client(t).listed(rows[0])
	if err != nil || it.Ref.Key != "58" || it.Order.CommonName != "ccmqa.com" {
		t.Errorf("%+v, %v", it, err)
	}

	e = examples(t, "20-reports.json", http.MethodPost, `/ssl-certificates$`)[0]
	items, _, err := replaying(t, e).report(t.Context(), opReport, byRequest, noon.AddDate(-1, 0, 0), noon)
	if err != nil || len(items) != 1 {
		t.Fatalf("%v, %v", items, err)
	}
	o := items[0].Order
	if o.ID != "294" || o.Phase != model.OrderRequested || o.Profile != "SSL SASP 1979724428" || o.ProfileID != 2377 || o.OrganizationID != 2945 ||
		o.Organization != "org4Test" || o.Comments != "some comments" || o.RequestedVia != "Enrollment Form" || o.Term != 365 ||
		!slices.Equal(o.SANs, []string{"www.test.net", "www.plustest.net", "www.istest.net"}) ||
		o.Requested.Format(isoTime) != "2025-05-21T12:34:24.371Z" || o.Expires.IsZero() || items[0].Certificate.Issued || items[0].Certificate.Issuer != "issuer" {
		t.Errorf("%+v with %+v", o, items[0].Certificate)
	}
}

func TestVendorValidation(t *testing.T) {
	e := examples(t, "15-ssl-dcv-location-import.json", http.MethodGet, `/dcv$`)[0]
	v, err := replaying(t, e).Validation(t.Context(), row(lastNumber(t, e)))
	if err != nil || len(v.Domains) != 1 || v.Trouble != "" || len(v.Waiting()) != 1 {
		t.Fatalf("%+v, %v", v, err)
	}
	d := v.Domains[0]
	if d.Domain != "ccmqa.com" || d.Status != "Awaiting Validation" || d.Method != "CNAME" || !strings.HasPrefix(d.Host, "_4E38") ||
		!strings.HasSuffix(d.Point, ".sectigo.com.") || d.LastCheck.IsZero() || !d.NextCheck.After(d.LastCheck) {
		t.Errorf("%+v", d)
	}
	for _, e := range examples(t, "18-dcv.json", http.MethodPost, `/validation/status$`) {
		d, err := replaying(t, e).DomainValidation(t.Context(), "example.com")
		if err != nil || d.Status == "" || d.Expires.IsZero() || d.Valid != (d.Status == "VALIDATED") {
			t.Errorf("%+v, %v", d, err)
		}
		if d.Method == "HTTP" && (d.URL == "" || !strings.HasSuffix(d.Content, "\nsectigo.com")) {
			t.Errorf("%+v", d)
		}
	}
	for _, e := range examples(t, "18-dcv.json", http.MethodGet, `/validation$`) {
		all, err := replaying(t, e).domainValidations(t.Context())
		if err != nil || len(all) != 2 || !validated(all["www.ccmqa.com"].Status) || all["ccmqa.com"].Expires.IsZero() {
			t.Errorf("%+v, %v", all, err)
		}
	}
	for _, e := range examples(t, "18-dcv.json", http.MethodPost, `/validation/sync$`) {
		if _, err := replaying(t, e).RecheckDomain(t.Context(), "ccmqa.com"); err != nil {
			t.Error(err)
		}
	}
}

func TestVendorAccount(t *testing.T) {
	var account model.Account
	reading := func(e example, read func(*accountReading) error) {
		t.Helper()
		r := &accountReading{backend: replaying(t, e), account: account}
		if err := read(r); err != nil {
			t.Fatal(err)
		}
		account = r.account
	}
	e := examples(t, "16-organization.json", http.MethodGet, `/organization/v1$`)[0]
	list, err := replaying(t, e).listOrganizations(t.Context())
	if err != nil || len(list) != 3 || list[0].ID != 1697 || list[2].ParentID != 1697 || list[1].Name != "department4Test" {
		t.Errorf("%+v, %v", list, err)
	}
	e = examples(t, "16-organization.json", http.MethodGet, `/organization/v1/\d+$`)[0]
	o, err := replaying(t, e).apiSwitch(t.Context(), model.Organization{ID: 1688})
	if err != nil || !o.API || !o.APIKnown {
		t.Errorf("%+v, %v", o, err)
	}
	e = examples(t, "10-ssl-types-and-customfields.json", http.MethodGet, `/types$`)[0]
	reading(e, func(r *accountReading) error { return r.profiles(t.Context()) })
	if p := account.Profile(1018); p == nil || !slices.Equal(p.Terms, []int{365}) || !p.Allows("RSA", "4096") || p.Allows("EC", "P-256") || p.Description == "" {
		t.Errorf("%+v", account.Profiles)
	}
	e = examples(t, "10-ssl-types-and-customfields.json", http.MethodGet, `/customFields$`)[0]
	reading(e, func(r *accountReading) error { return r.customFields(t.Context()) })
	if f := account.CustomFields; len(f) != 1 || f[0].ID != 54 || f[0].Name != "testName" || !f[0].Mandatory {
		t.Errorf("%+v", f)
	}
	e = examples(t, "17-domain.json", http.MethodGet, `/domain/v1/\d+$`)[0]
	d, err := replaying(t, e).domain(t.Context(), model.Domain{ID: 409, Name: "ccmqa.com"})
	if err != nil || !d.Valid || d.Method != "EMAIL" || d.Expires.IsZero() || !slices.Equal(d.Organizations, []int{2645}) || d.State != "ACTIVE" {
		t.Errorf("%+v, %v", d, err)
	}
	e = examples(t, "19-admin-password-roles-notification-cabackend.json", http.MethodGet, `/password$`)[0]
	f, ok := replaying(t, e).Password(t.Context())
	if !ok || f.Text != "expires on 2025-08-21" || f.Verdict != backend.VerdictWarn {
		t.Errorf("%+v", f)
	}
}

func TestVendorCollects(t *testing.T) {
	for _, e := range examples(t, "13-ssl-collect-and-keystore.json", http.MethodGet, `/collect/\d+`) {
		chain, err := replaying(t, e).Collect(t.Context(), row(lastNumber(t, e)))
		if err != nil || len(chain) < 2 {
			t.Errorf("%d certificates, %v", len(chain), err)
		}
	}
}

// TestVendorErrors: each of the documented and observed errors is understood as
// one of SCM's, with its code and its words.
func TestVendorErrors(t *testing.T) {
	var codes struct {
		Items []struct {
			Code        int    `json:"code"`
			Description string `json:"description"`
		} `json:"items"`
	}
	vendorFile(t, "02-error-codes-doc-25.5.json", &codes)
	if len(codes.Items) < 144 {
		t.Fatalf("%d codes", len(codes.Items))
	}
	for _, row := range codes.Items {
		body, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		f := decodeFault(http.Header{}, body)
		if !f.json || f.code != row.Code || f.message == "" {
			t.Errorf("%s: %+v", body, f)
		}
		for _, op := range []string{opRead, opCollect, opOrder, opRenew, opReplace, opRevoke, opApprove, opCancel} {
			if m := classify(call{op: op, changes: op != opRead && op != opCollect}, 400, f); m.kind == backend.KindOther {
				t.Errorf("%s, %d: not understood", op, row.Code)
			}
		}
	}
	var observed struct {
		Items []struct {
			What string          `json:"what"`
			Body json.RawMessage `json:"body"`
		} `json:"items"`
	}
	vendorFile(t, "32-observed-error-bodies.json", &observed)
	for _, row := range observed.Items {
		if f := decodeFault(http.Header{}, row.Body); !f.json || f.message == "" {
			t.Errorf("%s: %+v", row.What, f)
		}
	}
}

// schema is a part of the vendor's OpenAPI document.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	Items      *schema           `json:"items"`
	Enum       []any             `json:"enum"`
	MaxLength  *int              `json:"maxLength"`
	MinLength  *int              `json:"minLength"`
}

// openAPI is the vendor's OpenAPI document.
type openAPI struct {
	Paths map[string]map[string]struct {
		Parameters []struct {
			Name   string `json:"name"`
			In     string `json:"in"`
			Schema schema `json:"schema"`
		} `json:"parameters"`
		RequestBody *struct {
			Content map[string]struct {
				Schema schema `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]schema `json:"schemas"`
	} `json:"components"`
}

// check says what is wrong with a value.
func (d *openAPI) check(s schema, value any, at string) []string {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = d.Components.Schemas[name]
	}
	var wrong []string
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			property, known := s.Properties[name]
			if !known {
				wrong = append(wrong, at+"."+name+" is not known")
				continue
			}
			wrong = append(wrong, d.check(property, member, at+"."+name)...)
		}
		for _, name := range s.Required {
			if _, there := v[name]; !there {
				wrong = append(wrong, at+"."+name+" is missing")
			}
		}
	case []any:
		if s.Type != "array" || s.Items == nil {
			return []string{at + " is an array, wanted " + s.Type}
		}
		for _, element := range v {
			wrong = append(wrong, d.check(*s.Items, element, at+"[]")...)
		}
	case string:
		if s.Type != "string" {
			wrong = append(wrong, at+" is a string, wanted "+s.Type)
		}
		if s.MaxLength != nil && model.UTF16Len(v) > *s.MaxLength || s.MinLength != nil && model.UTF16Len(v) < *s.MinLength {
			wrong = append(wrong, at+" is too long or too short")
		}
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(v)) {
			wrong = append(wrong, fmt.Sprintf("%s is %q, not one of %v", at, v, s.Enum))
		}
	case float64:
		if s.Type != "integer" && s.Type != "number" {
			wrong = append(wrong, at+" is a number, wanted "+s.Type)
		}
	default:
		wrong = append(wrong, fmt.Sprintf("%s is %T", at, value))
	}
	return wrong
}

// sent is a request as it left.
type sent struct {
	method string
	url    *url.URL
	header http.Header
	body   []byte
}

// capture keeps what is sent.
type capture struct {
	next http.RoundTripper
	mu   sync.Mutex
	all  []sent
}

func (c *capture) RoundTrip(req *http.Request) (*http.Response, error) {
	s := sent{method: req.Method, url: req.URL, header: req.Header.Clone()}
	if req.Body != nil {
		s.body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(s.body))
	}
	c.mu.Lock()
	c.all = append(c.all, s)
	c.mu.Unlock()
	return c.next.RoundTrip(req)
}

// TestRequestsFitTheVendorsSchema makes every call and holds what was sent
// against the vendor's OpenAPI document: known paths, known parameters, and
// bodies of the right members and types.
func TestRequestsFitTheVendorsSchema(t *testing.T) {
	var doc openAPI
	vendorFile(t, "01-openapi-admin-25.9.2-subset.json", &doc)
	c := &capture{}
	a := open(t, func(o *Options) { o.Wrap = func(next http.RoundTripper) http.RoundTripper { c.next = next; return c } })
	for _, err := range everyCall(t, a.Backend) {
		_ = err // most of them name an order that is not there
	}
	ref := a.issued(t, quick, "a.example.com", "b.example.com")
	full := spec(t, quick, "a.example.com")
	full.ExternalRequester = "a@example.com, b@example.com"
	full.DCV = model.OrderDCV{Mode: model.DCVEmail, Email: "admin@example.com"}
	for _, err := range []error{
		errorOf(a.Order(t.Context(), full)), errorOf(a.Renew(t.Context(), ref, model.RenewSpec{})), errorOf(a.Renew(t.Context(), ref, model.RenewSpec{CSR: newCSR(t, "a.example.com"), DCV: full.DCV})),
		errorOf(a.Replace(t.Context(), ref, model.ReplaceSpec{CSR: newCSR(t, "a.example.com"), CommonName: "a.example.com", SANs: []string{"a.example.com"}, Reason: "x", DCV: full.DCV})),
		errorOf(a.FindRenewal(t.Context(), ref)),
	} {
		if err != nil {
			t.Log(err)
		}
	}
	a.advance(1e12)
	ref.Revision = a.read(t, ref).Certificate.Serial
	if _, err := a.Revoke(t.Context(), ref, model.Revocation{Reason: model.ReasonSuperseded, Message: "x"}); err != nil {
		t.Fatal(err)
	}
	for range a.Changes(t.Context(), a.snapshot(t)) {
	}
	operations := map[string]bool{}
	for _, s := range c.all {
		path := strings.TrimPrefix(s.url.Path, "/api")
		operation := ""
		for template := range doc.Paths {
			pattern := "^" + regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(template, `[^/]+`) + "$"
			if regexp.MustCompile(pattern).MatchString("/api"+path) && (operation == "" || strings.Contains(operation, "{")) {
				operation = template
			}
		}
		item, known := doc.Paths[operation][strings.ToLower(s.method)]
		if !known {
			t.Errorf("%s %s is no call of the vendor's", s.method, path)
			continue
		}
		operations[s.method+" "+operation] = true
		for name := range s.url.Query() {
			declared := slices.ContainsFunc(item.Parameters, func(p struct {
				Name   string `json:"name"`
				In     string `json:"in"`
				Schema schema `json:"schema"`
			}) bool {
				return p.Name == name && p.In == "query"
			})
			// It goes with any GET (SCM REST API, "Date format").
			if !declared && name != "dateFormat" {
				t.Errorf("%s %s: parameter %s is not known", s.method, path, name)
			}
		}
		if (item.RequestBody != nil) != (len(s.body) > 0) {
			t.Errorf("%s %s: a body of %d bytes", s.method, path, len(s.body))
		}
		if item.RequestBody != nil && len(s.body) > 0 {
			var body any
			if err := json.Unmarshal(s.body, &body); err != nil {
				t.Errorf("%s %s: %v", s.method, path, err)
			}
			for _, wrong := range doc.check(item.RequestBody.Content["application/json"].Schema, body, "body") {
				t.Errorf("%s %s: %s", s.method, path, wrong)
			}
		}
		if s.header.Get("login") == "" || s.header.Get("customerUri") == "" {
			t.Errorf("%s %s: not signed in", s.method, path)
		}
	}
	if len(operations) < 20 {
		t.Errorf("only %d kinds of calls were made: %v", len(operations), operations)
	}
}
