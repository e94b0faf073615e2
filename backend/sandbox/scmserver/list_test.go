package scmserver

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// ids lists the ids that a query finds, and checks the counts.
func (b *box) ids(query string) []int {
	b.t.Helper()
	r := b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1?"+query, nil)
	rows := into[[]identity](b.t, r)
	head := b.expect(http.StatusOK, 0, http.MethodHead, "/api/ssl/v1?"+query, nil)
	if total := r.header.Get("X-Total-Count"); total != head.header.Get("X-Total-Count") || len(head.body) != 0 || !strings.Contains(query, "size") && total != strconv.Itoa(len(rows)) {
		b.t.Errorf("%s: %d rows, total %s, HEAD %v", query, len(rows), total, head.header)
	}
	ids := []int{}
	for _, row := range rows {
		ids = append(ids, row.SSLID)
	}
	return ids
}

func TestFilters(t *testing.T) {
	b := start(t)
	first := b.issued(set("externalRequester", "jane@example.com"))
	waiting := b.order(set("certType", approval), set("csr", csrFor(t, newKey(t), "wait.example.com")), set("subjAltNames", "other.example.com"), set("orgId", deptWeb))
	found, err := b.Add(Entry{CommonName: "found.example.com", Organization: orgAcme, Profile: quick, Term: 199, RSA: true, Requested: noon.AddDate(0, 0, -10), Status: StatusIssued, Via: ViaDiscovery, Requester: "scanner"})
	if err != nil {
		t.Fatal(err)
	}
	orders, err := b.Orders()
	if err != nil {
		t.Fatal(err)
	}
	serial := orders[0].Serial
	h := hashes(b.orders[first].certificate())
	all := []int{found, waiting, first}
	for query, want := range map[string][]int{
		"": all, "commonName=WAIT.example": {waiting}, "commonName=nobody": {}, "subjectAlternativeName=other.example.com": {waiting},
		"status=Issued": {found, first}, "status=Requested": {waiting}, "status=SAApproved": {}, "status=SA%20Approved": {}, "status=requested": {waiting},
		"sslTypeId=102": {waiting}, "orgId=11": {waiting}, "orgId=10": {found, first}, "vendor=sectigo": all,
		"issuer=sandbox": {found, first}, "serialNumber=" + serial: {first}, "serialNumber=00" + strings.ReplaceAll(strings.ToLower(serial), ":", ""): {first},
		"requester=scan": {found}, "externalRequester=jane@example.com": {first}, "signatureAlgorithm=SHA256withECDSA": {found, first},
		"keyAlgorithm=rsa": {found}, "keyAlgorithm=EC": {waiting, first}, "keySize=2048": {found}, "keyParam=P-256": {waiting, first},
		"sha1Hash=" + h.sha1: {first}, "md5Hash=" + strings.ToLower(h.md5): {first}, "sha256Hash=" + h.sha256: {first},
		"keyUsage=digital": {found, first}, "extendedKeyUsage=server": {found, first},
		"requestedVia=DISCOVERY": {found}, "requestedVia=REST": {waiting, first}, "requestedVia=REST%20API": {waiting, first}, "requestedVia=WEB_FORM": {},
		"discoveryStatus=Deployed": {found}, "installStatus=NOT_STARTED": {}, "installStatus=Not%20configured": all, "renewalStatus=NOT_SCHEDULED": all,
		"status=Issued&keyAlgorithm=EC": {first}, "unknown=1": all, "status=": all, "size=2": {found, waiting}, "size=2&position=2": {first}, "size=200&position=3": {}, "size=0": {},
	} {
		if got := b.ids(query); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", query, got, want)
		}
	}
	for _, query := range []string{
		"size=201", "size=-1", "size=x", "position=-1", "position=99999999999", "status=Asleep", "requestedVia=pigeon", "sslTypeId=x", "orgId=1.5",
		"installStatus=x", "renewalStatus=x", "discoveryStatus=x", "sha1Hash=" + strings.Repeat("a", 41), "serialNumber=" + strings.Repeat("1", 129), "requester=" + strings.Repeat("x", 129),
	} {
		b.expect(http.StatusBadRequest, -1601, http.MethodGet, "/api/ssl/v1?"+query, nil)
		if r := b.send(http.MethodHead, "/api/ssl/v1?"+query, nil); r.status != http.StatusBadRequest {
			t.Errorf("HEAD %s: %d", query, r.status)
		}
	}
}

func TestListLagsBehind(t *testing.T) {
	b := start(t, func(o *Options) { o.Settings.ListingDelay = 10 * time.Minute })
	id := b.issued()
	if got := b.ids(""); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)); d.Status != StatusIssued {
		t.Errorf("details lag too: %s", d.Status)
	}
	b.advance(9*time.Minute + 5*time.Second) // the order is seen, its certificate not yet
	if got := b.ids("status=Applied"); !slices.Equal(got, []int{id}) {
		t.Errorf("%v", got)
	}
	b.advance(time.Minute)
	if got := b.ids("status=Issued"); !slices.Equal(got, []int{id}) {
		t.Errorf("%v", got)
	}
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/ssl/v1/revoke/"+itoa(id), members{"reason": "x"})
	if got := b.ids("status=Revoked"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	b.advance(10 * time.Minute)
	if got := b.ids("status=Revoked"); !slices.Equal(got, []int{id}) {
		t.Errorf("%v", got)
	}
}

