package vaultserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const issuerPath = "/certificates/issuers/mine"

func TestIssuerAnswers(t *testing.T) {
	b := newBench(t)
	id := `"id":"https://` + host + issuerPath + `"`
	steps := []struct {
		name, method, body string
		after              time.Duration
		want               string
	}{
		// Recorded, one after the other.
		{"as bare as can be", http.MethodPut, `{"provider":"Test"}`, 0, `{` + id + `,"provider":"Test","attributes":{"enabled":true,"created":0,"updated":0}}`},
		{"replaced", http.MethodPut, `{"provider":"Test","credentials":{},"org_details":{"admin_details":[]},"attributes":{"enabled":true}}`, 5 * time.Second,
			`{` + id + `,"provider":"Test","credentials":{},"org_details":{"zip":0,"admin_details":[]},"attributes":{"enabled":true,"created":0,"updated":5}}`},
		{"with a password", http.MethodPut, `{"provider":"Test","credentials":{"account_id":"keyvaultuser","pwd":"hunter2"},"org_details":{"id":"TestOrg","admin_details":[{"first_name":"John","email":"a@b.c"}]}}`, 0,
			`{` + id + `,"provider":"Test","credentials":{"account_id":"keyvaultuser"},"org_details":{"id":"TestOrg","zip":0,"admin_details":[{"first_name":"John","email":"a@b.c"}]},"attributes":{"enabled":true,"created":0,"updated":5}}`},
		{"disabled", http.MethodPatch, `{"attributes":{"enabled":false}}`, time.Second,
			`{` + id + `,"provider":"Test","credentials":{"account_id":"keyvaultuser"},"org_details":{"id":"TestOrg","zip":0,"admin_details":[{"first_name":"John","email":"a@b.c"}]},"attributes":{"enabled":false,"created":0,"updated":6}}`},
		{"another account", http.MethodPatch, `{"credentials":{"account_id":"keyvaultuser2"}}`, 0,
			`{` + id + `,"provider":"Test","credentials":{"account_id":"keyvaultuser2"},"org_details":{"id":"TestOrg","zip":0,"admin_details":[{"first_name":"John","email":"a@b.c"}]},"attributes":{"enabled":false,"created":0,"updated":6}}`},
		{"another admin", http.MethodPatch, `{"org_details":{"admin_details":[{"first_name":"Jane"}]}}`, 0,
			`{` + id + `,"provider":"Test","credentials":{"account_id":"keyvaultuser2"},"org_details":{"id":"TestOrg","zip":0,"admin_details":[{"first_name":"Jane"}]},"attributes":{"enabled":false,"created":0,"updated":6}}`},
	}
	var last string
	for _, tt := range steps {
		b.clock.advance(tt.after)
		got := b.send(tt.method, issuerPath, tt.body).want(http.StatusOK)
		want := strings.NewReplacer(`"created":0`, fmt.Sprint(`"created":`, noon.Unix()), `"updated":0`, fmt.Sprint(`"updated":`, noon.Unix()),
			`"updated":5`, fmt.Sprint(`"updated":`, noon.Unix()+5), `"updated":6`, fmt.Sprint(`"updated":`, noon.Unix()+6)).Replace(tt.want)
		if !sameJSON(t, got.text, want) {
			t.Errorf("%s: %s\nwant %s", tt.name, got.text, want)
		}
		if last = got.text; b.get(issuerPath).want(http.StatusOK).text != last {
			t.Errorf("%s: it is read as %s", tt.name, b.get(issuerPath).text)
		}
	}
	if got := b.send(http.MethodDelete, issuerPath, "").want(http.StatusOK); got.text != last {
		t.Errorf("deleted: %s", got.text)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete, http.MethodPatch} {
		b.send(method, issuerPath, `{}`).wantError(http.StatusNotFound, "CertificateIssuerNotFound", "Issuer not found")
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.wantNowhere("hunter2")
}

func TestIssuerRefuses(t *testing.T) {
	b := newBench(t)
	for body, message := range map[string]string{
		`{"provider":"DigiCert","credentials":{"account_id":"a","pwd":"b"}}`: "Id in organization details is not set",
		`{"provider":"DigiCert","org_details":{"admin_details":[]}}`:         "Id in organization details is not set",
		`{"provider":"LetsEncrypt"}`:                                         "Property provider has invalid value. It is none of DigiCert, GlobalSign\r\n",
		`{}`:                                                                 "Property provider has invalid value. It is none of DigiCert, GlobalSign\r\n",
	} {
		b.send(http.MethodPut, issuerPath, body).wantError(http.StatusBadRequest, "BadParameter", message)
	}
	b.send(http.MethodPut, issuerPath, `{`).want(http.StatusBadRequest)
	b.send(http.MethodPut, "/certificates/issuers/Self", `{"provider":"Test"}`).want(http.StatusBadRequest)
	b.send(http.MethodPut, "/certificates/issuers/a_b", `{"provider":"Test"}`).want(http.StatusBadRequest)
	b.get(issuerPath).want(http.StatusNotFound)

	b.send(http.MethodPut, issuerPath, `{"provider":"GlobalSign"}`).want(http.StatusOK)
	b.send(http.MethodPatch, issuerPath, `{"provider":"DigiCert"}`).want(http.StatusBadRequest)
	if got := b.get(issuerPath).string("provider"); got != "GlobalSign" {
		t.Errorf("a refused change made it %s", got)
	}
}

// TestAccountsBehave: what a CA does follows from provider and account.
func TestAccountsBehave(t *testing.T) {
	tests := []struct {
		name, issuer string
		after        time.Duration
		status       string
		message      string
	}{
		{"Test", `{"provider":"test"}`, 8 * time.Second, "completed", ""},
		{"quick DigiCert", `{"provider":"DigiCert","credentials":{"account_id":"a","pwd":"b"},"org_details":{"id":"1"}}`, 8 * time.Second, "completed", ""},
		{"slow GlobalSign", `{"provider":"GlobalSign","credentials":{"account_id":"slow","pwd":"b"}}`, 6 * time.Hour, "completed", ""},
		{"strict DigiCert", `{"provider":"DigiCert","credentials":{"account_id":"Strict","pwd":"b"},"org_details":{"id":"1"}}`, 4 * time.Second, "failed",
			"The call to DigiCert failed with Error code access_denied|invalid_organization and Message The organization is not validated for this product."},
		{"broken Test", `{"provider":"Test","credentials":{"account_id":"broken"}}`, 6 * time.Second, "failed", "The call to Test failed with Error code 503 and Message Service unavailable."},
		{"without a password", `{"provider":"DigiCert","credentials":{"account_id":"a"},"org_details":{"id":"1"}}`, 4 * time.Second, "failed",
			"The call to DigiCert failed with Error code access_denied|access_denied_invalid_key and Message Access denied due to access_denied_invalid_key.."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := newBench(t)
			b.send(http.MethodPut, issuerPath, tt.issuer).want(http.StatusOK)
			b.create("shop", "MINE")
			b.clock.advance(tt.after - time.Millisecond)
			if got := b.get("/certificates/shop/pending").string("status"); got != "inProgress" {
				t.Errorf("before it is due: %s", got)
			}
			b.clock.advance(time.Millisecond)
			got := b.get("/certificates/shop/pending")
			if message, _ := got.at("error", "message").(string); got.string("status") != tt.status || message != tt.message {
				t.Errorf("when it is due: %s", got.text)
			}
		})
	}
}

