package scmserver

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestOrganizations(t *testing.T) {
	b := start(t)
	want := `[{"id":10,"name":"Acme","departments":[{"id":11,"parentName":"Acme","name":"Web"}]},{"id":20,"name":"Silent","departments":[]},{"id":30,"name":"Unproven","departments":[]}]`
	if got := string(b.expect(200, 0, http.MethodGet, "/api/organization/v1", nil).body); got != want {
		t.Error(got)
	}
	d := into[organizationDetails](t, b.expect(200, 0, http.MethodGet, "/api/organization/v1/10", nil))
	if d.ContactEmails != "pki@example.com,it@example.com" || !d.SSLEnabled || len(d.Departments) != 1 || d.StateOrProvince != "Berlin" {
		t.Errorf("%+v", d)
	}
	if d := into[organizationDetails](t, b.send(http.MethodGet, "/api/organization/v1/11", nil)); d.ParentName != "Acme" || d.ParentID != orgAcme {
		t.Errorf("%+v", d)
	}
	if d := into[organizationDetails](t, b.send(http.MethodGet, "/api/organization/v1/20", nil)); d.SSLEnabled {
		t.Errorf("%+v", d)
	}
	b.expect(404, -1023, http.MethodGet, "/api/organization/v1/4711", nil)
	b.expect(404, -1023, http.MethodGet, "/api/organization/v2/4711/validations", nil)
	status := func() string {
		return into[[]validationAnswer](t, b.expect(200, 0, http.MethodGet, "/api/organization/v2/10/validations", nil))[0].Status
	}
	if v := into[[]validationAnswer](t, b.send(http.MethodGet, "/api/organization/v2/11/validations", nil)); len(v) != 2 || v[0].Level != LevelOV || v[0].Expires != "2027-05-21T12:00:00.000Z" {
		t.Errorf("a department's: %+v", v)
	}
	if got := status(); got != Validated {
		t.Error(got)
	}
	b.advance(200 * 24 * time.Hour)
	if got := status(); got != Expired {
		t.Error(got)
	}
	b.expect(400, -843, http.MethodPost, enrollPath, orderBody(t))
}

func TestDomains(t *testing.T) {
	b := start(t)
	names := func(query string) []string {
		t.Helper()
		r := b.expect(200, 0, http.MethodGet, "/api/domain/v1?"+query, nil)
		all := []string{}
		for _, d := range into[[]domainIdentity](t, r) {
			all = append(all, d.Name)
		}
		count := into[struct{ Count int }](t, b.send(http.MethodGet, "/api/domain/v1/count?"+query, nil)).Count
		head := b.send(http.MethodHead, "/api/domain/v1?"+query, nil).header.Get("X-Total-Count")
		if total := r.header.Get("X-Total-Count"); total != itoa(count) || total != head {
			t.Errorf("%s: total %s, count %d, HEAD %s", query, total, count, head)
		}
		return all
	}
	for query, want := range map[string][]string{
		"name=example.c": {"example.com"}, "state=inactive": {"asleep.example"}, "status=requested": {"asked.example"}, "size=1&position=1": {"old.example"},
		"orgId=30": {"example.com", "old.example", "fresh.example", "asleep.example"}, "state=active&status=approved&orgId=20": {"example.com", "old.example", "fresh.example"},
	} {
		if got := names(query); !slices.Equal(got, want) {
			t.Errorf("%s: %v", query, got)
		}
	}
	for _, query := range []string{"state=asleep", "status=maybe", "name=x", "size=201", "orgId=x"} {
		b.expect(400, -1601, http.MethodGet, "/api/domain/v1?"+query, nil)
	}
	for id, want := range map[string][3]string{"201": {"VALIDATED", "ACTIVE", "ACTIVE"}, "202": {"EXPIRED", "ACTIVE", "ACTIVE"}, "203": {"NOT_VALIDATED", "ACTIVE", "ACTIVE"}, "204": {"VALIDATED", "REQUESTED", "ACTIVE"}, "205": {"VALIDATED", "ACTIVE", "SUSPENDED"}} {
		d := into[domainAnswer](t, b.expect(200, 0, http.MethodGet, "/api/domain/v1/"+id, nil))
		if got := [3]string{d.ValidationStatus, d.DelegationStatus, d.State}; got != want {
			t.Errorf("%s: %v", id, got)
		}
	}
	if d := into[domainAnswer](t, b.send(http.MethodGet, "/api/domain/v1/201", nil)); d.Expiration != "2027-05-21" || d.ValidationMethod != "CNAME" || strings.Join(d.Delegations[0].Privileges, " ") != "DOMAIN SUBDOMAIN" {
		t.Errorf("%+v", d)
	}
	b.expect(404, -727, http.MethodGet, "/api/domain/v1/4711", nil)
}

