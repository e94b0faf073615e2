package forms

import (
	"errors"
	"reflect"
	"testing"

	"certty/backend"
	"certty/model"
	"certty/ui/keys"
	"certty/ui/view"
	"certty/ui/widget/form"
)

func noWays(view.Row) []keys.Action { return nil }

// creating opens the form of a new request in a vault with two issuers.
func creating(t *testing.T, items ...*model.Item) *screen {
	t.Helper()
	s := newScreen(t, items...)
	s.vault.issuers = []model.IssuerInfo{{Name: "contoso-ca", Provider: "Test"}, {Name: "strict-ca", Provider: "Test"}}
	s.open(NewCreate(s.s, noWays))
	return s
}

// What nobody touched is not sent: the vault's defaults are the vault's.
func TestCreateSendsOnlyWhatWasDecided(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.press("CN=shop.example.com", "ctrl+s")
		s.sees("Create shop-example-com (prod)", "DNS shop.example.com", "as the vault has it by default", "> [ Back ]")
		s.answer("tab", "enter")
		want := []model.CreateSpec{{Name: "shop-example-com", Policy: model.Policy{
			Subject: "CN=shop.example.com", SANs: model.SANs{DNS: []string{"shop.example.com"}},
			Issuer: model.Issuer{Name: "Unknown"}, Key: model.KeyProperties{Type: "RSA", Size: 2048},
		}}}
		if !reflect.DeepEqual(s.vault.created, want) {
			t.Errorf("sent %+v,\nwant %+v", s.vault.created, want)
		}
		if len(s.stack) != 0 {
			t.Errorf("a form whose work is done stays open:\n%s", s.frame())
		}
	})
}

// The common name is offered among the alternative names; what is typed there
// joins it, and does not become one word with it.
func TestCreateAddsToTheSuggestedName(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.press("CN=shop.example.com", "tab", "www.example.com", "tab", "tab", "ctrl+s")
		s.sees("Create shop-example-com (prod)", "DNS shop.example.com, www.example.com")
	})
}

// Every field of a create reaches the specification and the summary.
func TestCreateWithEveryField(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.h = 60
		s.top().SetSize(s.w, s.h)
		s.fill(fieldSubject, "CN=shop.example.com")
		s.fill(partField("O"), "Contoso, Inc.")
		s.fill(partField("C"), "US")
		s.fill(fieldSANs, "www.example.com ops@example.com upn:ada@corp.example 10.0.0.1 https://example.com/id")
		s.fill(fieldName, "shop")
		s.pick(fieldIssuer, "contoso-ca")
		s.pick(fieldKey, "EC P-384")
		s.pick(fieldProtection, hsm)
		s.pick(fieldReuse, form.Yes)
		s.pick(fieldContent, contentPEM)
		s.pick(fieldOrder, form.Yes)
		s.pick(fieldProduct, "EV-SSL")
		s.pick(fieldCT, form.No)
		s.tick(fieldEKU, "serverAuth", "codeSigning")
		s.fill(fieldEKUOther, "1.3.6.1.4.1.311.20.2.2")
		s.tick(fieldUsage, "digitalSignature", "keyAgreement")
		s.fill(fieldMonths, "6")
		s.pick(fieldAction, autoRenew)
		s.fill(fieldWhen, "30 days")
		s.fill(fieldTags, "env=prod, owner=\"web, mail\"")
		s.pick(fieldEnabled, form.No)
		s.press("ctrl+s")
		s.sees("Create shop (prod)", `CN=shop.example.com, O="Contoso, Inc.", C=US`, "e-mail ops@example.com; UPN ada@corp.example",
			"contoso-ca: the vault orders it there", "EC P-384 in an HSM (EC-HSM)", "EV-SSL", "transparency      no", "exportable        no",
			"reuse key         yes", "content type      PEM", "preserve order    yes: the chain keeps the order in which the vault gets it", "serverAuth, codeSigning, 1.3.6.1.4.1.311.20.2.2", "digitalSignature, keyAgreement", "6 months",
			"AutoRenew 30 days before expiry", `env=prod, owner="web, mail"`, "enabled           no")
		s.answer("tab", "enter")
		want := model.CreateSpec{
			Name: "shop", Tags: map[string]string{"env": "prod", "owner": "web, mail"}, Enabled: new(false), PreserveCertOrder: new(true),
			Policy: model.Policy{
				Subject: `CN=shop.example.com, O="Contoso, Inc.", C=US`,
				SANs: model.SANs{DNS: []string{"www.example.com"}, Emails: []string{"ops@example.com"}, UPNs: []string{"ada@corp.example"},
					URIs: []string{"https://example.com/id"}, IPs: []string{"10.0.0.1"}},
				Issuer:      model.Issuer{Name: "contoso-ca", CertificateType: "EV-SSL", Transparency: new(false)},
				Key:         model.KeyProperties{Type: "EC-HSM", Curve: "P-384", Exportable: new(false), ReuseKey: new(true)},
				ContentType: "application/x-pem-file", EKUs: []string{"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3", "1.3.6.1.4.1.311.20.2.2"},
				KeyUsage: []string{"digitalSignature", "keyAgreement"}, ValidityMonths: 6,
				LifetimeActions: []model.LifetimeAction{{Action: "AutoRenew", DaysBeforeExpiry: 30}},
			},
		}
		if len(s.vault.created) != 1 || !reflect.DeepEqual(s.vault.created[0], want) {
			t.Errorf("sent %+v,\nwant %+v", s.vault.created, want)
		}
	})
}

