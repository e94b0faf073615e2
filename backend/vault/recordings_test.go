package vault

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// exchange is one recorded request and its answer.
type exchange struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"response_headers"`
	Body    json.RawMessage   `json:"response_body"`
}

// bytes is the body as it was on the wire: a string holds the exact bytes.
func (e exchange) bytes() []byte {
	var s string
	if json.Unmarshal(e.Body, &s) == nil {
		return []byte(s)
	}
	return e.Body
}

func (e exchange) answer(w http.ResponseWriter) {
	for name, value := range e.Headers {
		if !slices.Contains([]string{"content-length", "content-encoding", "transfer-encoding", "connection"}, strings.ToLower(name)) {
			w.Header().Set(name, value)
		}
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(e.bytes())
}

// recordings loads the recorded traffic that lies beside the checkout.
func recordings(t *testing.T) map[string][]exchange {
	t.Helper()
	dir, err := filepath.Abs(".")
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	files, err := filepath.Glob(filepath.Join(dir, "..", "shared", "reference", "keyvault", "recordings", "*.json"))
	if err != nil || len(files) == 0 {
		t.Skip("there is no recorded traffic beside this checkout")
	}
	all := map[string][]exchange{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var recording struct {
			Exchanges []exchange `json:"exchanges"`
		}
		if err := json.Unmarshal(data, &recording); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = recording.Exchanges
	}
	return all
}

// shapes are the operations of Key Vault by the shape of their path. {n} is a
// name, {v} a version.
var shapes = map[string]string{
	"certificates":                    "list",
	"certificates/{n}":                "certificate",
	"certificates/{n}/{v}":            "certificate",
	"certificates/{n}/create":         "create",
	"certificates/{n}/import":         "import",
	"certificates/{n}/versions":       "versions",
	"certificates/{n}/policy":         "policy",
	"certificates/{n}/pending":        "pending",
	"certificates/{n}/pending/merge":  "merge",
	"certificates/{n}/backup":         "backup",
	"certificates/restore":            "restore",
	"certificates/contacts":           "contacts",
	"certificates/issuers":            "issuers",
	"certificates/issuers/{v}":        "issuer",
	"deletedcertificates":             "deleted list",
	"deletedcertificates/{n}":         "deleted",
	"deletedcertificates/{n}/recover": "recover",
}

// operationOf says which operation of Key Vault an exchange is.
func operationOf(e exchange) (op, name, version string) {
	path, _, _ := strings.Cut(e.Path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, last := range []int{1, 2} {
		shape := slices.Clone(parts)
		if len(parts) > last && shapes[strings.Join(shape, "/")] == "" {
			if last == 2 {
				shape[2], version = "{v}", parts[2]
			}
			if parts[1] != "issuers" {
				shape[1], name = "{n}", parts[1]
			}
		}
		if what := shapes[strings.Join(shape, "/")]; what != "" {
			return e.Method + " " + what, name, version
		}
	}
	return "", "", ""
}

// TestRecordings has every recorded exchange answered to the call that made it,
// or decoded by what reads such an answer, and finds each recorded value again.
func TestRecordings(t *testing.T) {
	counts := map[string]int{}
	total := 0
	for file, exchanges := range recordings(t) {
		total += len(exchanges)
		t.Run(file, func(t *testing.T) {
			s := newService(t)
			v := s.vault(t)
			for i, e := range exchanges {
				op, name, version := operationOf(e)
				counts[fmt.Sprintf("%s %d", op, e.Status)]++
				t.Run(fmt.Sprintf("%d %s %d", i, op, e.Status), func(t *testing.T) {
					replay{service: s, vault: v, e: e, name: name, version: version}.run(t, op)
				})
			}
		})
	}
	for _, op := range []string{"POST create 202", "GET pending 200", "GET pending 404", "PATCH pending 200", "DELETE pending 200",
		"POST merge 201", "POST merge 400", "GET certificate 200", "GET certificate 404", "GET list 200", "POST create 400",
		"POST import 200", "GET versions 200", "GET policy 200", "PATCH policy 200", "PATCH certificate 200", "DELETE certificate 200",
		"DELETE certificate 404", "GET deleted list 200", "GET deleted 200", "DELETE deleted 204", "POST recover 200", "POST recover 404",
		"GET issuers 200", "GET issuer 200", "GET issuer 404", "GET contacts 200", "GET contacts 404"} {
		if counts[op] == 0 {
			t.Errorf("no recorded %s was replayed", op)
		}
	}
	if total < 548 {
		t.Errorf("replayed %d exchanges, 548 were recorded", total)
	}
	t.Logf("replayed %d: %v", total, counts)
}

// replay is one exchange in front of the vault.
type replay struct {
	service       *service
	vault         *Vault
	e             exchange
	name, version string
}

func (r replay) run(t *testing.T, op string) {
	t.Helper()
	ref := model.Ref{Target: "kv", Kind: model.KindRequest, Key: r.name}
	confirmed := operation(map[string]any{"request_id": ""})
	r.service.mux = http.NewServeMux()
	r.service.on("/", func(w http.ResponseWriter, req *http.Request) {
		pending := req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/pending")
		switch {
		case pending && (op == "POST create" || op == "POST import"):
			writeJSON(w, 404, kvError("PendingCertificateNotFound", "Pending certificate not found", ""))
		case pending && op != "GET pending":
			writeJSON(w, 200, confirmed)
		case op == "POST merge" && req.Method == http.MethodGet:
			e := r.e
			e.Status = 200
			e.answer(w)
		default:
			r.e.answer(w)
		}
	})
	if r.e.Status == http.StatusUnauthorized {
		r.challenge(t)
		return
	}
	if strings.Contains(r.e.Headers["Content-Type"], "pkcs10") || op == "GET pending" && !json.Valid(r.e.bytes()) {
		r.rawCSR(t)
		return
	}
	if r.life(t, op) {
		return
	}
	raw := flatten(t, r.e.bytes())
	switch op {
	case "GET pending":
		page, err := r.vault.Read(t.Context(), ref)
		if r.e.Status == http.StatusNotFound {
			if err != nil || page.Items[0].Request != nil {
				t.Errorf("got %+v and %v, want no request", page, err)
			}
			return
		}
		r.request(t, raw, page, err)
	case "POST create":
		change, err := r.vault.Create(t.Context(), model.CreateSpec{Name: r.name})
		r.request(t, raw, change.Page, err)
	case "PATCH pending":
		change, err := r.vault.Cancel(t.Context(), ref)
		r.request(t, raw, change.Page, err)
	case "DELETE pending":
		change, err := r.vault.DeleteRequest(t.Context(), ref)
		if err != nil || change.Page.Items[0].Request != nil {
			t.Errorf("got %+v and %v", change.Page, err)
		}
	case "POST merge":
		leaf, err := base64.StdEncoding.DecodeString(fmt.Sprint(raw["cer"]))
		if r.e.Status != http.StatusCreated || err != nil {
			leaf = []byte{1}
		}
		change, err := r.vault.Merge(t.Context(), ref, [][]byte{leaf})
		r.certificate(t, raw, change.Page, err)
	case "GET certificate":
		page, err := r.vault.Read(t.Context(), model.Ref{Target: "kv", Kind: model.KindCertificate, Key: r.name, Revision: r.version})
		r.certificate(t, raw, page, err)
	case "GET list":
		r.list(t, r.vault.Sweep)
	default:
		t.Fatalf("nobody replays %s", op)
	}
}

// refused checks the error of a recorded refusal; it reports whether it was one.
func (r replay) refused(t *testing.T, raw map[string]any, err error) bool {
	t.Helper()
	if r.e.Status < 300 {
		if err != nil {
			t.Fatal(err)
		}
		return false
	}
	kinds := map[int]backend.ErrorKind{400: backend.KindInvalid, 404: backend.KindNotFound, 409: backend.KindConflict}
	e := fails(t, err, kinds[r.e.Status])
	if e.Code != raw["error.code"] || !strings.HasSuffix(e.Message, text.Flat(fmt.Sprint(raw["error.message"]))) {
		t.Errorf("code %q and message %q, recorded %v", e.Code, e.Message, raw)
	}
	return true
}

func (r replay) request(t *testing.T, raw map[string]any, page model.Page, err error) {
	t.Helper()
	if r.refused(t, raw, err) {
		return
	}
	q := page.Items[0].Request
	if q.Phase == model.PhaseUnknown {
		t.Errorf("status %q is not known", q.Status)
	}
	seconds := r.e.Headers["Retry-After"]
	if want, _ := strconv.Atoi(seconds); q.RetryAfter.Seconds() != float64(want) {
		t.Errorf("wait %v, recorded %q", q.RetryAfter, seconds)
	}
	compare(t, raw, map[string]any{
		"status": q.Status, "status_details": q.Details, "cancellation_requested": q.CancelAsked,
		"request_id": q.ID, "target": q.Target, "error.code": q.ErrorCode, "error.message": q.ErrorMessage,
		"issuer.name": q.Issuer.Name, "issuer.cty": q.Issuer.CertificateType, "issuer.cert_transparency": pointed(q.Issuer.Transparency),
		"csr": base64.StdEncoding.EncodeToString(q.CSR), "preserveCertOrder": pointed(q.PreserveCertOrder),
	}, "id")
}

func (r replay) certificate(t *testing.T, raw map[string]any, page model.Page, err error) {
	t.Helper()
	if r.refused(t, raw, err) {
		return
	}
	it := page.Items[0]
	c := it.Certificate
	if c.Version == "" || c.Issued != (raw["x5t"] != nil) {
		t.Errorf("version %q, issued %v", c.Version, c.Issued)
	}
	if c.Issued && (c.Issuer == "" || c.Serial == "" || c.KeyType == "" || c.Thumbprint != leafThumbprint(c.DER)) {
		t.Errorf("the certificate was not read: %+v", c)
	}
	got := certificateFields(c)
	got["cer"] = base64.StdEncoding.EncodeToString(c.DER)
	if p := it.Policy; p != nil {
		policyFields(got, "policy.", p)
	}
	compare(t, raw, got, "id", "kid", "sid", "contentType", "pending.id", "issuer", "serialnumber", "sans",
		"policy.id", "policy.attributes", "policy.x509_props.basic_constraints", "preserveCertOrder")
}
