package scmserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// These tests hold the server against what Sectigo publishes. The documents lie
// beside the module where the project is worked on, not in it; elsewhere the
// tests are skipped.

// published reads one of the documents.
func published[T any](t *testing.T, name string) T {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
	path := filepath.Join(dir, "..", "shared", "reference", "scm", "samples", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("skipped: Sectigo's documents are not here: ", err)
	}
	var v T
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// described is a schema of the OpenAPI document.
type described struct {
	Ref        string               `json:"$ref"`
	Type       string               `json:"type"`
	Properties map[string]described `json:"properties"`
	Items      *described           `json:"items"`
	Required   []string             `json:"required"`
	Enum       []string             `json:"enum"`
	Pattern    string               `json:"pattern"`
	Minimum    *int                 `json:"minimum"`
	MinLength  int                  `json:"minLength"`
	MaxLength  int                  `json:"maxLength"`
	AllOf      []described          `json:"allOf"`
	OneOf      []described          `json:"oneOf"`
	Additional any                  `json:"additionalProperties"`
}

type openAPI struct {
	Components struct {
		Schemas map[string]described `json:"schemas"`
	} `json:"components"`
}

func (d *openAPI) resolve(s described) described {
	for s.Ref != "" {
		s = d.Components.Schemas[s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]]
	}
	return s
}

const openAPIFile = "01-openapi-admin-25.9.2-subset.json"

func TestBodiesAreTheVendors(t *testing.T) {
	d := published[openAPI](t, openAPIFile)
	for name, own := range map[string]schema{
		"EnrollRequest": enrollSchema, "RenewInfo": renewSchema, "RenewManualRequest": renewManualSchema, "ReplaceRequest": replaceSchema,
		"RevokeRequest": revokeSchema, "MarkAsRevokedRequest": markRevokedSchema, "ApproveRequest": messageSchema, "DeclineRequest": messageSchema,
		"SslInfo": updateSchema, "LocationCreateUpdateRequest": locationSchema, "ChangePasswordRequest": passwordSchema, "SslCertificatesReportRequest": reportSchema,
	} {
		t.Run(name, func(t *testing.T) { d.compare(t, name, d.Components.Schemas[name], own) })
	}
}

// compare wants a schema to be what the document has, but for what an older
// document has besides.
func (d *openAPI) compare(t *testing.T, at string, theirs described, own schema) {
	t.Helper()
	theirs = d.resolve(theirs)
	switch own.kind {
	case object:
		if want, got := slices.Sorted(maps.Keys(theirs.Properties)), sortedKeys(own.fields); !slices.Equal(got, want) {
			t.Errorf("%s has %v, the document %v", at, got, want)
		}
		want, got := slices.Sorted(slices.Values(theirs.Required)), slices.Sorted(slices.Values(own.required))
		if !slices.Equal(got, want) {
			t.Errorf("%s requires %v, the document %v", at, got, want)
		}
		for _, name := range sortedKeys(own.fields) {
			d.compare(t, at+"."+name, theirs.Properties[name], own.fields[name])
		}
		return
	case array:
		if theirs.Type != "array" {
			t.Errorf("%s is a list, not %s", at, theirs.Type)
		} else if own.items.kind != anything {
			d.compare(t, at+"[]", *theirs.Items, *own.items)
		}
		return
	case free:
		if theirs.Type != "object" || theirs.Additional == nil {
			t.Errorf("%s is a map, not %s", at, theirs.Type)
		}
		return
	case anything:
		return
	case text, integer, boolean, code:
	}
	if want := map[kind]string{text: "string", integer: "integer", boolean: "boolean", code: "string"}[own.kind]; theirs.Type != want {
		t.Errorf("%s is %s, not %s", at, want, theirs.Type)
	}
	if own.least != theirs.MinLength || own.most != theirs.MaxLength {
		t.Errorf("%s has %d to %d characters, the document %d to %d", at, own.least, own.most, theirs.MinLength, theirs.MaxLength)
	}
	if (own.min == nil) != (theirs.Minimum == nil) || own.min != nil && *own.min != *theirs.Minimum {
		t.Errorf("%s begins elsewhere than the document's", at)
	}
	ours := slices.DeleteFunc(slices.Clone(own.enum), func(v string) bool { return strings.HasSuffix(at, "certificateDateAttribute") && v == "1" })
	if !slices.Equal(slices.Sorted(slices.Values(ours)), slices.Sorted(slices.Values(theirs.Enum))) {
		t.Errorf("%s is one of %v, the document has %v", at, ours, theirs.Enum)
	}
}

