package vaultserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exchange is one recorded request with its answer.
type exchange struct {
	Method          string            `json:"method"`
	Path            string            `json:"path"`
	RequestBody     any               `json:"request_body"`
	Status          int               `json:"status"`
	ResponseHeaders map[string]string `json:"response_headers"`
	ResponseBody    any               `json:"response_body"`
}

// recordings are sessions with the real service, kept beside the checkout.
func recordings(t *testing.T) map[string][]exchange {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("not within a module")
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "..", "shared", "reference", "keyvault", "recordings", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the recorded traffic is not here")
	}
	sessions := map[string][]exchange{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var session struct{ Exchanges []exchange }
		if err := json.Unmarshal(data, &session); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		sessions[strings.TrimSuffix(filepath.Base(file), ".json")] = session.Exchanges
	}
	return sessions
}

// TestAgreesWithRecordings plays every recorded session against the server and
// compares what came back, exchange by exchange: all of them but backup and
// restore.
func TestAgreesWithRecordings(t *testing.T) {
	compared := 0
	for name, session := range recordings(t) {
		t.Run(name, func(t *testing.T) {
			r := &replay{bench: newBench(t), t: t, modern: modern(session)}
			r.settings = settings{Issuers: map[string]*issuer{}}
			for i, e := range session {
				r.exchange(fmt.Sprintf("exchange %d, %s %s", i, e.Method, e.Path), e)
			}
			compared += r.compared
		})
	}
	const recorded = 530 // all 548 but backup, restore, and pages of more certificates than were made here
	if compared < recorded {
		t.Errorf("only %d exchanges were compared", compared)
	}
}

// modern reports whether a session shows today's service: it then sends
// Retry-After and today's messages.
func modern(session []exchange) bool {
	return slices.ContainsFunc(session, func(e exchange) bool { return e.ResponseHeaders["Retry-After"] == "10" })
}

// replay is one session being played.
type replay struct {
	*bench
	t        *testing.T
	modern   bool
	next     string // the last nextLink that was answered
	compared int
}

func (r *replay) exchange(where string, e exchange) {
	path, query, _ := strings.Cut(e.Path, "?")
	shape, name, version, ok := shapeOf(path)
	if !ok {
		return
	}
	if routes[shape][e.Method].serve == nil {
		r.restore(shape, e)
		return
	}
	if query == "" {
		query = "api-version=7.2" // not recorded
	}
	if e.Status < http.StatusBadRequest {
		r.settle(shape, name, e)
	}
	var headers []string
	switch {
	case e.Status == http.StatusUnauthorized:
		headers = []string{"Authorization", ""}
	case version != "" && e.Status == http.StatusOK:
		path = "/certificates/" + name + "/" + r.objects[strings.ToLower(name)].Versions[0].ID // recorded for an older one
	case strings.Contains(query, "$skiptoken") && r.next == "":
		return // the recorded list had more certificates than were made here
	case strings.Contains(query, "$skiptoken"):
		path, query, _ = strings.Cut(strings.TrimPrefix(r.next, "https://"+host), "?")
	}
	if strings.HasPrefix(e.ResponseHeaders["Content-Type"], "application/pkcs10") {
		headers = append(headers, "Accept", "application/pkcs10")
	}
	got := r.request(e.Method, path+"?"+query, r.bodyLike(shape, name, e), headers...)
	if next, isList := got.json["nextLink"]; isList {
		r.next, _ = next.(string)
	}
	r.compare(where, e, got)
	if shape == "certificates/{n}" && e.Method == http.MethodDelete && e.Status == http.StatusOK && field(e.answer(), "recoveryId") == nil {
		delete(r.objects, strings.ToLower(name)) // that vault had no soft delete
	}
}

// restore does what a recorded restore did, which is not served: it makes the
// deleted object live again.
func (r *replay) restore(shape string, e exchange) {
	if shape != "certificates/restore" || e.Status != http.StatusOK {
		return
	}
	id, _ := field(e.answer(), "id").(string)
	if parts := strings.Split(id, "/"); len(parts) > 4 && r.objects[parts[4]] != nil {
		r.objects[parts[4]].Deletion, r.objects[parts[4]].Pending = nil, nil
	}
}

