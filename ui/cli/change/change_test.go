package change

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certty/model"
	"certty/model/policytext"
)

func TestChangedTags(t *testing.T) {
	was := map[string]string{"env": "test", "a=b-": ""}
	for _, tt := range []struct {
		words []string
		want  map[string]string
		says  string
	}{
		{[]string{"env=prod", "x=1=2"}, map[string]string{"env": "prod", "x": "1=2", "a=b-": ""}, ""},
		{[]string{"env-"}, map[string]string{"a=b-": ""}, ""},
		{[]string{"env="}, map[string]string{"env": "", "a=b-": ""}, ""},
		{[]string{"env-", "env=new"}, map[string]string{"env": "new", "a=b-": ""}, ""},
		{[]string{"env"}, nil, "TAG=VALUE"},
		{[]string{"none-"}, nil, `no tag "none"`},
		{[]string{"=x"}, nil, "needs a name"},
		{[]string{"k=" + strings.Repeat("v", 257)}, nil, "at most 256"},
		{strings.Fields("a= b= c= d= e= f= g= h= i= j= k= l= m= n="), nil, "at most 15"},
	} {
		got, err := changedTags(was, tt.words)
		switch {
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%q: %v", tt.words, err)
		case tt.says == "" && (err != nil || !maps.Equal(got, tt.want)):
			t.Errorf("%q: %v (%v)", tt.words, got, err)
		}
	}
	if len(was) != 2 || was["env"] != "test" {
		t.Errorf("what was read changed: %v", was)
	}
	if got := tagDifference(was, map[string]string{"env": "prod", "esc\x1b": "1"}); strings.Contains(strings.Join(got, ""), "\x1b") ||
		!slices.Equal(got[:3], []string{"- a=b-=", "- env=test", "+ env=prod"}) {
		t.Errorf("the difference is %q", got)
	}
}

// TestParts: each part of a policy, as flags and --set give it.
func TestParts(t *testing.T) {
	base := model.Policy{Key: model.KeyProperties{Type: "RSA", Size: 2048}, Issuer: model.Issuer{Name: "DigiCert", CertificateType: "OV-SSL"}}
	for _, tt := range []struct {
		name  string
		given map[string][]string
		want  func(*model.Policy)
		says  string
	}{
		{"an EC key", map[string][]string{"key-type": {"ec"}, "curve": {"p-256k"}}, func(p *model.Policy) { p.Key = model.KeyProperties{Type: "EC", Curve: "P-256K"} }, ""},
		{"a key in an HSM", map[string][]string{"key-type": {"RSA-HSM"}}, func(p *model.Policy) { p.Key.Type, p.Key.Exportable = "RSA-HSM", new(false) }, ""},
		{"names", map[string][]string{"san": {"a.example.com,b.example.com", "upn:me@example.com"}},
			func(p *model.Policy) {
				p.SANs = model.SANs{DNS: []string{"a.example.com", "b.example.com"}, UPNs: []string{"me@example.com"}}
			}, ""},
		{"self", map[string][]string{"issuer": {"self"}}, func(p *model.Policy) { p.Issuer = model.Issuer{Name: "Self"} }, ""},
		{"usages", map[string][]string{"eku": {"serverauth,1.2.3"}, "key-usage": {"digitalSignature", "keyAgreement"}},
			func(p *model.Policy) {
				p.EKUs, p.KeyUsage = []string{"1.3.6.1.5.5.7.3.1", "1.2.3"}, []string{"digitalSignature", "keyAgreement"}
			}, ""},
		{"actions", map[string][]string{"lifetime-action": {"autorenew 80%", "EmailContacts 30 days"}},
			func(p *model.Policy) {
				p.LifetimeActions = []model.LifetimeAction{{Action: policytext.AutoRenew, Percentage: 80}, {Action: policytext.EmailContacts, DaysBeforeExpiry: 30}}
			}, ""},
		{"the rest", map[string][]string{
			"subject": {"CN=a, O=b"}, "content-type": {"PEM"}, "validity": {"6"}, "exportable": {"no"}, "reuse-key": {"YES"}, "transparency": {"true"},
			"certificate-type": {"EV-SSL"}, "key-size": {"4096"},
		}, func(p *model.Policy) {
			p.Subject, p.ContentType, p.ValidityMonths = "CN=a, O=b", "application/x-pem-file", 6
			p.Issuer.CertificateType, p.Issuer.Transparency = "EV-SSL", new(true)
			p.Key.Size, p.Key.Exportable, p.Key.ReuseKey = 4096, new(false), new(true)
		}, ""},
		{"twice", map[string][]string{"subject": {"CN=a", "CN=b"}}, nil, "subject: it is given 2 times"},
		{"nothing of the kind", map[string][]string{"keysize": {"1"}}, nil, `"keysize" is no part of a policy`},
		{"no number", map[string][]string{"key-size": {"many"}, "validity": {"-1"}}, nil, "key-size: "},
		{"neither yes nor no", map[string][]string{"exportable": {"maybe"}}, nil, "yes or no"},
		{"an action without its moment", map[string][]string{"lifetime-action": {"AutoRenew"}}, nil, "80% of the lifetime"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, want := base, base
			err := apply(&got, tt.given)
			if tt.says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("the error is %v", err)
				}
				return
			}
			tt.want(&want)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v (%v), want %+v", got, err, want)
			}
		})
	}
}

