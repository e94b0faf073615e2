package guard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

// TestRevisionOfAnOutcome: the journal names what a change made by the parts of
// the row that the answer brought, never by one that it did not.
func TestRevisionOfAnOutcome(t *testing.T) {
	stale := model.Item{Certificate: model.Certificate{Version: "v1"}, Request: &model.Request{ID: "r1"}}
	for name, test := range map[string]struct {
		page model.Page
		want string
	}{
		"a version":              {model.Page{Fields: model.FieldCertificate, Items: []model.Item{stale}}, "v1"},
		"a request":              {model.Page{Fields: model.FieldRequest, Items: []model.Item{stale}}, "r1"},
		"both":                   {model.Page{Fields: model.FieldCertificate | model.FieldRequest, Items: []model.Item{stale}}, "v1"},
		"no version, a request":  {model.Page{Fields: model.FieldCertificate | model.FieldRequest, Items: []model.Item{{Request: stale.Request}}}, "r1"},
		"neither was read":       {model.Page{Fields: model.FieldListing, Items: []model.Item{stale}}, ""},
		"no request any more":    {model.Page{Fields: model.FieldRequest, Items: []model.Item{{Certificate: stale.Certificate}}}, ""},
		"the first row that has": {model.Page{Fields: model.FieldCertificate, Items: []model.Item{{}, stale}}, "v1"},
		"an order":               {model.Page{Fields: model.FieldOrder, Items: []model.Item{{Order: &model.Order{ID: "7"}}}}, "7"},
		"no rows":                {model.Page{Fields: model.FieldCertificate}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			caps, j := wrap(&fake{change: func(context.Context, string, model.Ref) (backend.Change, error) {
				return backend.Change{Page: test.page}, nil
			}})
			if _, err := caps.Lifecycle.Delete(t.Context(), anOrder); err != nil {
				t.Fatal(err)
			}
			if o := j.all()[0].Outcome; o == nil || o.Revision != test.want {
				t.Errorf("outcome %+v, want revision %q", o, test.want)
			}
		})
	}
}

// TestTagsAreKnownAgainByTheirPrint: an update that never got its answer is
// settled by the tags that are there, so other tags must have another print, and
// the same ones the same, in whatever order; their values are not written down.
func TestTagsAreKnownAgainByTheirPrint(t *testing.T) {
	detail := func(tags map[string]string) string {
		caps, j := wrap(&fake{})
		if _, err := caps.Lifecycle.Update(t.Context(), anOrder, model.Update{Tags: &tags}); err != nil {
			t.Fatal(err)
		}
		return j.all()[0].Intent.Detail
	}
	one := detail(map[string]string{"owner": "web", "cost": "hidden"})
	if again := detail(map[string]string{"cost": "hidden", "owner": "web"}); again != one {
		t.Errorf("the same tags are %q and %q", one, again)
	}
	if !strings.HasPrefix(one, "2 tags ") || strings.Contains(one, "hidden") {
		t.Errorf("two tags are %q", one)
	}
	for _, tags := range []map[string]string{
		{"owner": "web", "cost": "other"},
		{"owner": "hidden", "cost": "web"},
		{"owner": "web", "cost2": "hidden"},
	} {
		if other := detail(tags); other == one {
			t.Errorf("%v is %q as well", tags, other)
		}
	}
}

// TestReadOnlyTransportOfItsOwn: without a next one it sends by net/http's own.
func TestReadOnlyTransportOfItsOwn(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := guard.ReadOnlyTransport(nil, nil).RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatalf("RoundTrip = %v, %v", resp, err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
}
