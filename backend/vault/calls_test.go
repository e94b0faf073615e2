package vault

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func TestReadRequest(t *testing.T) {
	s := newService(t)
	var query string
	s.on("GET /certificates/web/pending", func(w http.ResponseWriter, r *http.Request) {
		query = r.URL.RawQuery
		w.Header().Set("Retry-After", "10")
		writeJSON(w, 200, operation(nil))
	})
	v := s.vault(t)
	page, err := v.Read(t.Context(), webRequest())
	if err != nil {
		t.Fatal(err)
	}
	r := page.Items[0].Request
	if r == nil || r.ID != requestID || r.Phase != model.PhaseInProgress || r.RetryAfter != 10*time.Second {
		t.Errorf("request %+v", r)
	}
	if want := "api-version=2025-07-01&request_id=" + requestID; query != want {
		t.Errorf("query %q, want %q", query, want)
	}
	other := webRequest()
	other.Revision = "another"
	// This service does not know the filter, as its description does not.
	if page, err := v.Read(t.Context(), other); err != nil || page.Items[0].Request != nil {
		t.Errorf("another request's id reads as %+v, %v", page, err)
	}
	other.Revision = strings.ToUpper(requestID)
	if page, err := v.Read(t.Context(), other); err != nil || page.Items[0].Request == nil {
		t.Errorf("the id in capitals reads as %+v, %v", page, err)
	}
}

func TestReadRefusesWhatAVaultDoesNotHold(t *testing.T) {
	s := newService(t)
	v := s.vault(t)
	_, err := v.Read(t.Context(), model.Ref{Target: "kv", Kind: "order", Key: "x"})
	fails(t, err, backend.KindUnsupported)
	_, err = v.Read(t.Context(), model.Ref{Target: "kv", Kind: model.KindRequest})
	fails(t, err, backend.KindInvalid)
	if calls := s.seen(); len(calls) != 0 {
		t.Errorf("calls %v", calls)
	}
}

// TestFilterIsNotTrusted has a service that ignores request_id: nothing is sent
// for a request that was replaced.
func TestFilterIsNotTrusted(t *testing.T) {
	s := newService(t)
	s.on("/", answering(200, operation(map[string]any{"request_id": "of-somebody-else"})))
	v := s.vault(t)
	for _, name := range []string{"cancel", "merge", "delete request"} {
		t.Run(name, func(t *testing.T) { fails(t, changes[name].call(t.Context(), v), backend.KindGone) })
	}
	if n := len(s.seen()) - s.count(http.MethodGet); n != 0 {
		t.Errorf("%d changing calls", n)
	}
}

// TestReplacedInBetween has the request replaced between reading and changing.
func TestReplacedInBetween(t *testing.T) {
	for _, name := range []string{"cancel", "delete request"} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/pending", answering(200, operation(nil)))
			s.on(changes[name].pattern, answering(200, operation(map[string]any{"request_id": "of-somebody-else"})))
			e := fails(t, changes[name].call(t.Context(), s.vault(t)), backend.KindPartial)
			if !strings.Contains(e.Message, "of-somebody-else") {
				t.Errorf("message %q", e.Message)
			}
		})
	}
}

