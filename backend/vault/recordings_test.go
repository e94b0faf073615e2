package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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

// operationOf says which of the vault's calls an exchange is; "" for others.
func operationOf(e exchange) (op, name, version string) {
	path, _, _ := strings.Cut(e.Path, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if parts[0] != "certificates" || e.Status == http.StatusUnauthorized {
		return "", "", ""
	}
	if len(parts) == 1 {
		return e.Method + " list", "", ""
	}
	name = parts[1]
	if name == "contacts" || name == "issuers" || name == "restore" {
		return "", "", ""
	}
	switch {
	case len(parts) == 2 && e.Method == http.MethodGet:
		return "GET certificate", name, ""
	case len(parts) == 3 && slices.Contains([]string{"create", "pending"}, parts[2]):
		return e.Method + " " + parts[2], name, ""
	case len(parts) == 3 && len(parts[2]) == 32 && e.Method == http.MethodGet:
		return "GET certificate", name, parts[2]
	case len(parts) == 4 && parts[3] == "merge":
		return "POST merge", name, ""
	}
	return "", "", ""
}

func TestRecordings(t *testing.T) {
	counts := map[string]int{}
	for file, exchanges := range recordings(t) {
		t.Run(file, func(t *testing.T) {
			s := newService(t)
			v := s.vault(t)
			for i, e := range exchanges {
				op, name, version := operationOf(e)
				if op == "" || strings.Contains(e.Headers["Content-Type"], "pkcs10") || json.Valid(e.bytes()) == false {
					continue
				}
				counts[fmt.Sprintf("%s %d", op, e.Status)]++
				t.Run(fmt.Sprintf("%d %s %d", i, op, e.Status), func(t *testing.T) {
					replay{service: s, vault: v, e: e, name: name, version: version}.run(t, op)
				})
			}
		})
	}
	for _, op := range []string{"POST create 202", "GET pending 200", "GET pending 404", "PATCH pending 200", "DELETE pending 200",
		"POST merge 201", "POST merge 400", "GET certificate 200", "GET certificate 404", "GET list 200", "POST create 400"} {
		if counts[op] == 0 {
			t.Errorf("no recorded %s was replayed", op)
		}
	}
	t.Logf("replayed %v", counts)
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
		switch {
		case op == "POST create" && req.Method == http.MethodGet:
			writeJSON(w, 404, kvError("PendingCertificateNotFound", "Pending certificate not found", ""))
		case op != "GET pending" && req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/pending"):
			writeJSON(w, 200, confirmed)
		case op == "POST merge" && req.Method == http.MethodGet:
			e := r.e
			e.Status = 200
			e.answer(w)
		default:
			r.e.answer(w)
		}
	})
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
		r.list(t)
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
	kinds := map[int]backend.ErrorKind{400: backend.KindInvalid, 404: backend.KindNotFound}
	e := fails(t, err, kinds[r.e.Status])
	if e.Code != raw["error.code"] || e.Message != text.Flat(fmt.Sprint(raw["error.message"])) {
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
		"csr": base64.StdEncoding.EncodeToString(q.CSR),
	}, "id", "preserveCertOrder")
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
		policyFields(got, p)
	}
	compare(t, raw, got, "id", "kid", "sid", "contentType", "pending.id", "attributes.recoverableDays", "issuer", "serialnumber", "sans",
		"policy.id", "policy.attributes", "policy.x509_props.basic_constraints", "preserveCertOrder")
}

func (r replay) list(t *testing.T) {
	t.Helper()
	var list struct {
		Value    []json.RawMessage `json:"value"`
		NextLink string            `json:"nextLink"`
	}
	if err := json.Unmarshal(r.e.bytes(), &list); err != nil {
		t.Fatal(err)
	}
	// The link leads on within the recorded vault; here it has to lead here.
	body := r.e.bytes()
	if link, err := url.Parse(list.NextLink); err == nil && list.NextLink != "" {
		body = bytes.Replace(body, []byte("https://"+link.Host+"/certificates?"), []byte(r.service.URL+"/certificates?"), 1)
	}
	calls := 0
	r.service.mux = http.NewServeMux()
	r.service.on("/certificates", func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls > 1 {
			body = []byte(`{"value":[],"nextLink":null}`)
		}
		writeJSON(w, 200, string(body))
	})
	items, _, err := collect(t, r.vault)
	if err != nil || len(items) != len(list.Value) {
		t.Fatalf("%d items, error %v; recorded %d", len(items), err, len(list.Value))
	}
	if want := map[bool]int{false: 1, true: 2}[list.NextLink != ""]; calls != want {
		t.Errorf("%d calls, want %d", calls, want)
	}
	for i, it := range items {
		raw := flatten(t, list.Value[i])
		if it.Certificate.Issued != (raw["x5t"] != nil) || !strings.HasSuffix(fmt.Sprint(raw["id"]), "/certificates/"+it.Ref.Key) {
			t.Errorf("listed as %+v, recorded %v", it, raw)
		}
		compare(t, raw, certificateFields(it.Certificate), "id", "attributes.recoverableDays")
	}
}
