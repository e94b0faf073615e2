package backendtest

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	"certty/backend"
	"certty/model"
)

// order places an order and gives back its row and what was ordered.
func (h Harness) order(t *testing.T, name string, make func(testing.TB, string) model.OrderSpec) (model.Ref, model.OrderSpec) {
	t.Helper()
	spec := make(t, name)
	change, err := h.Backend.Capabilities().Order.Order(t.Context(), spec)
	if err != nil {
		t.Fatalf("order %s: %v", name, err)
	}
	it := onlyItem(t, change.Page)
	if it.Order == nil || it.Order.ID == "" || it.Ref != h.certificate(it.Order.ID) {
		t.Fatalf("order %s: the page holds no id: %+v", name, it)
	}
	return it.Ref, spec
}

// readOrder reads an order.
func (h Harness) readOrder(t *testing.T, ref model.Ref) model.Item {
	t.Helper()
	page, err := h.Backend.Capabilities().Read.Read(t.Context(), ref)
	if err != nil {
		t.Fatalf("read %v: %v", ref, err)
	}
	it := onlyItem(t, page)
	if page.Fields != model.FieldOrder || it.Order == nil || it.Ref != ref.Row() {
		t.Fatalf("read %v: %+v", ref, page)
	}
	return it
}

// issueOrder places an order and waits for its certificate. The ref's revision
// is its serial number.
func (h Harness) issueOrder(t *testing.T, name string) (model.Ref, model.OrderSpec) {
	t.Helper()
	ref, spec := h.order(t, name, h.Order)
	h.Advance(h.IssueTakes)
	it := h.readOrder(t, ref)
	if it.Order.Phase != model.OrderIssued || it.Certificate.Serial == "" || it.Certificate.NotAfter.IsZero() {
		t.Fatalf("%v is not issued: %+v with %+v", ref, it.Order, it.Certificate)
	}
	ref.Revision = it.Certificate.Serial
	return ref, spec
}

// ordersAndCollects walks an order to its certificate.
func ordersAndCollects(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Collect != nil, c.Read != nil)
	before := h.Changes()
	ref, spec := h.order(t, "ordered", h.Order)
	if n := h.Changes() - before; n != 1 {
		t.Errorf("%d changing calls for an order", n)
	}
	found, err := c.Order.FindOrders(t.Context(), model.OrderTrace{Reference: spec.Reference, CommonName: spec.CommonName, Sent: h.readOrder(t, ref).Order.Requested})
	if err != nil || len(found.Carrying) != 1 || found.Carrying[0].ID != ref.Key || len(found.Namesakes) != 0 {
		t.Errorf("found by its reference: %+v, %v", found, err)
	}
	_, err = c.Collect.Collect(t.Context(), ref)
	wantState(t, err, backend.StateNotIssued, ref)
	h.Advance(h.IssueTakes)
	it := h.readOrder(t, ref)
	chain, err := c.Collect.Collect(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	request, err := x509.ParseCertificateRequest(spec.CSR)
	if err != nil {
		t.Fatal(err)
	}
	matches := 0
	for _, der := range chain {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(certificate.RawSubjectPublicKeyInfo, request.RawSubjectPublicKeyInfo) {
			matches++
			if model.SerialText(certificate.SerialNumber) != it.Certificate.Serial {
				t.Errorf("the serial number is %s, told as %s", model.SerialText(certificate.SerialNumber), it.Certificate.Serial)
			}
		}
	}
	if matches != 1 {
		t.Errorf("%d of %d certificates are for the key that was ordered for", matches, len(chain))
	}
	missing := ref
	missing.Key = "2147483000"
	_, err = c.Read.Read(t.Context(), missing)
	wantError(t, err, backend.KindNotFound, missing)
	_, err = c.Collect.Collect(t.Context(), missing)
	wantError(t, err, backend.KindNotFound, missing)
}

