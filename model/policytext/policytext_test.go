package policytext

import (
	"slices"
	"testing"

	"certty/model"
)

func TestFacts(t *testing.T) {
	p := model.Policy{
		Subject: "CN=a", SANs: model.SANs{DNS: []string{"a.example.com"}, IPs: []string{"::1"}}, Issuer: model.Issuer{Name: "DigiCert", CertificateType: "OV-SSL", Transparency: new(true)},
		Key: model.KeyProperties{Type: "EC-HSM", Curve: "P-256", Exportable: new(false)}, ContentType: "application/x-pem-file",
		EKUs: []string{"1.2.3", "1.3.6.1.5.5.7.3.1"}, KeyUsage: []string{"keyagreement", "odd"}, ValidityMonths: 6,
		LifetimeActions: []model.LifetimeAction{{Action: AutoRenew, Percentage: 80}, {Action: EmailContacts, DaysBeforeExpiry: 30}},
	}
	want := []Fact{
		{"subject", "CN=a"}, {"names", "DNS a.example.com; IP ::1"}, {"issuer", "DigiCert"}, {"certificate type", "OV-SSL"}, {"transparency", "yes"},
		{"key", "EC P-256 in an HSM (EC-HSM)"}, {"exportable", "no"}, {"content type", "PEM"}, {"extended usage", "serverAuth, 1.2.3"},
		{"key usage", "keyAgreement, odd"}, {"validity", "6 months"}, {"renewal", "AutoRenew at 80% of the lifetime; EmailContacts 30 days before expiry"},
	}
	if got := Facts(p); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := Beyond(Defaults(true)); len(got) != 0 {
		t.Errorf("beyond the defaults: %q", got)
	}
	q := p
	q.ValidityMonths, q.Key.ReuseKey = 0, new(true)
	if got := Changes(p, q); !slices.Equal(got, []Change{{"reuse key", "(nothing)", "yes"}, {"validity", "6 months", "(nothing)"}}) {
		t.Errorf("changes %q", got)
	}
	if got := Changes(p, p); got != nil {
		t.Errorf("changes of nothing: %q", got)
	}
}

// FuzzParseMoment: what is read is written the same.
func FuzzParseMoment(f *testing.F) {
	for _, seed := range []string{"80%", "30 days", "1d", "99 percent", "0%", "-1 day", "30", "days before expiry"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var a, b model.LifetimeAction
		if ParseMoment(s, &a) != nil {
			return
		}
		if err := ParseMoment(Moment(a), &b); err != nil || a != b {
			t.Errorf("%q is %+v, written %q, read %+v (%v)", s, a, Moment(a), b, err)
		}
	})
}