func TestIssuerOfARequestGoes(t *testing.T) {
	b := newBench(t)
	b.create("shop", IssuerSlow)
	b.create("blog", IssuerSlow)
	b.send(http.MethodPatch, "/certificates/issuers/"+IssuerSlow, `{"attributes":{"enabled":false}}`).want(http.StatusOK)
	b.send(http.MethodPost, "/certificates/news/create", ecPolicy(IssuerSlow)).want(http.StatusBadRequest)
	b.send(http.MethodDelete, "/certificates/issuers/"+IssuerSlow, "").want(http.StatusOK)
	b.send(http.MethodPost, "/certificates/news/create", ecPolicy(IssuerSlow)).want(http.StatusBadRequest)
	b.send(http.MethodPatch, "/certificates/blog/pending", cancel).want(http.StatusOK)
	b.clock.advance(slowDelay)
	if got := b.get("/certificates/shop/pending").string("status"); got != "completed" {
		t.Errorf("the request is %s", got)
	}
	if got := b.get("/certificates/blog/pending").string("status"); got != "cancelled" {
		t.Errorf("the cancelled request is %s", got)
	}
}

func TestIssuerPages(t *testing.T) {
	b := newBench(t)
	for query, sizes := range map[string][]int{"": {5}, "&maxresults=5": {5}, "&maxresults=2": {2, 2, 1}} {
		var got []int
		for _, page := range b.walk("/certificates/issuers" + version74 + query) {
			got = append(got, len(page))
		}
		if !slices.Equal(got, sizes) {
			t.Errorf("%q: pages of %v, want %v", query, got, sizes)
		}
	}
}