// bodyLike is the recorded body, or one that must have the recorded effect
// where it can't be sent or was not recorded.
func (r *replay) bodyLike(shape, name string, e exchange) string {
	recorded, _ := e.RequestBody.(string)
	if e.RequestBody != nil && recorded == "" {
		data, _ := json.Marshal(e.RequestBody) // it was JSON
		recorded = string(data)
	}
	answer := e.answer()
	like := func(body map[string]any) string {
		data, _ := json.Marshal(body) // it is made of JSON
		return string(data)
	}
	switch operation := routes[shape][e.Method].operation; {
	case operation == "CreateCertificate":
		return createLike(e)
	case operation == "MergeCertificate":
		return r.mergeLike(name, e)
	case operation == "ImportCertificate":
		return r.importLike(answer)
	case recorded != "":
		return recorded
	case operation == "UpdateCertificateOperation":
		return like(map[string]any{"cancellation_requested": answer["cancellation_requested"]})
	case operation == "UpdateCertificate":
		return like(map[string]any{"tags": answer["tags"]})
	case e.Method == http.MethodPatch || e.Method == http.MethodPut:
		return like(answer)
	}
	return ""
}

// importLike imports a certificate of its own with what the recorded answer
// shows of the request.
func (r *replay) importLike(answer map[string]any) string {
	data, _ := json.Marshal(map[string]any{ // it is made of JSON
		"value": selfSignedPEM(r.t), "tags": answer["tags"],
		"attributes": map[string]any{"enabled": field(answer, "attributes", "enabled")},
		"policy":     map[string]any{"issuer": field(answer, "policy", "issuer"), "lifetime_actions": field(answer, "policy", "lifetime_actions")},
	})
	return string(data)
}

// createLike is the recorded body, or one that asks the same issuer where the
// body was not recorded. The key is EC, because making RSA keys takes long.
func createLike(e exchange) string {
	body, _ := e.RequestBody.(map[string]any)
	if text, ok := e.RequestBody.(string); ok {
		_ = json.Unmarshal([]byte(text), &body) // what is no JSON is sent as it is
	}
	if body == nil {
		name, _ := field(e.answer(), "issuer", "name").(string)
		return ecPolicy(name)
	}
	if props, ok := field(body, "policy", "key_props").(map[string]any); ok {
		props["kty"] = "EC"
	} else if policy, ok := body["policy"].(map[string]any); ok {
		policy["key_props"] = map[string]any{"kty": "EC"}
	}
	data, _ := json.Marshal(body) // it was JSON
	return string(data)
}

// mergeLike has the request signed where the recorded merge went well: the
// recorded certificate is for another key.
func (r *replay) mergeLike(name string, e exchange) string {
	if e.Status == http.StatusCreated {
		return r.signed(r.objects[strings.ToLower(name)].Pending.CSR)
	}
	text, ok := e.RequestBody.(string)
	if !ok {
		r.t.Fatal("a refused merge without its body")
	}
	return text
}

// settle makes due what the recorded service had done by then.
func (r *replay) settle(shape, name string, e exchange) {
	o := r.objects[strings.ToLower(name)]
	if o == nil {
		return
	}
	if d := o.Deletion; d != nil {
		switch {
		case !d.Purged.IsZero() && shape == "certificates/{n}/create":
			d.Purged = d.Purged.Add(-purgeLag)
		case !d.Recovered.IsZero():
			d.Recovered = d.Recovered.Add(-recoverLag)
		default:
			d.At = d.At.Add(-deleteLag)
		}
	}
	if e.Method != http.MethodPatch {
		r.settleRequest(o, e)
	}
}

func (r *replay) settleRequest(o *object, e exchange) {
	status, _ := field(e.answer(), "status").(string)
	issued := status == statusCompleted || field(e.answer(), "cer") != nil
	if o.Pending == nil {
		return
	}
	op := o.Pending
	switch {
	case status == statusFailed:
		op.RefusalCode, _ = field(e.answer(), "error", "code").(string)
		op.RefusalMessage, _ = field(e.answer(), "error", "message").(string)
		op.Due = r.clock.t
	case issued && !manual(op.Issuer.Name):
		op.Due = r.clock.t
	case status == statusCancelled:
		op.CancelDue = r.clock.t
	}
}

