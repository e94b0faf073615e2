package vault

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

const issuerJSONBody = `{"id":"https://kv.vault.azure.net/certificates/issuers/digicert","provider":"DigiCert","credentials":{"account_id":"12\u001b345"},
	"org_details":{"id":"678","zip":0,"admin_details":[{"first_name":"Ada","last_name":"L.","email":"ada@example.com","phone":"42"},{"email":"only@example.com"}]},
	"attributes":{"enabled":true,"created":1583848033,"updated":1583848034}}`

func TestIssuers(t *testing.T) {
	s := newService(t)
	listed := func(name, provider string) string {
		return `{"id":"https://kv.vault.azure.net/certificates/issuers/` + name + `","provider":"` + provider + `"}`
	}
	s.on("GET /certificates/issuers", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("maxresults") != "25" {
			t.Errorf("query %s", r.URL.RawQuery)
		}
		if r.URL.Query().Get("$skiptoken") == "" {
			writeJSON(w, 200, `{"value":[`+listed("digicert", "DigiCert")+`],"nextLink":"`+s.URL+`/certificates/issuers?maxresults=25&$skiptoken=1"}`)
			return
		}
		writeJSON(w, 200, `{"value":[`+listed("hidden", "Test")+","+listed("gone", "Test")+`],"nextLink":null}`)
	})
	s.on("GET /certificates/issuers/digicert", answering(200, issuerJSONBody))
	s.on("GET /certificates/issuers/hidden", answering(403, kvError("Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac")))
	s.on("GET /certificates/issuers/gone", answering(404, kvError("CertificateIssuerNotFound", "Issuer not found", "")))
	got, err := s.vault(t).Issuers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []model.IssuerInfo{
		{
			Name: "digicert", Provider: "DigiCert", Enabled: true, AccountID: `12\x1b345`, OrganizationID: "678",
			Admins:  []model.Contact{{Name: "Ada L.", Email: "ada@example.com", Phone: "42"}, {Email: "only@example.com"}},
			Created: time.Unix(1583848033, 0).UTC(), Updated: time.Unix(1583848034, 0).UTC(),
		},
		{Name: "hidden", Provider: "Test"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestIssuersFail(t *testing.T) {
	const list = `{"value":[{"id":"https://kv/certificates/issuers/a"},{"id":"https://kv/certificates/issuers/"}]}`
	for name, tc := range map[string]struct {
		list, issuer http.HandlerFunc
		kind         backend.ErrorKind
		message      string
	}{
		"may not list":   {answering(403, kvError("Forbidden", "x", "ForbiddenByRbac")), nil, backend.KindPermission, "x"},
		"bad id":         {answering(200, list), nil, backend.KindOther, "1 listed objects can't be shown"},
		"another object": {answering(200, `{"value":[{"id":"https://kv/certificates/issuers/a"}]}`), answering(200, `{"value":[]}`), backend.KindOther, "does not name an issuer"},
		"throttled":      {answering(200, `{"value":[{"id":"https://kv/certificates/issuers/a"}]}`), answering(429, ""), backend.KindThrottled, ""},
		"elsewhere":      {answering(200, `{"value":[],"nextLink":"https://evil.example/certificates/issuers"}`), nil, backend.KindOther, "another host"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/issuers", tc.list)
			if tc.issuer != nil {
				s.on("GET /certificates/issuers/a", tc.issuer)
			}
			_, err := s.vault(t).Issuers(t.Context())
			if e := fails(t, err, tc.kind); !strings.Contains(e.Message, tc.message) || e.Op != opIssuers {
				t.Errorf("error %+v, want %q", e, tc.message)
			}
		})
	}
}

func TestContacts(t *testing.T) {
	for name, tc := range map[string]struct {
		answer http.HandlerFunc
		want   []model.Contact
		fails  bool
		kind   backend.ErrorKind
	}{
		"some":        {answering(200, `{"id":"https://kv/certificates/contacts","contacts":[{"email":"a@example.com","name":"A\u0007","phone":"1"},{"email":"b@example.com"}]}`), []model.Contact{{Name: `A\x07`, Email: "a@example.com", Phone: "1"}, {Email: "b@example.com"}}, false, 0},
		"none":        {answering(404, kvError("ContactsNotFound", "Contacts not found", "")), nil, false, 0},
		"empty":       {answering(200, `{"contacts":[]}`), nil, false, 0},
		"other 404":   {answering(404, kvError("ResourceNotFound", "x", "")), nil, true, backend.KindNotFound},
		"404 of else": {answering(404, "<title>x</title>"), nil, true, backend.KindOther},
		"other JSON":  {answering(200, `{}`), nil, true, backend.KindOther},
		"not objects": {answering(200, `{"contacts":[1]}`), nil, true, backend.KindOther},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.on("GET /certificates/contacts", tc.answer)
			got, err := s.vault(t).Contacts(t.Context())
			if tc.fails {
				fails(t, err, tc.kind)
				return
			}
			if err != nil || !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, tc.want)
			}
		})
	}
}