// TestExamplesAreTaken gives every request of the document's examples to the
// strict schema.
func TestExamplesAreTaken(t *testing.T) {
	type example struct {
		Request *struct {
			Method, URL string
			Body        json.RawMessage
		}
		Response struct{ Status int }
	}
	examples := published[struct{ Examples []example }](t, "00-official-doc-25.5-all-examples.json").Examples
	bodies := map[string]*schema{
		"Enroll": &enrollSchema, "Approve": &messageSchema, "Decline": &messageSchema, "RenewByID": &renewSchema, "Renew": &renewSchema, "MarkRenewed": &renewManualSchema,
		"Replace": &replaceSchema, "Revoke": &revokeSchema, "RevokeBySerial": &revokeSchema, "MarkRevoked": &markRevokedSchema, "UpdateCertificate": &updateSchema,
		"CreateLocation": &locationSchema, "UpdateLocation": &locationSchema, "ChangePassword": &passwordSchema, "ReportCertificates": &reportSchema,
		"GetDomainValidation": &domainSchema, "SyncDomainValidation": &domainSchema, "StartDomainValidation": &domainSchema, "SubmitDomainValidation": &domainSchema,
	}
	seen := map[string]int{}
	for _, e := range examples {
		if e.Request == nil {
			continue
		}
		u, err := url.Parse(e.Request.URL)
		if err != nil {
			continue
		}
		target, found := route(&http.Request{Method: e.Request.Method, URL: u})
		if !found || target.operation == opUnknown {
			continue
		}
		seen[target.operation]++
		sc := bodies[target.operation]
		if sc == nil || len(e.Request.Body) == 0 || string(e.Request.Body) == "null" {
			continue
		}
		var into any
		if f := sc.read(e.Request.Body, true, &into); f != nil {
			t.Errorf("%s %s: %s", e.Request.Method, e.Request.URL, f)
		}
	}
	// Every operation that the older document has an example of was found.
	for _, operation := range []string{
		"ListCertificates", "CountCertificates", "GetCertificate", "UpdateCertificate", "DeleteCertificate", "ListProfiles", "ListCustomFields", "Enroll", "Collect", "Approve", "Decline",
		"RenewByID", "Renew", "MarkRenewed", "Replace", "Revoke", "RevokeBySerial", "MarkRevoked", "GetCertificateDCV", "RecheckCertificateDCV",
		"ListLocations", "CreateLocation", "GetLocation", "UpdateLocation", "DeleteLocation", "ListOrganizations", "GetOrganization", "ListValidations", "ListDomains", "CountDomains", "GetDomain",
		"ListDomainValidations", "GetDomainValidation", "StartDomainValidation", "SubmitDomainValidation", "ReportCertificates", "GetPassword", "ChangePassword",
	} {
		if seen[operation] == 0 {
			t.Errorf("no example means %s", operation)
		}
	}
}

