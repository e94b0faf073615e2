package model

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"
	"time"
)

var orderNoon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// orderAccount has one of everything that an order can stumble over.
func orderAccount() *Account {
	day := 24 * time.Hour
	return &Account{
		Organizations: []Organization{
			{ID: 10, Name: "Acme", API: true, APIKnown: true},
			{ID: 11, Name: "Shop", ParentID: 10},
			{ID: 20, Name: "Silent", APIKnown: true},
			{ID: 21, Name: "Silent's", ParentID: 20, API: true, APIKnown: true},
			{ID: 30, Name: "Gone", GoneSince: orderNoon},
		},
		Profiles: []Profile{
			{ID: 1, Name: "Quick", Terms: []int{90, 199}, KeyTypes: map[string][]string{"RSA": {"2048"}, "EC": {"P-256"}}, Organizations: []int{10, 11}},
			{ID: 2, Name: "Elsewhere", Terms: []int{199}, Organizations: []int{20}},
			{ID: 3, Name: "Gone", Terms: []int{199}, GoneSince: orderNoon},
			{ID: 4, Name: "Without terms"},
		},
		Domains: []Domain{
			{ID: 1, Name: "example.com", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: orderNoon.Add(90 * day), Organizations: []int{10}},
			{ID: 2, Name: "open.example.org", State: "ACTIVE", Validation: "NOT_VALIDATED", Organizations: []int{10}},
			{ID: 3, Name: "past.example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: orderNoon.Add(-2 * day), Organizations: []int{10}},
			{ID: 4, Name: "today.example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Expires: orderNoon.Truncate(day), Organizations: []int{10}},
			{ID: 5, Name: "other.example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Organizations: []int{20}},
			{ID: 6, Name: "off.example.org", State: "SUSPENDED", Validation: "VALIDATED", Valid: true, Organizations: []int{10}},
			{ID: 7, Name: "gone.example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Organizations: []int{10}, GoneSince: orderNoon},
			{ID: 8, Name: "untold.example.org", State: "ACTIVE", Organizations: []int{10}},
			{ID: 9, Name: "deep.open.example.org", State: "ACTIVE", Validation: "VALIDATED", Valid: true, Organizations: []int{10}},
		},
		CustomFields: []CustomField{
			{ID: 1, Name: "Cost centre", Mandatory: true},
			{ID: 2, Name: "Stage", Type: "TEXT_OPTION", Options: []string{"prod", "test"}},
			{ID: 3, Name: "Go-live", Type: "DATE"}, {ID: 4, Name: "Seats", Type: "NUMBER"}, {ID: 5, Name: "Mail", Type: "EMAIL"},
		},
		ReadAt: orderNoon,
	}
}

func goodOrder() OrderSpec {
	return OrderSpec{
		CommonName: "shop.example.com", SANs: []string{"www.example.com", "*.example.com"}, OrganizationID: 10, ProfileID: 1, Term: 199,
		CustomFields: []CustomValue{{Name: "Cost centre", Value: "4711"}},
	}
}

func csrFor(t *testing.T, cn string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: cn}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestOrderProblems(t *testing.T) {
	p256 := OrderKey{"EC", "P-256"}
	custom := func(name, value string) func(*OrderSpec) {
		return func(s *OrderSpec) { s.CustomFields = append(s.CustomFields, CustomValue{name, value}) }
	}
	for name, tt := range map[string]struct {
		change func(*OrderSpec)
		key    OrderKey
		field  Field  // "" wants no problem
		says   string // a part of its text
	}{
		"nothing":                     {change: func(*OrderSpec) {}},
		"no common name":              {change: func(s *OrderSpec) { s.CommonName = "" }, field: InCommonName, says: "needed"},
		"common name too long":        {change: func(s *OrderSpec) { s.CommonName = strings.Repeat("a", 60) + ".example.com" }, field: InCommonName, says: "64 are allowed"},
		"common name at the limit":    {change: func(s *OrderSpec) { s.CommonName = strings.Repeat("a", 52) + ".example.com" }},
		"a SAN that is none":          {change: func(s *OrderSpec) { s.SANs = []string{"a..example.com"} }, field: InSANs, says: "a..example.com"},
		"no organization":             {change: func(s *OrderSpec) { s.OrganizationID = 0 }, field: InOrganization, says: "needed"},
		"unknown organization":        {change: func(s *OrderSpec) { s.OrganizationID = 99 }, field: InOrganization, says: "99"},
		"organization gone":           {change: func(s *OrderSpec) { s.OrganizationID, s.ProfileID = 30, 1 }, field: InOrganization, says: "any more"},
		"API switch off":              {change: func(s *OrderSpec) { s.OrganizationID, s.ProfileID = 20, 2 }, field: InOrganization, says: "switched off"},
		"API switch off above":        {change: func(s *OrderSpec) { s.OrganizationID = 21 }, field: InOrganization, says: "Silent"},
		"department, switch not told": {change: func(s *OrderSpec) { s.OrganizationID = 11 }},
		"no profile":                  {change: func(s *OrderSpec) { s.ProfileID = 0 }, field: InProfile, says: "needed"},
		"unknown profile":             {change: func(s *OrderSpec) { s.ProfileID = 99 }, field: InProfile, says: "99"},
		"profile gone":                {change: func(s *OrderSpec) { s.ProfileID = 3 }, field: InProfile, says: "any more"},
		"profile not delegated":       {change: func(s *OrderSpec) { s.ProfileID = 2 }, field: InProfile, says: "not delegated"},
		"term the profile lacks":      {change: func(s *OrderSpec) { s.Term = 365 }, field: InTerm, says: "it has 90, 199"},
		"profile without terms":       {change: func(s *OrderSpec) { s.ProfileID = 4 }, field: InTerm, says: "tells no term"},
		"key the profile lacks":       {change: func(*OrderSpec) {}, key: OrderKey{"EC", "P-521"}, field: InKey, says: "EC P-256, RSA 2048"},
		"key of a silent profile":     {change: func(s *OrderSpec) { s.ProfileID, s.Term = 4, 0 }, key: OrderKey{"EC", "P-521"}, field: InTerm},
		"CSR's key":                   {change: func(s *OrderSpec) { s.CSR = csrFor(t, "shop.example.com") }, key: p256, field: InKey, says: "EC P-384"},
		"CSR's name":                  {change: func(s *OrderSpec) { s.CSR = csrFor(t, "api.example.com") }, key: p256, field: InCommonName, says: "api.example.com"},
		"no CSR":                      {change: func(s *OrderSpec) { s.CSR = []byte("junk") }, key: p256, field: InKey, says: "no certificate request"},
		"description at the limit":    {change: func(s *OrderSpec) { s.Description = strings.Repeat("d", 998) }},
		"description one over":        {change: func(s *OrderSpec) { s.Description = strings.Repeat("d", 999) }, field: InDescription, says: "1 too many"},
		"emoji at the limit":          {change: func(s *OrderSpec) { s.Description = strings.Repeat("d", 996) + "🔑" }},
		"emoji over the limit":        {change: func(s *OrderSpec) { s.Description = strings.Repeat("d", 997) + "🔑" }, field: InDescription, says: "1 too many"},
		"requesters":                  {change: func(s *OrderSpec) { s.ExternalRequester = "a@example.com, b@example.com" }},
		"no requester":                {change: func(s *OrderSpec) { s.ExternalRequester = "a@example.com; b" }, field: InRequester},
		"requester too long":          {change: func(s *OrderSpec) { s.ExternalRequester = strings.Repeat("abc@example.com,", 40) + "a@example.com" }, field: InRequester, says: "512"},
		"mandatory field missing":     {change: func(s *OrderSpec) { s.CustomFields = nil }, field: InCustomField("Cost centre"), says: "mandatory"},
		"mandatory field blank":       {change: func(s *OrderSpec) { s.CustomFields[0].Value = " " }, field: InCustomField("Cost centre"), says: "mandatory"},
		"field too long":              {change: custom("Mail", strings.Repeat("a", 257)), field: InCustomField("Mail"), says: "256"},
		"field's option":              {change: custom("Stage", "dev"), field: InCustomField("Stage"), says: "prod, test"},
		"field's date":                {change: custom("Go-live", "21.11.2026"), field: InCustomField("Go-live"), says: "2026-11-21"},
		"field's number":              {change: custom("Seats", "many"), field: InCustomField("Seats"), says: "number"},
		"field's mail":                {change: custom("Mail", "nobody"), field: InCustomField("Mail"), says: "@"},
		"fields that are right": {change: func(s *OrderSpec) {
			custom("Stage", "prod")(s)
			custom("Go-live", "2026-12-01")(s)
			custom("Seats", "7")(s)
			custom("Mail", "a@b.example")(s)
		}},
		"unknown field":                    {change: custom("Colour", "red"), field: InCustomField("Colour"), says: "no such field"},
		"domain unknown":                   {change: func(s *OrderSpec) { s.CommonName = "shop.example.net" }, field: InCommonName, says: "no domain"},
		"domain not validated":             {change: func(s *OrderSpec) { s.SANs = []string{"a.open.example.org"} }, field: InSANs, says: "not validated"},
		"domain expired":                   {change: func(s *OrderSpec) { s.SANs = []string{"past.example.org"} }, field: InSANs, says: "ended on 2026-11-19"},
		"domain's last day":                {change: func(s *OrderSpec) { s.SANs = []string{"today.example.org"} }},
		"domain not delegated":             {change: func(s *OrderSpec) { s.SANs = []string{"other.example.org"} }, field: InSANs, says: "not delegated"},
		"domain suspended":                 {change: func(s *OrderSpec) { s.SANs = []string{"off.example.org"} }, field: InSANs, says: "SUSPENDED"},
		"domain gone":                      {change: func(s *OrderSpec) { s.SANs = []string{"gone.example.org"} }, field: InSANs, says: "any more"},
		"validation not told":              {change: func(s *OrderSpec) { s.SANs = []string{"untold.example.org"} }},
		"a better domain below":            {change: func(s *OrderSpec) { s.SANs = []string{"x.deep.open.example.org"} }},
		"domain validated for this order":  {change: func(s *OrderSpec) { s.SANs, s.DCV.Mode = []string{"a.open.example.org", "past.example.org"}, DCVCNAME }},
		"still not delegated":              {change: func(s *OrderSpec) { s.SANs, s.DCV.Mode = []string{"other.example.org"}, DCVTXT }, field: InSANs, says: "not delegated"},
		"still suspended":                  {change: func(s *OrderSpec) { s.SANs, s.DCV.Mode = []string{"off.example.org"}, DCVTXT }, field: InSANs, says: "SUSPENDED"},
		"wildcard and a file":              {change: func(s *OrderSpec) { s.DCV.Mode = DCVHTTP }, field: InDCV, says: "no wildcard such as *.example.com"},
		"a file":                           {change: func(s *OrderSpec) { s.SANs, s.DCV.Mode = nil, DCVHTTPS }},
		"e-mail without an address":        {change: func(s *OrderSpec) { s.DCV.Mode = DCVEmail }, field: InDCVEmail, says: "needed"},
		"e-mail with a bad address":        {change: func(s *OrderSpec) { s.DCV = OrderDCV{DCVEmail, "admin"} }, field: InDCVEmail, says: "@"},
		"e-mail":                           {change: func(s *OrderSpec) { s.DCV = OrderDCV{DCVEmail, "admin@example.com"} }},
		"no way to validate":               {change: func(s *OrderSpec) { s.DCV.Mode = "PIGEON" }, field: InDCV, says: "PIGEON"},
		"domain of the organization above": {change: func(s *OrderSpec) { s.OrganizationID = 11; s.SANs = []string{"other.example.org"} }, field: InSANs, says: "not delegated"},
	} {
		t.Run(name, func(t *testing.T) {
			spec := goodOrder()
			tt.change(&spec)
			if tt.key == (OrderKey{}) {
				tt.key = p256
			}
			problems := spec.Problems(orderAccount(), tt.key, orderNoon)
			if tt.field == "" {
				if len(problems) > 0 {
					t.Fatalf("problems with a good order: %v", problems)
				}
				return
			}
			if i := slices.IndexFunc(problems, func(p Problem) bool { return p.Field == tt.field && strings.Contains(p.Text, tt.says) }); i < 0 {
				t.Errorf("%v, want %q of %s", problems, tt.says, tt.field)
			}
		})
	}
}

// What the account does not tell stands in nobody's way.
func TestOrderProblemsOfASilentAccount(t *testing.T) {
	a := orderAccount()
	a.Domains, a.CustomFields = nil, nil
	a.Profiles[0].KeyTypes, a.Profiles[0].Organizations = nil, nil
	spec := goodOrder()
	spec.CustomFields = nil
	if p := spec.Problems(a, OrderKey{"EC", "P-521"}, orderNoon); len(p) > 0 {
		t.Errorf("problems: %v", p)
	}
	a = orderAccount()
	for i := range a.Domains {
		a.Domains[i].Organizations = nil
	}
	spec = goodOrder()
	spec.SANs = []string{"other.example.org"}
	if p := spec.Problems(a, OrderKey{"EC", "P-256"}, orderNoon); len(p) > 0 {
		t.Errorf("delegations that were not told: %v", p)
	}
}

func TestKeyOf(t *testing.T) {
	if key, err := KeyOf(csrFor(t, "a")); err != nil || key.String() != "EC P-384" {
		t.Errorf("%q, %v", key, err)
	}
	if _, err := KeyOf(nil); err == nil {
		t.Error("a key of nothing")
	}
}

// A name that no public CA signs, and an address, are refused before they are sent,
// in words that fit an order. Where the CA may be a private one it is doubted only.
func TestOrderedNames(t *testing.T) {
	for name, want := range map[string]string{
		"shop.example.com": "", "*.example.com": "", "my_shop.example.com": "7.1.2.7.12", "_dmarc.example.com": "underscore",
		"10.0.0.1": "an SCM order takes DNS names only", "2001:db8::1": "DNS names only", "ip:10.0.0.1": "DNS names only",
	} {
		s := OrderSpec{CommonName: name, SANs: []string{name}, ProfileID: 1}
		a := Account{Profiles: []Profile{{ID: 1, Name: "OV Multi-Domain", Terms: []int{199}}}}
		said := map[Field]string{}
		for _, p := range s.Problems(&a, OrderKey{}, time.Now()) {
			said[p.Field] += p.Text
		}
		if doubts := s.Doubts(&a); doubts != "" {
			t.Errorf("%s is doubted: %s", name, doubts)
		}
		for _, field := range []Field{InCommonName, InSANs} {
			if got := said[field]; (want == "") != (got == "") || !strings.Contains(got, want) || strings.Contains(got, "ip: before") {
				t.Errorf("%s as %s: %q", name, field, got)
			}
		}
	}
}

// Only what is certain is refused: whose a profile's CA is, the account does not tell.
func TestOrdersOfPrivateCAs(t *testing.T) {
	for _, tt := range []struct {
		profile Profile
		public  bool
	}{
		{Profile{Name: "OV Multi-Domain", Terms: []int{90, 199}}, true},
		{Profile{Name: "GÉANT EV Multi-Domain (customized for GÉANT Vereniging)"}, true},
		{Profile{Name: "InstantSSL", Description: "A DV certificate"}, true},
		{Profile{Name: "Private OV lookalike", Terms: []int{199}}, false},
		{Profile{Name: "OV servers", Description: "Signed by our internal CA"}, false},
		{Profile{Name: "OV servers", Terms: []int{199, 825}}, false},
		{Profile{Name: "Servers", Terms: []int{199}}, false},
		{Profile{Name: "Novell EVE"}, false},
	} {
		p := tt.profile
		p.ID = 1
		a := Account{Profiles: []Profile{p}}
		s := OrderSpec{CommonName: "my_shop.example.com", SANs: []string{"my_shop.example.com", "a.example.com"}, ProfileID: 1}
		refused := slices.ContainsFunc(s.Problems(&a, OrderKey{}, time.Now()), func(p Problem) bool { return strings.Contains(p.Text, "underscore") })
		if doubts := s.Doubts(&a); p.OfPublicCA() != tt.public || refused != tt.public || (doubts == "") != tt.public {
			t.Errorf("%q %q: public %t, refused %t, doubts %q", p.Name, p.Description, p.OfPublicCA(), refused, doubts)
		}
	}
	s := OrderSpec{CommonName: "a_b.example.com", SANs: []string{"a_b.example.com", "c_d.example.com"}, ProfileID: 1}
	a := Account{Profiles: []Profile{{ID: 1, Name: "Servers"}}}
	if got := s.Doubts(&a); !strings.HasPrefix(got, "a_b.example.com, c_d.example.com have underscores: a public CA refuses them, a private one may sign them") {
		t.Error(got)
	}
	if s.SANs = []string{"shop.example.com"}; s.Doubts(&Account{}) != "" {
		t.Error("without a profile nothing is in doubt")
	}
}
