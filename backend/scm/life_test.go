package scm

import (
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

func TestOrderToCertificate(t *testing.T) {
	a := open(t)
	ref := a.place(t, approval, "shop.example.com", "www.example.com")
	it := a.read(t, ref)
	o := it.Order
	if o.Phase != model.OrderRequested || o.Status != "Requested" || o.CommonName != "shop.example.com" || o.OrganizationID != orgAcme ||
		o.ProfileID != approval || o.Profile != "Approval OV" || o.Term != 199 || o.Requested.IsZero() || len(o.SANs) == 0 ||
		len(o.CustomFields) != 1 || o.CustomFields[0].Value != "4711" || !strings.HasSuffix(o.Comments, " for the shop") || len(o.Unreadable) != 0 {
		t.Errorf("the new order is %+v", o)
	}
	if it.Certificate.Issued || !it.Certificate.NotAfter.IsZero() {
		t.Errorf("before it is issued the certificate is %+v", it.Certificate)
	}
	_, err := a.Collect(t.Context(), ref)
	wantState(t, err, backend.StateNotIssued)

	if change, err := a.Approve(t.Context(), ref, "fine"); err != nil || len(change.Page.Items) != 1 || change.Page.Items[0].Order.Phase == model.OrderRequested {
		t.Fatalf("approve: %+v, %v", change, err)
	}
	e := wantState(t, errorOf(a.Decline(t.Context(), ref, "no")), backend.StateTooLate)
	if !strings.Contains(e.Message, "it is A") {
		t.Errorf("a refusal that comes too late does not say how the order stands: %v", e)
	}
	_, err = a.Collect(t.Context(), ref)
	wantState(t, err, backend.StateNotIssued)

	a.advance(time.Minute)
	it = a.read(t, ref)
	if it.Order.Phase != model.OrderIssued || !it.Certificate.Issued || it.Certificate.Serial == "" || it.Certificate.NotAfter.IsZero() ||
		!it.Certificate.NotAfter.Equal(it.Order.Expires) || it.Certificate.KeyType != "EC P-256" || len(it.Certificate.SANs.DNS) == 0 {
		t.Errorf("the issued order is %+v with %+v", it.Order, it.Certificate)
	}
	chain, err := a.Collect(t.Context(), ref)
	if err != nil || len(chain) < 2 {
		t.Fatalf("collect: %d certificates, %v", len(chain), err)
	}
	if serials := leaves(t, chain); len(serials) != 1 || serials[0] != it.Certificate.Serial {
		t.Errorf("collected the leaves %v, the order has %s", serials, it.Certificate.Serial)
	}
}

// errorOf drops what came with an error.
func errorOf[T any](_ T, err error) error { return err }

// leaves are the serial numbers of the certificates that are no authority's.
func leaves(t *testing.T, chain [][]byte) []string {
	t.Helper()
	var out []string
	for _, der := range chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if !c.IsCA {
			out = append(out, model.SerialText(c.SerialNumber))
		}
	}
	return out
}

func TestReplaceKeepsTheOrderAndWaitsForTheNewSerial(t *testing.T) {
	a := open(t)
	ref := a.issued(t, quick, "shop.example.com")
	change, err := a.Replace(t.Context(), ref, model.ReplaceSpec{CSR: newCSR(t, "shop.example.com"), CommonName: "shop.example.com", SANs: []string{"shop.example.com"}, Reason: "key lost"})
	if err != nil {
		t.Fatal(err)
	}
	if len(change.Page.Items) != 1 {
		t.Errorf("the page is %+v", change.Page)
	}
	a.advance(time.Minute)
	fresh := a.read(t, ref)
	if fresh.Certificate.Serial == ref.Revision || fresh.Order.ID != ref.Key {
		t.Fatalf("after the replacement: %+v", fresh.Certificate)
	}
	stale := ref
	// The old serial number is not what stands there now: nothing is sent.
	before := a.calls("")
	_, err = a.Replace(t.Context(), stale, model.ReplaceSpec{CSR: newCSR(t, "shop.example.com"), CommonName: "shop.example.com", Reason: "again"})
	wantKind(t, err, backend.KindGone)
	_, err = a.Revoke(t.Context(), stale, model.Revocation{Message: "gone"})
	wantKind(t, err, backend.KindGone)
	if got := a.calls("") - before; got != 2 || a.calls("Revoke")+a.calls("Replace") > 1 {
		t.Errorf("%d calls, of which revoke or replace %d; only reading was expected", got, a.calls("Revoke")+a.calls("Replace"))
	}
	// Whoever waits for a serial number does not take another certificate.
	waiting := ref
	waiting.Revision = "abcdef"
	_, err = a.Collect(t.Context(), waiting)
	wantState(t, err, backend.StateNotIssued)
	waiting.Revision = strings.ToUpper("00:" + fresh.Certificate.Serial)
	if _, err := a.Collect(t.Context(), waiting); err != nil {
		t.Errorf("collect by a serial number that is spelt otherwise: %v", err)
	}
}