// TestAnswersAreDocumented asks everything and looks for members that no
// document has, and for those that the examples have and the answer lacks.
func TestAnswersAreDocumented(t *testing.T) {
	d := published[openAPI](t, openAPIFile)
	b := start(t)
	id := b.issued()
	b.expect(201, 0, http.MethodPost, "/api/ssl/v1/"+itoa(id)+"/location", members{"details": members{"a": "b"}})
	pending := b.order(set("certType", perOrder), set("dcvMode", "CNAME"))
	b.advance(time.Minute)
	for _, c := range []struct {
		schema, method, path string
		body                 any
		// besides are members of the older document's examples; missing are
		// members of it that the answer has to have.
		besides, required []string
	}{
		{"SSLIdentity", "GET", "/api/ssl/v1", nil, nil, []string{"sslId", "commonName"}},
		{"CertDetailsResponse", "GET", "/api/ssl/v1/" + itoa(id), nil, nil, []string{
			"commonName", "sslId", "id", "orgId", "status", "orderNumber", "backendCertId", "vendor", "certType", "subType", "validationType", "term", "owner", "ownerId", "requester",
			"requestedVia", "comments", "requested", "expires", "renewed", "serialNumber", "keyAlgorithm", "keySize", "keyType", "subjectAlternativeNames", "customFields",
			"certificateDetails", "autoInstallDetails", "autoRenewDetails", "suspendNotifications",
		}},
		{"ApiCertType", "GET", "/api/ssl/v1/types", nil, nil, []string{"id", "name", "description", "terms", "keyTypes", "useSecondaryOrgName"}},
		{"ApiCustomField", "GET", "/api/ssl/v1/customFields", nil, nil, []string{"id", "name", "mandatory"}},
		{"ApiCustomFieldV2", "GET", "/api/customField/v2", nil, []string{"input.type"}, []string{"id", "name", "certType", "state", "input", "mandatories"}},
		{"EnrollResponse", "POST", enrollPath, orderBody(t), nil, []string{"sslId", "renewId"}},
		{"RenewResponse", "POST", "/api/ssl/v1/renewById/" + itoa(id), "", nil, []string{"sslId"}},
		{"DcvInfoResp", "GET", "/api/ssl/v1/" + itoa(pending) + "/dcv", nil, nil, []string{"dcvLog", "instructions"}},
		{"DcvInfoResp", "POST", "/api/ssl/v1/" + itoa(pending) + "/dcv/recheck", nil, nil, []string{"dcvLog"}},
		{"LocationResponseItem", "GET", "/api/ssl/v1/" + itoa(id) + "/location", nil, []string{"details.a"}, []string{"id", "locationType", "name", "details"}},
		{"OrganizationBasicResp", "GET", "/api/organization/v1", nil, nil, []string{"id", "name", "departments"}},
		{"OrganizationResp", "GET", "/api/organization/v1/10", nil, nil, []string{"id", "name", "certTypes", "departments", "contactEmails", "city", "stateOrProvince", "country", "sslCertsApiEnabled", "clientCertsApiEnabled"}},
		{"ValidationResponseItem", "GET", "/api/organization/v2/10/validations", nil, []string{"validationLevel"}, []string{"id", "validationLevel", "status", "expires", "alternative", "backendId", "backendType"}},
		{"DomainIdentity", "GET", "/api/domain/v1", nil, nil, []string{"id", "name"}},
		{"DomainInfo", "GET", "/api/domain/v1/201", nil, nil, []string{"id", "name", "delegationStatus", "state", "validationStatus", "validationMethod", "dcvValidation", "dcvExpiration", "delegations"}},
		{"DcvSearchResult", "GET", "/api/dcv/v2/validation?domain=example.com", nil, nil, []string{"domain", "dcvStatus", "dcvMethod", "dcvOrderStatus", "expirationDate"}},
		{"DcvStatusResponseV2", "POST", "/api/dcv/v2/validation/status", members{"domain": "fresh.example"}, nil, []string{"status", "orderStatus", "orderMode", "orderBackendId", "submittedDate", "lastCheck", "nextCheck"}},
		{"SubmitDomainResponse", "POST", "/api/dcv/v2/validation/submit/domain/cname", members{"domain": "old.example"}, nil, []string{"status", "orderStatus", "message", "orderBackendId"}},
		{"DomainCnameResponse", "POST", "/api/dcv/v2/validation/start/domain/cname", members{"domain": "old.example"}, nil, []string{"host", "point"}},
		{"DomainHttpResponse", "POST", "/api/dcv/v2/validation/start/domain/http", members{"domain": "old.example"}, nil, []string{"url", "firstLine", "secondLine"}},
		{"SSLReportResponse", "POST", reportPath, members{}, nil, []string{"statusCode", "reports"}},
		{"ClientAdminStatusResponse", "GET", "/api/admin/v1/password", nil, nil, []string{"state"}},
		{"NotFoundErrorResponse", "GET", "/api/ssl/v1/4711", nil, nil, []string{"code", "description"}},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			r := b.send(c.method, c.path, c.body)
			var answer any
			if err := json.Unmarshal(r.body, &answer); err != nil {
				t.Fatalf("%s: %v", r.body, err)
			}
			rows, isList := answer.([]any)
			if !isList {
				rows = []any{answer}
			}
			if len(rows) == 0 {
				t.Fatal("nothing to compare")
			}
			for _, row := range rows {
				d.covers(t, "", d.Components.Schemas[c.schema], row, c.besides)
			}
			for _, name := range c.required {
				if _, has := rows[len(rows)-1].(map[string]any)[name]; !has {
					t.Errorf("no %s", name)
				}
			}
		})
	}
}