// What is wrong is said at its field, and keeps the summary away.
func TestCreateProblems(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*screen)
		want string
	}{
		{"no subject and no name", func(*screen) {}, "a subject or an alternative name is needed"},
		{"no distinguished name", func(s *screen) { s.fill(fieldSubject, "shop.example.com") }, "is no attribute"},
		{"an alternative name", func(s *screen) { s.fill(fieldSANs, "a..b") }, "empty label"},
		{"country", func(s *screen) { s.fill(partField("C"), "Germany") }, "two-letter code"},
		{"name", func(s *screen) { s.fill(fieldSubject, "CN=a.example.com"); s.fill(fieldName, "a.b") }, "can't stand in a name"},
		{"months", func(s *screen) { s.fill(fieldSubject, "CN=a"); s.fill(fieldMonths, "a year") }, "no number of months"},
		{"no months", func(s *screen) { s.fill(fieldSubject, "CN=a"); s.fill(fieldMonths, "0") }, "at least 1 month"},
		{"EKU", func(s *screen) { s.fill(fieldSubject, "CN=a"); s.fill(fieldEKUOther, "server") }, "no object identifier"},
		{"moment", func(s *screen) {
			s.fill(fieldSubject, "CN=a")
			s.pick(fieldAction, emailContacts)
			s.fill(fieldWhen, "soon")
		}, "80% of the lifetime, or 30 days"},
		{"moment beyond the validity", func(s *screen) {
			s.fill(fieldSubject, "CN=a")
			s.fill(fieldMonths, "1")
			s.pick(fieldAction, emailContacts)
			s.fill(fieldWhen, "30 days")
		}, "days before expiry are 1 to 27"},
		{"exportable in an HSM", func(s *screen) {
			s.fill(fieldSubject, "CN=a")
			s.pick(fieldProtection, hsm)
			s.pick(fieldExportable, form.Yes)
		}, "can't be exported"},
		{"tags", func(s *screen) { s.fill(fieldSubject, "CN=a"); s.fill(fieldTags, "env") }, "write name=value"},
		{"the name of a deleted certificate", func(s *screen) { s.fill(fieldSubject, "CN=kept") }, "a deleted certificate keeps this name"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := creating(t, item("kept", func(it *model.Item) { it.Deletion = &model.Deletion{At: noon} }))
				tt.do(s)
				s.press("ctrl+s")
				s.sees(tt.want)
				if _, still := s.top().(*Create); !still {
					t.Errorf("the summary opened:\n%s", s.frame())
				}
				if s.vault.sent() != 0 {
					t.Error("something was sent")
				}
			})
		})
	}
}

// The vault's answer about its issuers decides what is offered and said.
func TestIssuers(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*vault)
		want string
	}{
		{"none", func(v *vault) { v.issuers = nil }, "a CA's issuer must exist there first"},
		{"not allowed", func(v *vault) { v.listErr = &backend.Error{Kind: backend.KindPermission} }, "could not be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := newScreen(t)
				tt.set(s.vault)
				s.open(NewCreate(s.s, noWays))
				s.formOf().Focus(fieldIssuer)
				s.sees("(*) Unknown (manual)  ( ) Self")
				s.sees(tt.want)
			})
		})
	}
	t.Run("chosen, then offered anew", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			s := creating(t)
			s.pick(fieldIssuer, "strict-ca")
			s.sees("New request, strict-ca", "ordered from Test")
			s.tell(view.CatalogRead{Target: "elsewhere"})
			if got := s.formOf().Value(fieldIssuer); got != "strict-ca" {
				t.Errorf("the answer of another vault changed the issuer to %q", got)
			}
		})
	})
}

func TestAutoRenewByHandIsWarnedOf(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.pick(fieldAction, autoRenew)
		s.sees("with issuer Unknown the vault can't renew by itself")
		s.pick(fieldIssuer, "contoso-ca")
		s.formOf().Focus(fieldAction)
		s.seesNot("can't renew by itself")
	})
}

func TestContactsAreNamed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := newScreen(t)
		s.vault.contacts = []model.Contact{{Email: "ops@example.com"}}
		s.open(NewCreate(s.s, noWays))
		s.pick(fieldAction, emailContacts)
		s.sees("Written to: ops@example.com.")
	})
}

func TestRequestInTheWay(t *testing.T) {
	pending := item("shop", func(it *model.Item) { it.Request = open() })
	for _, tt := range []struct {
		name  string
		after error
		want  string
	}{
		{"known before", nil, "Nothing was sent."},
		{"another client was faster", &backend.Error{Kind: backend.KindState, State: backend.StatePending, Status: 409}, "The vault refused the new one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := creating(t)
				if tt.after == nil {
					s.holds(pending)
				}
				s.vault.err = tt.after
				s.press("CN=shop", "ctrl+s")
				if tt.after != nil {
					s.holds(pending)
					s.answer("tab", "enter")
				}
				s.sees("shop already has a request in progress", tt.want)
				s.press("esc")
				s.sees("New request", "CN=shop")
			})
		})
	}
}

func TestRefusalKeepsTheForm(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t)
		s.vault.err = errors.New("no")
		s.press("CN=shop", "ctrl+s")
		s.answer("tab", "enter")
		s.sees("What you typed is kept")
		s.press("esc")
		s.sees("CN=shop")
		s.press("ctrl+s")
		s.sees("Create shop (prod)")
	})
}

// Where a certificate of the name exists, what becomes of its policy is said.
func TestCreateOverACertificate(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := creating(t, item("shop", nil), item("gone", func(it *model.Item) { it.Deletion = &model.Deletion{Purged: true} }))
		s.press("CN=shop", "ctrl+s")
		s.press("pgdown")
		s.sees("in place of the stored one")
		s.press("esc")
		s.fill(fieldName, "gone")
		s.press("ctrl+s", "pgdown")
		s.sees("The name is new in this vault")
	})
}
