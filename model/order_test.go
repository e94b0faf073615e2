package model_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"
	"time"

	"certty/model"
)

func TestParseOrderPhase(t *testing.T) {
	for status, want := range map[string]model.OrderPhase{
		"Requested": model.OrderRequested, "REQUESTED": model.OrderRequested, "Init": model.OrderRequested,
		"SA Approved": model.OrderRequested, "SAApproved": model.OrderRequested, "sa_approved": model.OrderRequested,
		"Approved": model.OrderApproved, "Applied": model.OrderApplied, "applied": model.OrderApplied,
		"Issued": model.OrderIssued, "ISSUED": model.OrderIssued, "Downloaded": model.OrderIssued, "Enrolled - Pending Download": model.OrderIssued,
		"Expired": model.OrderExpired, "Revoked": model.OrderRevoked, "Replaced": model.OrderReplaced,
		"Declined": model.OrderDeclined, "Rejected": model.OrderRejected, "Invalid": model.OrderInvalid,
		"": model.OrderUnknown, "Unmanaged": model.OrderUnknown, "Quarantined": model.OrderUnknown, "not Issued": model.OrderUnknown,
	} {
		if got := model.ParseOrderPhase(status); got != want {
			t.Errorf("%q is %d, want %d", status, got, want)
		}
	}
}

// TestOrderPhases: each phase is open, certified or neither; one that is not
// known is never taken for finished.
func TestOrderPhases(t *testing.T) {
	for phase, want := range map[model.OrderPhase][2]bool{
		model.OrderUnknown: {true, false}, model.OrderRequested: {true, false}, model.OrderApproved: {true, false}, model.OrderApplied: {true, false},
		model.OrderIssued: {false, true}, model.OrderExpired: {false, true}, model.OrderRevoked: {false, true}, model.OrderReplaced: {false, true},
		model.OrderDeclined: {}, model.OrderRejected: {}, model.OrderInvalid: {},
	} {
		if got := [2]bool{phase.Open(), phase.Certified()}; got != want {
			t.Errorf("phase %d: open and certified are %v, want %v", phase, got, want)
		}
	}
}

func TestImported(t *testing.T) {
	for via, want := range map[string]bool{
		"Imported": true, "IMPORTED": true, "Discovery": true, "DISCOVERY": true,
		"REST API": false, "Web API": false, "Enrollment Form": false, "": false, "Not Imported": false,
	} {
		if got := (&model.Order{RequestedVia: via}).Imported(); got != want {
			t.Errorf("%q: %v", via, got)
		}
	}
}

func TestOrderClone(t *testing.T) {
	o := &model.Order{
		SANs: []string{"a"}, CustomFields: []model.CustomValue{{Name: "a"}}, Unreadable: []string{"x"},
		Validation: &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "a"}}},
	}
	c := o.Clone()
	c.SANs[0], c.CustomFields[0].Name, c.Unreadable[0], c.Validation.Domains[0].Domain = "b", "b", "b", "b"
	if o.SANs[0] != "a" || o.CustomFields[0].Name != "a" || o.Unreadable[0] != "x" || o.Validation.Domains[0].Domain != "a" {
		t.Errorf("the copy shares with %+v", o)
	}
}

func TestWaiting(t *testing.T) {
	v := &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "a", Valid: true}, {Domain: "b"}}}
	if got := v.Waiting(); len(got) != 1 || got[0].Domain != "b" {
		t.Errorf("%+v", got)
	}
	if got := (*model.OrderValidation)(nil).Waiting(); got != nil {
		t.Errorf("of none: %+v", got)
	}
}

// TestUTF16Len counts as the service does.
func TestUTF16Len(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "äöü": 3, "😀": 2, "a😀b": 4, "e\u0301": 2, "\xff": 1} {
		if got := model.UTF16Len(s); got != want {
			t.Errorf("%q counts %d, want %d", s, got, want)
		}
	}
}

func TestComments(t *testing.T) {
	for _, test := range []struct{ reference, description, want string }{
		{"", "", ""}, {"r", "", "r"}, {"", "d", "d"}, {"r", "d", "r d"},
	} {
		if got := (&model.OrderSpec{Reference: test.reference, Description: test.description}).Comments(); got != test.want {
			t.Errorf("%q and %q: %q", test.reference, test.description, got)
		}
	}
}

