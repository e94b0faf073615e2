package forms

import (
	"reflect"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/model/policytext"
	"certty/ui/widget/form"
)

// editing opens the policy of a row that holds p.
func editing(t *testing.T, p model.Policy) *screen {
	t.Helper()
	s := newScreen(t, holding(p))
	s.vault.issuers = []model.IssuerInfo{{Name: "contoso-ca", Provider: "Test"}}
	s.open(NewPolicy(s.s, s.row("shop")))
	return s
}

func holding(p model.Policy) *model.Item {
	return item("shop", func(it *model.Item) { it.Policy = &p })
}

// strange is a policy that no form would make.
func strange() model.Policy {
	return model.Policy{
		Subject: "no distinguished name", SANs: model.SANs{DNS: []string{"a", "A", "10.0.0.1", "x@y"}, Emails: []string{"UPN"}, UPNs: []string{"a@b"}, URIs: []string{"odd"}, IPs: []string{"::1"}},
		Issuer:      model.Issuer{Name: "gone-ca", CertificateType: "DV-SSL", Transparency: new(true)},
		Key:         model.KeyProperties{Type: "EC-HSM", Size: 256, Curve: "P-999", Exportable: new(true)},
		ContentType: "application/odd", EKUs: []string{"1.3.6.1.5.5.7.3.2", "odd", "1.3.6.1.5.5.7.3.1"},
		KeyUsage: []string{"odd", "cRLSign", "keyAgreement"}, ValidityMonths: -3,
		LifetimeActions: []model.LifetimeAction{{Action: "Odd", Percentage: 120}, {Action: "EmailContacts", DaysBeforeExpiry: 3}},
	}
}

// A form that nobody touched asks for exactly the policy it was filled in from,
// whatever the vault stores.
func TestUntouchedPolicyIsTheSame(t *testing.T) {
	for name, p := range map[string]model.Policy{"stored": stored(), "zero": {}, "strange": strange(), "defaults": policytext.Defaults(false)} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := editing(t, p)
				got, _ := s.top().(*Policy).want(s.formOf().Value)
				if !reflect.DeepEqual(got, p) {
					t.Errorf("got  %+v\nwant %+v", got, p)
				}
				s.press("ctrl+s")
				if len(s.stack) != 1 || len(s.toasts) != 1 || s.vault.sent() != 0 {
					t.Errorf("nothing differs, but: %q, %d sent, on the screen:\n%s", s.toasts, s.vault.sent(), s.frame())
				}
			})
		})
	}
}

// Each field changes its own part of the policy, and the summary says it in
// words.
func TestPolicyChanges(t *testing.T) {
	for _, tt := range []struct {
		name   string
		from   model.Policy
		do     func(*screen)
		change func(*model.Policy)
		says   []string
	}{
		{"validity", stored(), func(s *screen) { s.fill(fieldMonths, "24") },
			func(p *model.Policy) { p.ValidityMonths = 24 }, []string{"validity - was 12 months + now 24 months"}},
		{"subject", stored(), func(s *screen) { s.fill(partField("OU"), "Shop") },
			func(p *model.Policy) { p.Subject = `CN=shop.example.com, O="Contoso, Inc.", OU=Shop` }, []string{"OU=Shop"}},
		{"names", stored(), func(s *screen) { s.fill(fieldSANs, "new.example.com, upn:a@b") },
			func(p *model.Policy) {
				p.SANs = model.SANs{DNS: []string{"new.example.com"}, UPNs: []string{"a@b"}}
			}, []string{"+ now DNS new.example.com; UPN a@b"}},
		{"issuer", stored(), func(s *screen) { s.pick(fieldIssuer, "contoso-ca"); s.pick(fieldProduct, "OV-SSL") },
			func(p *model.Policy) { p.Issuer = model.Issuer{Name: "contoso-ca", CertificateType: "OV-SSL"} },
			[]string{"issuer - was Unknown (manual) + now contoso-ca", "certificate type - was (nothing) + now OV-SSL"}},
		{"key", stored(), func(s *screen) { s.pick(fieldKey, "EC P-256") },
			func(p *model.Policy) {
				p.Key = model.KeyProperties{Type: "EC", Curve: "P-256", Exportable: new(true), ReuseKey: new(false)}
			}, []string{"key - was RSA 2048 + now EC P-256"}},
		{"protection", stored(), func(s *screen) { s.pick(fieldProtection, hsm) },
			func(p *model.Policy) { p.Key.Type = "RSA-HSM"; p.Key.Exportable = new(false) },
			[]string{"+ now RSA 2048 in an HSM (RSA-HSM)", "exportable - was yes + now no"}},
		{"renewal", stored(), func(s *screen) { s.fill(fieldWhen, "20 days") },
			func(p *model.Policy) {
				p.LifetimeActions = []model.LifetimeAction{{Action: "EmailContacts", DaysBeforeExpiry: 20}}
			}, []string{"+ now EmailContacts 20 days before expiry"}},
		{"uses", stored(), func(s *screen) { s.tick(fieldEKU, "codeSigning") },
			func(p *model.Policy) { p.EKUs = append(p.EKUs, "1.3.6.1.5.5.7.3.3") }, []string{"+ now serverAuth, clientAuth, codeSigning"}},
		{"what no form shows stays", strange(), func(s *screen) {
			s.pick(fieldAction, emailContacts)
			s.fill(fieldWhen, "80%")
			s.fill(fieldMonths, "12")
			s.pick(fieldExportable, form.No)
		},
			func(p *model.Policy) {
				p.LifetimeActions = []model.LifetimeAction{{Action: "EmailContacts", Percentage: 80}, p.LifetimeActions[1]}
				p.ValidityMonths = 12
				p.Key = model.KeyProperties{Type: "EC-HSM", Curve: "P-999", Exportable: new(false)}
			}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := editing(t, tt.from)
				tt.do(s)
				want := tt.from
				tt.change(&want)
				if tt.says == nil {
					// What the model refuses in such a policy can't be sent; what the
					// fields ask for still must not lose anything.
					got, _ := s.top().(*Policy).want(s.formOf().Value)
					if !reflect.DeepEqual(got, want) {
						t.Errorf("got  %+v\nwant %+v", got, want)
					}
					return
				}
				s.press("ctrl+s")
				s.sees(append(tt.says, "PATCH /certificates/shop/policy")...)
				s.answer("tab", "enter")
				if len(s.vault.want) != 1 || !reflect.DeepEqual(s.vault.want[0], want) || !reflect.DeepEqual(s.vault.was[0], tt.from) {
					t.Errorf("was  %+v\nsent %+v\nwant %+v", s.vault.was, s.vault.want, want)
				}
				if len(s.stack) != 0 {
					t.Error("the form stays open")
				}
			})
		})
	}
}