// rest is a policy in the service's own form.
const rest = `{"issuer":{"name":"Self","cert_transparency":false},"key_props":{"kty":"EC","crv":"P-384","reuse_key":true},
	"secret_props":{"contentType":"application/x-pem-file"},
	"x509_props":{"subject":"CN=a","sans":{"dns_names":["a"],"upns":["u"]},"ekus":["1.2.3"],"key_usage":["cRLSign"],"validity_months":9},
	"lifetime_actions":[{"trigger":{"lifetime_percentage":70},"action":{"action_type":"AutoRenew"}}],"attributes":{"enabled":true},"id":"https://x"}`

func TestDecodePolicy(t *testing.T) {
	want := model.Policy{
		Subject: "CN=a", SANs: model.SANs{DNS: []string{"a"}, UPNs: []string{"u"}}, Issuer: model.Issuer{Name: "Self", Transparency: new(false)},
		Key: model.KeyProperties{Type: "EC", Curve: "P-384", ReuseKey: new(true)}, ContentType: "application/x-pem-file",
		EKUs: []string{"1.2.3"}, KeyUsage: []string{"cRLSign"}, ValidityMonths: 9,
		LifetimeActions: []model.LifetimeAction{{Action: "AutoRenew", Percentage: 70}},
	}
	for _, text := range []string{rest, "\xef\xbb\xbf" + rest, `{"name":"a certificate that az shows","policy":` + rest + `}`} {
		if got, err := decodePolicy([]byte(text), model.Policy{}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v (%v)", got, err)
		}
	}
	got, err := decodePolicy([]byte(`{"keyProperties":{"keySize":4096,"curve":null}}`), want)
	after := want
	after.Key = model.KeyProperties{Size: 4096}
	if err != nil || !reflect.DeepEqual(got, after) {
		t.Errorf("what is not named did not stay: %+v (%v)", got, err)
	}
	for _, text := range []string{"", "[]", "{} {}", `{"x509_props":{"subjct":"CN=a"}}`, `{"keyProperties":{"keySize":"many"}}`, "null"} {
		if _, err := decodePolicy([]byte(text), model.Policy{}); err == nil && text != "null" {
			t.Errorf("%q was taken", text)
		}
	}
}

// FuzzDecodePolicy: what is read is printed so that it is read the same.
func FuzzDecodePolicy(f *testing.F) {
	f.Add([]byte(rest))
	f.Add([]byte(`{"issuerParameters":{"name":"x","certificateType":"OV-SSL"},"x509CertificateProperties":{"subjectAlternativeNames":{"uris":["urn:x"],"ipAddresses":["::1"],"emails":["a@b"]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodePolicy(data, model.Policy{})
		if err != nil {
			return
		}
		again, err := decodePolicy(mustJSON(t, documentOf(p)), model.Policy{})
		if err != nil || len(policytext.Changes(p, again)) > 0 {
			t.Errorf("%+v was read back as %+v (%v)", p, again, err)
		}
	})
}

// TestJudgeChange: what was stored before is not judged, and not taken back.
func TestJudgeChange(t *testing.T) {
	odd := model.Policy{Subject: "CN=a", KeyUsage: []string{"odd"}, ValidityMonths: 12}
	want := odd
	if err := judgeChange("a", odd, want); err != nil {
		t.Errorf("what is stored is judged: %v", err)
	}
	want.KeyUsage = []string{"odder"}
	if err := judgeChange("a", odd, want); err == nil || !strings.Contains(err.Error(), "odder") {
		t.Errorf("what is new is not: %v", err)
	}
	want.KeyUsage, want.ValidityMonths = nil, 0
	if err := judgeChange("a", odd, want); err == nil || strings.Count(err.Error(), "not taken back") != 2 {
		t.Errorf("taken back: %v", err)
	}
}

func mustJSON(t *testing.T, document any) []byte {
	t.Helper()
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
