package scm

import (
	"testing"

	"certty/backend"
	faults "certty/backend/sandbox/fault"
	"certty/model"
)

// TestFoundWithHalfAnEye: of the report and the list one may fail. Where both do,
// or either tells of a credential that is refused, nobody says that there is no
// such order: it would be placed again.
func TestFoundWithHalfAnEye(t *testing.T) {
	const report, list = "ReportCertificates", "ListCertificates"
	for name, tt := range map[string]struct {
		kind  faults.Kind
		fails []string
		found bool
	}{
		"nothing fails":              {faults.HTML, nil, true},
		"the report":                 {faults.HTML, []string{report}, true},
		"the list":                   {faults.HTML, []string{list}, true},
		"both":                       {faults.HTML, []string{report, list}, false},
		"both, without an answer":    {faults.ResetBefore, []string{report, list}, false},
		"the credential, both times": {faults.Unauthorized, []string{report, list}, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := open(t)
			s := spec(t, quick, "shop.example.com")
			change, err := a.Order(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			want := change.Page.Items[0].Ref.Key
			old := a.issued(t, quick, "api.example.com")
			renewed, err := a.Renew(t.Context(), old, model.RenewSpec{})
			if err != nil {
				t.Fatal(err)
			}
			for _, operation := range tt.fails {
				if err := a.server.Inject(faults.Fault{Kind: tt.kind, Operation: operation}); err != nil {
					t.Fatal(err)
				}
			}
			got, err := a.FindOrders(t.Context(), model.OrderTrace{Reference: s.Reference, CommonName: s.CommonName, Sent: a.clock()})
			if found := err == nil && len(got.Carrying) == 1 && got.Carrying[0].ID == want; found != tt.found || (err != nil) == tt.found {
				t.Errorf("the order: %+v, %v; want it found: %v", got, err, tt.found)
			}
			o, err := a.FindRenewal(t.Context(), old)
			if found := err == nil && o != nil && o.ID == renewed.Page.Items[1].Ref.Key; found != tt.found || (err != nil) == tt.found {
				t.Errorf("the renewal: %+v, %v; want it found: %v", o, err, tt.found)
			}
			if kind := backend.KindOf(err); kind == backend.KindNotFound || kind == backend.KindConflict {
				t.Errorf("what could not be looked for counts as %s", kind)
			}
		})
	}
}

// TestRenewalOfAnOrderThatCantBeRead: an order that was not read was not found
// unrenewed.
func TestRenewalOfAnOrderThatCantBeRead(t *testing.T) {
	for _, kind := range []faults.Kind{faults.HTML, faults.ResetBefore, faults.Unauthorized} {
		t.Run(string(kind), func(t *testing.T) {
			a := open(t)
			old := a.issued(t, quick, "shop.example.com")
			if err := a.server.Inject(faults.Fault{Kind: kind, Operation: "GetCertificate"}); err != nil {
				t.Fatal(err)
			}
			if o, err := a.FindRenewal(t.Context(), old); err == nil {
				t.Errorf("the renewal is told as %v", o)
			}
		})
	}
}

// TestNothingToFindBy: without what an order is looked for by no answer is given.
func TestNothingToFindBy(t *testing.T) {
	a := open(t)
	for name, trace := range map[string]model.OrderTrace{
		"no reference":   {CommonName: "shop.example.com", Sent: a.clock()},
		"no common name": {Reference: "certty:aa:1", Sent: a.clock()},
	} {
		// The report alone may tell of an order that is there, never that none is.
		if err := a.server.Inject(faults.Fault{Kind: faults.HTML, Operation: "ReportCertificates"}); err != nil {
			t.Fatal(err)
		}
		if found, err := a.FindOrders(t.Context(), trace); err == nil {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