func TestRevoke(t *testing.T) {
	a := open(t)
	ref := a.issued(t, quick, "shop.example.com")
	for name, r := range map[string]model.Revocation{
		"no text": {Reason: model.ReasonSuperseded}, "long text": {Message: strings.Repeat("x", 513)}, "a code the CA refuses": {Reason: 2, Message: "x"},
	} {
		if _, err := a.Revoke(t.Context(), ref, r); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := a.Revoke(t.Context(), ref.Row(), model.Revocation{Message: "x"})
	wantKind(t, err, backend.KindInvalid)
	change, err := a.Revoke(t.Context(), ref, model.Revocation{Reason: model.ReasonKeyCompromise, Message: strings.Repeat("😀", 256)})
	if err != nil {
		t.Fatal(err)
	}
	if o := change.Page.Items[0].Order; o.Phase != model.OrderRevoked || o.RevokedFor != "1" || o.Revoked.IsZero() {
		t.Errorf("revoked: %+v", o)
	}
	e := wantState(t, errorOf(a.Revoke(t.Context(), ref, model.Revocation{Message: "again"})), backend.StateTooLate)
	if e.Code != "-159" {
		t.Errorf("revoking twice: %v", e)
	}
	_, err = a.Collect(t.Context(), ref.Row())
	if e := wantKind(t, err, backend.KindState); e.State == backend.StateNotIssued {
		t.Errorf("a revoked certificate is waited for: %v", e)
	}
}

func TestRenewMakesAnOrderOfItsOwn(t *testing.T) {
	a := open(t)
	ref := a.issued(t, quick, "shop.example.com")
	if o, err := a.FindRenewal(t.Context(), ref); o != nil || err != nil {
		t.Errorf("before: %v, %v", o, err)
	}
	change, err := a.Renew(t.Context(), ref, model.RenewSpec{})
	if err != nil {
		t.Fatal(err)
	}
	if len(change.Page.Items) != 2 || change.Page.Items[0].Ref != ref.Row() || !change.Page.Items[0].Order.Renewed || change.Page.Items[1].Ref == ref.Row() {
		t.Fatalf("renewed: %+v", change.Page)
	}
	successor := change.Page.Items[1].Ref
	if o, err := a.FindRenewal(t.Context(), ref); err != nil || o == nil || o.ID != successor.Key {
		t.Errorf("the successor %v is found as %+v, %v", successor, o, err)
	}
	// One that was ordered from here can't be it, one from elsewhere can.
	a.issued(t, quick, "shop.example.com")
	if o, err := a.FindRenewal(t.Context(), ref); err != nil || o == nil || o.ID != successor.Key {
		t.Errorf("beside another order the successor %v is found as %+v, %v", successor, o, err)
	}
	elsewhere := scmEntry("shop.example.com")
	elsewhere.Via, elsewhere.Requested = scmserver.ViaAdmin, noon
	if _, err := a.server.Add(elsewhere); err != nil {
		t.Fatal(err)
	}
	_, err = a.FindRenewal(t.Context(), ref)
	wantKind(t, err, backend.KindConflict)

	once := a.issued(t, noRenew, "once.example.com")
	_, err = a.Renew(t.Context(), once, model.RenewSpec{CSR: newCSR(t, "once.example.com")})
	if e := wantKind(t, err, backend.KindState); e.Code != "-180" || !strings.Contains(backend.AdviceFor(e).Cause, "profile") {
		t.Errorf("a profile without renewals: %v, %v", e, backend.AdviceFor(e))
	}
}

func TestCancel(t *testing.T) {
	a := open(t)
	cancel := func(ref model.Ref) (backend.Change, error) { return a.Cancel(t.Context(), ref) }

	waiting := a.place(t, approval, "a.example.com")
	change, err := cancel(waiting)
	if err != nil || change.Page.Items[0].Order.Phase != model.OrderDeclined {
		t.Fatalf("an order that waits for approval: %+v, %v", change, err)
	}
	wantState(t, errorOf(cancel(waiting)), backend.StateTooLate)

	going := a.place(t, slow, "b.example.com")
	if e := wantState(t, errorOf(cancel(going)), backend.StateTooLate); !strings.Contains(e.Message, "revoke") {
		t.Errorf("an order that the CA works on: %v", e)
	}
	done := a.issued(t, quick, "c.example.com")
	wantState(t, errorOf(cancel(done)), backend.StateTooLate)

	id, err := a.server.Add(scmEntry("d.example.com"))
	if err != nil {
		t.Fatal(err)
	}
	imported := a.read(t, row(id))
	ref := row(id)
	ref.Revision = "deadbeef"
	wantKind(t, errorOf(cancel(ref)), backend.KindGone)
	ref.Revision = imported.Certificate.Serial
	if _, err := cancel(ref); err != nil {
		t.Fatalf("an imported certificate: %v", err)
	}
	_, err = a.Read(t.Context(), row(id))
	wantKind(t, err, backend.KindNotFound)
}

func TestPlanCancel(t *testing.T) {
	a := open(t)
	for _, test := range []struct {
		order *model.Order
		want  backend.CancelWay
		says  string
	}{
		{nil, backend.CancelImpossible, "does not have"},
		{&model.Order{CommonName: "prepared"}, backend.CancelImpossible, "does not have"},
		{&model.Order{ID: "1"}, backend.CancelImpossible, "not known yet"},
		{&model.Order{ID: "1", Status: "Requested", Phase: model.OrderRequested}, backend.CancelDecline, "declined"},
		{&model.Order{ID: "1", Status: "Approved", Phase: model.OrderApproved}, backend.CancelImpossible, "revoke the certificate when it is issued"},
		{&model.Order{ID: "1", Status: "Applied", Phase: model.OrderApplied}, backend.CancelImpossible, "revoke the certificate when it is issued"},
		{&model.Order{ID: "1", Status: "Issued", Phase: model.OrderIssued}, backend.CancelRevoke, "can't be undone"},
		{&model.Order{ID: "1", Status: "Issued", Phase: model.OrderIssued, RequestedVia: "Imported"}, backend.CancelDelete, "stays valid"},
		{&model.Order{ID: "1", Status: "Issued", Phase: model.OrderIssued, RequestedVia: "Discovery"}, backend.CancelDelete, "stays valid"},
		{&model.Order{ID: "1", Status: "Declined", Phase: model.OrderDeclined}, backend.CancelImpossible, "hidden here"},
		{&model.Order{ID: "1", Status: "Revoked", Phase: model.OrderRevoked}, backend.CancelImpossible, "not in use"},
		{&model.Order{ID: "1", Status: "Suspended"}, backend.CancelImpossible, "Suspended"},
	} {
		plan := a.PlanCancel(&model.Item{Order: test.order})
		if plan.Way != test.want || !strings.Contains(plan.Effect, test.says) {
			t.Errorf("%+v: %+v, want %s and %q", test.order, plan, test.want, test.says)
		}
	}
	if a.calls("") != 0 {
		t.Error("a plan made a call")
	}
}

func TestFindOrders(t *testing.T) {
	a := open(t)
	s := spec(t, quick, "shop.example.com")
	trace := model.OrderTrace{Reference: s.Reference, CommonName: s.CommonName, Sent: a.clock()}
	find := func(want ...string) {
		t.Helper()
		found, err := a.FindOrders(t.Context(), trace)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range found.Carrying {
			ids = append(ids, o.ID)
		}
		if strings.Join(ids, " ") != strings.Join(want, " ") {
			t.Errorf("found %v, want %v", ids, want)
		}
	}
	find()
	// Others of that name, one of them under a reference that begins alike.
	a.place(t, quick, "shop.example.com")
	other := s
	other.CSR, other.Reference = newCSR(t, "shop.example.com"), s.Reference+"2"
	if _, err := a.Order(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	find()
	change, err := a.Order(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	first := change.Page.Items[0].Ref.Key
	find(first)
	// A report that lags behind: the list has to do.
	settings := a.server.Settings()
	settings.ReportDelay = time.Hour
	a.server.SetSettings(settings)
	find(first)
	second := s
	second.CSR = newCSR(t, "shop.example.com")
	if change, err = a.Order(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	find(change.Page.Items[0].Ref.Key, first)
	// A list that lags behind: the report has to do.
	settings.ReportDelay, settings.ListingDelay = 0, time.Hour
	a.server.SetSettings(settings)
	find(change.Page.Items[0].Ref.Key, first)
}

// Orders for the same name under another reference, of the last day, are told, as
// far as a report or the list has them; those that came to nothing are not.
func TestFindNamesakes(t *testing.T) {
	a := open(t)
	s := spec(t, quick, "shop.example.com")
	find := func(when string, at time.Time, want ...string) {
		t.Helper()
		found, err := a.FindOrders(t.Context(), model.OrderTrace{Reference: s.Reference, CommonName: "SHOP.example.com", Sent: at})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range found.Namesakes {
			ids = append(ids, o.ID)
		}
		if strings.Join(ids, " ") != strings.Join(want, " ") || len(found.Carrying) > 0 {
			t.Errorf("%s: found %v and %v, want %v", when, ids, found.Carrying, want)
		}
	}
	find("none", a.clock())
	a.place(t, quick, "api.example.com")
	open := a.place(t, approval, "shop.example.com")
	declined := a.place(t, approval, "shop.example.com")
	if _, err := a.Decline(t.Context(), declined, "no"); err != nil {
		t.Fatal(err)
	}
	issued := a.place(t, quick, "shop.example.com")
	a.advance(time.Minute)
	find("from the report", a.clock(), issued.Key, open.Key)
	settings := a.server.Settings()
	settings.ReportDelay = time.Hour
	a.server.SetSettings(settings)
	find("from the list", a.clock(), issued.Key, open.Key)
	find("three days later", a.clock().Add(3*aDay))
}

// ids of a snapshot's items.
func idsOf(s *model.Snapshot) []string {
	var out []string
	for _, it := range s.Items() {
		out = append(out, it.Ref.Key)
	}
	return out
}

// TestDetailsAskForISO: 03/04 can't be told from 04/03.
func TestDetailsAskForISO(t *testing.T) {
	c := &capture{}
	a := open(t, func(o *Options) { o.Wrap = func(next http.RoundTripper) http.RoundTripper { c.next = next; return c } })
	ref := a.place(t, quick, "a.example.com")
	want := noon.Truncate(24 * time.Hour)
	if it := a.read(t, ref); !it.Order.Requested.Equal(want) {
		t.Errorf("requested %v, want %v", it.Order.Requested, want)
	}
	if last := c.all[len(c.all)-1]; last.url.Query().Get("dateFormat") != "ISO" {
		t.Errorf("asked %v", last.url)
	}
	// An instance that does not heed it answers in its own form.
	settings := a.server.Settings()
	settings.IgnoreDateFormat = true
	a.server.SetSettings(settings)
	if it := a.read(t, ref); !it.Order.Requested.Equal(want) || len(it.Order.Unreadable) != 0 {
		t.Errorf("requested %v, want %v; unreadable %v", it.Order.Requested, want, it.Order.Unreadable)
	}
}
