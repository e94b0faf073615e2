package query_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
	"certty/model/query"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// rows are a few of each kind, by name.
func rows() []query.Row {
	live := func(name string, left, life time.Duration) *model.Item {
		return &model.Item{
			Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: name},
			Certificate: model.Certificate{
				Issued: true, Enabled: true, Subject: "CN=" + name + ".example.com, O=Contoso GmbH", Issuer: "CN=Sectigo R36", Serial: "00a93e",
				NotBefore: noon.Add(left - life), NotAfter: noon.Add(left), Created: noon.Add(left - life), KeyType: "RSA 2048",
				SANs: model.SANs{DNS: []string{name + ".example.com"}}, Tags: map[string]string{"owner": "Web Team", "env": "live"},
			},
			ListedAt: noon, RequestReadAt: noon,
		}
	}
	asked := func(name, issuer string, phase model.Phase, ago time.Duration) *model.Item {
		return &model.Item{
			Ref:      model.Ref{Target: "test", Kind: model.KindCertificate, Key: name},
			Policy:   &model.Policy{Subject: "CN=" + name, Key: model.KeyProperties{Type: "EC", Curve: "P-384"}, SANs: model.SANs{DNS: []string{name + ".internal"}}},
			Request:  &model.Request{ID: "2c1f", Phase: phase, Issuer: model.Issuer{Name: issuer}, Since: noon.Add(-ago), ErrorCode: "Request rejected", ErrorMessage: "Größe"},
			ListedAt: noon, RequestReadAt: noon,
			Certificate: model.Certificate{Created: noon.Add(-ago)},
		}
	}
	items := []*model.Item{
		live("api-eu", 100*day, 199*day), live("api-us", 10*day, 199*day), live("expired", -day, 199*day),
		asked("mail", "", model.PhaseInProgress, 5*day), asked("intranet", "digicert", model.PhaseInProgress, time.Hour),
		asked("broken", "digicert", model.PhaseFailed, 3*time.Hour),
	}
	out := make([]query.Row, len(items))
	for i, it := range items {
		status := it.Status(noon)
		out[i] = query.Row{Item: it, Status: &status, Text: query.Text(it), Now: noon}
	}
	return out
}

func names(f *query.Filter) string {
	var out []string
	for _, r := range rows() {
		if f.Match(&r) {
			out = append(out, r.Item.Ref.Key)
		}
	}
	return strings.Join(out, " ")
}

