package vault

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/model"
)

func TestDecodeOperation(t *testing.T) {
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	transparent := true
	tests := map[string]struct {
		header http.Header
		body   string
		want   model.Request
	}{
		"in progress": {
			http.Header{"Retry-After": {"10"}},
			operation(map[string]any{"csr": "AQID", "issuer": map[string]any{"name": "digicert", "cty": "OV-SSL", "cert_transparency": true}}),
			model.Request{ID: requestID, Status: "inProgress", Phase: model.PhaseInProgress, CSR: []byte{1, 2, 3}, RetryAfter: 10 * time.Second,
				Details: "Pending certificate created. Please Perform Merge to complete the request.",
				Issuer:  model.Issuer{Name: "digicert", CertificateType: "OV-SSL", Transparency: &transparent}},
		},
		"completed": {nil,
			`{"id":"x","status":"completed","target":"https://kv.vault.azure.net/certificates/web","request_id":"r","cancellation_requested":false}`,
			model.Request{ID: "r", Status: "completed", Phase: model.PhaseCompleted, Target: "https://kv.vault.azure.net/certificates/web"}},
		"order preserved": {nil, `{"status":"completed","preserveCertOrder":true}`,
			model.Request{Status: "completed", Phase: model.PhaseCompleted, PreserveCertOrder: new(true)}},
		"order not preserved": {nil, `{"status":"completed","preserveCertOrder":false}`,
			model.Request{Status: "completed", Phase: model.PhaseCompleted, PreserveCertOrder: new(false)}},
		"cancel asked": {nil, `{"status":"inProgress","cancellation_requested":true}`,
			model.Request{Status: "inProgress", Phase: model.PhaseInProgress, CancelAsked: true}},
		"failed": {nil,
			`{"status":"failed","error":{"code":"Certificate issuer error","message":"The call failed with access_denied|key\r\nand \u001b[31mmore","innererror":{"code":"denied","message":"no"}}}`,
			model.Request{Status: "failed", Phase: model.PhaseFailed, ErrorCode: model.IssuerErrorCode,
				ErrorMessage: `The call failed with access_denied|key and \x1b[31mmore (denied no)`}},
		"unknown status": {nil, `{"status":"onHold\u202e"}`, model.Request{Status: `onHold\u202e`}},
		"id in Location": {http.Header{"Location": {"https://kv/certificates/web/pending?api-version=7.4&request_id=abc"}},
			`{"status":"inProgress"}`, model.Request{ID: "abc", Status: "inProgress", Phase: model.PhaseInProgress}},
		"CSR is no base64": {nil, `{"status":"inProgress","csr":"%%%"}`,
			model.Request{Status: "inProgress", Phase: model.PhaseInProgress, Details: "(the CSR could not be read: it is not base64)"}},
		"CSR is a number":   {nil, `{"status":"inProgress","csr":5}`, model.Request{Status: "inProgress", Phase: model.PhaseInProgress}},
		"CSR of other kind": {nil, `{"status":"inProgress","csr":"__8\r\n="}`, model.Request{Status: "inProgress", Phase: model.PhaseInProgress, CSR: []byte{255, 255}}},
		"error is text":     {nil, `{"status":"failed","error":"no"}`, model.Request{Status: "failed", Phase: model.PhaseFailed}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := decodeOperation(tc.header, []byte(tc.body), now)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(*got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tc.want)
			}
		})
	}
	for _, body := range []string{"", "null", "{}", "[]", `"x"`, `{"error":{}}`, "{"} {
		if got, err := decodeOperation(nil, []byte(body), now); err == nil {
			t.Errorf("%q decodes as %+v", body, got)
		}
	}
}