func TestCarries(t *testing.T) {
	const reference = "certty:00ff00ff00ff00ff:1"
	for comments, want := range map[string]bool{
		reference: true, reference + " for the shop": true, reference + "; moved": true, reference + "\n2": true,
		reference + "0": false, reference + "0 for the shop": false, "for " + reference: false, reference[:len(reference)-1]: false, "": false,
	} {
		if got := (&model.Order{Comments: comments}).Carries(reference); got != want {
			t.Errorf("%q: %t", comments, got)
		}
	}
	for _, comments := range []string{"", "for the shop"} {
		if (&model.Order{Comments: comments}).Carries("") {
			t.Errorf("%q carries a reference that there is none of", comments)
		}
	}
}

func TestOrderReference(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr := func(name string) []byte {
		t.Helper()
		der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: name}}, key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	first, err := model.OrderReference(csr("a.example"), 1)
	if err != nil || !strings.HasPrefix(first, model.ReferencePrefix) || !strings.HasSuffix(first, ":1") || len(first)+1 != model.ReferenceLen {
		t.Errorf("%q, %v", first, err)
	}
	// It is of the key: another console with a CSR of the same key looks for the
	// same order.
	if again, _ := model.OrderReference(csr("b.example"), 1); again != first {
		t.Errorf("%q and %q for one key", first, again)
	}
	if second, _ := model.OrderReference(csr("a.example"), 2); second == first {
		t.Error("two attempts have one reference")
	}
	if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	if other, _ := model.OrderReference(csr("a.example"), 1); other == first {
		t.Error("two keys have one reference")
	}
	if got, err := model.OrderReference([]byte{1}, 1); err == nil {
		t.Errorf("of no CSR: %q", got)
	}
}

