package vaultserver

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestCreateAnswer(t *testing.T) {
	for _, tt := range []struct{ issuer, details string }{
		{"Unknown", "Pending certificate created. Please Perform Merge to complete the request."},
		{"self", "Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later."},
		{IssuerContoso, "Pending certificate created. Certificate request is in progress. This may take some time based on the issuer provider. Please check again later."},
	} {
		b := newBench(t)
		res := b.create("shop", tt.issuer)
		id := res.string("request_id")
		if want := "https://" + host + "/certificates/shop/pending?api-version=7.4&request_id=" + id; res.header.Get("Location") != want {
			t.Errorf("Location %s, want %s", res.header.Get("Location"), want)
		}
		if res.header.Get("Retry-After") != "10" {
			t.Errorf("Retry-After %q", res.header.Get("Retry-After"))
		}
		want := map[string]any{"id": "https://" + host + "/certificates/shop/pending", "issuer": map[string]any{"name": tt.issuer}, "csr": res.string("csr"),
			"cancellation_requested": false, "status": "inProgress", "status_details": tt.details, "request_id": id}
		if !maps.EqualFunc(res.json, want, func(a, b any) bool { return reflect.DeepEqual(a, b) }) {
			t.Errorf("answer %v\nwant   %v", res.json, want)
		}
	}
}

