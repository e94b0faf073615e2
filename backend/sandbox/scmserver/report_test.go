package scmserver

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const reportPath = "/api/report/v1/ssl-certificates?output_type=buffered"

func TestReport(t *testing.T) {
	b := start(t)
	issued := b.issued()
	add := func(e Entry) int {
		t.Helper()
		e.Organization, e.Profile, e.Term = orgAcme, quick, 199
		id, err := b.Add(e)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	revoked := add(Entry{CommonName: "r.example.com", Requested: noon.AddDate(0, -2, 0), Status: StatusRevoked, Since: noon.AddDate(0, 0, -5), Reason: "1"})
	expired := add(Entry{CommonName: "e.example.com", Requested: noon.AddDate(-1, 0, 0), Status: StatusExpired})
	waiting := add(Entry{CommonName: "waiting.example.com", Requested: noon.AddDate(0, 0, -1), Status: StatusRequested, ExternalRequester: "Jane@example.com", Via: ViaForm})
	ids := func(m members) []int {
		t.Helper()
		a := into[reportAnswer](t, b.expect(200, 0, http.MethodPost, reportPath, m))
		if a.StatusCode != 0 {
			t.Errorf("%v: %s", m, a.Message)
		}
		all := []int{}
		for _, row := range a.Reports {
			all = append(all, row.ID)
		}
		return all
	}
	for name, c := range map[string]struct {
		ask  members
		want []int
	}{
		"all":                   {members{}, []int{waiting, expired, revoked, issued}},
		"any status":            {members{"certificateStatus": 0}, []int{waiting, expired, revoked, issued}},
		"requested":             {members{"certificateStatus": 1}, []int{waiting}},
		"issued, as text":       {members{"certificateStatus": "2"}, []int{issued}},
		"revoked":               {members{"certificateStatus": 3}, []int{revoked}},
		"expired":               {members{"certificateStatus": 4}, []int{expired}},
		"requested this week":   {members{"certificateDateAttribute": 4, "from": "2026-11-15", "to": "2026-11-21"}, []int{waiting, issued}},
		"the example's own":     {members{"certificateDateAttribute": 1, "from": "2026-11-21T00:00:00.000Z"}, []int{issued}},
		"revoked this month":    {members{"certificateDateAttribute": "2", "from": "2026-11-01T00:00:00.000Z", "to": "2026-12-01T00:00:00.000Z"}, []int{revoked}},
		"ending next year":      {members{"certificateDateAttribute": 3, "from": "2027-01-01", "to": "2027-12-31"}, []int{revoked, issued}},
		"issued today":          {members{"certificateDateAttribute": 5, "from": "2026-11-21", "to": "2026-11-22"}, []int{issued}},
		"our organization":      {members{"organizationIds": []any{orgAcme, "20"}}, []int{waiting, expired, revoked, issued}},
		"another organization":  {members{"organizationIds": []int{orgNoOV}}, []int{}},
		"by name":               {members{"commonName": "WAITING"}, []int{waiting}},
		"by external requester": {members{"externalRequester": "Jane"}, []int{waiting}},
		"other case":            {members{"externalRequester": "jane"}, []int{}},
		"over the API":          {members{"certificateRequestSource": 12}, []int{expired, revoked, issued}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ids(c.ask); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
	for name, m := range map[string]members{"status": {"certificateStatus": 7}, "date": {"from": "yesterday"}, "name": {"commonName": "<"}, "organization": {"organizationIds": []string{"x"}}, "attribute": {"certificateDateAttribute": 9}} {
		t.Run("bad "+name, func(t *testing.T) { b.expect(400, -1601, http.MethodPost, reportPath, m) })
	}
	if a := into[reportAnswer](t, b.expect(200, 0, http.MethodPost, reportPath, members{"from": "2026-12-01", "to": "2026-11-01"})); a.StatusCode == 0 || a.Message == "" {
		t.Errorf("%+v", a)
	}

	row := into[reportAnswer](t, b.send(http.MethodPost, reportPath, members{"certificateStatus": 2})).Reports[0]
	if row.Names != "www.example.com; shop.example.com" || row.Requested != "2026-11-21T12:00:00.000Z" || row.Expires != "2027-06-08T23:59:59.000Z" || row.Type != "Quick OV" || row.OrganizationName != "Acme" ||
		!strings.Contains(row.SerialNumber, ":") || row.Issued != "2026-11-21T12:00:10.000Z" || row.KeyType != "EC - P-256" || row.Comments == "" {
		t.Errorf("%+v", row)
	}
	plain := into[reportAnswer](t, b.send(http.MethodPost, reportPath, members{"certificateStatus": 2, "serialNumberFormat": "HEXWithLeadingZeros"})).Reports[0].SerialNumber
	if strings.ReplaceAll(row.SerialNumber, ":", "") != plain {
		t.Errorf("%s %s", row.SerialNumber, plain)
	}
	b.SetSettings(Settings{ReportDelay: 24 * time.Hour})
	if got := ids(members{"certificateDateAttribute": 4, "from": "2026-11-15"}); !slices.Equal(got, []int{waiting}) {
		t.Error(got)
	}
	b.advance(24 * time.Hour)
	if got := ids(members{"certificateStatus": 2}); !slices.Equal(got, []int{issued}) {
		t.Error(got)
	}
}
