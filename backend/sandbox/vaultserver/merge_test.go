package vaultserver

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const merge = "/certificates/shop/pending/merge"

const mismatch = "The public key of the end-entity certificate in the specified X.509 certificate content does not match the public part of the specified private key. Please check if certificate is valid."

func TestMerge(t *testing.T) {
	b := newBench(t)
	csr := b.create("shop", "Unknown").csr()
	placeholder := b.get("/certificates/shop").string("id")
	b.clock.advance(3 * 24 * time.Hour)
	got := b.send(http.MethodPost, merge, b.signed(csr)).want(http.StatusCreated)
	if loc := got.header.Get("Location"); loc != "https://"+host+"/certificates/shop?api-version=7.4" {
		t.Errorf("Location %s", loc)
	}
	id := got.string("id")
	if id != placeholder {
		t.Errorf("id %s, was %s", id, placeholder)
	}
	version := id[len("https://"+host+"/certificates/shop/"):]
	if got.string("kid") != "https://"+host+"/keys/shop/"+version || got.string("sid") != "https://"+host+"/secrets/shop/"+version {
		t.Errorf("links %s", got.text)
	}
	if x5t, err := base64.RawURLEncoding.DecodeString(got.string("x5t")); err != nil || len(x5t) != 20 {
		t.Errorf("x5t %s: %v", got.string("x5t"), err)
	}
	if got.at("attributes", "enabled") != true || got.at("attributes", "created") != float64(b.clock.t.Unix()) {
		t.Errorf("attributes %v", got.at("attributes"))
	}
	if st := b.get("/certificates/shop/pending").string("status"); st != "completed" {
		t.Errorf("the request is %s", st)
	}
	if again := b.get("/certificates/shop/" + version); again.string("cer") != got.string("cer") {
		t.Error("the version does not read back")
	}
}

func TestMergeTakesAttributesAndTags(t *testing.T) {
	b := newBench(t)
	var body map[string]any
	if err := json.Unmarshal([]byte(b.signed(b.create("shop", "Unknown").csr())), &body); err != nil {
		t.Fatal(err)
	}
	body["attributes"], body["tags"] = map[string]any{"enabled": false}, map[string]any{"by": "ada"}
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	got := b.send(http.MethodPost, merge, string(data)).want(http.StatusCreated)
	if got.at("attributes", "enabled") != false || got.at("tags", "by") != "ada" {
		t.Errorf("answer %s", got.text)
	}
}

func TestMergeRefuses(t *testing.T) {
	b := newBench(t)
	other := b.signed(b.create("other", "Unknown").csr())
	b.create("shop", "Unknown")
	b64 := base64.StdEncoding.EncodeToString
	tests := []struct{ name, body, message string }{
		{"other key", other, mismatch},
		{"no item", `{"x5c":[]}`, "Property x5c has invalid value X5C must has at least one valid item"},
		{"no member", `{}`, "Property x5c has invalid value X5C must has at least one valid item"},
		{"no base64", `{"x5c":["-----BEGIN CERTIFICATE-----"]}`, "Property x5c has invalid value X5C must has at least one valid item"},
		{"no DER", `{"x5c":["` + b64([]byte("hello, world")) + `"]}`, "ASN1 bad tag value met.\r\n"},
		{"root first", rootFirst(t, b.signed(b.get("/certificates/shop/pending").csr())), mismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.send(http.MethodPost, merge, tt.body).wantError(http.StatusBadRequest, "BadParameter", tt.message)
		})
	}
	if st := b.get("/certificates/shop/pending").string("status"); st != "inProgress" {
		t.Errorf("after refused merges the request is %s", st)
	}
	b.send(http.MethodPost, "/certificates/none/pending/merge", other).wantError(http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: none")
}

// A request that preserves the order takes the chain either way round, as a
// public client relies on (acmebot, pull request 1141).
func TestMergeRootFirst(t *testing.T) {
	b := newBench(t)
	policy := strings.TrimSuffix(ecPolicy("Unknown"), "}") + `,"preserveCertOrder":true}`
	csr := b.request(http.MethodPost, "/certificates/shop/create?api-version=7.6", policy).want(http.StatusAccepted).csr()
	body := b.signed(csr)
	var m mergeBody
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	got := b.send(http.MethodPost, merge, rootFirst(t, body)).want(http.StatusCreated)
	if got.string("cer") != m.X5C[0] {
		t.Error("the leaf is not the certificate of the new version")
	}
}

func rootFirst(t *testing.T, body string) string {
	t.Helper()
	var m mergeBody
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	m.X5C[0], m.X5C[2] = m.X5C[2], m.X5C[0]
	data, err := json.Marshal(map[string]any{"x5c": m.X5C})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMergeOnIssuersRequest(t *testing.T) {
	b := newBench(t)
	chain := b.signed(b.create("shop", IssuerStrict).csr())
	b.send(http.MethodPost, merge, chain).wantError(http.StatusForbidden, "Forbidden",
		"Merge is forbidden on pending object created with issuer : strict-ca while it is in progess.")
	b.clock.advance(time.Minute) // the issuer has refused
	b.send(http.MethodPost, merge, chain).want(http.StatusCreated)
	b.send(http.MethodPost, merge, chain).want(http.StatusForbidden) // completed
}

func TestMergeAfterCancelled(t *testing.T) {
	b := newBench(t)
	chain := b.signed(b.create("shop", "Unknown").csr())
	b.send(http.MethodPatch, "/certificates/shop/pending", cancel).want(http.StatusOK)
	b.clock.advance(time.Minute)
	b.send(http.MethodPost, merge, chain).want(http.StatusCreated)
}

func TestMergeTakesBase64Twice(t *testing.T) {
	b := newBench(t)
	var m mergeBody
	if err := json.Unmarshal([]byte(b.signed(b.create("shop", "Unknown").csr())), &m); err != nil {
		t.Fatal(err)
	}
	b.send(http.MethodPost, merge, mergeOf([]byte(m.X5C[0]))).want(http.StatusCreated) // as recorded
}

func FuzzMerge(f *testing.F) {
	b := newBench(f)
	f.Add([]byte(b.signed(b.create("shop", "Unknown").csr())))
	f.Add([]byte(`{"x5c":["MIIB","AA=="],"attributes":{"enabled":false},"tags":{"a":"b"}}`))
	f.Add([]byte(`{"x5c":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var m mergeBody
		if err := decode(body, &m); err != nil {
			return
		}
		chain, failed := decodeX5C(m.X5C)
		if failed == nil && len(chain) != len(m.X5C) {
			t.Errorf("%d items became %d", len(m.X5C), len(chain))
		}
	})
}