func TestContacts(t *testing.T) {
	const path = "/certificates/contacts"
	dir := t.TempDir()
	b := openBench(t, dir)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		b.send(method, path, "").wantError(http.StatusNotFound, "ContactsNotFound", "Contacts not found")
	}
	for _, body := range []string{`{`, `{}`, `{"contacts":[]}`, `{"contacts":[{"name":"nobody"}]}`, `{"contacts":"a"}`} {
		b.send(http.MethodPut, path, body).want(http.StatusBadRequest)
	}
	// One address twice, as recorded.
	list := `[{"email":"one1@two.org"},{"email":"two@three.org","name":"giqu2"},{"email":"two@three.org","phone":"1234567891"}]`
	want := `{"id":"https://` + host + path + `","contacts":` + list + `}`
	if got := b.send(http.MethodPut, path, `{"contacts":`+list+`}`).want(http.StatusOK); !sameJSON(t, got.text, want) {
		t.Errorf("set: %s", got.text)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = openBench(t, dir)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if got := b.send(method, path, "").want(http.StatusOK); !sameJSON(t, got.text, want) {
			t.Errorf("%s: %s", method, got.text)
		}
	}
	b.get(path).want(http.StatusNotFound)
}

func TestSettingsOutliveTheServer(t *testing.T) {
	dir := t.TempDir()
	b := openBench(t, dir)
	b.send(http.MethodDelete, "/certificates/issuers/"+IssuerBroken, "").want(http.StatusOK)
	b.send(http.MethodPut, issuerPath, `{"provider":"GlobalSign","credentials":{"account_id":"a","pwd":"b"}}`).want(http.StatusOK)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = openBench(t, dir)
	b.get("/certificates/issuers/" + IssuerBroken).want(http.StatusNotFound)
	b.create("shop", "mine")
	b.clock.advance(quickDelay)
	if got := b.get("/certificates/shop/pending").string("status"); got != "completed" {
		t.Errorf("the issuer forgot that it had a password: %s", got)
	}
}

func TestPlannedTakeover(t *testing.T) {
	policy := Policy{Key: &KeyProperties{Kty: "EC"}, X509: &X509Properties{Subject: "CN=a"}}
	at := noon.Add(time.Minute)
	fill := func() *bench {
		b := newBench(t)
		if _, err := b.Fill(t.Context(), []Entry{{Name: "shared", Policy: policy, Asked: &Asked{At: noon.Add(-time.Hour)}, Replaced: at}}); err != nil {
			t.Fatal(err)
		}
		return b
	}
	b := fill()
	first := b.get("/certificates/shared/pending").string("request_id")
	b.clock.advance(time.Minute - time.Millisecond)
	if got := b.get("/certificates/shared/pending").string("request_id"); got != first {
		t.Error("the request was replaced before its time")
	}
	b.clock.advance(time.Millisecond)
	got := b.get("/certificates/shared/pending").want(http.StatusOK)
	if got.string("request_id") == first || got.string("status") != "inProgress" {
		t.Errorf("after the takeover: %s", got.text)
	}
	b.request(http.MethodGet, "/certificates/shared/pending"+version74+"&request_id="+first, "").want(http.StatusNotFound)

	// Who ended the first request has undone the plan.
	b = fill()
	b.send(http.MethodDelete, "/certificates/shared/pending", "").want(http.StatusOK)
	mine := b.create("shared", "Unknown").string("request_id")
	b.clock.advance(time.Hour)
	if got := b.get("/certificates/shared/pending").string("request_id"); got != mine {
		t.Error("a request of one's own was replaced")
	}
}

// FuzzIssuer: whatever the body is, no answer holds a password, and what is kept
// reads back the same.
func FuzzIssuer(f *testing.F) {
	for _, seed := range []string{
		`{"provider":"Test"}`, `{"provider":"DigiCert","credentials":{"account_id":"a","pwd":"hunter2"},"org_details":{"id":"1","admin_details":[{"first_name":"Ada"}]}}`,
		`{"attributes":{"enabled":null}}`, `{"credentials":null,"org_details":null}`, `{"org_details":{"admin_details":[null]}}`, `null`, `[]`, `{"provider":1}`,
	} {
		f.Add(seed)
	}
	c := &call{name: "mine", base: "https://" + host}
	f.Fuzz(func(t *testing.T, data string) {
		var body issuerBody
		if err := decode([]byte(data), &body); err != nil {
			return
		}
		is := &issuer{Name: "mine", Provider: providerTest, Attributes: Attributes{Enabled: new(true)}}
		is.apply(&body)
		if is.check() != nil {
			return
		}
		answer, err := json.Marshal(c.issuer(is).body)
		if err != nil {
			t.Fatal(err)
		}
		if body.Credentials != nil && body.Credentials.Password != nil && strings.Contains(string(answer), `"pwd"`) {
			t.Fatalf("a password in %s", answer)
		}
		kept, err := json.Marshal(is)
		if err != nil {
			t.Fatal(err)
		}
		var read issuer
		if err := json.Unmarshal(kept, &read); err != nil {
			t.Fatal(err)
		}
		if again, err := json.Marshal(read); err != nil || string(again) != string(kept) {
			t.Fatalf("%s\nis read as %s, %v", kept, again, err)
		}
	})
}