func TestCreate(t *testing.T) {
	yes, no := true, false
	spec := model.CreateSpec{
		Name: "web", Tags: map[string]string{"owner": "web"}, Enabled: &no, PreserveCertOrder: &yes,
		Policy: model.Policy{
			Subject: "CN=web", ContentType: "application/x-pem-file", ValidityMonths: 3,
			SANs:   model.SANs{DNS: []string{"a.example"}, Emails: []string{"m@a.example"}, UPNs: []string{"u@a.example"}, URIs: []string{"https://a.example"}, IPs: []string{"192.0.2.1"}},
			Issuer: model.Issuer{Name: "digicert", CertificateType: "OV-SSL", Transparency: &yes},
			Key:    model.KeyProperties{Type: "EC", Curve: "P-384", Exportable: &no, ReuseKey: &yes},
			EKUs:   []string{"1.3.6.1.5.5.7.3.1"}, KeyUsage: []string{"digitalSignature"},
			LifetimeActions: []model.LifetimeAction{{Action: "AutoRenew", Percentage: 80}, {Action: "EmailContacts", DaysBeforeExpiry: 10}},
		},
	}
	const want = `{"attributes":{"enabled":false},"preserveCertOrder":true,"tags":{"owner":"web"},"policy":{
		"issuer":{"name":"digicert","cty":"OV-SSL","cert_transparency":true},
		"key_props":{"kty":"EC","crv":"P-384","exportable":false,"reuse_key":true},
		"secret_props":{"contentType":"application/x-pem-file"},
		"lifetime_actions":[{"action":{"action_type":"AutoRenew"},"trigger":{"lifetime_percentage":80}},{"action":{"action_type":"EmailContacts"},"trigger":{"days_before_expiry":10}}],
		"x509_props":{"subject":"CN=web","validity_months":3,"ekus":["1.3.6.1.5.5.7.3.1"],"key_usage":["digitalSignature"],
			"sans":{"dns_names":["a.example"],"emails":["m@a.example"],"upns":["u@a.example"],"uris":["https://a.example"],"ipAddresses":["192.0.2.1"]}}}}`
	tests := map[string]struct {
		spec model.CreateSpec
		want string
	}{
		"everything":     {spec, want},
		"manual":         {model.CreateSpec{Name: "web", Policy: model.Policy{Subject: "CN=web"}}, `{"policy":{"issuer":{"name":"Unknown"},"x509_props":{"subject":"CN=web"}}}`},
		"stored policy":  {model.CreateSpec{Name: "web"}, `{}`},
		"only a name":    {model.CreateSpec{Name: "web", Policy: model.Policy{SANs: model.SANs{DNS: []string{"a"}}}}, `{"policy":{"issuer":{"name":"Unknown"},"x509_props":{"sans":{"dns_names":["a"]}}}}`},
		"size of a key":  {model.CreateSpec{Name: "web", Policy: model.Policy{Key: model.KeyProperties{Size: 4096}}}, `{"policy":{"issuer":{"name":"Unknown"},"key_props":{"key_size":4096},"x509_props":{}}}`},
		"too large size": {model.CreateSpec{Name: "web", Policy: model.Policy{ValidityMonths: 1 << 40}}, `{"policy":{"issuer":{"name":"Unknown"},"x509_props":{"validity_months":2147483647}}}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			var sent []byte
			s.on("GET /certificates/web/pending", noPending["GET /certificates/web/pending"])
			s.on("POST /certificates/web/create", func(w http.ResponseWriter, r *http.Request) {
				sent, _ = io.ReadAll(r.Body)
				w.Header().Set("Retry-After", "10")
				w.Header().Set("Location", s.URL+"/certificates/web/pending?api-version=2025-07-01&request_id=from-location")
				writeJSON(w, 202, operation(map[string]any{"request_id": nil}))
			})
			change, err := s.vault(t).Create(t.Context(), tc.spec)
			if err != nil {
				t.Fatal(err)
			}
			var got, wanted any
			if json.Unmarshal(sent, &got) != nil || json.Unmarshal([]byte(tc.want), &wanted) != nil || !reflect.DeepEqual(got, wanted) {
				t.Errorf("sent %s\nwant %s", sent, tc.want)
			}
			r := change.Page.Items[0].Request
			if r.ID != "from-location" || r.RetryAfter != 10*time.Second || change.ServiceRequestID != "id-of-the-call" {
				t.Errorf("change %+v, request %+v", change, r)
			}
		})
	}
}

func TestCreateChecksBeforeSending(t *testing.T) {
	names := model.Policy{Subject: "CN=a", SANs: model.SANs{IPs: []string{"192.0.2.1"}}}
	tests := map[string]struct {
		version string
		spec    model.CreateSpec
		refused bool
	}{
		"bad name":              {"2025-07-01", model.CreateSpec{Name: "a/b"}, true},
		"no name":               {"2025-07-01", model.CreateSpec{}, true},
		"address, old version":  {"7.6", model.CreateSpec{Name: "web", Policy: names}, true},
		"address, version":      {"2025-07-01", model.CreateSpec{Name: "web", Policy: names}, false},
		"address, newer":        {"2026-04-01", model.CreateSpec{Name: "web", Policy: names}, false},
		"address, SDK's":        {"", model.CreateSpec{Name: "web", Policy: names}, false},
		"order, old version":    {"7.5", model.CreateSpec{Name: "web", PreserveCertOrder: new(true)}, true},
		"order, oldest":         {"2016-10-01", model.CreateSpec{Name: "web", PreserveCertOrder: new(true)}, true},
		"order, version":        {"7.6", model.CreateSpec{Name: "web", PreserveCertOrder: new(true)}, false},
		"order, newer":          {"2025-07-01", model.CreateSpec{Name: "web", PreserveCertOrder: new(true)}, false},
		"no address, 7.4 works": {"7.4", model.CreateSpec{Name: "web", Policy: model.Policy{Subject: "CN=a"}}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			var version string
			s.on("GET /certificates/web/pending", noPending["GET /certificates/web/pending"])
			s.on("POST /certificates/web/create", func(w http.ResponseWriter, r *http.Request) {
				version = r.URL.Query().Get("api-version")
				writeJSON(w, 202, operation(nil))
			})
			_, err := s.vault(t, func(o *Options) { o.APIVersion = tc.version }).Create(t.Context(), tc.spec)
			if !tc.refused {
				if err != nil || version == "" || tc.version != "" && version != tc.version {
					t.Errorf("api-version %q, error %v", version, err)
				}
				return
			}
			fails(t, err, backend.KindInvalid)
			if calls := s.seen(); len(calls) != 0 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

func TestMerge(t *testing.T) {
	leaf := issue(t)
	good := string(bundleBody(t, map[string]any{"cer": base64.StdEncoding.EncodeToString(leaf)}))
	other := string(bundleBody(t, map[string]any{"cer": base64.StdEncoding.EncodeToString(issue(t))}))
	tests := map[string]struct {
		merged   string
		readBack http.HandlerFunc
		kind     backend.ErrorKind // 0: no error
		message  string
	}{
		"read back":              {good, answering(200, good), 0, ""},
		"can't be read back":     {good, answering(403, kvError("Forbidden", "x", "AccessDenied")), 0, ""},
		"nothing can be read":    {"{}", answering(404, kvError("CertificateNotFound", "x", "")), backend.KindPartial, "could not be read back"},
		"another certificate":    {good, answering(200, other), backend.KindPartial, "holds another certificate"},
		"answered another":       {other, drop, backend.KindPartial, "holds another certificate"},
		"no certificate in it":   {good, answering(200, string(bundleBody(t, nil))), backend.KindPartial, "shows thumbprint"},
		"thumbprint of the leaf": {good, answering(200, string(bundleBody(t, map[string]any{"x5t": x5t(leaf)}))), 0, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			var sent struct {
				X5C [][]byte `json:"x5c"`
			}
			s.on("GET /certificates/web/pending", answering(200, operation(nil)))
			s.on("GET /certificates/web/", tc.readBack)
			s.on("POST /certificates/web/pending/merge", func(w http.ResponseWriter, r *http.Request) {
				if err := json.NewDecoder(r.Body).Decode(&sent); err != nil {
					t.Error(err)
				}
				writeJSON(w, 201, tc.merged)
			})
			change, err := s.vault(t).Merge(t.Context(), webRequest(), [][]byte{leaf, {1, 2}})
			if len(sent.X5C) != 2 || string(sent.X5C[0]) != string(leaf) || string(sent.X5C[1]) != "\x01\x02" {
				t.Errorf("sent %x", sent.X5C)
			}
			if change.ServiceRequestID != "id-of-the-call" {
				t.Errorf("id %q", change.ServiceRequestID)
			}
			if tc.kind != 0 {
				if e := fails(t, err, tc.kind); !strings.Contains(e.Message, tc.message) || e.Op != opMerge {
					t.Errorf("error %+v", e)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			it := change.Page.Items[0]
			if it.Certificate.Version == "" || it.Request == nil || change.Page.Fields&model.FieldRequest == 0 {
				t.Errorf("page %+v", change.Page)
			}
		})
	}
}

// x5t is a leaf's thumbprint as the service writes it.
func x5t(leaf []byte) string {
	return certificateFields(model.Certificate{Thumbprint: leafThumbprint(leaf)})["x5t"].(string)
}

func TestPlanCancel(t *testing.T) {
	read := time.Unix(1, 0)
	request := func(change func(*model.Request)) *model.Item {
		r := &model.Request{ID: "r", Status: "inProgress", Phase: model.PhaseInProgress}
		change(r)
		return &model.Item{Request: r, RequestReadAt: read}
	}
	tests := map[string]struct {
		item   *model.Item
		way    backend.CancelWay
		effect string
	}{
		"manual":    {request(func(*model.Request) {}), backend.CancelAsk, "may still complete"},
		"issuer":    {request(func(r *model.Request) { r.Issuer.Name = "digicert" }), backend.CancelAsk, "order at the issuer"},
		"unknown":   {request(func(r *model.Request) { r.Phase = model.PhaseUnknown }), backend.CancelAsk, "asked"},
		"asked":     {request(func(r *model.Request) { r.CancelAsked = true }), backend.CancelImpossible, "already"},
		"completed": {request(func(r *model.Request) { r.Phase = model.PhaseCompleted }), backend.CancelImpossible, "completed"},
		"cancelled": {request(func(r *model.Request) { r.Phase = model.PhaseCancelled }), backend.CancelImpossible, "cancelled"},
		"failed":    {request(func(r *model.Request) { r.Phase = model.PhaseFailed }), backend.CancelImpossible, "failed"},
		"gone":      {request(func(r *model.Request) { r.Gone = true }), backend.CancelImpossible, "no longer"},
		"none":      {&model.Item{RequestReadAt: read}, backend.CancelImpossible, "no request"},
		"not read":  {&model.Item{}, backend.CancelImpossible, "not known yet"},
	}
	v := newService(t).vault(t)
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if p := v.PlanCancel(tc.item); p.Way != tc.way || !strings.Contains(p.Effect, tc.effect) {
				t.Errorf("plan %+v, want %q with %q", p, tc.way, tc.effect)
			}
		})
	}
}

// TestSystemRootsAreTheDefault makes sure that no RootCAs means verification
// by the system's, never none.
func TestSystemRootsAreTheDefault(t *testing.T) {
	s := newService(t)
	v := s.vault(t, func(o *Options) { o.RootCAs = nil })
	_, err := v.Read(t.Context(), webRequest())
	fails(t, err, backend.KindNetwork)
	if calls := s.seen(); len(calls) != 0 {
		t.Errorf("a server with an unknown certificate got %v", calls)
	}
}
