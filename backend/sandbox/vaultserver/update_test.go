package vaultserver

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestUpdateCertificate(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Self")
	b.clock.advance(time.Minute)
	first := versionID(b.get("/certificates/shop"))
	b.send(http.MethodPost, "/certificates/shop/create", `{}`).want(http.StatusAccepted)
	b.clock.advance(time.Minute)
	second := versionID(b.get("/certificates/shop"))
	policy := b.get("/certificates/shop/policy").text

	// An old version has attributes and tags of its own.
	b.clock.advance(time.Minute)
	got := b.send(http.MethodPatch, "/certificates/shop/"+first, `{"attributes":{"enabled":false},"tags":{"a":"b"}}`).want(http.StatusOK)
	if got.at("attributes", "enabled") != false || got.at("tags", "a") != "b" || got.at("attributes", "updated") != float64(b.clock.t.Unix()) || got.at("policy") != nil {
		t.Errorf("the old version is %s", got.text)
	}
	if got := b.get("/certificates/shop"); got.at("attributes", "enabled") != true || got.at("tags") != nil {
		t.Errorf("the new version changed too: %s", got.text)
	}

	// Without a version it is the current one, with or without a slash.
	for i, path := range []string{"/certificates/shop/", "/certificates/shop", "/certificates/shop/" + second} {
		tag := strings.Repeat("x", i+1)
		got := b.send(http.MethodPatch, path, `{"tags":{"t":"`+tag+`"}}`).want(http.StatusOK)
		if versionID(got) != second || got.at("tags", "t") != tag || got.at("attributes", "enabled") != true || got.at("policy") == nil {
			t.Errorf("%s: %s", path, got.text)
		}
	}
	if got := b.send(http.MethodPatch, "/certificates/shop", `{"tags":null}`).want(http.StatusOK); got.at("tags", "t") != "xxx" {
		t.Errorf("null took the tags away: %s", got.text)
	}
	if got := b.send(http.MethodPatch, "/certificates/shop", `{"tags":{}}`).want(http.StatusOK); got.at("tags", "t") != nil {
		t.Errorf("the tags are still there: %s", got.text)
	}
	// Dates are taken and ignored, as recorded.
	before := b.get("/certificates/shop").at("attributes", "exp")
	if got := b.send(http.MethodPatch, "/certificates/shop", `{"attributes":{"exp":1893459661}}`).want(http.StatusOK); got.at("attributes", "exp") != before {
		t.Errorf("the end moved: %s", got.text)
	}
	if got := b.get("/certificates/shop/policy").text; got != policy {
		t.Errorf("the policy was %s\nis %s", policy, got)
	}
	b.send(http.MethodPatch, "/certificates/shop/0123", `{}`).want(http.StatusNotFound)
	b.send(http.MethodPatch, "/certificates/none", `{}`).want(http.StatusNotFound)
	b.send(http.MethodPatch, "/certificates/shop", `{`).want(http.StatusBadRequest)
}

// versionID is the last part of an id.
func versionID(r *response) string {
	id := r.string("id")
	return id[strings.LastIndex(id, "/")+1:]
}

// As recorded: what is pending stays disabled, and its tags are not those of
// the version to come.
func TestUpdateWhilePending(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Self")
	got := b.send(http.MethodPatch, "/certificates/shop/", `{"attributes":{"enabled":true},"tags":{"tag1":"foo"}}`).want(http.StatusOK)
	if got.at("attributes", "enabled") != false || got.at("tags", "tag1") != "foo" || got.at("cer") != nil {
		t.Errorf("answer %s", got.text)
	}
	b.clock.advance(time.Minute)
	if got := b.get("/certificates/shop"); got.at("attributes", "enabled") != true || got.at("tags") != nil {
		t.Errorf("the version is %s", got.text)
	}
}

func TestUpdatePolicy(t *testing.T) {
	tests := []struct {
		name, change string
		path         []any
		want         any
	}{
		{"one member", `{"x509_props":{"validity_months":6}}`, []any{"x509_props", "validity_months"}, 6.0},
		{"its neighbours stay", `{"x509_props":{"validity_months":6}}`, []any{"x509_props", "subject"}, "CN=shop.example.com"},
		{"other sections stay", `{"x509_props":{"validity_months":6}}`, []any{"key_props", "kty"}, "EC"},
		{"null leaves", `{"x509_props":null,"issuer":{"name":null}}`, []any{"issuer", "name"}, "Unknown"},
		{"lists are set whole", `{"x509_props":{"ekus":["1.2.3"]}}`, []any{"x509_props", "ekus"}, []any{"1.2.3"}},
		{"an empty list stays empty", `{"x509_props":{"key_usage":[]}}`, []any{"x509_props", "key_usage"}, []any{}},
		{"EC to RSA", `{"key_props":{"kty":"RSA"}}`, []any{"key_props", "key_size"}, 2048.0},
		{"EC to RSA drops the curve", `{"key_props":{"kty":"RSA"}}`, []any{"key_props", "crv"}, nil},
		{"a size that is the curve's", `{"key_props":{"kty":"EC","crv":"P-256K","key_size":256}}`, []any{"key_props", "key_size"}, 256.0}, // recorded
		{"cert_transparency", `{"issuer":{"cert_transparency":false}}`, []any{"issuer", "cert_transparency"}, false},
		{"misspelt", `{"x509_props":{"Validity_Months":6}}`, []any{"x509_props", "validity_months"}, 12.0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.create("shop", "Unknown")
			b.clock.advance(time.Minute)
			got := b.send(http.MethodPatch, "/certificates/shop/policy", tt.change).want(http.StatusOK)
			if value := got.at(tt.path...); !equal(value, tt.want) {
				t.Errorf("%v is %v, want %v", tt.path, value, tt.want)
			}
			if got.at("attributes", "updated") != float64(b.clock.t.Unix()) || got.at("attributes", "created") != float64(noon.Unix()) {
				t.Errorf("attributes %v", got.at("attributes"))
			}
			if read := b.get("/certificates/shop/policy"); read.text != got.text {
				t.Errorf("answered %s\nread     %s", got.text, read.text)
			}
			if read := b.get("/certificates/shop"); read.at("attributes", "updated") != float64(noon.Unix()) {
				t.Errorf("the version's own date moved: %v", read.at("attributes"))
			}
		})
	}
}