// The default of a new certificate is no value that a stored one can go back to.
func TestStoredCantBeTakenBack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := editing(t, stored())
		s.fill(fieldMonths, "")
		s.press("ctrl+s")
		s.sees("it can be changed, not taken back")
		s.formOf().Focus(fieldExportable)
		s.sees("(*) yes ( ) no")
		s.seesNot("Exportable (*) default")
	})
}

// Somebody else was faster: nothing is lost, and the next summary stands on what
// is stored now.
func TestPolicyConflictKeepsTheForm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := editing(t, stored())
		s.fill(fieldMonths, "24")
		s.vault.err = &backend.Error{Kind: backend.KindConflict, Op: "update policy", Ref: model.Ref{Target: "prod", Key: "shop"}}
		s.press("ctrl+s")
		s.answer("tab", "enter")
		s.sees("Nothing was sent. What you typed is kept")
		theirs := stored()
		theirs.ValidityMonths, theirs.EKUs = 6, theirs.EKUs[:1]
		s.holds(holding(theirs))
		s.press("esc")
		s.sees("Somebody changed it meanwhile", "validity: 12 months → 6 months", "extended usage: serverAuth, clientAuth → serverAuth")
		s.vault.err = nil
		s.press("ctrl+s")
		s.sees("validity - was 6 months + now 24 months")
		s.seesNot("extended usage")
		s.answer("tab", "enter")
		want := theirs
		want.ValidityMonths = 24
		if n := len(s.vault.want); n != 2 || !reflect.DeepEqual(s.vault.was[1], theirs) || !reflect.DeepEqual(s.vault.want[1], want) {
			t.Errorf("sent %+v over %+v", s.vault.want, s.vault.was)
		}
	})
}

// A policy that was never read is waited for.
func TestPolicyIsReadFirst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScreen(t, item("shop", nil))
		s.vault.issuers = []model.IssuerInfo{{Name: "contoso-ca"}}
		s.open(NewPolicy(s.s, s.row("shop")))
		s.sees("being read")
		s.press("ctrl+s", "tab", "enter")
		if len(s.poller.looked) == 0 {
			t.Error("nobody asked for it")
		}
		s.holds(holding(stored()))
		s.sees("Subject", "shop.example.com")
		s.pick(fieldIssuer, "contoso-ca")
	})
}

// FuzzPolicyFields: any text in any field gives a policy or a word about what is
// wrong, never a panic; and what is untouched stays as it is.
func FuzzPolicyFields(f *testing.F) {
	f.Add("subject", "CN=a")
	f.Add("sans", "a..b ; upn:x")
	f.Add("when", "99999999999999999999 days")
	f.Add("months", "-1")
	f.Fuzz(func(t *testing.T, id, value string) {
		base := stored()
		start := valuesOf(base)
		for _, choice := range []string{fieldIssuer, fieldKey, fieldProtection, fieldExportable, fieldReuse, fieldContent, fieldProduct, fieldCT, fieldEKU, fieldUsage, fieldAction} {
			if id == choice {
				t.Skip("a choice holds nothing but its options")
			}
		}
		got, _ := policyOf(func(field string) string {
			if field == id {
				return value
			}
			return start[field]
		}, base)
		got.Subject, got.SANs, got.EKUs, got.ValidityMonths, got.LifetimeActions = base.Subject, base.SANs, base.EKUs, base.ValidityMonths, base.LifetimeActions
		if !reflect.DeepEqual(got, base) {
			t.Errorf("%s=%q changed more than its own part: %+v", id, value, got)
		}
		_, _ = parseTags(value)
	})
}
