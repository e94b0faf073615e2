package scmserver

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func (b *box) status(id int) Status {
	b.t.Helper()
	return into[detailsAnswer](b.t, b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)).Status
}

func TestApproveAndDecline(t *testing.T) {
	b := start(t)
	id, other := b.order(set("certType", approval)), b.order(set("certType", approval))
	for name, body := range map[string]any{"no message": members{}, "null": members{"message": nil}} {
		t.Run(name, func(t *testing.T) { b.expect(400, -1001, http.MethodPost, "/api/ssl/v1/approve/"+itoa(id), body) })
	}
	b.expect(400, -1601, http.MethodPost, "/api/ssl/v1/approve/"+itoa(id), members{"message": ""})
	b.expect(400, -1601, http.MethodPost, "/api/ssl/v1/decline/"+itoa(id), members{"message": strings.Repeat("x", 513)})
	b.expect(400, -1002, http.MethodPost, "/api/ssl/v1/approve/"+itoa(id), "")
	b.expect(400, -124, http.MethodPost, "/api/ssl/v1/approve/4711", members{"message": "x"})
	b.advance(30 * 24 * time.Hour)
	if got := b.status(id); got != StatusRequested {
		t.Fatalf("nobody approved and it is %s", got)
	}
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/approve/"+itoa(id), members{"message": "x"})
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/decline/"+itoa(other), members{"message": "x"})
	if one, two := b.status(id), b.status(other); one != StatusApproved || two != StatusDeclined {
		t.Errorf("%s %s", one, two)
	}
	for _, verb := range []string{"approve", "decline"} {
		b.expect(400, -1112, http.MethodPost, "/api/ssl/v1/"+verb+"/"+itoa(id), members{"message": "x"})
		b.expect(400, -1112, http.MethodPost, "/api/ssl/v1/"+verb+"/"+itoa(other), members{"message": "x"})
	}
	b.advance(10 * time.Second)
	if got := b.status(id); got != StatusIssued {
		t.Error(got)
	}
	if err := b.Decline(id, "other"); err == nil {
		t.Error("an issued order was declined")
	}
	if err := b.Approve(4711, "other"); err == nil {
		t.Error("no order was approved")
	}
}

func TestEVNeedsTwo(t *testing.T) {
	b := start(t)
	id, err := b.Add(Entry{CommonName: "ev.example.com", Organization: orgAcme, Profile: extended, Term: 199, RSA: true, Requested: noon, Status: StatusRequested})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(400, -1140, http.MethodPost, "/api/ssl/v1/approve/"+itoa(id), members{"message": "x"})
	if err := b.Approve(id, "other"); err != nil {
		t.Fatal(err)
	}
	b.advance(time.Minute)
	if got := b.status(id); got != StatusIssued {
		t.Error(got)
	}
}

func TestRevoke(t *testing.T) {
	b := start(t)
	for name, c := range map[string]struct {
		code int
		body any
		want string
	}{
		"number": {0, members{"reasonCode": 1, "reason": "x"}, "1"}, "text": {0, members{"reasonCode": "5", "reason": "x"}, "5"},
		"no code": {0, members{"reason": "x"}, "0"}, "null": {0, members{"reason": "x", "reasonCode": nil}, "0"},
		"code 2": {-1601, members{"reasonCode": 2, "reason": "x"}, ""}, "code 6": {-1601, members{"reasonCode": "6", "reason": "x"}, ""},
		"no reason": {-1001, members{"reasonCode": 1}, ""}, "empty reason": {-1601, members{"reason": ""}, ""},
		"long reason": {-1601, members{"reason": strings.Repeat("x", 513)}, ""}, "no body": {-1002, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			id := b.issued()
			if c.want == "" {
				b.expect(400, c.code, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(id), c.body)
				return
			}
			b.expect(204, 0, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(id), c.body)
			if d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)); d.ReasonCode != c.want || d.Status != StatusRevoked || d.Revoked == "" {
				t.Errorf("%+v", d)
			}
		})
	}
	reason := members{"reason": "x"}
	b.expect(400, -124, http.MethodPost, "/api/ssl/v1/revoke/4711", reason)
	b.expect(400, -102, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(b.order()), reason)
	id := b.issued()
	serial := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)).SerialNumber
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/revoke/serial/"+serial, reason)
	b.expect(400, -159, http.MethodPost, "/api/ssl/v1/revoke/serial/"+strings.ToLower(strings.ReplaceAll(serial, ":", "")), reason)
	b.expect(400, -5101, http.MethodPost, "/api/ssl/v1/revoke/serial/01:02", reason)
	old, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: quick, Term: 199, Requested: noon.AddDate(-1, 0, 0), Status: StatusExpired})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(400, -102, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(old), reason)
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/revoke/manual", members{"certId": old, "serialNumber": nil, "issuer": nil, "revokeDate": "2026-11-01T12:24:27.916+00:00", "reasonCode": 4})
	if d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(old), nil)); d.Revoked != "11/01/2026" {
		t.Errorf("%+v", d)
	}
	b.expect(400, -1601, http.MethodPost, "/api/ssl/v1/revoke/manual", members{"certId": old, "revokeDate": "soon"})
	b.expect(400, -5101, http.MethodPost, "/api/ssl/v1/revoke/manual", members{"serialNumber": "01", "issuer": "CN=x"})
}