func TestFilter(t *testing.T) {
	const all = "api-eu api-us expired mail intranet broken"
	for _, tt := range []struct{ filter, want string }{
		{"", all}, {"   ", all},
		{"api", "api-eu api-us"}, {"API us", "api-us"}, {"us api", "api-us"}, {"größe broken", "broken"}, {"GRÖSSE", ""},
		{"2c1f", "mail intranet broken"}, {"owner=web", "api-eu api-us expired"}, {"p-384", ""},
		{"!api", "expired mail intranet broken"}, {"!api !test", "expired"}, {"!!api", all},
		{"waits:", "mail"}, {`"waits: merge"`, "mail"}, {`!"waits: merge" test`, "intranet broken"}, {`"contoso gmbh"`, "api-eu api-us expired"},
		{"read reason", "broken"}, {`"a\"b"`, ""},
		{"~^api", "api-eu api-us"}, {"~API.us$", "api-us"}, {"!~api|test", "expired"}, {`~"waits: m"`, "mail"}, {`~^prod$`, "api-eu api-us expired"}, {`~\d{4}`, "api-eu api-us expired"},
		{"state:failed", "broken"}, {"state:waits", "mail"}, {"state:waits:merge", "mail"}, {"state:in-progress", "intranet"}, {`state:"in progress"`, "intranet"}, {"state:~^(failed|expired)$", "expired broken"}, {"!state:valid", "api-us expired mail intranet broken"},
		{"target:test", "mail intranet broken"}, {"name:test", ""}, {"name:~^i", "intranet"}, {"NAME:mail", "mail"},
		{"issuer:sectigo", "api-eu api-us expired"}, {"issuer:unknown", "mail"}, {"issuer:digi", "intranet broken"},
		{"subject:gmbh", "api-eu api-us expired"}, {"subject:mail", "mail"}, {"san:internal", "mail intranet broken"}, {"serial:a93e name:us", "api-us"},
		{"tag:owner=web", "api-eu api-us expired"}, {`tag:"web team" us`, "api-us"}, {"tag:nobody", ""},
		{"key:rsa", "api-eu api-us expired"}, {"key:p-384 mail", "mail"},
		{"who:you", "api-us expired mail broken"}, {"who:ca", "intranet"}, {"who:nobody", "api-eu"},
		{"left<20%", "api-us expired"}, {"left>=0.2", "api-eu"}, {"!left<20%", "api-eu mail intranet broken"}, {"left>50%", "api-eu"},
		{"days<30", "api-us expired"}, {"days<0", "expired"}, {"days>30d", "api-eu"},
		{"age>3d", "api-eu api-us mail"}, {"age<2h", "intranet"}, {"age<90m state:in", "intranet"}, {"age>1w !issued", "api-eu api-us"},
		{"left days age", ""}, {"a<b", ""}, {"https://x", ""}, {`x"y`, ""},
	} {
		f, err := query.Parse(tt.filter)
		if err != nil {
			t.Errorf("%q: %v", tt.filter, err)
			continue
		}
		if got := names(f); got != tt.want {
			t.Errorf("%q shows %q, want %q", tt.filter, got, tt.want)
		}
		if f.String() != tt.filter || f.Empty() != (strings.TrimSpace(tt.filter) == "") {
			t.Errorf("%q reads back as %q, empty: %v", tt.filter, f, f.Empty())
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, tt := range []struct {
		filter string
		at     int
		reason string
	}{
		{"api !", 5, "turns around"}, {"! api", 1, "turns around"},
		{`ä "b`, 3, "not closed"}, {`"a"b`, 4, "blank is missing"},
		{"state:", 7, "needs a value"}, {`x name:""`, 8, "needs a value"}, {"~", 2, "missing"}, {`""`, 1, "missing"},
		{"left<", 6, "such as 20%"}, {"left<x", 6, "such as 20%"}, {"left<2", 6, "such as 20%"}, {"left:20%", 5, "left<20%"}, {"days=3", 5, "days<30"},
		{"age>3", 5, "such as 3d"}, {"age>d", 5, "such as 3d"}, {"days<0x1p4", 6, "such as 30"}, {"days<inf", 6, "such as"}, {"days<1.2.3", 6, "such as"},
		{"left < 20%", 6, "no blanks"},
		{"~[a", 2, "missing closing ]: [a"}, {"api ~(", 6, "missing closing )"}, {"~a{1001}", 2, "repeat"}, {"~(.{900})", 2, "too large"}, {"~" + strings.Repeat("a", 257), 2, "at most 256"},
		{strings.Repeat("a", 4097), 4096, "at most 4096"},
	} {
		_, err := query.Parse(tt.filter)
		var wrong *query.SyntaxError
		if !errors.As(err, &wrong) {
			t.Errorf("%q was understood: %v", tt.filter, err)
			continue
		}
		if wrong.At != tt.at || !strings.Contains(wrong.Reason, tt.reason) {
			t.Errorf("%q: at %d %q, want at %d %q", tt.filter, wrong.At, wrong.Reason, tt.at, tt.reason)
		}
	}
}

func TestNarrows(t *testing.T) {
	for _, tt := range []struct {
		old, next string
		want      bool
	}{
		{"", "a", true}, {"a", "ab", true}, {"ab", "a", false}, {"a", "b a", true}, {"a b", "a", false},
		{"!ab", "!a", true}, {"!a", "!ab", false}, {"a", "!a", false},
		{"name:a", "name:ab", true}, {"a", "name:a", false}, {"name:a", "a", false}, {"state:a", "target:a", false},
		{"~a", "~a b", true}, {"~a", "~ab", false}, {"a", "~a", false},
		{"left<20%", "left<20% x", true}, {"left<20%", "left<10%", false}, {"left<20%", "days<20", false}, {"left<20%", "a", false},
	} {
		f, g := parse(t, tt.old), parse(t, tt.next)
		if got := g.Narrows(f); got != tt.want {
			t.Errorf("%q narrows %q: %v, want %v", tt.next, tt.old, got, tt.want)
		}
	}
}

func TestDoubt(t *testing.T) {
	for filter, want := range map[string]string{"stat:failed": "stat is no field", "api": "", "name:x": "", "00:a9": "", `!foo:x`: "foo is no field"} {
		if got := parse(t, filter).Doubt(); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", filter, got, want)
		}
	}
}

func parse(t *testing.T, s string) *query.Filter {
	t.Helper()
	f, err := query.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestOrder(t *testing.T) {
	for _, tt := range []struct {
		key       query.Key
		want, rev string
	}{
		{query.ByUrgency, "expired broken mail intranet api-us api-eu", "api-eu api-us intranet mail broken expired"},
		{query.ByName, "api-eu api-us broken expired intranet mail", "mail intranet expired broken api-us api-eu"},
		{query.ByTarget, "api-eu api-us expired broken intranet mail", "broken intranet mail api-eu api-us expired"},
		{query.ByState, "expired api-us broken intranet api-eu mail", "mail api-eu intranet broken api-us expired"},
		{query.ByAge, "intranet broken expired mail api-eu api-us", "mail expired broken intranet api-eu api-us"},
		// What has no life stays behind in both directions, by name.
		{query.ByLifeLeft, "expired api-us api-eu broken intranet mail", "api-eu api-us expired broken intranet mail"},
		{query.ByExpiry, "expired api-us api-eu broken intranet mail", "api-eu api-us expired broken intranet mail"},
	} {
		for flip, want := range map[bool]string{false: tt.want, true: tt.rev} {
			all := rows()
			o := query.Order{Key: tt.key, Flip: flip}
			slices.SortFunc(all, func(a, b query.Row) int { return o.Compare(a.Item, b.Item, a.Status, b.Status) })
			var got []string
			for _, r := range all {
				got = append(got, r.Item.Ref.Key)
			}
			if s := strings.Join(got, " "); s != want {
				t.Errorf("%s, flipped %v: %s, want %s", tt.key, flip, s, want)
			}
		}
	}
	if len(query.Keys()) != 7 || query.Keys()[0] != query.ByUrgency {
		t.Errorf("the keys are %v", query.Keys())
	}
}

// FuzzParse: whatever is typed is understood or refused with a place within it,
// and what narrows never shows a row that the wider filter hides.
// TestSameText: what changes the text is told, and what does not change it is
// mostly told as well.
func TestSameText(t *testing.T) {
	item := func() *model.Item {
		return &model.Item{
			Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop"},
			Certificate: model.Certificate{
				Subject: "CN=shop", Issuer: "CN=CA", Serial: "01", Thumbprint: "ab", KeyType: "RSA 2048", Tags: map[string]string{"team": "a"},
				SANs: model.SANs{DNS: []string{"a"}, Emails: []string{"b"}, UPNs: []string{"c"}, URIs: []string{"d"}, IPs: []string{"e"}},
			},
		}
	}
	for name, change := range map[string]func(*model.Item){
		"target":     func(it *model.Item) { it.Ref.Target = "test" },
		"subject":    func(it *model.Item) { it.Certificate.Subject = "x" },
		"issuer":     func(it *model.Item) { it.Certificate.Issuer = "x" },
		"serial":     func(it *model.Item) { it.Certificate.Serial = "x" },
		"thumbprint": func(it *model.Item) { it.Certificate.Thumbprint = "x" },
		"key":        func(it *model.Item) { it.Certificate.KeyType = "x" },
		"tag":        func(it *model.Item) { it.Certificate.Tags["team"] = "x" },
		"DNS":        func(it *model.Item) { it.Certificate.SANs.DNS[0] = "x" },
		"e-mail":     func(it *model.Item) { it.Certificate.SANs.Emails[0] = "x" },
		"UPN":        func(it *model.Item) { it.Certificate.SANs.UPNs[0] = "x" },
		"URI":        func(it *model.Item) { it.Certificate.SANs.URIs[0] = "x" },
		"IP":         func(it *model.Item) { it.Certificate.SANs.IPs[0] = "x" },
		"request":    func(it *model.Item) { it.Request = &model.Request{ID: "x"} },
		"policy":     func(it *model.Item) { it.Policy = &model.Policy{Issuer: model.Issuer{Name: "x"}} },
		"order":      func(it *model.Item) { it.Order = &model.Order{CommonName: "x"} },
		"record":     func(it *model.Item) { it.Record = &model.Record{Trouble: "x"} },
	} {
		is := item()
		change(is)
		if query.Text(is) == query.Text(item()) || query.SameText(item(), is) {
			t.Errorf("%s: the text is %q and counts as the same: %t", name, query.Text(is), query.SameText(item(), is))
		}
	}
	listed := item()
	listed.ListedAt, listed.Missed, listed.Certificate.Enabled = time.Now(), 1, true
	if !query.SameText(item(), listed) {
		t.Error("an item that was listed again counts as another text")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "api !eu", `~^a.*b$ name:"x y"`, "left<20% days>=30 age<3d", "state:in-progress", `"`, "!~", "ä:~(", `"a\"b"`, "left<=", "~(?s)a{3}", "~(?P<x>k)"} {
		f.Add(s, "a")
	}
	all := rows()
	f.Fuzz(func(t *testing.T, text, more string) {
		first, err := query.Parse(text)
		if err != nil {
			var wrong *query.SyntaxError
			if !errors.As(err, &wrong) || wrong.At < 1 || wrong.At > len(text)+1 || wrong.Reason == "" {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		second, err := query.Parse(text + more)
		narrows := err == nil && second.Narrows(first)
		for i := range all {
			wide := first.Match(&all[i])
			if narrows && !wide && second.Match(&all[i]) {
				t.Fatalf("%q narrows %q but shows %s", text+more, text, all[i].Item.Ref.Key)
			}
		}
	})
}

// BenchmarkMatch is one look at one row.
func BenchmarkMatch(b *testing.B) {
	all := rows()
	for _, filter := range []string{"9", "api eu", "state:failed", "left<20%", "~^api-[0-9]+$", `~\d\d-\d\d`} {
		f, err := query.Parse(filter)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filter, func(b *testing.B) {
			i := 0
			for b.Loop() {
				f.Match(&all[i%len(all)])
				i++
			}
		})
	}
}
