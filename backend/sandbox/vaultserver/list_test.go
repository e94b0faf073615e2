package vaultserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// fillWith makes n issued and as many pending-only certificates, in turns.
func (b *bench) fillWith(n int) {
	b.t.Helper()
	var entries []Entry
	for i := range n {
		policy := Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}}
		entries = append(entries,
			Entry{Name: fmt.Sprintf("c%03d-live", i), Policy: policy, Issued: []Issue{{At: noon.Add(-time.Hour), Lifetime: 24 * time.Hour}}},
			Entry{Name: fmt.Sprintf("c%03d-pending", i), Policy: policy, Asked: &Asked{At: noon.Add(-time.Hour)}})
	}
	if filled, err := b.Fill(b.t.Context(), entries); err != nil || !filled {
		b.t.Fatal(filled, err)
	}
}

// walk follows the next links and returns the names on each page.
func (b *bench) walk(path string) (pages [][]string) {
	b.t.Helper()
	for range 100 {
		res := b.request(http.MethodGet, path, "").want(http.StatusOK)
		names := []string{}
		for _, v := range res.at("value").([]any) {
			id := v.(map[string]any)["id"].(string)
			names = append(names, id[strings.LastIndex(id, "/")+1:])
		}
		pages = append(pages, names)
		next, present := res.json["nextLink"]
		if !present {
			b.t.Fatalf("no nextLink in %s", res.text)
		}
		if next == nil {
			return pages
		}
		link, err := url.Parse(next.(string))
		if err != nil || link.Scheme != "https" || link.Host != host {
			b.t.Fatalf("nextLink %v: %v", next, err)
		}
		if strings.Contains(next.(string), "includePending") || !strings.Contains(next.(string), "&$skiptoken=") {
			b.t.Fatalf("nextLink %v is not of the recorded form", next)
		}
		path = link.RequestURI()
	}
	b.t.Fatal("the list does not end")
	return nil
}

func TestListPages(t *testing.T) {
	b := newBench(t)
	b.fillWith(25)
	tests := []struct {
		query string
		sizes []int
	}{
		{"&includePending=true", []int{25, 25, 0}}, // full pages are followed by another, if need be an empty one
		{"&includePending=false", []int{13, 12, 0}},
		{"", []int{13, 12, 0}},
		{"&includePending=true&maxresults=20", []int{20, 20, 10}},
		{"&maxresults=20", []int{10, 10, 5}},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			var sizes []int
			var all []string
			for _, page := range b.walk("/certificates" + version74 + tt.query) {
				sizes = append(sizes, len(page))
				all = append(all, page...)
			}
			if !slices.Equal(sizes, tt.sizes) {
				t.Errorf("pages of %v, want %v", sizes, tt.sizes)
			}
			if !slices.IsSorted(all) || len(slices.Compact(all)) != len(all) {
				t.Errorf("the walk is not once through all: %v", all)
			}
		})
	}
	empty := 0
	for _, page := range b.walk("/certificates" + version74 + "&maxresults=1") {
		if len(page) == 0 {
			empty++
		}
	}
	if empty != 26 { // one for each pending certificate, and the last
		t.Errorf("%d empty pages", empty)
	}
}

func TestListWhileObjectsCome(t *testing.T) {
	b := newBench(t)
	b.fillWith(2)
	first := b.request(http.MethodGet, "/certificates"+version74+"&maxresults=1", "")
	b.create("a-new-one", "Self")
	b.clock.advance(time.Minute)
	link, err := url.Parse(first.string("nextLink"))
	if err != nil {
		t.Fatal(err)
	}
	var rest []string
	for _, page := range b.walk(link.RequestURI()) {
		rest = append(rest, page...)
	}
	if !slices.Equal(rest, []string{"c001-live"}) {
		t.Errorf("after the first page comes %v", rest)
	}
}