func TestRenew(t *testing.T) {
	b := start(t)
	id := b.issued(set("term", 90))
	before := b.expect(200, 0, http.MethodGet, "/api/ssl/v1/collect/"+itoa(id)+"/x509CO", nil).body
	fresh := into[struct {
		SSLID int `json:"sslId"`
	}](t, b.expect(200, 0, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(id), nil)).SSLID
	if fresh == id || fresh == 0 {
		t.Fatal(fresh)
	}
	b.advance(time.Minute)
	old, renewed := chainOf(t, before)[0], chainOf(t, b.expect(200, 0, http.MethodGet, "/api/ssl/v1/collect/"+itoa(fresh)+"/x509CO", nil).body)[0]
	if !bytes.Equal(old.RawSubjectPublicKeyInfo, renewed.RawSubjectPublicKeyInfo) || old.SerialNumber.Cmp(renewed.SerialNumber) == 0 {
		t.Error("without a CSR the old key is used again, in another certificate")
	}
	d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil))
	n := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(fresh), nil))
	if !d.Renewed || d.RenewedDate == "" || d.Status != StatusIssued || n.Term != 90 || n.Comments != "" || n.Renewed {
		t.Errorf("%+v\n%+v", d, n)
	}
	if b.Enrolls("certty:") != 1 {
		t.Errorf("a renewal counts as an enroll: %v", b.Enrolled())
	}

	b.SetSettings(Settings{RenewalKeepsComments: true})
	for _, body := range []any{"", "{}", members{"csr": csrFor(t, newKey(t), "www.example.com")}} {
		next := into[struct {
			SSLID int `json:"sslId"`
		}](t, b.expect(200, 0, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(id), body)).SSLID
		if n := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(next), nil)); n.Comments != d.Comments {
			t.Errorf("%+v", n)
		}
	}
	b.expect(400, -10, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(id), members{"csr": "abcd"})
	b.expect(400, -124, http.MethodPost, "/api/ssl/v1/renewById/4711", "")
	b.expect(400, -105, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(b.order()), "")
	b.expect(400, -180, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(b.issued(set("certType", noRenew))), "")
	gone, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: 4711, Term: 365, Requested: noon, Status: StatusIssued})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(400, -111, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(gone), "")
	long, err := b.Add(Entry{CommonName: "www.example.com", Organization: orgAcme, Profile: quick, Term: 365, Requested: noon, Status: StatusIssued})
	if err != nil {
		t.Fatal(err)
	}
	b.expect(200, 0, http.MethodPost, "/api/ssl/v1/renewById/"+itoa(long), "")
	orders, err := b.Orders()
	if err != nil || orders[len(orders)-1].Term != 199 || orders[len(orders)-1].RenewalOf != long {
		t.Errorf("%+v %v", orders[len(orders)-1], err)
	}
}