// issue makes a self-signed certificate with every kind of alternative name.
func issue(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	uri, err := url.Parse("spiffe://example.com/web")
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x0102ab), Subject: pkix.Name{CommonName: "web\x1b[2J", Organization: []string{"Example"}},
		NotBefore: time.Unix(1700000000, 0), NotAfter: time.Unix(1800000000, 0),
	}
	upn, err := asn1.MarshalWithParams("me@corp.example", "utf8,explicit,tag:0")
	if err != nil {
		t.Fatal(err)
	}
	oid, err := asn1.Marshal(oidUPN)
	if err != nil {
		t.Fatal(err)
	}
	name := func(tag int, value []byte) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: value}
	}
	other := name(0, append(oid, upn...))
	other.IsCompound = true
	sans, err := asn1.Marshal([]asn1.RawValue{
		name(2, []byte("www.example.com")), name(1, []byte("me@example.com")), name(6, []byte(uri.String())),
		name(7, net.ParseIP("192.0.2.1").To4()), other,
	})
	if err != nil {
		t.Fatal(err)
	}
	template.ExtraExtensions = []pkix.Extension{{Id: oidSAN, Value: sans}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func bundleBody(t testing.TB, changes map[string]any) []byte {
	t.Helper()
	b := map[string]any{
		"id":         "https://kv.vault.azure.net/certificates/web/66cb9daa3da94aa0a3ba794aab53ebbb",
		"attributes": map[string]any{"enabled": true, "nbf": 1700000000, "exp": 1800000000},
	}
	maps.Copy(b, changes)
	body, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestDecodeBundle(t *testing.T) {
	der := issue(t)
	b, err := decodeBundle(bundleBody(t, map[string]any{"cer": base64.StdEncoding.EncodeToString(der)}))
	if err != nil {
		t.Fatal(err)
	}
	c := b.certificate
	if b.name != "web" || c.Version != "66cb9daa3da94aa0a3ba794aab53ebbb" || !c.Issued || !c.Enabled {
		t.Errorf("got %+v", c)
	}
	if c.Subject != `CN=web\x1b[2J,O=Example` || c.Issuer != c.Subject || c.Serial != "0102ab" || c.KeyType != "EC P-256" {
		t.Errorf("subject %q, issuer %q, serial %q, key %q", c.Subject, c.Issuer, c.Serial, c.KeyType)
	}
	if c.Thumbprint != leafThumbprint(der) {
		t.Errorf("thumbprint %q", c.Thumbprint)
	}
	want := model.SANs{
		DNS: []string{"www.example.com"}, Emails: []string{"me@example.com"}, UPNs: []string{"me@corp.example"},
		URIs: []string{"spiffe://example.com/web"}, IPs: []string{"192.0.2.1"},
	}
	if !reflect.DeepEqual(c.SANs, want) {
		t.Errorf("SANs %+v, want %+v", c.SANs, want)
	}
}

// TestDecodeBundleThatGoCanNotParse swaps the curve's object identifier for
// secp256k1, which Key Vault offers as P-256K and package x509 does not know.
func TestDecodeBundleThatGoCanNotParse(t *testing.T) {
	p256 := []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}
	der := []byte(strings.Replace(string(issue(t)), string(p256), string([]byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 99}), 1))
	if _, err := x509.ParseCertificate(der); err == nil {
		t.Fatal("Go has learned the curve; take another")
	}
	b, err := decodeBundle(bundleBody(t, map[string]any{
		"cer":    base64.StdEncoding.EncodeToString(der),
		"policy": map[string]any{"key_props": map[string]any{"kty": "EC", "crv": "P-256K"}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	c := b.certificate
	if c.Subject != `CN=web\x1b[2J,O=Example` || c.Serial != "0102ab" || c.KeyType != "EC P-256K" || len(c.DER) == 0 {
		t.Errorf("subject %q, serial %q, key %q", c.Subject, c.Serial, c.KeyType)
	}
}

func TestDecodeBundleKeepsTheRow(t *testing.T) {
	tests := map[string]map[string]any{
		"cer is no base64":      {"cer": "%%%", "x5t": "aDL7EBDV9ceB-JrIgicN5Z7Pd8g"},
		"cer is no certificate": {"cer": "AQID", "x5t": "aDL7EBDV9ceB-JrIgicN5Z7Pd8g"},
		"cer is a number":       {"cer": 5, "x5t": "aDL7EBDV9ceB-JrIgicN5Z7Pd8g"},
	}
	for name, changes := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := decodeBundle(bundleBody(t, changes))
			if err != nil {
				t.Fatal(err)
			}
			if c := b.certificate; !c.Issued || c.Thumbprint != "6832fb1010d5f5c781f89ac882270de59ecf77c8" || c.NotAfter.IsZero() {
				t.Errorf("got %+v", c)
			}
		})
	}
	for _, body := range []string{"", "{}", "null", `{"id":"x"}`, `{"id":"https://kv/keys/a/b"}`} {
		if b, err := decodeBundle([]byte(body)); err == nil {
			t.Errorf("%q decodes as %+v", body, b)
		}
	}
}

// TestPendingOnlyBundle decodes the object of a certificate that was never
// issued: it is no certificate, whatever its dates say.
func TestDecodeRecoverableDays(t *testing.T) {
	for raw, want := range map[string]int{
		"90": 90, "7": 7, "0": 0, "-7": 0, "91": 0, "1e9": 0, "7.5": 0, `"90"`: 0, "null": 0, "{}": 0, "99999999999999999999": 0,
	} {
		b, err := decodeBundle([]byte(`{"id":"https://kv.vault.azure.net/certificates/web/1","attributes":{"enabled":true,"recoverableDays":` + raw + `,"recoveryLevel":"Recoverable"}}`))
		if c := b.certificate; err != nil || c.RecoverableDays != want || !c.Enabled || c.RecoveryLevel != "Recoverable" {
			t.Errorf("%s: %+v, error %v; want %d days", raw, c, err, want)
		}
	}
}

func TestPendingOnlyBundle(t *testing.T) {
	b, err := decodeBundle(bundleBody(t, map[string]any{
		"policy": map[string]any{"x509_props": map[string]any{"subject": "CN=web"}, "key_props": map[string]any{"kty": "RSA", "key_size": 2048}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	if c := b.certificate; c.Issued || c.Thumbprint != "" || c.KeyType != "" || c.Subject != "CN=web" {
		t.Errorf("got %+v", c)
	}
}

func TestDecodePolicy(t *testing.T) {
	yes, no := true, false
	b, err := decodeBundle([]byte(`{"id":"https://kv/certificates/web/1","policy":{
		"key_props":{"exportable":false,"kty":"RSA","key_size":4096,"reuse_key":true,"crv":"P-256"},
		"secret_props":{"contentType":"application/x-pkcs12"},
		"x509_props":{"subject":"CN=web","sans":{"emails":["e"],"dns_names":["d"],"upns":["u"],"uris":["i"],"ipAddresses":["a"]},
			"ekus":["1.2"],"key_usage":["digitalSignature"],"validity_months":12,"basic_constraints":{"ca":false}},
		"lifetime_actions":[{"trigger":{"lifetime_percentage":80},"action":{"action_type":"AutoRenew"}},{"trigger":{"days_before_expiry":5},"action":{"action_type":"EmailContacts\u001b"}}],
		"issuer":{"name":"digicert","cty":"EV-SSL","cert_transparency":false}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := &model.Policy{
		Subject: "CN=web", ContentType: "application/x-pkcs12", ValidityMonths: 12,
		SANs:   model.SANs{DNS: []string{"d"}, Emails: []string{"e"}, UPNs: []string{"u"}, URIs: []string{"i"}, IPs: []string{"a"}},
		Issuer: model.Issuer{Name: "digicert", CertificateType: "EV-SSL", Transparency: &no},
		Key:    model.KeyProperties{Type: "RSA", Size: 4096, Curve: "P-256", Exportable: &no, ReuseKey: &yes},
		EKUs:   []string{"1.2"}, KeyUsage: []string{"digitalSignature"},
		LifetimeActions: []model.LifetimeAction{{Action: "AutoRenew", Percentage: 80}, {Action: `EmailContacts\x1b`, DaysBeforeExpiry: 5}},
	}
	if !reflect.DeepEqual(b.policy, want) {
		t.Errorf("got  %+v\nwant %+v", b.policy, want)
	}
}

// BenchmarkDecodeList decodes one full page.
func BenchmarkDecodeList(b *testing.B) {
	item := listItem("www-example-com", `,"x5t":"aDL7EBDV9ceB-JrIgicN5Z7Pd8g","subject":"","tags":{"owner":"web"}`)
	body := []byte(`{"value":[` + strings.Repeat(item+",", 24) + item + `],"nextLink":null}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		items, _, err := decodeList(body)
		if err != nil || len(items) != 25 {
			b.Fatal(len(items), err)
		}
		for _, raw := range items {
			if _, err := decodeListed("kv", raw, time.Time{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