func TestCreateFillsInRecordedDefaults(t *testing.T) {
	b := newBench(t)
	for issuer, action := range map[string]string{"Unknown": "EmailContacts", "Self": "AutoRenew"} {
		b.send(http.MethodPost, "/certificates/"+issuer+"/create", `{"policy":{"x509_props":{"subject":"CN=MyCert"},"issuer":{"name":"`+issuer+`","cert_transparency":false}}}`).want(http.StatusAccepted)
		got := b.get("/certificates/" + issuer + "/policy").want(http.StatusOK).text
		want := `{"id":"https://` + host + `/certificates/` + issuer + `/policy","key_props":{"exportable":true,"kty":"RSA","key_size":2048,"reuse_key":false},` +
			`"secret_props":{"contentType":"application/x-pkcs12"},"x509_props":{"subject":"CN=MyCert","ekus":["1.3.6.1.5.5.7.3.1","1.3.6.1.5.5.7.3.2"],` +
			`"key_usage":["digitalSignature","keyEncipherment"],"validity_months":12,"basic_constraints":{"ca":false}},` +
			`"lifetime_actions":[{"trigger":{"lifetime_percentage":80},"action":{"action_type":"` + action + `"}}],` +
			`"issuer":{"name":"` + issuer + `","cert_transparency":false},"attributes":{"enabled":true,"created":1795262400,"updated":1795262400}}`
		if !sameJSON(t, got, want) {
			t.Errorf("policy %s\nwant   %s", got, want)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

func TestCreateRefuses(t *testing.T) {
	tests := []struct{ name, body, message string }{
		{"subject", `{"policy":{"x509_props":{"subject":"Self","key_usage":["invalid"]},"issuer":{"name":"invalid"}}}`,
			"Property policy.x509_props has invalid value. Invalid X.500 distinguished name\r\n"}, // recorded
		{"long subject", `{"policy":{"x509_props":{"subject":"CN=` + strings.Repeat("x", 200) + `"}}}`, "Property policy.x509_props has invalid value. Invalid X.500 distinguished name\r\n"},
		{"no names", `{"policy":{"issuer":{"name":"Self"}}}`, "Either subjectName or san must be present"},
		{"no policy", `{}`, "Property policy has invalid value\r\n"},
		{"issuer", `{"policy":{"x509_props":{"subject":"CN=a"},"issuer":{"name":"nobody"}}}`, "Property policy.issuer has invalid value. Issuer not found\r\n"},
		{"key size", `{"policy":{"key_props":{"key_size":1024},"x509_props":{"subject":"CN=a"}}}`, "Property policy.key_props.key_size has invalid value. It is none of 2048, 3072, 4096\r\n"},
		{"key type", `{"policy":{"key_props":{"kty":"oct"},"x509_props":{"subject":"CN=a"}}}`, "Property policy.key_props.kty has invalid value. It is none of RSA, RSA-HSM, EC, EC-HSM\r\n"},
		{"HSM key", `{"policy":{"key_props":{"kty":"EC-HSM","exportable":true},"x509_props":{"subject":"CN=a"}}}`, "Property policy.key_props.exportable has invalid value. HSM keys can not be exported\r\n"},
		{"key usage", `{"policy":{"x509_props":{"subject":"CN=a","key_usage":["signing"]}}}`, "Property policy.x509_props.key_usage has invalid value. Unknown key usage signing\r\n"},
		{"EKU", `{"policy":{"x509_props":{"subject":"CN=a","ekus":["serverAuth"]}}}`, "Property policy.x509_props.ekus has invalid value. Invalid object identifier serverAuth\r\n"},
		{"content type", `{"policy":{"secret_props":{"contentType":"text/plain"},"x509_props":{"subject":"CN=a"}}}`, "Property policy.secret_props.contentType has invalid value. It is none of application/x-pkcs12, application/x-pem-file\r\n"},
		{"two triggers", `{"policy":{"x509_props":{"subject":"CN=a"},"lifetime_actions":[{"trigger":{"lifetime_percentage":80,"days_before_expiry":3},"action":{"action_type":"AutoRenew"}}]}}`,
			"Property policy.lifetime_actions.trigger has invalid value. Exactly one of lifetime_percentage and days_before_expiry must be set\r\n"},
		{"late trigger", `{"policy":{"x509_props":{"subject":"CN=a","validity_months":1},"lifetime_actions":[{"trigger":{"days_before_expiry":28},"action":{"action_type":"AutoRenew"}}]}}`,
			"Property policy.lifetime_actions.trigger has invalid value. days_before_expiry must be between 1 and validity_months multiplied by 27\r\n"},
		{"address", `{"policy":{"x509_props":{"sans":{"ipAddresses":["1.2.3"]}}}}`, "Property policy.x509_props.sans has invalid value. Invalid name 1.2.3\r\n"},
		{"sixteen tags", `{"tags":{"a":"","b":"","c":"","d":"","e":"","f":"","g":"","h":"","i":"","j":"","k":"","l":"","m":"","n":"","o":"","p":""}}`, "Property  has invalid value\r\n"},
	}
	b := newBench(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.send(http.MethodPost, "/certificates/refused/create", tt.body).wantError(http.StatusBadRequest, "BadParameter", tt.message)
		})
	}
	b.get("/certificates/refused").want(http.StatusNotFound)
	b.send(http.MethodPost, "/certificates/refused/create", `{"policy":`).want(http.StatusBadRequest)
}

func TestCreateIgnoresMisspeltProperties(t *testing.T) {
	b := newBench(t)
	res := b.send(http.MethodPost, "/certificates/shop/create", `{"policy":{"key_props":{"kty":"EC","Crv":"P-521"},"x509_props":{"subject":"CN=a"},"Issuer":{"name":"Self"}},"tags":{"Issuer":"kept"}}`).want(http.StatusAccepted)
	if got := res.string("issuer", "name"); got != "Unknown" {
		t.Errorf("issuer %s: a property in other capitals was taken", got)
	}
	got := b.get("/certificates/shop")
	if got.at("policy", "key_props", "crv") != "P-256" || got.at("tags", "Issuer") != "kept" {
		t.Errorf("answer %s", got.text)
	}
}

func TestCreateWhileInProgress(t *testing.T) {
	b := newBench(t)
	first := b.create("shop", "Unknown").string("request_id")
	b.send(http.MethodPost, "/certificates/SHOP/create", ecPolicy("Self")).wantError(http.StatusConflict, "Forbidden",
		"A new key vault certificate can not be created or imported while a pending key vault certificate's status is inProgress.")
	if got := b.get("/certificates/shop/pending").string("request_id"); got != first {
		t.Error("the refused create replaced the request")
	}
	// Asking for cancellation does not make way; cancelled does.
	b.send(http.MethodPatch, "/certificates/shop/pending", `{"cancellation_requested":true}`).want(http.StatusOK)
	b.send(http.MethodPost, "/certificates/shop/create", `{}`).want(http.StatusConflict)
	b.clock.advance(cancelDelay)
	if second := b.send(http.MethodPost, "/certificates/shop/create", `{}`).want(http.StatusAccepted).string("request_id"); second == first {
		t.Error("a new request has the old one's id")
	}
}

func TestCreateNewVersionFromStoredPolicy(t *testing.T) {
	b := newBench(t)
	res := b.create("shop", "Unknown")
	merged := b.send(http.MethodPost, "/certificates/shop/pending/merge", b.signed(res.csr())).want(http.StatusCreated)
	b.clock.advance(24 * time.Hour)
	again := b.send(http.MethodPost, "/certificates/shop/create", ``+`{"tags":{"n":"2"}}`).want(http.StatusAccepted)
	if bytes.Equal(again.csr(), res.csr()) {
		t.Error("the same request again")
	}
	if k1, k2 := publicKey(t, res.csr()), publicKey(t, again.csr()); samePublicKey(k1, k2) {
		t.Error("the key was used again although reuse_key is false")
	}
	// The live version stays as it was while the renewal waits.
	got := b.get("/certificates/shop")
	if got.string("id") != merged.string("id") || got.at("tags") != nil || got.at("attributes", "enabled") != true {
		t.Errorf("the live version changed: %s", got.text)
	}
	b.send(http.MethodPost, "/certificates/shop/pending/merge", b.signed(again.csr())).want(http.StatusCreated)
	got = b.get("/certificates/shop")
	if got.string("id") == merged.string("id") || got.at("tags", "n") != "2" {
		t.Errorf("the new version is not current: %s", got.text)
	}
	if n := len(b.get("/certificates/shop/versions").at("value").([]any)); n != 2 {
		t.Errorf("%d versions, want 2", n)
	}
}

func TestCreateReusesKey(t *testing.T) {
	b := newBench(t)
	body := `{"policy":{"key_props":{"kty":"EC","reuse_key":true},"x509_props":{"subject":"CN=a"},"issuer":{"name":"Self"}}}`
	first := b.send(http.MethodPost, "/certificates/shop/create", body).want(http.StatusAccepted).csr()
	b.clock.advance(selfDelay)
	second := b.send(http.MethodPost, "/certificates/shop/create", `{}`).want(http.StatusAccepted).csr()
	if !samePublicKey(publicKey(t, first), publicKey(t, second)) {
		t.Error("a new key although reuse_key is true")
	}
}

func publicKey(t *testing.T, csr []byte) any {
	t.Helper()
	parsed, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.PublicKey
}

func TestConcurrentCreatesMakeOneRequest(t *testing.T) {
	b := newBench(t)
	const clients = 8
	statuses := make(chan int, clients)
	for range clients {
		go func() {
			statuses <- b.send(http.MethodPost, "/certificates/shop/create", ecPolicy("Unknown")).status
		}()
	}
	count := map[int]int{}
	for range clients {
		count[<-statuses]++
	}
	if count[http.StatusAccepted] != 1 || count[http.StatusConflict] != clients-1 {
		t.Errorf("statuses %v", count)
	}
}

func FuzzCreate(f *testing.F) {
	f.Add([]byte(ecPolicy("Unknown")))
	f.Add([]byte(fullPolicy))
	f.Add([]byte(`{"policy":{"x509_props":{"subject":"","sans":{"dns_names":["a"]}},"lifetime_actions":[{}]},"tags":{"A":"b"}}`))
	f.Add([]byte(`[1,{"policy":null}]`))
	key, err := newKey(&KeyProperties{Kty: "EC", Curve: "P-256"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var body createBody
		if err := decode(data, &body); err != nil || body.Policy == nil {
			return
		}
		policy, failed := complete(body.Policy)
		if failed != nil {
			return
		}
		// Every policy that is taken makes a request that can be read.
		der, err := newRequest(&policy, key)
		if err != nil {
			t.Fatalf("%v from %s", err, data)
		}
		csr, err := x509.ParseCertificateRequest(der)
		if err != nil {
			t.Fatalf("%v from %s", err, data)
		}
		if err := csr.CheckSignature(); err != nil {
			t.Error(err)
		}
	})
}
