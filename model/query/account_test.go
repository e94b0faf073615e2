package query_test

import (
	"strings"
	"testing"

	"certty/model"
	"certty/model/query"
)

// orders are a few that an account told, and one that it does not know.
func orders() []query.Row {
	order := func(id, name, status string, record *model.Record) *model.Item {
		return &model.Item{Ref: model.Ref{Target: "sectigo", Kind: model.KindCertificate, Key: id}, RequestReadAt: noon, Record: record,
			Certificate: model.Certificate{Serial: "a93e" + id},
			Order: &model.Order{ID: id, Status: status, Phase: model.ParseOrderPhase(status), CommonName: name, SANs: []string{name, "alt." + name},
				OrganizationID: 10, Organization: "Contoso GmbH", ProfileID: 101, Profile: "Standard SSL", Requester: "Ada", ExternalRequester: "shop@example.com", Comments: "ticket 7"}}
	}
	items := []*model.Item{
		order("17", "pay", "Issued", nil), order("18", "www", "SA Approved", &model.Record{Reference: "certty:00ff:1"}),
		order("19", "old", "Issued", &model.Record{DeletedAt: noon}),
		{Ref: model.Ref{Target: "sectigo", Key: "certty:0a:1"}, Record: &model.Record{Step: model.StepUndecided, CommonName: "lost", Reference: "certty:0a:1"}},
	}
	var out []query.Row
	for _, it := range items {
		status := it.Status(noon)
		out = append(out, query.Row{Item: it, Status: &status, Text: query.Text(it), Now: noon})
	}
	return out
}

func TestOrderFields(t *testing.T) {
	for filter, want := range map[string]string{
		"name:pay": "pay", "name:17": "", "17": "pay", "id:18": "www", "status:issued": "pay old", "status:saapproved": "www", "status:undecided": "lost",
		"org:contoso": "pay www old", "org:10": "pay www old", "profile:standard": "pay www old", "requester:shop@": "pay www old", "requester:ada www": "www",
		"reference:00ff": "www", "managed:here": "www old lost", "managed:no": "pay", "serial:A9:3E:17": "pay", "san:alt.www": "www", "ticket": "pay www old",
		"is:deleted-here": "old", "is:deleted": "old", "!is:deleted-here": "pay www lost", "certty:0a": "lost",
	} {
		f, err := query.Parse(filter)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range orders() {
			if f.Match(&r) {
				got = append(got, r.Item.Name())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q shows %q, want %q", filter, got, want)
		}
		if deleted := strings.HasPrefix(filter, "is:"); f.Deleted() != deleted {
			t.Errorf("%q is for what was deleted here: %t", filter, f.Deleted())
		}
	}
	for _, r := range rows() {
		if f := parse(t, "managed:no"); f.Match(&r) {
			t.Errorf("a certificate in a vault is managed: %s", r.Item.Name())
		}
	}
}

// Orders of one name stand together, and none is equal to another.
func TestOrdersAreSortedByName(t *testing.T) {
	all := orders()
	a, b := all[0], all[1]
	b.Item.Order.CommonName = "pay"
	o := query.Order{Key: query.ByName}
	if o.Compare(a.Item, b.Item, a.Status, b.Status) >= 0 || o.Compare(all[2].Item, a.Item, all[2].Status, a.Status) >= 0 {
		t.Error("the order is not by name, then by id")
	}
}