func TestRenewByTheIDOfEnroll(t *testing.T) {
	b := start(t)
	r := into[struct {
		RenewID string `json:"renewId"`
	}](t, b.expect(200, 0, http.MethodPost, enrollPath, orderBody(t)))
	b.advance(time.Minute)
	if got := b.expect(204, 0, http.MethodPost, "/api/ssl/v1/renew/"+r.RenewID, ""); len(got.body) != 0 {
		t.Errorf("%s", got.body)
	}
	b.expect(400, -123, http.MethodPost, "/api/ssl/v1/renew/10", "")
	orders, err := b.Orders()
	if err != nil || len(orders) != 2 || orders[1].RenewalOf != orders[0].ID {
		t.Fatalf("%+v %v", orders, err)
	}
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/renew/manual/"+itoa(orders[1].ID), members{"id": orders[0].ID})
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/renew/manual/"+itoa(orders[1].ID), "")
	b.expect(400, -124, http.MethodPost, "/api/ssl/v1/renew/manual/4711", "")
	if orders, _ := b.Orders(); len(orders) != 2 || !orders[1].Renewed {
		t.Errorf("%+v", orders)
	}
}

func TestReplaceRefuses(t *testing.T) {
	b := start(t)
	id := b.issued()
	for name, c := range map[string]struct {
		code   int
		change func(members)
	}{
		"no reason": {-1001, func(m members) { delete(m, "reason") }}, "no CSR": {-7, func(m members) { delete(m, "csr") }},
		"names as a text":     {-1002, set("subjectAlternativeNames", "a.example.com")},
		"domain of nobody":    {-1010, set("subjectAlternativeNames", []string{"a.example.org"})},
		"domain not valid":    {-737, set("commonName", "www.old.example")},
		"an unreadable CSR":   {-10, set("csr", "abcd")},
		"reason far too long": {-1601, set("reason", strings.Repeat("x", 513))},
	} {
		t.Run(name, func(t *testing.T) {
			body := members{"csr": csrFor(t, newKey(t), "www.example.com"), "reason": "x"}
			c.change(body)
			b.expect(400, c.code, http.MethodPost, "/api/ssl/v1/replace/"+itoa(id), body)
		})
	}
	good := members{"csr": csrFor(t, newKey(t), "www.example.com"), "reason": "x"}
	b.expect(400, -124, http.MethodPost, "/api/ssl/v1/replace/4711", good)
	b.expect(400, -130, http.MethodPost, "/api/ssl/v1/replace/"+itoa(b.order()), good)
}

func TestUpdate(t *testing.T) {
	b := start(t)
	id := b.issued()
	put := func(status, code int, m members) reply {
		t.Helper()
		return b.expect(status, code, http.MethodPut, "/api/ssl/v1", m)
	}
	d := into[detailsAnswer](t, put(200, 0, members{
		"sslId": id, "comments": "new words", "externalRequester": "", "customFields": []members{{"name": "Cost centre", "value": "2"}},
		"requester": "jane", "suspendNotifications": true, "autoRenewDetails": members{"state": "Scheduled", "daysBeforeExpiration": 30},
		"term": 199, "commonName": "www.example.com", // what is said as it is changes nothing
	}))
	if d.Comments != "new words" || d.Requester != "jane" || !d.Suspended || d.AutoRenew != (autoRenew{"Scheduled", 30}) || d.CustomFields[0].Value != "2" || len(d.CustomFields) != 1 {
		t.Errorf("%+v", d)
	}
	if got := b.ids("renewalStatus=Scheduled"); !slices.Equal(got, []int{id}) {
		t.Error(got)
	}
	put(400, -1601, members{"sslId": id, "term": 90})
	put(400, -1001, members{"comments": "x"})
	put(400, -124, members{"sslId": 4711})
	put(400, -1601, members{"sslId": id, "comments": strings.Repeat("x", 1025)})
	put(400, -62, members{"sslId": id, "customFields": []members{}})
	put(400, -1601, members{"sslId": id, "externalRequester": "nobody"})
	if b.Enrolls("certty:0123456789abcdef:1") != 1 {
		t.Error("changed comments changed what was ordered")
	}

	waiting := b.order(set("certType", approval))
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/decline/"+itoa(waiting), members{"message": "x"})
	put(400, -36, members{"sslId": waiting, "term": 365})
	put(400, -639, members{"sslId": waiting, "orgId": 4711})
	put(400, -1010, members{"sslId": waiting, "subjectAlternativeNames": []string{"x.example.org"}})
	put(400, -10, members{"sslId": waiting, "csr": "abcd"})
	d = into[detailsAnswer](t, put(200, 0, members{
		"sslId": waiting, "certTypeId": quick, "term": 90, "orgId": deptWeb, "commonName": "new.example.com",
		"subjectAlternativeNames": []string{"new.example.com"}, "csr": csrFor(t, newKey(t), "new.example.com"),
	}))
	if d.Status != StatusRequested || d.Term != 90 || d.CertType.ID != quick || d.OrgID != deptWeb || d.CommonName != "new.example.com" || d.Declined != "" {
		t.Errorf("%+v", d)
	}
	b.expect(204, 0, http.MethodPost, "/api/ssl/v1/approve/"+itoa(waiting), members{"message": "x"})
	b.advance(time.Minute)
	if got := b.status(waiting); got != StatusIssued {
		t.Error(got)
	}
}