func TestDomainValidation(t *testing.T) {
	b := start(t)
	rows := func(query string) []dcvRow {
		t.Helper()
		return into[[]dcvRow](t, b.expect(200, 0, http.MethodGet, "/api/dcv/v2/validation?"+query, nil))
	}
	for query, want := range map[string]int{"": 7, "domain=old": 1, "dcvStatus=EXPIRED": 1, "dcvStatus=Not%20validated": 1, "orderStatus=SUBMITTED": 1, "org=30": 4, "department=11": 0, "expiresIn=365": 6, "expiresIn=5": 1, "size=3": 3} {
		if got := rows(query); len(got) != want {
			t.Errorf("%s: %+v", query, got)
		}
	}
	b.expect(400, -1601, http.MethodGet, "/api/dcv/v1/validation?expiresIn=x", nil)
	b.expect(400, -1601, http.MethodGet, "/api/dcv/v1/validation?size=201", nil)
	ask := func(path string, domain string) dcvState {
		t.Helper()
		return into[dcvState](t, b.expect(200, 0, http.MethodPost, "/api/dcv/v2/validation/"+path, members{"domain": domain}))
	}
	if got := ask("status", "fresh.example"); got.Status != NotValidated || got.OrderStatus != "SUBMITTED" || !strings.HasSuffix(got.Host, ".fresh.example.") || got.LastCheck == "" {
		t.Errorf("%+v", got)
	}
	if got := ask("status", "example.com"); got.Status != Validated || got.OrderStatus != "NOT_INITIATED" || got.Host != "" {
		t.Errorf("%+v", got)
	}
	for _, path := range []string{"status", "sync", "start/domain/cname", "submit/domain/cname"} {
		b.expect(404, -727, http.MethodPost, "/api/dcv/v2/validation/"+path, members{"domain": "nobody.example"})
		b.expect(400, -1001, http.MethodPost, "/api/dcv/v2/validation/"+path, members{})
		b.expect(400, -1601, http.MethodPost, "/api/dcv/v2/validation/"+path, members{"domain": "x"})
	}
	b.expect(404, -1, http.MethodPost, "/api/dcv/v2/validation/start/domain/pigeon", members{"domain": "old.example"})
	if got := ask("start/domain/http", "old.example"); got.URL == "" || got.FirstLine == "" || got.SecondLine != "sectigo.com" {
		t.Errorf("%+v", got)
	}
	if got := ask("start/domain/txt", "old.example"); got.Host != "_pki-validation.old.example." {
		t.Errorf("%+v", got)
	}
	if got := b.expect(200, 0, http.MethodPost, "/api/dcv/v2/validation/start/domain/email", members{"domain": "old.example"}); !strings.Contains(string(got.body), "hostmaster@old.example") {
		t.Errorf("%s", got.body)
	}
	ask("start/domain/cname", "old.example")
	if got := ask("submit/domain/cname", "old.example"); got.Status != Expired || got.OrderStatus != "SUBMITTED" {
		t.Errorf("%+v", got)
	}
	if !b.Publish("OLD.example") || b.Publish("example.com") {
		t.Error("what waits was not found, or what does not wait was")
	}
	if got := ask("sync", "old.example"); got.Status != Validated || got.ExpirationDate != "2027-06-07" || got.OrderStatus != "NOT_INITIATED" {
		t.Errorf("%+v", got)
	}
	b.order(set("csr", csrFor(t, newKey(t), "www.old.example")), set("subjAltNames", ""))
	b.advance(25 * time.Hour)
	if got := rows("domain=fresh"); got[0].Status != Validated || got[0].Method != "CNAME" {
		t.Errorf("%+v", got)
	}
}

