package model_test

import (
	"slices"
	"strings"
	"testing"

	"certty/model"
)

// says checks an error against the piece of text it must hold; "" is no error.
func says(t *testing.T, what string, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("%s: %v, want no error", what, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

func TestCheckName(t *testing.T) {
	for name, want := range map[string]string{
		"shop-example-com": "", "A": "", "-": "", "007": "", strings.Repeat("a", 127): "",
		"": "needed", strings.Repeat("a", 128): "128", "shop.example": "'.' at position 5", "a_b": "'_'", "ä": "'ä' at position 1", "a b": "' '",
	} {
		says(t, name, model.CheckName(name), want)
	}
}

func TestCheckSubject(t *testing.T) {
	for subject, want := range map[string]string{
		"":                                      "",
		"CN=www.example.com, O=Contoso, C=US":   "",
		"CN=" + strings.Repeat("a", 64):         "",
		"CN=" + strings.Repeat("ä", 64):         "",
		"CN=" + strings.Repeat("a", 65):         "65 characters",
		"O=" + strings.Repeat("a", 198):         "",
		"O=" + strings.Repeat("a", 199):         "201 characters",
		"C=USA":                                 "two-letter",
		"C=1A":                                  "two-letter",
		"nonsense":                              "position 1",
		"E=a@example.com, DC=example, DC=local": "",
	} {
		says(t, subject, model.CheckSubject(subject), want)
	}
}

func TestNameFrom(t *testing.T) {
	for text, want := range map[string]string{
		"shop.example.com":                   "shop-example-com",
		"Shop.Example.COM":                   "shop-example-com",
		"*.example.com":                      "wildcard-example-com",
		"CN=shop.example.com, O=Contoso":     "shop-example-com",
		"O=Contoso, CN=*.example.com":        "wildcard-example-com",
		"O=Contoso":                          "o-contoso",
		"  spaces  and__more ":               "spaces-and-more",
		"Müller":                             "m-ller",
		"":                                   "",
		"***":                                "",
		strings.Repeat("a", 200):             strings.Repeat("a", 127),
		strings.Repeat("a", 126) + ".b":      strings.Repeat("a", 126),
		`O="Contoso, Inc.", CN="a, b", C=US`: "a-b",
	} {
		got := model.NameFrom(text)
		if got != want {
			t.Errorf("NameFrom(%q) = %q, want %q", text, got, want)
		}
		if got != "" && model.CheckName(got) != nil {
			t.Errorf("NameFrom(%q) = %q is not legal: %v", text, got, model.CheckName(got))
		}
	}
}

func TestCheckNames(t *testing.T) {
	label := strings.Repeat("a", 63)
	long := strings.Join([]string{label, label, label, strings.Repeat("a", 61)}, ".")
	for _, tt := range []struct {
		kind  string
		check func(string) error
		names map[string]string
	}{
		{"dns", model.CheckDNS, map[string]string{
			"example.com": "", "*.example.com": "", "localhost": "", "xn--mller-kva.de": "", "_sip.example.com": "", "1.example.com": "", label + ".com": "", long: "",
			"": "needed", "*": "domain after", "*.": "needed", "*.*.com": "leftmost", "a.*.com": "whole leftmost", "w*.example.com": "whole leftmost", "**.example.com": "whole leftmost",
			"example.com.": "dot", "a..b": "empty label", ".a": "empty label", "-a.com": "hyphen", "a-.com": "hyphen", "müller.de": "xn--", "a b": "' '", "a@b": "'@'",
			label + "a.com": "63", long + "a": "254", "10.0.0.1": "ip:", "::1": "ip:",
		}},
		{"email", model.CheckEmail, map[string]string{
			"a@example.com": "", "a.b+c@example.com": "", "o'neil@example.com": "",
			"": "before and after", "a": "before and after", "@a": "before and after", "a@": "before and after", ".a@b.c": "dot", "a..b@c.d": "dot", "a b@c.d": "' '",
			"a@b@c.d": "'@'", "a@*.example.com": "wildcard", "a@-b": "hyphen", "Ada <a@b.c>": "' '", "ä@b.c": "'ä'", strings.Repeat("a", 65) + "@b.c": "64",
		}},
		{"upn", model.CheckUPN, map[string]string{
			"ada@corp": "", "müller@corp.example.com": "",
			"ada": "before and after", "@corp": "before and after", "a d@corp": "spaces", "a@b@c": "more than one", "a\x1b@b": "control",
		}},
		{"uri", model.CheckURI, map[string]string{
			"https://example.com/a?b": "", "urn:uuid:f81d4fae": "", "spiffe://a/b": "", "file:///etc": "", "mailto:a@b": "",
			"example.com": "no scheme", "https:": "nothing after", "https://": "nothing after", "https:///a": "no host", "http://[": "not a URI", "http://ä": "ASCII", "http://a b": "spaces", "": "no scheme",
		}},
		{"ip", model.CheckIP, map[string]string{
			"10.0.0.1": "", "::1": "", "2001:db8::1": "",
			"10.0.0.0/8": "network", "fe80::1%eth0": "zone", "10.0.0": "not an IP", "a": "not an IP", "": "not an IP",
		}},
	} {
		for name, want := range tt.names {
			says(t, tt.kind+" "+name, tt.check(name), want)
		}
	}
}

func TestParseSANs(t *testing.T) {
	tests := []struct {
		field string
		want  model.SANs
		says  []string
	}{
		{"", model.SANs{}, nil},
		{"a.example.com, *.b.example.com\nc;d\te", model.SANs{DNS: []string{"a.example.com", "*.b.example.com", "c", "d", "e"}}, nil},
		{"me@example.com 10.0.0.1 ::1 https://a/b urn:x:y upn:me@corp", model.SANs{
			Emails: []string{"me@example.com"}, IPs: []string{"10.0.0.1", "::1"}, URIs: []string{"https://a/b", "urn:x:y"}, UPNs: []string{"me@corp"},
		}, nil},
		{"DNS:a, IP Address:10.0.0.1, email:x@y.z, URI:https://a", model.SANs{
			DNS: []string{"a"}, IPs: []string{"10.0.0.1"}, Emails: []string{"x@y.z"}, URIs: []string{"https://a"},
		}, nil},
		{"a A dns:a b", model.SANs{DNS: []string{"a", "b"}}, nil},
		{"a, b_?, 10.0.0.0/8, ip:x, c", model.SANs{DNS: []string{"a", "c"}}, []string{"b_?: '?'", "10.0.0.0/8: is a network", "ip:x: is not an IP"}},
		{"dns:10.0.0.1 dns:", model.SANs{}, []string{"dns:10.0.0.1: is an IP address", "dns:: a name"}},
	}
	for _, tt := range tests {
		got, err := model.ParseSANs(tt.field)
		if !sameSANs(got, tt.want) {
			t.Errorf("ParseSANs(%q) = %+v, want %+v", tt.field, got, tt.want)
		}
		if len(tt.says) == 0 {
			says(t, tt.field, err, "")
		}
		for _, want := range tt.says {
			says(t, tt.field, err, want)
		}
	}
}

func sameSANs(a, b model.SANs) bool {
	return slices.Equal(a.DNS, b.DNS) && slices.Equal(a.Emails, b.Emails) && slices.Equal(a.UPNs, b.UPNs) &&
		slices.Equal(a.URIs, b.URIs) && slices.Equal(a.IPs, b.IPs)
}

func TestCheckSANs(t *testing.T) {
	good := model.SANs{DNS: []string{"a"}, Emails: []string{"a@b.c"}, UPNs: []string{"a@b"}, URIs: []string{"https://a"}, IPs: []string{"::1"}}
	says(t, "good", model.CheckSANs(good), "")
	says(t, "none", model.CheckSANs(model.SANs{}), "")
	bad := model.SANs{DNS: []string{"a", "b c"}, IPs: []string{"x"}}
	says(t, "first", model.CheckSANs(bad), "b c: ")
	says(t, "second", model.CheckSANs(bad), "x: is not an IP")
}

func TestProblems(t *testing.T) {
	yes := true
	spec := func(change func(*model.CreateSpec)) model.CreateSpec {
		s := model.CreateSpec{Name: "shop", Policy: model.Policy{Subject: "CN=shop.example.com"}}
		if change != nil {
			change(&s)
		}
		return s
	}
	key := func(k model.KeyProperties) func(*model.CreateSpec) {
		return func(s *model.CreateSpec) { s.Policy.Key = k }
	}
	action := func(months int, a model.LifetimeAction) func(*model.CreateSpec) {
		return func(s *model.CreateSpec) {
			s.Policy.ValidityMonths, s.Policy.LifetimeActions = months, []model.LifetimeAction{a}
		}
	}
	tests := []struct {
		name   string
		change func(*model.CreateSpec)
		want   []model.Field
	}{
		{"the least", nil, nil},
		{"a SAN instead of a subject", func(s *model.CreateSpec) { s.Policy.Subject, s.Policy.SANs.DNS = "", []string{"a"} }, nil},
		{"everything wrong", func(s *model.CreateSpec) {
			*s = model.CreateSpec{Name: "a.b", Policy: model.Policy{SANs: model.SANs{DNS: []string{"a b", "c d"}}, Key: model.KeyProperties{Type: "oct"}, ValidityMonths: -1, EKUs: []string{"serverAuth"}}}
		}, []model.Field{model.InName, model.InSANs, model.InSANs, model.InKeyType, model.InEKUs, model.InValidity}},
		{"neither subject nor SAN", func(s *model.CreateSpec) { s.Policy.Subject = " " }, []model.Field{model.InSubject}},
		{"RSA sizes", key(model.KeyProperties{Type: "RSA", Size: 4096}), nil},
		{"RSA-HSM", key(model.KeyProperties{Type: "RSA-HSM", Size: 3072}), nil},
		{"RSA of the default type", key(model.KeyProperties{Size: 1024}), []model.Field{model.InKeySize}},
		{"RSA with a curve", key(model.KeyProperties{Type: "RSA", Curve: "P-256"}), []model.Field{model.InCurve}},
		{"EC", key(model.KeyProperties{Type: "EC", Curve: "P-256K"}), nil},
		{"EC with its size", key(model.KeyProperties{Type: "EC-HSM", Curve: "P-384", Size: 384}), nil},
		{"EC with another size", key(model.KeyProperties{Type: "EC", Curve: "P-384", Size: 256}), []model.Field{model.InKeySize}},
		{"EC with no curve of Key Vault", key(model.KeyProperties{Type: "EC", Curve: "P-224"}), []model.Field{model.InCurve}},
		{"an HSM's key for export", key(model.KeyProperties{Type: "EC-HSM", Exportable: &yes}), []model.Field{model.InExportable}},
		{"content type", func(s *model.CreateSpec) { s.Policy.ContentType = "application/pkcs12" }, []model.Field{model.InContentType}},
		{"key usage", func(s *model.CreateSpec) { s.Policy.KeyUsage = []string{"digitalSignature", "crlSign", "sign"} }, []model.Field{model.InKeyUsage}},
		{"EKUs", func(s *model.CreateSpec) { s.Policy.EKUs = []string{"1.3.6.1.5.5.7.3.1", "1", "3.1", "1.02"} }, []model.Field{model.InEKUs, model.InEKUs, model.InEKUs}},
		{"many months", func(s *model.CreateSpec) { s.Policy.ValidityMonths = 1200 }, nil},
		{"months beyond the service", func(s *model.CreateSpec) { s.Policy.ValidityMonths = 1 << 31 }, []model.Field{model.InValidity}},
		{"renew at 80 percent", action(12, model.LifetimeAction{Action: "AutoRenew", Percentage: 80}), nil},
		{"renew 30 days before", action(0, model.LifetimeAction{Action: "EmailContacts", DaysBeforeExpiry: 30}), nil},
		{"the last day before", action(2, model.LifetimeAction{Action: "EmailContacts", DaysBeforeExpiry: 54}), nil},
		{"too many days before", action(2, model.LifetimeAction{Action: "EmailContacts", DaysBeforeExpiry: 55}), []model.Field{model.InLifetimeActions}},
		{"100 percent", action(12, model.LifetimeAction{Action: "AutoRenew", Percentage: 100}), []model.Field{model.InLifetimeActions}},
		{"both triggers", action(12, model.LifetimeAction{Action: "AutoRenew", Percentage: 80, DaysBeforeExpiry: 5}), []model.Field{model.InLifetimeActions}},
		{"no trigger, no action", action(12, model.LifetimeAction{}), []model.Field{model.InLifetimeActions, model.InLifetimeActions}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := spec(tt.change)
			var got []model.Field
			for _, p := range s.Problems() {
				got = append(got, p.Field)
				if p.Text == "" {
					t.Errorf("a problem with %s says nothing", p.Field)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("problems %+v, want %v", s.Problems(), tt.want)
			}
		})
	}
}

func FuzzParseSANs(f *testing.F) {
	for _, s := range []string{"a.example.com, *.b", "ip:10.0.0.1 ::1", "me@example.com upn:me@corp", "https://a/b urn:x:y", "IP Address:10.0.0.1, DNS:a", "dns: ip: uri:", "10.0.0.0/8", "fe80::1%a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, field string) {
		sans, _ := model.ParseSANs(field)
		if err := model.CheckSANs(sans); err != nil {
			t.Fatalf("ParseSANs(%q) let through what CheckSANs refuses: %v", field, err)
		}
		// What was understood is understood again, with its kind before it.
		var words []string
		for prefix, names := range map[string][]string{"dns:": sans.DNS, "email:": sans.Emails, "upn:": sans.UPNs, "uri:": sans.URIs, "ip:": sans.IPs} {
			for _, name := range names {
				words = append(words, prefix+name)
			}
		}
		again, err := model.ParseSANs(strings.Join(words, " "))
		if err != nil || again.Len() != sans.Len() {
			t.Fatalf("%q was understood as %+v, then as %+v, %v", field, sans, again, err)
		}
	})
}

func FuzzNameFrom(f *testing.F) {
	for _, s := range []string{"shop.example.com", "*.example.com", "CN=a, O=b", "Müller", "--a--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if name := model.NameFrom(s); name != "" && model.CheckName(name) != nil {
			t.Fatalf("NameFrom(%q) = %q: %v", s, name, model.CheckName(name))
		}
	})
}