// answer is the recorded body as JSON; nil when it is none.
func (e exchange) answer() map[string]any {
	if text, ok := e.ResponseBody.(string); ok {
		var body map[string]any
		_ = json.Unmarshal([]byte(text), &body) // nil when it is none
		return body
	}
	body, _ := e.ResponseBody.(map[string]any)
	return body
}

func field(v any, path ...string) any {
	for _, step := range path {
		m, _ := v.(map[string]any)
		v = m[step]
	}
	return v
}

func (r *replay) compare(where string, e exchange, got *response) {
	r.t.Helper()
	r.compared++
	if got.status != e.Status {
		r.t.Errorf("%s: status %d, recorded %d: %s", where, got.status, e.Status, got.text)
		return
	}
	for _, name := range []string{"Location", "Retry-After", "Content-Type", "WWW-Authenticate", "x-ms-keyvault-service-version"} {
		recorded, served := e.ResponseHeaders[name], got.header.Get(name)
		switch {
		case len(e.ResponseHeaders) == 0, recorded == "" && (name == "Content-Type" || strings.HasPrefix(name, "x-ms-")): // not copied by the recorder
		case name == "Retry-After" && (!r.modern || recorded == "0"): // from before it was sent
		case (recorded == "") != (served == ""), name != "x-ms-keyvault-service-version" && shapeOfText(recorded) != shapeOfText(served):
			r.t.Errorf("%s: %s is %q, recorded %q", where, name, served, recorded)
		}
	}
	r.compareFields(where, e, got)
	if r.modern && e.Status >= 400 && !strings.Contains(e.Path, "api-version=7.0") { // older messages differ
		recorded, served := e.answer(), got.json
		if field(recorded, "error", "code") != field(served, "error", "code") || message(recorded) != message(served) {
			r.t.Errorf("%s: answer %v, recorded %v", where, served, recorded)
		}
	}
}

func message(answer any) string {
	text, _ := field(answer, "error", "message").(string)
	return strings.TrimPrefix(text, "AKV10000: ")
}

// varying are the parts of a header that differ from vault to vault.
var varying = regexp.MustCompile(`https://[^/"]+(/[0-9a-f-]{36})?|resource="[^"]*"|[0-9a-f]{32}`)

func shapeOfText(text string) string { return varying.ReplaceAllString(text, "#") }

// dated are members that the service had at one time and not at another, or
// that follow from what was asked for.
var dated = setOf("attributes.recoveryLevel", "attributes.recoverableDays", "value[].subject", "value[].x5t", "nextLink",
	"policy.x509_props.sans", "policy.x509_props.sans.dns_names", "tags", "value[].tags",
	"policy.key_props.key_size", "key_props.key_size", "policy.key_props.crv", "key_props.crv", "csr",
	"x509_props.sans", "x509_props.sans.dns_names", "policy.issuer.cert_transparency", "issuer.cert_transparency")

func (r *replay) compareFields(where string, e exchange, got *response) {
	r.t.Helper()
	recorded, served := map[string]bool{}, map[string]bool{}
	fieldNames(e.answer(), "", recorded)
	fieldNames(got.json, "", served)
	if len(recorded) == 0 || !served["value[].id"] && recorded["value[].id"] || served["value[].id"] && !recorded["value[].id"] {
		return // nothing to compare, or one list is empty
	}
	for name := range maps.Keys(recorded) {
		if !served[name] && !skip(name) {
			r.t.Errorf("%s: %s is recorded and not served", where, name)
		}
	}
	for name := range maps.Keys(served) {
		if !recorded[name] && !skip(name) && !(softDelete[name] && !recorded["recoveryId"]) {
			r.t.Errorf("%s: %s is served and not recorded", where, name)
		}
	}
}

// softDelete are the members that a vault without soft delete did not have.
var softDelete = setOf("recoveryId", "deletedDate", "scheduledPurgeDate")

func skip(name string) bool {
	return dated[name] || strings.Contains(name, "tags.") || strings.Contains(name, "recoverylevel") ||
		strings.HasPrefix(name, "org_details.") || strings.HasPrefix(name, "credentials.")
}

// fieldNames lists the members of an answer by path; the items of an array
// count as one.
func fieldNames(v any, path string, into map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			member := strings.TrimPrefix(path+"."+name, ".")
			into[member] = true
			fieldNames(value, member, into)
		}
	case []any:
		for _, item := range v {
			fieldNames(item, path+"[]", into)
		}
	}
}
