package scm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

func TestParseDay(t *testing.T) {
	at := func(y int, m time.Month, d, h, min, s, ms int) time.Time {
		return time.Date(y, m, d, h, min, s, ms*1e6, time.UTC)
	}
	for written, want := range map[string]time.Time{
		"":                              {},
		"  ":                            {},
		"2026-05-21":                    at(2026, 5, 21, 0, 0, 0, 0),
		"05/21/2026":                    at(2026, 5, 21, 0, 0, 0, 0),
		"03/04/2026":                    at(2026, 3, 4, 0, 0, 0, 0), // the American default, never April
		"05/21/2026 12:24:26":           at(2026, 5, 21, 12, 24, 26, 0),
		"21.05.2026":                    at(2026, 5, 21, 0, 0, 0, 0),
		"2026/05/21":                    at(2026, 5, 21, 0, 0, 0, 0),
		"2025-05-21T12:34:24.371Z":      at(2025, 5, 21, 12, 34, 24, 371),
		"2025-05-21T12:34:24Z":          at(2025, 5, 21, 12, 34, 24, 0),
		"2025-05-21T12:24:27.916+00:00": at(2025, 5, 21, 12, 24, 27, 916),
		"2025-05-21T14:24:27.916+0200":  at(2025, 5, 21, 12, 24, 27, 916),
		"2025-05-21 12:24:26":           at(2025, 5, 21, 12, 24, 26, 0),
	} {
		if got, bad := parseDay(written); bad || !got.Equal(want) {
			t.Errorf("%q is %v, %v; want %v", written, got, bad, want)
		}
	}
	for _, written := range []string{
		"21/05/2026", "02/30/2026", "2026-13-01", "0000-00-00", "0001-01-01", "N/A", "yesterday", "20260521", "1747830266",
		"2026-05-21T", strings.Repeat("2", 1000),
	} {
		if got, bad := parseDay(written); !bad || !got.IsZero() {
			t.Errorf("%q is %v, %v; want it to be unreadable", written, got, bad)
		}
	}
}