func equal(a, b any) bool {
	x, isList := a.([]any)
	y, alsoList := b.([]any)
	if !isList || !alsoList {
		return a == b
	}
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] {
			return false
		}
	}
	return true
}

func TestUpdatePolicyRefuses(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Unknown")
	before := b.get("/certificates/shop/policy").text
	for _, change := range []string{
		`{`, `[]`, `"text"`, `{"x509_props":"text"}`, `{"x509_props":{"subject":"Self"}}`, `{"x509_props":{"subject":""}}`, `{"key_props":{"kty":"oct"}}`,
		`{"key_props":{"kty":"EC-HSM"}}`, `{"lifetime_actions":[{"trigger":{},"action":{"action_type":"AutoRenew"}}]}`, `{"x509_props":{"validity_months":-1}}`,
	} {
		b.send(http.MethodPatch, "/certificates/shop/policy", change).want(http.StatusBadRequest)
		if change[0] == '{' && len(change) > 1 {
			b.send(http.MethodPatch, "/certificates/shop", `{"tags":{"a":"b"},"policy":`+change+`}`).want(http.StatusBadRequest)
		}
	}
	if got := b.get("/certificates/shop/policy").text; got != before {
		t.Errorf("a refused change did something: %s", got)
	}
	if got := b.get("/certificates/shop"); got.at("tags") != nil {
		t.Errorf("half of a refused change was made: %s", got.text)
	}
	b.send(http.MethodPatch, "/certificates/none/policy", `{}`).want(http.StatusNotFound)
}

// A policy may ask for keys that can't be made here; that is told when one is
// asked for.
func TestPolicyForAKeyThatCantBeMade(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Self")
	b.clock.advance(time.Minute)
	b.send(http.MethodPatch, "/certificates/shop/policy", `{"key_props":{"crv":"P-256K"}}`).want(http.StatusOK)
	b.send(http.MethodPost, "/certificates/shop/create", `{}`).wantError(http.StatusBadRequest, "BadParameter",
		"Property policy.key_props.crv has invalid value. This sandbox can't make keys on P-256K\r\n")
}

// FuzzUpdatePolicy: whatever the change is, it is refused in the service's words,
// or what it leaves is a policy that makes a request and that a change of nothing
// leaves alone.
func FuzzUpdatePolicy(f *testing.F) {
	for _, seed := range []string{
		`{"x509_props":{"validity_months":6}}`, `{"x509_props":{"ekus":[]}}`, `{"key_props":{"kty":"RSA","crv":"P-256K"}}`, `{"lifetime_actions":[]}`, `null`, `[]`, `{`,
		`{"x509_props":{"sans":{"dns_names":["a",null],"upns":["ü"],"ipAddresses":["::1"],"uris":["urn:a"]}}}`, `{"x509_props":{"subject":"CN=\\,a+O=\"b\""}}`,
		`{"issuer":{"name":"Unknown","cty":"OV-SSL"},"secret_props":{"contentType":"application/x-pem-file"}}`, `{"x509_props":{"key_usage":["cRLSign"]}}`,
		`{"lifetime_actions":[{"trigger":{"days_before_expiry":9},"action":{"action_type":"AutoRenew"}}]}`,
	} {
		f.Add(seed)
	}
	_, key := selfSignedPair(f, nil)
	stored, refused := complete(&Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}})
	if refused != nil {
		f.Fatal(refused)
	}
	f.Fuzz(func(t *testing.T, body string) {
		merged, err := mergePolicy(stored, []byte(body))
		if err != nil {
			if refused, ok := errors.AsType[*failure](err); !ok || refused.status != http.StatusBadRequest {
				t.Fatal(err)
			}
			return
		}
		policy, refused := complete(&merged)
		if refused != nil {
			return
		}
		again, err := mergePolicy(policy, []byte(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		same, refused := complete(&again)
		if refused != nil {
			t.Fatal(refused)
		}
		if before, after := asJSON(t, policy), asJSON(t, same); before != after {
			t.Fatalf("%s\nbecame %s", before, after)
		}
		if canMake(policy.Key) == nil {
			if _, err := newRequest(&policy, key); err != nil {
				t.Fatalf("a good policy makes no request: %v", err)
			}
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