// decidesOnce approves and declines.
func decidesOnce(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Approve != nil, c.Cancel != nil)
	ref, _ := h.order(t, "waits", h.Approval)
	waiting := h.readOrder(t, ref)
	if plan := c.Cancel.PlanCancel(&waiting); plan.Way != backend.CancelDecline || plan.Effect == "" {
		t.Errorf("plan %+v", plan)
	}
	before := h.Changes()
	_, err := c.Approve.Approve(t.Context(), ref, "")
	wantError(t, err, backend.KindInvalid, ref)
	if h.Changes() != before {
		t.Error("an approval without a message was sent")
	}
	if _, err := c.Cancel.Cancel(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if o := h.readOrder(t, ref).Order; o.Phase != model.OrderDeclined {
		t.Errorf("cancelled: %+v", o)
	}
	_, err = c.Approve.Approve(t.Context(), ref, "late")
	wantState(t, err, backend.StateTooLate, ref)
	_, err = c.Cancel.Cancel(t.Context(), ref)
	wantState(t, err, backend.StateTooLate, ref)
}

// revokesWhatWasConfirmed leaves another certificate alone.
func revokesWhatWasConfirmed(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Revoke != nil)
	ref, _ := h.issueOrder(t, "revoked")
	other := ref
	other.Revision = "1234567890abcdef"
	before := h.Changes()
	_, err := c.Revoke.Revoke(t.Context(), other, model.Revocation{Message: "not this one"})
	wantError(t, err, backend.KindGone, ref)
	if c.Replace != nil {
		_, err = c.Replace.Replace(t.Context(), other, model.ReplaceSpec{CSR: []byte{1}, CommonName: "x", Reason: "not this one"})
		wantError(t, err, backend.KindGone, ref)
	}
	if h.Changes() != before {
		t.Error("something was sent about another certificate")
	}
	if _, err := c.Revoke.Revoke(t.Context(), ref, model.Revocation{Reason: model.ReasonSuperseded, Message: "a test"}); err != nil {
		t.Fatal(err)
	}
	if o := h.readOrder(t, ref).Order; o.Phase != model.OrderRevoked || o.RevokedFor != "4" {
		t.Errorf("revoked: %+v", o)
	}
	_, err = c.Revoke.Revoke(t.Context(), ref, model.Revocation{Message: "again"})
	wantState(t, err, backend.StateTooLate, ref)
}

// renewsOrders finds the successor again.
func renewsOrders(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Renew != nil)
	ref, _ := h.issueOrder(t, "renewed")
	if o, err := c.Renew.FindRenewal(t.Context(), ref); o != nil || err != nil {
		t.Errorf("before it was renewed: %+v, %v", o, err)
	}
	change, err := c.Renew.Renew(t.Context(), ref, model.RenewSpec{})
	if err != nil {
		t.Fatal(err)
	}
	if len(change.Page.Items) != 2 {
		t.Fatalf("renewed: %+v", change.Page)
	}
	o, err := c.Renew.FindRenewal(t.Context(), ref)
	if err != nil || o == nil || o.ID != change.Page.Items[1].Ref.Key || o.ID == ref.Key {
		t.Errorf("its successor: %+v, %v; want %v", o, err, change.Page.Items[1].Ref)
	}
}

// sweepsOrders fills more than a page and wants all of it listed and read.
func sweepsOrders(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Sweep != nil)
	want := map[string]bool{}
	for i := range h.PageSize + 1 {
		ref, _ := h.order(t, fmt.Sprintf("sweep-%03d", i), h.Order)
		want[ref.Key] = true
	}
	before := h.Changes()
	listed, read := map[string]bool{}, map[string]bool{}
	var sum *model.Summary
	for page, err := range c.Sweep.Sweep(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if sum != nil {
			t.Error("a page comes after the summary")
		}
		sum = page.Summary
		for _, it := range page.Items {
			if it.Order == nil || it.Ref != h.certificate(it.Ref.Key) {
				t.Errorf("listed as %v with %+v", it.Ref, it.Order)
			}
			switch {
			case page.Fields == model.FieldOrder:
				read[it.Ref.Key] = true
			case page.Fields != model.FieldListing:
				t.Errorf("fields %b", page.Fields)
			case listed[it.Ref.Key]:
				t.Errorf("%v is listed twice", it.Ref)
			default:
				listed[it.Ref.Key] = true
			}
		}
	}
	if sum == nil || !sum.Complete || sum.Seen != len(want) {
		t.Fatalf("summary %+v for %d orders", sum, len(want))
	}
	for key := range want {
		if !listed[key] || !read[key] {
			t.Errorf("order %s: listed %v, read %v", key, listed[key], read[key])
		}
	}
	if h.Changes() != before {
		t.Error("the sweep changed something")
	}
}

