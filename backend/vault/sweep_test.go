package vault

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// listItem is an item of a list under a name; extra is more JSON.
func listItem(name, extra string) string {
	return `{"id":"https://kv.vault.azure.net/certificates/` + name + `","attributes":{"enabled":true,"nbf":1583847515,"exp":1715348915,"created":1583848115,"updated":1583848116,"recoveryLevel":"Recoverable"}` + extra + `}`
}

// serveList answers page after page; "NEXT" in a page is the link to the next.
func serveList(s *service, pages ...string) {
	s.on("GET /certificates", func(w http.ResponseWriter, r *http.Request) {
		var n int
		_, _ = fmt.Sscan(r.URL.Query().Get("$skiptoken"), &n)
		next := fmt.Sprintf("%s/certificates?api-version=2025-07-01&$skiptoken=%d&maxresults=25", s.URL, n+1)
		writeJSON(w, 200, strings.ReplaceAll(pages[min(n, len(pages)-1)], "NEXT", next))
	})
}

func collect(t *testing.T, v *Vault) (items []model.Item, pages []model.Page, err error) {
	t.Helper()
	for page, e := range v.Sweep(t.Context()) {
		pages = append(pages, page)
		items = append(items, page.Items...)
		err = e
	}
	return items, pages, err
}

func TestSweep(t *testing.T) {
	s := newService(t)
	var first string
	serveList(s,
		`{"value":[`+listItem("a", `,"x5t":"aDL7EBDV9ceB-JrIgicN5Z7Pd8g","subject":"CN=a","tags":{"owner":"web\u001b[2J"}`)+`],"nextLink":"NEXT"}`,
		`{"value":[],"nextLink":"NEXT"}`,
		`{"value":[`+listItem("b", `,"subject":""`)+`],"nextLink":null}`)
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if first == "" && r.Header.Get("Authorization") != "" {
			first = r.URL.RawQuery
		}
		inner.ServeHTTP(w, r)
	})
	items, pages, err := collect(t, s.vault(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"includePending=true", "maxresults=25", "api-version=2025-07-01"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first call's query %q lacks %s", first, want)
		}
	}
	if len(pages) != 2 || len(items) != 2 {
		t.Fatalf("%d pages with %d items, want 2 and 2", len(pages), len(items))
	}
	sum := pages[1].Summary
	if pages[0].Summary != nil || sum == nil || !sum.Complete || sum.Seen != 2 || sum.Total != -1 {
		t.Errorf("summary %+v", sum)
	}
	a, b := items[0].Certificate, items[1].Certificate
	if !a.Issued || a.Thumbprint != "6832fb1010d5f5c781f89ac882270de59ecf77c8" || a.Subject != "CN=a" || a.Tags["owner"] != `web\x1b[2J` ||
		!a.Enabled || a.NotAfter.Unix() != 1715348915 || a.Created.Unix() != 1583848115 || a.RecoveryLevel != "Recoverable" {
		t.Errorf("listed %+v", a)
	}
	if b.Issued || b.Thumbprint != "" {
		t.Errorf("listed as issued: %+v", b)
	}
}

// TestSweepKeepsWhatCanBeRead lists items that are wrong in one field each.
func TestSweepKeepsWhatCanBeRead(t *testing.T) {
	s := newService(t)
	serveList(s, `{"value":[`+strings.Join([]string{
		listItem("thumbprint", `,"x5t":"!!!"`),
		listItem("tags", `,"tags":["a"]`),
		listItem("nulltag", `,"tags":{"a":null}`),
		listItem("subject", `,"subject":{"cn":1}`),
		`{"id":"https://kv/certificates/times","attributes":{"exp":"soon","nbf":-1,"created":1e300,"updated":1.5}}`,
		`{"id":"https://kv/certificates/noattributes"}`,
	}, ",")+`],"unknown":true}`)
	items, _, err := collect(t, s.vault(t))
	if err != nil || len(items) != 6 {
		t.Fatalf("%d items, error %v; want 6 and none", len(items), err)
	}
	if c := items[0].Certificate; !c.Issued || c.Thumbprint != "!!!" {
		t.Errorf("bad thumbprint: %+v", c)
	}
	if c := items[4].Certificate; !c.NotAfter.IsZero() || !c.NotBefore.IsZero() || !c.Created.IsZero() || c.Updated.Unix() != 1 {
		t.Errorf("bad times: %+v", c)
	}
}