func TestNamesInEveryForm(t *testing.T) {
	for written, want := range map[string][]string{
		`["a.example","b.example"]`:                                     {"a.example", "b.example"},
		`"a.example,b.example"`:                                         {"a.example", "b.example"},
		`"a.example; b.example; c.example"`:                             {"a.example", "b.example", "c.example"},
		`"dNSName=a.example, dNSName=*.b.example, iPAddress=192.0.2.1"`: {"a.example", "*.b.example", "192.0.2.1"},
		`["a.example, B.example","A.EXAMPLE"]`:                          {"a.example", "B.example"},
		`""`:                                                            nil,
		`null`:                                                          nil,
		`[]`:                                                            nil,
		`[1,null,"a.example"]`:                                          {"a.example"},
		`{"a":1}`:                                                       nil,
		`"https://x.example/?a=b"`:                                      {"https://x.example/?a=b"},
		`" , ;; "`:                                                      nil,
		`["a\u001b[31m.example"]`:                                       {`a\x1b[31m.example`},
	} {
		var n names
		if err := json.Unmarshal([]byte(written), &n); err != nil || !slices.Equal(n, want) {
			t.Errorf("%s: %q, %v; want %q", written, n, err, want)
		}
	}
	got := sans([]string{"a.example", "192.0.2.1", "2001:db8::1", "x@a.example", "https://a.example/x"})
	want := model.SANs{DNS: []string{"a.example"}, IPs: []string{"192.0.2.1", "2001:db8::1"}, Emails: []string{"x@a.example"}, URIs: []string{"https://a.example/x"}}
	if !slices.Equal(got.All(), want.All()) || len(got.IPs) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestSerialsAreNumbers(t *testing.T) {
	for _, test := range []struct {
		written, hex string
		bad          bool
	}{
		{"A9:3E:C0:61", "a93ec061", false},
		{"a93ec061", "a93ec061", false},
		{"00A93EC061", "a93ec061", false},
		{"0A:3E", "0a3e", false},
		{"a3e", "0a3e", false},
		{" 0x00 ", "00", false},
		{"-a3", "a3", false},
		{"a_3", "", true},
		{"00:0::11::2:2::33", "112233", false}, // a sample of the vendor's
		{"", "", false},
		{"N/A", "", false},
		{"pending", "", true},
		{strings.Repeat("1", 200), "", true},
	} {
		if hex, bad := parseSerial(test.written); hex != test.hex || bad != test.bad {
			t.Errorf("%q is %q, %v; want %q, %v", test.written, hex, bad, test.hex, test.bad)
		}
	}
	if !sameSerial("0A:3E", "a3e") || sameSerial("a3e", "a3f") {
		t.Error("serial numbers are not compared as numbers")
	}
}

func client(t testing.TB) *Backend {
	t.Helper()
	b, err := New(Options{
		Name: "acme", URL: "https://scm.example/api", CustomerURI: "acme-inc", Now: func() time.Time { return noon },
		Credential: Credential{Kind: CredentialPassword, Login: "api-admin", Secret: giving(password)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDetailsKeepTheRow(t *testing.T) {
	b := client(t)
	for name, test := range map[string]struct {
		body       string
		check      func(*model.Order, model.Certificate) bool
		unreadable []string
	}{
		"one impossible date": {
			`{"id":7,"commonName":"shop","status":"Issued","requested":"02/30/2026","issued":"03/04/2026","expires":"2026-09-19","term":199}`,
			func(o *model.Order, c model.Certificate) bool {
				return o.Issued.Equal(time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)) && c.NotAfter.Equal(o.Expires) && o.Requested.IsZero()
			}, []string{"requested"},
		},
		"every form of nothing": {
			`{"id":7,"status":"Requested","approved":"","issued":null,"serialNumber":"","expires":"05/21/2026","orderNumber":"N/A"}`,
			func(o *model.Order, c model.Certificate) bool {
				return o.Approved.IsZero() && o.Issued.IsZero() && !c.Issued && c.NotAfter.IsZero() && c.Serial == ""
			}, nil,
		},
		"the old name of the id, and types of other releases": {
			`{"sslId":"7","orgId":"99","term":"365","renewed":"true","reasonCode":4,"status":"Revoked","certType":"a name","customFields":{"a":"b"},"keyType":null}`,
			func(o *model.Order, _ model.Certificate) bool {
				return o.ID == "7" && o.OrganizationID == 99 && o.Term == 365 && o.Renewed && o.RevokedFor == "4" && o.Phase == model.OrderRevoked
			}, nil,
		},
		"an unknown status and unknown fields": {
			`{"id":7,"status":"Quarantined","flavour":{"a":[1,2]},"serialNumber":"zz"}`,
			func(o *model.Order, _ model.Certificate) bool {
				return o.Status == "Quarantined" && o.Phase == model.OrderUnknown && o.Phase.Open()
			}, []string{"serialNumber"},
		},
		"hostile text": {
			`{"id":7,"commonName":"shop\u001b]0;x\u0007","comments":"a\nb\u202e","status":"Issued\u0000"}`,
			func(o *model.Order, _ model.Certificate) bool {
				return o.CommonName == `shop\x1b]0;x\x07` && o.Comments == `a\nb\u202e` && o.Status == `Issued\x00`
			}, nil,
		},
		"a profile that is gone": {
			`{"id":7,"status":"Issued","certType":{"id":4711}}`,
			func(o *model.Order, _ model.Certificate) bool { return o.ProfileID == 4711 && o.Profile == "" }, nil,
		},
		"no moment of issue": {
			`{"id":7,"status":"Issued","expires":"2026-09-19","term":199,"certificateDetails":{"subjectAltNames":"dNSName=a, dNSName=b","sha1Hash":"AA:BB"},"keyType":"EC - P-256"}`,
			func(_ *model.Order, c model.Certificate) bool {
				return c.NotBefore.Equal(time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)) && len(c.SANs.DNS) == 2 && c.Thumbprint == "aabb" && c.KeyType == "EC P-256"
			}, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			it, err := b.detailed([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			if it.Ref != row(7) || !test.check(it.Order, it.Certificate) || !slices.Equal(it.Order.Unreadable, test.unreadable) {
				t.Errorf("%+v with %+v", it.Order, it.Certificate)
			}
		})
	}
	for _, body := range []string{"", "[]", `"x"`, `{"id":0}`, `{"id":-1}`, `{"commonName":"x"}`, `{"id":7`} {
		if it, err := b.detailed([]byte(body)); err == nil {
			t.Errorf("%s is read as %+v", body, it)
		}
	}
}

// TestTroubleOfAGateway: a page in SCM's place is not told as trouble of SCM's own,
// and leaves in doubt what became of a change.
func TestTroubleOfAGateway(t *testing.T) {
	page, own := fault{message: "Access blocked"}, fault{json: true, code: -1}
	for _, test := range []struct {
		name   string
		call   call
		status int
		fault  fault
		want   meaning
	}{
		{"a page for a read", call{}, 502, page, meaning{kind: backend.KindUnavailable, advice: adviceGateway}},
		{"a page for a change", call{changes: true}, 502, page, meaning{kind: backend.KindUncertain, advice: adviceDoubt}},
		{"SCM itself", call{}, 500, own, meaning{kind: backend.KindUnavailable, advice: adviceTrouble}},
	} {
		if got := classify(test.call, test.status, test.fault); got.kind != test.want.kind || got.advice != test.want.advice {
			t.Errorf("%s: %v, %v", test.name, got.kind, got.advice)
		}
	}
}