func TestDCVOfAnOrder(t *testing.T) {
	for name, publish := range map[string]bool{"the CA finds it": false, "somebody asks it to look": true} {
		t.Run(name, func(t *testing.T) {
			b := start(t)
			id := b.order(set("certType", perOrder), set("dcvMode", "CNAME"), set("subjAltNames", "www.fresh.example"))
			path := "/api/ssl/v1/" + itoa(id) + "/dcv"
			b.advance(time.Minute)
			type dcv struct {
				Log          dcvLog        `json:"dcvLog"`
				Instructions []instruction `json:"instructions"`
			}
			d := into[dcv](t, b.expect(200, 0, http.MethodGet, path, nil))
			if len(d.Log.Log) != 2 || d.Log.Log[0].Status != "Awaiting Validation" || d.Log.Log[0].LastCheck != "2026-11-21 12:00:00" || *d.Log.Log[0].NextCheck != "2026-11-21 13:00:00" || len(d.Instructions) != 2 || d.Instructions[0].Point == "" {
				t.Errorf("%+v", d)
			}
			if got := b.status(id); got != StatusApplied {
				t.Error(got)
			}
			b.expect(202, 0, http.MethodPost, path+"/recheck", nil)
			if publish {
				if !b.Publish("www.example.com") || !b.Publish("www.fresh.example") {
					t.Fatal("nothing waits")
				}
				if got := b.status(id); got != StatusApplied {
					t.Errorf("nobody has looked and it is %s", got)
				}
				r := into[dcv](t, b.expect(202, 0, http.MethodPost, path+"/recheck", ""))
				if r.Log.Log[1].Status != "Validated" || r.Log.Log[1].Date == nil || r.Log.Log[1].NextCheck != nil {
					t.Errorf("%+v", r)
				}
			} else {
				b.advance(80 * time.Minute) // it is not published yet
				if got := b.status(id); got != StatusApplied {
					t.Error(got)
				}
				b.advance(time.Hour)
			}
			if got := b.status(id); got != StatusIssued {
				t.Error(got)
			}
			if d := into[dcv](t, b.send(http.MethodGet, path, nil)); len(d.Instructions) != 0 {
				t.Errorf("%+v", d)
			}
		})
	}
	b := start(t)
	id := b.order()
	if got := string(b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id)+"/dcv", nil).body); got != `{"dcvLog":{"error":{"code":0,"description":null},"log":[]},"instructions":[]}` {
		t.Error(got)
	}
	b.expect(404, -5101, http.MethodGet, "/api/ssl/v1/4711/dcv", nil)
	b.expect(404, -5101, http.MethodPost, "/api/ssl/v1/4711/dcv/recheck", nil)
}

// A clock that jumps far must not let a validation look a million times.
func TestDCVOverALongTime(t *testing.T) {
	v := newOrderDCV("x.example.com", noon, 40*365*24*time.Hour)
	if v.look(noon.AddDate(30, 0, 0)); !v.Done.IsZero() {
		t.Errorf("%+v", v)
	}
	if v.look(noon.AddDate(41, 0, 0)); v.Done.Before(v.Published) || v.Done.Sub(v.Published) >= lookEvery {
		t.Errorf("%+v", v)
	}
}