// covers wants every member of an answer to be in the document.
func (d *openAPI) covers(t *testing.T, at string, s described, v any, besides []string) {
	t.Helper()
	s = d.resolve(s)
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			path := strings.TrimPrefix(at+"."+name, ".")
			p, known := s.Properties[name]
			if !known && !slices.Contains(besides, path) && s.Additional == nil {
				t.Errorf("%s is in no document", path)
			}
			d.covers(t, path, p, value, besides)
		}
	case []any:
		if s.Items != nil {
			for _, item := range v {
				d.covers(t, at, *s.Items, item, besides)
			}
		}
	}
}

// saidError finds the errors in the sources.
var saidError = regexp.MustCompile(`(?:refuse\(|http\.Status\w+, )(-?\d+), "([^"]*)"`)

// ownWords are errors whose code or text no document has: unknown paths, and
// what is said of the sandbox itself.
var ownWords = []string{
	"-1 Unknown error.", "-1 This sandbox does not serve", "-727 The domain does not exist.", "-5101 Location not found.",
}

// TestErrorsAreTheVendors looks up every error of the sources.
func TestErrorsAreTheVendors(t *testing.T) {
	type row struct {
		Code        int
		Description string
	}
	known := map[string]bool{}
	for _, r := range published[struct{ Items []row }](t, "02-error-codes-doc-25.5.json").Items {
		known[plainError(r.Code, r.Description)] = true
	}
	for _, o := range published[struct{ Items []struct{ Body row } }](t, "32-observed-error-bodies.json").Items {
		known[plainError(o.Body.Code, o.Body.Description)] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range saidError.FindAllSubmatch(source, -1) {
			n, err := strconv.Atoi(string(m[1]))
			if err != nil {
				t.Fatal(err)
			}
			said := fmt.Sprint(n, " ", string(m[2]))
			found++
			if !known[plainError(n, string(m[2]))] && !slices.ContainsFunc(ownWords, func(own string) bool { return strings.HasPrefix(said, own) }) {
				t.Errorf("%s: no document has %q", file, said)
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d errors were found", found)
	}
}

// variable is what stands in for something in an error's text: ours, and those
// that the documents and the observed bodies have.
var variable = regexp.MustCompile(`%[sd]|\{\d\}|'organizationId'|DCV validation|Password policy violated: .*|Password policy violated:%s|[‘’']`)

func plainError(code int, text string) string {
	return fmt.Sprint(code, " ", strings.ToLower(strings.TrimSpace(variable.ReplaceAllString(text, ""))))
}