func TestSweepReportsWhatCanNotBeShown(t *testing.T) {
	for name, bad := range map[string]string{
		"no id":          `{"attributes":{}}`,
		"other object":   `{"id":"https://kv/secrets/x"}`,
		"no name":        `{"id":"https://kv/certificates/"}`,
		"control":        `{"id":"https://kv/certificates/a%1b%5b2J"}`,
		"slash":          `{"id":"https://kv/certificates/a%2fb"}`,
		"not an object":  `"x"`,
		"id is a number": `{"id":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			serveList(s, `{"value":[`+bad+`],"nextLink":"NEXT"}`, `{"value":[`+listItem("good", "")+`]}`)
			var names []string
			var last error
			for page, err := range s.vault(t).Sweep(t.Context()) {
				for _, it := range page.Items {
					names = append(names, it.Ref.Key)
				}
				if page.Summary != nil && page.Summary.Complete {
					t.Error("the sweep says that it is complete")
				}
				last = err
			}
			fails(t, last, backend.KindOther)
			if len(names) != 1 || names[0] != "good" {
				t.Errorf("listed %v, want the good one", names)
			}
		})
	}
}

func TestSweepRefusesLinks(t *testing.T) {
	other := newService(t)
	other.on("GET /", answering(200, `{"value":[]}`))
	tests := map[string]struct{ link, message string }{
		"other host":     {other.URL + "/certificates?$skiptoken=x", "another host"},
		"other port":     {"https://127.0.0.1:1/certificates", "another host"},
		"no TLS":         {"http://SELF/certificates", "another host"},
		"relative":       {"/certificates?$skiptoken=x", "another host"},
		"secrets":        {"https://SELF/secrets?api-version=7.4", "leads to /secrets"},
		"traversal":      {"https://SELF/certificates/../secrets", "leads to"},
		"not a URL":      {"https://SELF/%zz", "not a URL"},
		"user in it":     {"https://SELF@" + strings.TrimPrefix(other.URL, "https://") + "/certificates", "another host"},
		"ESC in the URL": {"https://x%1b[2J/certificates", "not a URL"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			link := strings.ReplaceAll(tc.link, "SELF", strings.TrimPrefix(s.URL, "https://"))
			s.on("GET /", answering(200, `{"value":[`+listItem("a", "")+`],"nextLink":"`+link+`"}`))
			_, _, err := collect(t, s.vault(t))
			if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, tc.message) {
				t.Errorf("message %q, want %q in it", e.Message, tc.message)
			}
			if n := s.count("GET"); n != 1 {
				t.Errorf("%d calls, want one", n)
			}
		})
	}
	if calls := other.seen(); len(calls) != 0 {
		t.Errorf("the token went to another host: %v", calls)
	}
}

func TestSweepEnds(t *testing.T) {
	t.Run("circle", func(t *testing.T) {
		s := newService(t)
		s.on("GET /certificates", answering(200, `{"value":[],"nextLink":"`+s.URL+`/certificates?$skiptoken=1"}`))
		_, _, err := collect(t, s.vault(t))
		if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, "circles") {
			t.Errorf("message %q", e.Message)
		}
	})
	t.Run("empty pages", func(t *testing.T) {
		s := newService(t)
		serveList(s, `{"value":[],"nextLink":"NEXT"}`)
		_, _, err := collect(t, s.vault(t))
		if e := fails(t, err, backend.KindOther); !strings.Contains(e.Message, "does not end") {
			t.Errorf("message %q", e.Message)
		}
	})
}

// TestSweepCutShort loses the second page: the first stays true and the sweep
// does not count as complete.
func TestSweepCutShort(t *testing.T) {
	s := newService(t)
	serveList(s, `{"value":[`+listItem("a", "")+`],"nextLink":"NEXT"}`, `{"value":[`)
	items, pages, err := collect(t, s.vault(t))
	fails(t, err, backend.KindOther)
	if len(items) != 1 || len(pages) != 2 {
		t.Fatalf("%d items on %d pages", len(items), len(pages))
	}
	if sum := pages[1].Summary; sum == nil || sum.Complete || sum.Seen != 1 {
		t.Errorf("summary %+v", sum)
	}
}