func TestDelete(t *testing.T) {
	b := start(t, func(o *Options) { o.Dir = t.TempDir() })
	id := b.issued()
	b.expect(400, -37, http.MethodDelete, "/api/ssl/v1/"+itoa(id), nil)
	for _, via := range []string{ViaImport, ViaDiscovery} {
		other, err := b.Add(Entry{CommonName: "x.example.com", Organization: orgAcme, Profile: quick, Term: 199, Requested: noon, Status: StatusIssued, Via: via})
		if err != nil {
			t.Fatal(err)
		}
		b.expect(204, 0, http.MethodDelete, "/api/ssl/v1/"+itoa(other), nil)
		b.expect(404, -5101, http.MethodGet, "/api/ssl/v1/"+itoa(other), nil)
		b.expect(404, -5101, http.MethodDelete, "/api/ssl/v1/"+itoa(other), nil)
	}
	if got := b.ids(""); !slices.Equal(got, []int{id}) {
		t.Error(got)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

func TestLocations(t *testing.T) {
	b := start(t)
	id := b.issued()
	path := "/api/ssl/v1/" + itoa(id) + "/location"
	if got := string(b.expect(200, 0, http.MethodGet, path, nil).body); got != "[]" {
		t.Error(got)
	}
	details := members{"details": members{"Azure Key Vault": "shop"}}
	at := b.expect(201, 0, http.MethodPost, path, details).header.Get("Location")
	if !strings.HasPrefix(at, b.http.URL+path+"/") {
		t.Fatal(at)
	}
	one := strings.TrimPrefix(at, b.http.URL)
	b.expect(200, 0, http.MethodPut, one, members{"details": members{"Azure Key Vault": "other"}})
	if l := into[location](t, b.expect(200, 0, http.MethodGet, one, nil)); l.Details["Azure Key Vault"] != "other" || l.Type != "CUSTOM" {
		t.Errorf("%+v", l)
	}
	b.expect(204, 0, http.MethodDelete, one, nil)
	for _, verb := range []string{http.MethodGet, http.MethodDelete} {
		b.expect(404, -5101, verb, one, nil)
	}
	b.expect(404, -5101, http.MethodPut, one, details)
	b.expect(404, -5101, http.MethodPost, "/api/ssl/v1/4711/location", details)
	b.expect(400, -1001, http.MethodPost, path, members{})
	b.expect(400, -1601, http.MethodPost, path, members{"details": members{}})
	b.expect(400, -1002, http.MethodPost, path, members{"details": members{"a": 1}})
	b.expect(400, -1002, http.MethodPost, path, members{"details": []int{}})
}

func TestPathsThatThereAreNot(t *testing.T) {
	b := start(t)
	for path, want := range map[string]int{
		"/api/ssl/v3": 404, "/api/ssl/v1/x": 404, "/api/ssl/v1/1/2/3": 404, "/api/": 404, "/api/order/v1": 404, "/api/ssl/v1/99999999999": 404, "/api/ssl/v1/enroll": 405,
		"/api/ssl/v1/keystore/1/p12": 501,
	} {
		if r := b.send(http.MethodGet, path, nil); r.status != want || r.code() >= 0 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/", "/ssl/v1", "/customer/certty-sandbox"} {
		if r := b.send(http.MethodGet, path, nil); r.status != 404 || !strings.HasPrefix(r.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %v", path, r.status, r.header)
		}
	}
	b.expect(413, -1, http.MethodPost, enrollPath, `{"comments":"`+strings.Repeat("x", maxBody)+`"}`)
	b.expect(400, -1002, http.MethodPost, enrollPath, `[]`)
	b.expect(400, -1002, http.MethodPost, enrollPath, `{} {}`)
}