// TestRevocationReasons: the codes 2 and from 6 on are refused by the service.
func TestRevocationReasons(t *testing.T) {
	want := []model.RevocationReason{0, 1, 3, 4, 5}
	if got := model.RevocationReasons(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	seen := map[string]bool{}
	for _, r := range model.RevocationReasons() {
		if s := r.String(); s == "" || seen[s] || strings.Contains(s, "reason ") {
			t.Errorf("%d is %q", r, s)
		} else {
			seen[s] = true
		}
	}
	if s := model.RevocationReason(9).String(); s != "reason 9" {
		t.Errorf("%q", s)
	}
}

func TestRecordNeedsAPerson(t *testing.T) {
	for step, want := range map[model.RecordStep]bool{
		model.StepPrepared: false, model.StepSending: false, model.StepUndecided: true, model.StepDoubled: true,
		model.StepRefused: false, model.StepPlaced: false, model.StepCollected: false,
		model.StepUnreadable: false,
	} {
		if got := (&model.Record{Step: step}).NeedsPerson(); got != want {
			t.Errorf("%s: %v", step, got)
		}
	}
	// There is nothing to decide on, and it is not passed over.
	unreadable := model.Item{Record: &model.Record{Step: model.StepUnreadable}, Order: &model.Order{Phase: model.OrderIssued}}
	if st := unreadable.Status(time.Now()); st.Severity != model.SeverityFailed || st.Who != model.ActorYou {
		t.Errorf("unreadable: %+v", st)
	}
	if (*model.Record)(nil).NeedsPerson() {
		t.Error("none needs a person")
	}
}

func TestDomainCovers(t *testing.T) {
	for _, test := range []struct {
		domain, name string
		want         bool
	}{
		{"example.com", "example.com", true},
		{"example.com", "www.example.com", true},
		{"example.com", "*.example.com", true},
		{"example.com", "*.a.example.com", true},
		{"example.com", "WWW.Example.COM.", true},
		{" Example.com. ", "www.example.com", true},
		{"*.example.com", "www.example.com", true},
		{"example.com", "example.com.evil.org", false},
		{"example.com", "notexample.com", false},
		{"www.example.com", "example.com", false},
		{"", "example.com", false},
		{"example.com", "", false},
	} {
		if got := (&model.Domain{Name: test.domain}).Covers(test.name); got != test.want {
			t.Errorf("%q covers %q: %v", test.domain, test.name, got)
		}
	}
}

func TestProfileAllows(t *testing.T) {
	some := &model.Profile{KeyTypes: map[string][]string{"RSA": {"2048", "4096"}, "EC": {"P-256"}}}
	for _, test := range []struct {
		profile         *model.Profile
		algorithm, size string
		want            bool
	}{
		{some, "RSA", "2048", true}, {some, "rsa", "4096", true}, {some, "EC", "p-256", true},
		{some, "EC", "P-384", false}, {some, "RSA", "1024", false}, {some, "Ed25519", "", false},
		{&model.Profile{}, "EC", "P-521", true},
	} {
		if got := test.profile.Allows(test.algorithm, test.size); got != test.want {
			t.Errorf("%s %s: %v", test.algorithm, test.size, got)
		}
	}
}

func TestAccountFinds(t *testing.T) {
	a := &model.Account{Organizations: []model.Organization{{ID: 1}, {ID: 2, ParentID: 1}}, Profiles: []model.Profile{{ID: 7}}}
	if o := a.Organization(2); o == nil || o.ParentID != 1 || a.Organization(3) != nil {
		t.Errorf("%+v", o)
	}
	if p := a.Profile(7); p == nil || a.Profile(8) != nil {
		t.Errorf("%+v", p)
	}
}

// ordered is an order's row as a page brings it.
func ordered(fields model.Fields, at time.Time, o model.Order, c model.Certificate) model.Page {
	ref := model.Ref{Target: "acme", Kind: model.KindCertificate, Key: o.ID}
	return model.Page{Fields: fields, AsOf: at, Items: []model.Item{{Ref: ref, Order: &o, Certificate: c}}}
}

func TestMergeOrders(t *testing.T) {
	noon := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	day := noon.Truncate(24 * time.Hour)
	issued := model.Order{
		ID: "7", Status: "Issued", Phase: model.OrderIssued, CommonName: "shop", Comments: "certty:1:1", ExternalRequester: "a@b", Requested: day.Add(3 * time.Hour),
		Issued: day.Add(4 * time.Hour), Expires: day.AddDate(0, 6, 0).Add(5 * time.Hour), CustomFields: []model.CustomValue{{Name: "a"}}, Renewed: true, RenewedAt: day,
	}
	certificate := model.Certificate{
		Issued: true, Serial: "a1", NotBefore: issued.Issued, NotAfter: issued.Expires, DER: []byte{1}, KeyType: "EC P-256", Issuer: "CA", Subject: "CN=shop", Thumbprint: "cc",
	}
	base := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, noon, issued, certificate))
	later := noon.Add(time.Hour)

	t.Run("a list takes nothing away", func(t *testing.T) {
		it := base.Merge(ordered(model.FieldListing, later, model.Order{ID: "7", CommonName: "shop2"}, model.Certificate{})).Get("7")
		if it.Order.Phase != model.OrderIssued || it.Order.CommonName != "shop2" || it.Certificate.Serial != "a1" || !it.ListedAt.Equal(later) {
			t.Errorf("%+v with %+v", it.Order, it.Certificate)
		}
		if base.Get("7").Order.CommonName != "shop" {
			t.Error("an older snapshot has changed")
		}
	})
	t.Run("a list makes a row that says little", func(t *testing.T) {
		it := base.Merge(ordered(model.FieldListing, later, model.Order{ID: "8", CommonName: "new"}, model.Certificate{Serial: "b2"})).Get("8")
		if it.Order.Phase != model.OrderUnknown || it.Certificate.Serial != "b2" || !it.RequestReadAt.IsZero() {
			t.Errorf("%+v", it)
		}
		if st := it.Status(later); !st.RenewalUnknown || st.Next != "read status" {
			t.Errorf("%+v", st)
		}
	})
	t.Run("what tells less keeps what was told", func(t *testing.T) {
		report := model.Order{ID: "7", Status: "Issued", Phase: model.OrderIssued, CommonName: "shop", Expires: day.AddDate(0, 6, 0)}
		it := base.Merge(ordered(model.FieldOrder, later, report, model.Certificate{Issued: true, Serial: "a1", NotAfter: report.Expires})).Get("7")
		o, c := it.Order, it.Certificate
		if !o.Requested.Equal(issued.Requested) || !o.Issued.Equal(issued.Issued) || !o.Expires.Equal(issued.Expires) || o.Comments != issued.Comments ||
			o.ExternalRequester != "a@b" || len(o.CustomFields) != 1 || !o.Renewed || !o.RenewedAt.Equal(day) {
			t.Errorf("%+v", o)
		}
		if len(c.DER) == 0 || c.KeyType != "EC P-256" || c.Issuer != "CA" || c.Subject != "CN=shop" || c.Thumbprint != "cc" || !c.NotAfter.Equal(issued.Expires) {
			t.Errorf("%+v", c)
		}
	})
	t.Run("another certificate brings its own times", func(t *testing.T) {
		replaced := model.Order{ID: "7", Status: "Issued", Phase: model.OrderIssued, Expires: day.AddDate(0, 6, 0)}
		it := base.Merge(ordered(model.FieldOrder, later, replaced, model.Certificate{Issued: true, Serial: "b2", NotAfter: replaced.Expires})).Get("7")
		if !it.Order.Issued.IsZero() || len(it.Certificate.DER) != 0 || it.Certificate.KeyType != "" || !it.Certificate.NotAfter.Equal(replaced.Expires) {
			t.Errorf("%+v with %+v", it.Order, it.Certificate)
		}
	})
	t.Run("an older answer changes nothing", func(t *testing.T) {
		it := base.Merge(ordered(model.FieldOrder, noon.Add(-time.Second), model.Order{ID: "7", Phase: model.OrderApplied}, model.Certificate{})).Get("7")
		if it.Order.Phase != model.OrderIssued {
			t.Errorf("%+v", it.Order)
		}
	})
	t.Run("a phase begins when it is told, or seen", func(t *testing.T) {
		s := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, noon, model.Order{ID: "9", Phase: model.OrderRequested}, model.Certificate{}))
		if it := s.Get("9"); !it.Order.Since.IsZero() || !it.Order.SeenAt.Equal(noon) {
			t.Errorf("first seen: %+v", it.Order)
		}
		s = s.Merge(ordered(model.FieldOrder, later, model.Order{ID: "9", Phase: model.OrderApplied}, model.Certificate{}))
		if it := s.Get("9"); !it.Order.Since.Equal(later) {
			t.Errorf("went on: %+v", it.Order)
		}
		s = s.Merge(ordered(model.FieldOrder, later.Add(time.Hour), model.Order{ID: "9", Phase: model.OrderApplied, Approved: day}, model.Certificate{}))
		if it := s.Get("9"); !it.Order.Since.Equal(later) || !it.Order.SeenAt.Equal(later) {
			t.Errorf("the day told, the moment seen: %+v", it.Order)
		}
		s = s.Merge(ordered(model.FieldOrder, later.Add(2*time.Hour), model.Order{ID: "9", Phase: model.OrderApplied, Approved: day.Add(time.Hour)}, model.Certificate{}))
		if it := s.Get("9"); !it.Order.Since.Equal(day.Add(time.Hour)) {
			t.Errorf("told: %+v", it.Order)
		}
	})
	t.Run("a day that is told begins when the phase before was last read", func(t *testing.T) {
		told := func(day time.Time) time.Time {
			s := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, noon, model.Order{ID: "9", Phase: model.OrderRequested, Requested: noon.AddDate(0, 0, -9)}, model.Certificate{}))
			return s.Merge(ordered(model.FieldOrder, later, model.Order{ID: "9", Phase: model.OrderApproved, Approved: day}, model.Certificate{})).Get("9").Order.Since
		}
		if at := told(day); !at.Equal(noon) {
			t.Errorf("today: %s", at)
		}
		if at := told(day.AddDate(0, 0, -3)); !at.Equal(day.AddDate(0, 0, -3)) {
			t.Errorf("days ago: %s", at)
		}
		if at := told(day.Add(time.Hour)); !at.Equal(day.Add(time.Hour)) {
			t.Errorf("a moment: %s", at)
		}
	})
	t.Run("the organization's name stays with its id", func(t *testing.T) {
		named := model.Order{ID: "9", Phase: model.OrderRequested, OrganizationID: 10, Organization: "Acme"}
		s := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, noon, named, model.Certificate{}))
		if o := s.Merge(ordered(model.FieldOrder, later, model.Order{ID: "9", OrganizationID: 10}, model.Certificate{})).Get("9").Order; o.Organization != "Acme" {
			t.Errorf("%+v", o)
		}
		if o := s.Merge(ordered(model.FieldOrder, later, model.Order{ID: "9", OrganizationID: 11}, model.Certificate{})).Get("9").Order; o.Organization != "" {
			t.Errorf("of another organization: %+v", o)
		}
	})
	t.Run("the proof of control stays while it is waited for", func(t *testing.T) {
		waits := &model.OrderValidation{Domains: []model.DomainValidation{{Domain: "a"}}}
		s := model.NewSnapshot("acme", nil, time.Time{}).Merge(ordered(model.FieldOrder, noon, model.Order{ID: "9", Phase: model.OrderApplied, Validation: waits}, model.Certificate{}))
		s = s.Merge(ordered(model.FieldOrder, later, model.Order{ID: "9", Phase: model.OrderApplied}, model.Certificate{}))
		if s.Get("9").Order.Validation == nil {
			t.Error("it is lost")
		}
		s = s.Merge(ordered(model.FieldOrder, later.Add(time.Hour), model.Order{ID: "9", Phase: model.OrderIssued}, model.Certificate{}))
		if s.Get("9").Order.Validation != nil {
			t.Error("it outlives the wait")
		}
	})
}