// readsAccount reads what orders are made with.
func readsAccount(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Account != nil)
	before := h.Changes()
	account, err := c.Account.Account(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(account.Organizations) == 0 || len(account.Profiles) == 0 || account.ReadAt.IsZero() {
		t.Errorf("account %+v", account)
	}
	for _, f := range c.Account.Probe(t.Context()) {
		if f.What == "" || f.Text == "" || f.Verdict != backend.VerdictGood && f.Fix == "" {
			t.Errorf("finding %+v", f)
		}
	}
	if f, ok := c.Account.Password(t.Context()); ok && (f.What == "" || f.Text == "" || f.Err != nil) {
		t.Errorf("password %+v", f)
	}
	validations, err := c.Account.Validations(t.Context())
	if err != nil || len(validations) == 0 {
		t.Errorf("validations %+v, %v", validations, err)
	}
	if h.Changes() != before {
		t.Error("reading the account changed something")
	}
}

// orderingEnds calls everything of an account with a context that is over.
func orderingEnds(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Order != nil, c.Read != nil)
	ref, _ := h.issueOrder(t, "ends")
	before := h.Changes()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	calls := map[string]func() error{
		"read":  func() error { _, err := c.Read.Read(ctx, ref); return err },
		"order": func() error { _, err := c.Order.Order(ctx, h.Order(t, "never")); return err },
		"find": func() error {
			_, err := c.Order.FindOrders(ctx, model.OrderTrace{Reference: "certty:0:1", CommonName: "x"})
			return err
		},
		"sweep":   func() error { return lastError(ctx, c.Sweep) },
		"changes": func() error { return lastChange(ctx, c.Changes) },
		"renew":   func() error { _, err := c.Renew.Renew(ctx, ref, model.RenewSpec{}); return err },
		"replace": func() error {
			_, err := c.Replace.Replace(ctx, ref, model.ReplaceSpec{CSR: []byte{1}, Reason: "x"})
			return err
		},
		"revoke":  func() error { _, err := c.Revoke.Revoke(ctx, ref, model.Revocation{Message: "x"}); return err },
		"approve": func() error { _, err := c.Approve.Approve(ctx, ref, "x"); return err },
		"decline": func() error { _, err := c.Approve.Decline(ctx, ref, "x"); return err },
		"cancel":  func() error { _, err := c.Cancel.Cancel(ctx, ref); return err },
		"collect": func() error { _, err := c.Collect.Collect(ctx, ref); return err },
		"account": func() error { _, err := c.Account.Account(ctx, nil); return err },
		"validation": func() error {
			_, err := c.Validation.Validation(ctx, ref)
			return err
		},
		"recheck": func() error { _, err := c.Recheck.Recheck(ctx, ref); return err },
	}
	for name, call := range calls {
		err := call()
		if !errors.Is(err, context.Canceled) || backend.KindOf(err) != backend.KindNetwork {
			t.Errorf("%s with a context that is over: %v, want the context's end as a network error", name, err)
		}
	}
	if h.Changes() != before {
		t.Error("something was changed although the context was over")
	}
}

func lastChange(ctx context.Context, r backend.ChangeReader) error {
	var last error
	for _, err := range r.Changes(ctx, model.NewSnapshot("none", nil, time.Time{})) {
		last = err
	}
	return last
}