func TestVersions(t *testing.T) {
	s := newService(t)
	version := func(id string, created int) string {
		return strings.Replace(listItem("web/"+id, `,"x5t":"AA"`), `"created":1583848115`, fmt.Sprintf(`"created":%d`, created), 1)
	}
	s.on("GET /certificates/web/versions", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("$skiptoken") == "" {
			writeJSON(w, 200, `{"value":[`+version("old", 1)+`],"nextLink":"`+s.URL+`/certificates/web/versions?$skiptoken=1"}`)
			return
		}
		writeJSON(w, 200, `{"value":[`+version("newest", 3)+","+version("middle", 2)+`],"nextLink":null}`)
	})
	got, err := s.vault(t).Versions(t.Context(), webCertificate())
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range got {
		ids = append(ids, c.Version)
		if !c.Issued || c.Thumbprint != "00" {
			t.Errorf("listed as %+v", c)
		}
	}
	if want := "newest middle old"; strings.Join(ids, " ") != want {
		t.Errorf("versions %v, want %s", ids, want)
	}
}

func TestVersion(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/old", answering(200, string(bundleBody(t, map[string]any{"id": "https://kv/certificates/web/old", "x5t": "AA"}))))
	s.on("GET /certificates/web/", answering(404, kvError("CertificateNotFound", "x", "")))
	ref := webCertificate()
	_, err := s.vault(t).Version(t.Context(), ref)
	fails(t, err, backend.KindNotFound)
	ref.Revision = "old"
	c, err := s.vault(t).Version(t.Context(), ref)
	if err != nil || c.Version != "old" || !c.Issued {
		t.Errorf("read as %+v, %v", c, err)
	}
}

func TestSweepDeleted(t *testing.T) {
	s := newService(t)
	const deletion = `,"x5t":"AA","recoveryId":"https://kv/deletedcertificates/a","deletedDate":1636059228,"scheduledPurgeDate":1643835228`
	var first string
	s.on("GET /deletedcertificates", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("$skiptoken") == "" {
			first = r.URL.RawQuery
			writeJSON(w, 200, `{"value":[`+listItem("a", deletion)+`],"nextLink":"`+s.URL+`/deletedcertificates?$skiptoken=1"}`)
			return
		}
		writeJSON(w, 200, `{"value":[`+listItem("b", "")+`],"nextLink":null}`)
	})
	v := s.vault(t)
	var items []model.Item
	var last model.Page
	for page, err := range v.Capabilities().SweepDeleted.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if page.Fields != model.FieldDeleted {
			t.Errorf("fields %b", page.Fields)
		}
		items, last = append(items, page.Items...), page
	}
	for _, want := range []string{"includePending=true", "maxresults=25"} {
		if !strings.Contains(first, want) {
			t.Errorf("the first call's query %q lacks %s", first, want)
		}
	}
	if len(items) != 2 || last.Summary == nil || !last.Summary.Complete || last.Summary.Seen != 2 {
		t.Fatalf("%d items, summary %+v", len(items), last.Summary)
	}
	want := model.Deletion{At: time.Unix(1636059228, 0).UTC(), PurgeAt: time.Unix(1643835228, 0).UTC(), SeenAt: v.now()}
	if it := items[0]; it.Ref.Key != "a" || it.Deletion == nil || *it.Deletion != want || !it.Certificate.Issued {
		t.Errorf("listed as %+v with %+v, want %+v", it, it.Deletion, want)
	}
	if d := items[1].Deletion; d == nil || !d.At.IsZero() || !d.PurgeAt.IsZero() {
		t.Errorf("a deletion without dates is %+v", d)
	}
}