func TestListItem(t *testing.T) {
	b := newBench(t)
	b.fillWith(1)
	got := b.request(http.MethodGet, "/certificates"+version74+"&includePending=true", "").want(http.StatusOK)
	want := `[{"attributes":{"created":C,"enabled":true,"exp":E,"nbf":N,"updated":C},"id":"https://` + host + `/certificates/c000-live","subject":"","x5t":"X"},` +
		`{"attributes":{"created":C,"enabled":false,"exp":P,"nbf":N,"updated":C},"id":"https://` + host + `/certificates/c000-pending","subject":""}]`
	created := noon.Add(-time.Hour)
	want = strings.NewReplacer("C", fmt.Sprint(created.Unix()), "N", fmt.Sprint(created.Add(-backdate).Unix()), "E", fmt.Sprint(created.Add(-backdate+24*time.Hour-time.Second).Unix()),
		"P", fmt.Sprint(created.AddDate(1, 0, 0).Unix()), "X", got.string("value", 0, "x5t")).Replace(want)
	if !sameJSON(t, fmt.Sprintf(`{"value":%s,"nextLink":null}`, want), got.text) {
		t.Errorf("got  %s\nwant %s", got.text, want)
	}
}

func TestListRefuses(t *testing.T) {
	b := newBench(t)
	for query, property := range map[string]string{"&maxresults=0": "maxresults", "&maxresults=26": "maxresults", "&maxresults=x": "maxresults", "&$skiptoken=x": "$skiptoken", "&$skiptoken=e30": "$skiptoken"} {
		b.request(http.MethodGet, "/certificates"+version74+query, "").wantError(http.StatusBadRequest, "BadParameter", "Property "+property+" has invalid value\r\n")
	}
}

func TestVersions(t *testing.T) {
	b := newBench(t)
	issues := make([]Issue, 27)
	for i := range issues {
		issues[i] = Issue{At: noon.AddDate(0, 0, i-30), Lifetime: 40 * 24 * time.Hour}
	}
	policy := Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}}
	if _, err := b.Fill(t.Context(), []Entry{{Name: "many", Policy: policy, Issued: issues}, {Name: "none", Policy: policy, Asked: &Asked{At: noon}}}); err != nil {
		t.Fatal(err)
	}
	pages := b.walk("/certificates/many/versions" + version74)
	if len(pages) != 2 || len(pages[0]) != 25 || len(pages[1]) != 2 {
		t.Fatalf("pages %v", pages)
	}
	for _, id := range slices.Concat(pages...) {
		got := b.get("/certificates/many/" + id).want(http.StatusOK)
		if got.string("id") != "https://"+host+"/certificates/many/"+id {
			t.Errorf("version %s reads back as %s", id, got.string("id"))
		}
	}
	if got := b.get("/certificates/many"); got.at("attributes", "created") != float64(issues[26].At.Unix()) {
		t.Error("the current version is not the newest")
	}
	for _, name := range []string{"none", "nobody"} {
		if pages := b.walk("/certificates/" + name + "/versions" + version74); len(pages) != 1 || len(pages[0]) != 0 {
			t.Errorf("%s has versions %v", name, pages)
		}
	}
}

func FuzzSkipToken(f *testing.F) {
	token, err := skipToken{NextMarker: "shop", IncludePending: true}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token, "25")
	f.Add("eyJOZXh0TWFya2VyIjoiMiE5MiFNREF3IiwiVGFyZ2V0TG9jYXRpb24iOjB9", "1")
	f.Add("e30", "-1")
	keys := []string{"a", "shop", "z"}
	f.Fuzz(func(t *testing.T, token, max string) {
		w, failed := newWindow(url.Values{"$skiptoken": {token}, "maxresults": {max}})
		if failed != nil {
			return
		}
		page, more := w.take(keys)
		if len(page) > w.size || more != (len(page) == w.size) {
			t.Errorf("a page of %d with size %d, more %v", len(page), w.size, more)
		}
	})
}