func TestListOfReplacedLagsBehind(t *testing.T) {
	b := start(t, func(o *Options) { o.Settings.ListingDelay = time.Hour })
	id := b.issued()
	b.advance(2 * time.Hour)
	old := into[[]identity](t, b.send(http.MethodGet, "/api/ssl/v1", nil))[0]
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/ssl/v1/replace/"+itoa(id), members{"csr": csrFor(t, newKey(t), "new.example.com"), "commonName": "new.example.com", "reason": "x"})
	b.advance(time.Minute)
	if got := into[[]identity](t, b.send(http.MethodGet, "/api/ssl/v1?status=Issued", nil)); len(got) != 1 || fmt.Sprint(got[0]) != fmt.Sprint(old) {
		t.Errorf("%+v, want %+v", got, old)
	}
	b.advance(time.Hour)
	if got := into[[]identity](t, b.send(http.MethodGet, "/api/ssl/v1?status=Issued", nil)); len(got) != 1 || got[0].SerialNumber == old.SerialNumber || got[0].CommonName != "new.example.com" {
		t.Errorf("%+v", got)
	}
}

func TestDetailsInEveryDateFormat(t *testing.T) {
	b := start(t)
	id := b.issued()
	for format, want := range map[string]string{
		"": "11/21/2026", "ISO": "2026-11-21", "iso": "2026-11-21", "yyyy-MM-dd": "2026-11-21", "ISO_HMS": "2026-11-21T12:00:00.000Z",
		"EU": "21.11.2026", "dd.MM.yyyy": "21.11.2026", "US": "11/21/2026", "MM/dd/yyyy": "11/21/2026", "UK": "21/11/2026", "dd/MM/yyyy": "21/11/2026",
		"JP": "2026/11/21", "yyyy/MM/dd": "2026/11/21", "US_HMS": "11/21/2026 12:00:00", "nonsense": "11/21/2026",
		"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'": "2026-11-21T12:00:00.000Z",
	} {
		d := into[map[string]any](t, b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/"+itoa(id)+"?dateFormat="+url.QueryEscape(format), nil))
		if d["requested"] != want {
			t.Errorf("%s: %v", format, d["requested"])
		}
		for _, never := range []string{"declined", "revoked", "replaced", "renewedDate", "reasonCode"} {
			if _, said := d[never]; said {
				t.Errorf("%s: it says %s", format, never)
			}
		}
	}
	b.SetSettings(Settings{IgnoreDateFormat: true})
	if d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id)+"?dateFormat=ISO", nil)); d.Requested != "11/21/2026" {
		t.Error(d.Requested)
	}
	b.advance(300 * 24 * time.Hour)
	if d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil)); d.Status != StatusExpired {
		t.Error(d.Status)
	}
	b.expect(http.StatusNotFound, -5101, http.MethodGet, "/api/ssl/v1/4711", nil)
}

func TestDatesOfAScenario(t *testing.T) {
	b := start(t)
	id, err := b.Add(Entry{CommonName: "x.example.com", Organization: orgAcme, Profile: 4711, Term: 199, Requested: noon, Status: StatusIssued, Dates: map[string]string{"expires": "02/31/2027", "requested": ""}})
	if err != nil {
		t.Fatal(err)
	}
	d := into[detailsAnswer](t, b.send(http.MethodGet, "/api/ssl/v1/"+itoa(id), nil))
	if d.Expires != "02/31/2027" || d.Requested != "" || d.CertType.ID != 4711 || d.CertType.Name != "" {
		t.Errorf("%+v", d)
	}
}

func TestProfilesAndFields(t *testing.T) {
	b := start(t)
	ids := func(query string) (all []int) {
		for _, p := range into[[]profileAnswer](t, b.expect(http.StatusOK, 0, http.MethodGet, "/api/ssl/v1/types"+query, nil)) {
			all = append(all, p.ID)
		}
		return all
	}
	if all, ours := ids(""), ids("?organizationId=11"); len(all) != 9 || slices.Contains(ours, foreign) || len(ours) != 8 {
		t.Errorf("%v %v", all, ours)
	}
	if none := ids("?organizationId=4711"); len(none) != 0 {
		t.Error(none)
	}
	b.expect(http.StatusBadRequest, -1601, http.MethodGet, "/api/ssl/v1/types?organizationId=x", nil)
	if got := string(b.send(http.MethodGet, "/api/ssl/v1/customFields", nil).body); got != `[{"id":54,"name":"Cost centre","mandatory":true},{"id":55,"name":"Go-live","mandatory":false}]` {
		t.Error(got)
	}
	if got := into[[]fieldV2](t, b.send(http.MethodGet, "/api/customField/v2?certType=SSL", nil)); len(got) != 2 || got[1].Input.Type != "DATE" || got[0].Mandatories[1] != "REST_API" {
		t.Errorf("%+v", got)
	}
	if got := into[[]fieldV2](t, b.send(http.MethodGet, "/api/customField/v2?certType=SMIME", nil)); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}
