package vault

import (
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// fullPolicy has something everywhere.
func fullPolicy() model.Policy {
	return model.Policy{
		Subject: "CN=web", ContentType: "application/x-pkcs12", ValidityMonths: 12,
		SANs:     model.SANs{DNS: []string{"a.example"}, Emails: []string{"m@a.example"}, UPNs: []string{"u@a"}, URIs: []string{"https://a"}, IPs: []string{"192.0.2.1"}},
		Issuer:   model.Issuer{Name: "digicert", CertificateType: "OV-SSL", Transparency: new(true)},
		Key:      model.KeyProperties{Type: "RSA", Size: 2048, Exportable: new(true), ReuseKey: new(false)},
		EKUs:     []string{"1.3.6.1.5.5.7.3.1"},
		KeyUsage: []string{"digitalSignature"},
		LifetimeActions: []model.LifetimeAction{
			{Action: "AutoRenew", Percentage: 80},
		},
	}
}

// fullPolicyJSON is fullPolicy as Key Vault keeps it.
const fullPolicyJSON = `{"id":"https://kv.vault.azure.net/certificates/web/policy",
	"key_props":{"exportable":true,"kty":"RSA","key_size":2048,"reuse_key":false},"secret_props":{"contentType":"application/x-pkcs12"},
	"x509_props":{"subject":"CN=web","sans":{"dns_names":["a.example"],"emails":["m@a.example"],"upns":["u@a"],"uris":["https://a"],"ipAddresses":["192.0.2.1"]},
		"ekus":["1.3.6.1.5.5.7.3.1"],"key_usage":["digitalSignature"],"validity_months":12,"basic_constraints":{"ca":false}},
	"lifetime_actions":[{"trigger":{"lifetime_percentage":80},"action":{"action_type":"AutoRenew"}}],
	"issuer":{"name":"digicert","cty":"OV-SSL","cert_transparency":true},"attributes":{"enabled":true,"created":1,"updated":2}}`

func TestUpdatePolicySendsWhatDiffers(t *testing.T) {
	const x509 = `"subject":"CN=web","ekus":["1.3.6.1.5.5.7.3.1"],"key_usage":["digitalSignature"]`
	const names = `"sans":{"dns_names":["a.example"],"emails":["m@a.example"],"upns":["u@a"],"uris":["https://a"],"ipAddresses":["192.0.2.1"]}`
	tests := map[string]struct {
		change func(*model.Policy)
		want   string
	}{
		"key": {func(p *model.Policy) { p.Key.ReuseKey = new(true) },
			`{"key_props":{"kty":"RSA","key_size":2048,"exportable":true,"reuse_key":true}}`},
		"form": {func(p *model.Policy) { p.ContentType = "application/x-pem-file" }, `{"secret_props":{"contentType":"application/x-pem-file"}}`},
		"validity": {func(p *model.Policy) { p.ValidityMonths = 3 },
			`{"x509_props":{` + x509 + `,` + names + `,"validity_months":3}}`},
		"issuer":           {func(p *model.Policy) { p.Issuer.Name = "other" }, `{"issuer":{"name":"other","cty":"OV-SSL","cert_transparency":true}}`},
		"no type":          {func(p *model.Policy) { p.Issuer.CertificateType = "" }, `{"issuer":{"name":"digicert","cty":"","cert_transparency":true}}`},
		"lifetime":         {func(p *model.Policy) { p.LifetimeActions[0].Percentage = 50 }, `{"lifetime_actions":[{"action":{"action_type":"AutoRenew"},"trigger":{"lifetime_percentage":50}}]}`},
		"no lifetime":      {func(p *model.Policy) { p.LifetimeActions = nil }, `{"lifetime_actions":[]}`},
		"no names":         {func(p *model.Policy) { p.SANs = model.SANs{} }, `{"x509_props":{` + x509 + `,"sans":{"dns_names":[],"emails":[],"upns":[],"uris":[],"ipAddresses":[]},"validity_months":12}}`},
		"one kind of name": {func(p *model.Policy) { p.SANs.DNS = nil }, `{"x509_props":{` + x509 + `,` + strings.Replace(names, `"a.example"`, "", 1) + `,"validity_months":12}}`},
		"no usages": {func(p *model.Policy) { p.EKUs, p.KeyUsage = nil, []string{} },
			`{"x509_props":{"subject":"CN=web","ekus":[],"key_usage":[],` + names + `,"validity_months":12}}`},
		"no subject": {func(p *model.Policy) { p.Subject = "" }, `{"x509_props":{` + strings.Replace(x509, "CN=web", "", 1) + `,` + names + `,"validity_months":12}}`},
		"two groups": {func(p *model.Policy) { p.Issuer.Name, p.ContentType = "Self", "x" },
			`{"issuer":{"name":"Self","cty":"OV-SSL","cert_transparency":true},"secret_props":{"contentType":"x"}}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/policy", answering(200, fullPolicyJSON))
			sent := sentTo(s, "PATCH /certificates/web/policy", answering(200, storedPolicy))
			want := fullPolicy()
			tc.change(&want)
			change, err := s.vault(t).UpdatePolicy(t.Context(), webCertificate(), fullPolicy(), want)
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, *sent, tc.want)
			it := change.Page.Items[0]
			if change.Page.Fields != model.FieldPolicy || it.Ref != webCertificate() || it.Policy.Subject != "CN=web" || change.ServiceRequestID == "" {
				t.Errorf("change %+v", change)
			}
		})
	}
}

func TestUpdatePolicyRefuses(t *testing.T) {
	other := strings.Replace(fullPolicyJSON, `"validity_months":12`, `"validity_months":6`, 1)
	later := fullPolicy()
	later.ValidityMonths = 3
	address := fullPolicy()
	address.SANs.IPs = append(address.SANs.IPs, "192.0.2.2")
	tests := map[string]struct {
		stored  string
		version string
		want    model.Policy
		kind    backend.ErrorKind
		message string
		reads   int
	}{
		"changed meanwhile":  {other, "2025-07-01", later, backend.KindConflict, "another one by now (X.509)", 1},
		"no difference":      {fullPolicyJSON, "2025-07-01", fullPolicy(), backend.KindInvalid, "nothing to change", 0},
		"name of no meaning": {fullPolicyJSON, "7.4", address, backend.KindInvalid, "IP addresses", 0},
		// Nothing was sent, so nothing is uncertain.
		"not a policy": {`{"value":[]}`, "2025-07-01", later, backend.KindOther, "no policy", 1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/web/policy", answering(200, tc.stored))
			v := s.vault(t, func(o *Options) { o.APIVersion = tc.version })
			_, err := v.UpdatePolicy(t.Context(), webCertificate(), fullPolicy(), tc.want)
			if e := fails(t, err, tc.kind); !strings.Contains(e.Message, tc.message) {
				t.Errorf("message %q, want %q", e.Message, tc.message)
			}
			if calls := s.seen(); len(calls) != tc.reads || s.count("PATCH") != 0 {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

// TestPolicyGroupsAreComplete makes sure that no field of a policy is forgotten
// when policies are compared.
func TestPolicyGroupsAreComplete(t *testing.T) {
	for _, kind := range []func(*model.Policy){
		func(p *model.Policy) { p.Subject = "x" },
		func(p *model.Policy) { p.SANs.DNS = nil },
		func(p *model.Policy) { p.SANs.Emails = nil },
		func(p *model.Policy) { p.SANs.UPNs = nil },
		func(p *model.Policy) { p.SANs.URIs = nil },
		func(p *model.Policy) { p.SANs.IPs = nil },
		func(p *model.Policy) { p.Issuer.Name = "x" },
		func(p *model.Policy) { p.Issuer.CertificateType = "x" },
		func(p *model.Policy) { p.Issuer.Transparency = nil },
		func(p *model.Policy) { p.Key.Type = "x" },
		func(p *model.Policy) { p.Key.Size = 1 },
		func(p *model.Policy) { p.Key.Curve = "x" },
		func(p *model.Policy) { p.Key.Exportable = new(false) },
		func(p *model.Policy) { p.Key.ReuseKey = nil },
		func(p *model.Policy) { p.ContentType = "x" },
		func(p *model.Policy) { p.EKUs = nil },
		func(p *model.Policy) { p.KeyUsage = nil },
		func(p *model.Policy) { p.ValidityMonths = 1 },
		func(p *model.Policy) { p.LifetimeActions = nil },
	} {
		changed := fullPolicy()
		kind(&changed)
		if len(differences(fullPolicy(), changed)) != 1 {
			t.Errorf("%+v counts as the same policy", changed)
		}
	}
	empty := fullPolicy()
	empty.EKUs, empty.SANs.DNS = []string{}, []string{}
	none := fullPolicy()
	none.EKUs, none.SANs.DNS = nil, nil
	if d := differences(empty, none); len(d) != 0 {
		t.Errorf("an empty list and none differ in %v", d)
	}
}
