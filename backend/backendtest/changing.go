package backendtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"certty/backend"
	"certty/model"
)

// creates makes a request and looks at it from every side.
func creates(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil)
	r := h.create(t, "fresh").Request
	if r.ID == "" || r.Phase != model.PhaseInProgress || !r.Manual() || r.CancelAsked {
		t.Errorf("new request %+v, want a manual one in progress with an id", r)
	}
	csr, err := x509.ParseCertificateRequest(r.CSR)
	if err != nil {
		t.Fatalf("the CSR of the new request: %v", err)
	}
	if err := csr.CheckSignature(); err != nil {
		t.Errorf("the CSR of the new request: %v", err)
	}
	if csr.Subject.CommonName != "fresh.example.com" {
		t.Errorf("the CSR is for %v", csr.Subject)
	}

	ref := model.Ref{Target: h.Backend.Info().Name, Kind: model.KindRequest, Key: "fresh", Revision: r.ID}
	if got := h.request(t, ref); got == nil || got.ID != r.ID || !bytes.Equal(got.CSR, r.CSR) {
		t.Errorf("the request reads as %+v", got)
	}
	whichever := ref
	whichever.Revision = ""
	if got := h.request(t, whichever); got == nil || got.ID != r.ID {
		t.Errorf("the request without its id reads as %+v", got)
	}
	if got := h.request(t, foreign(ref)); got != nil {
		t.Errorf("another request's id reads as %+v, want none", got)
	}
	if c.Sweep == nil {
		return
	}
	items, _ := h.sweep(t)
	if it, ok := items["fresh"]; !ok || it.Certificate.Issued {
		t.Errorf("the sweep lists %+v, want a certificate that is not issued", it)
	}
}

// refusesSecond creates while a request is in progress.
func refusesSecond(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil)
	it := h.create(t, "twice")
	policy := h.Policy
	policy.Subject = "CN=second.example.com"
	_, err := c.Create.Create(t.Context(), model.CreateSpec{Name: "twice", Policy: policy})
	wantState(t, err, backend.StatePending, it.Ref)
	if r := h.request(t, it.RequestRef()); r == nil || !r.Open() {
		t.Errorf("the first request reads as %+v, want it as it was", r)
	}
}

// leavesForeignAlone names a request that was replaced: nothing may happen to
// the one that stands in its place.
func leavesForeignAlone(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil)
	it := h.create(t, "mine")
	ref := foreign(it.RequestRef())
	before := h.Changes()
	if c.Cancel != nil {
		_, err := c.Cancel.Cancel(t.Context(), ref)
		wantError(t, err, backend.KindGone, ref)
	}
	if c.Merge != nil {
		_, err := c.Merge.Merge(t.Context(), ref, h.Sign(t, it.Request.CSR))
		wantError(t, err, backend.KindGone, ref)
	}
	if c.DeleteRequest != nil {
		_, err := c.DeleteRequest.DeleteRequest(t.Context(), ref)
		wantError(t, err, backend.KindGone, ref)
	}
	if h.Changes() != before {
		t.Error("a change was sent for a request that is not there")
	}
	if r := h.request(t, it.RequestRef()); r == nil || r.CancelAsked || r.Phase != model.PhaseInProgress {
		t.Errorf("the request in its place reads as %+v, want it as it was", r)
	}
}

// cancels asks for cancellation and waits for it.
func cancels(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil, c.Cancel != nil)
	it := h.create(t, "cancelled")
	ref := it.RequestRef()
	if plan := c.Cancel.PlanCancel(&it); plan.Way == backend.CancelImpossible || plan.Effect == "" {
		t.Errorf("plan for a request in progress: %+v", plan)
	}
	change, err := c.Cancel.Cancel(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	asked := onlyItem(t, change.Page)
	if r := asked.Request; r == nil || !r.CancelAsked && r.Phase != model.PhaseCancelled {
		t.Fatalf("after cancelling: %+v", r)
	}
	if plan := c.Cancel.PlanCancel(&asked); plan.Way != backend.CancelImpossible || plan.Effect == "" {
		t.Errorf("plan after cancelling: %+v", plan)
	}
	h.Advance(h.CancelTakes)
	if r := h.request(t, ref); r == nil || r.Phase != model.PhaseCancelled {
		t.Fatalf("after a while: %+v, want it cancelled", r)
	}
	_, err = c.Cancel.Cancel(t.Context(), ref)
	wantState(t, err, backend.StateTooLate, ref)
}

// refusesWrongKey merges a certificate that was signed for another key.
func refusesWrongKey(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil, c.Merge != nil)
	it := h.create(t, "wrongkey")
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: "wrongkey.example.com"},
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Merge.Merge(t.Context(), it.RequestRef(), h.Sign(t, csr))
	wantError(t, err, backend.KindInvalid, it.Ref)
	if r := h.request(t, it.RequestRef()); r == nil || !r.Open() {
		t.Errorf("the request reads as %+v, want it as it was", r)
	}
}

// sendsNoEmptyChain merges nothing.
func sendsNoEmptyChain(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Merge != nil)
	it := h.create(t, "empty")
	before := h.Changes()
	_, err := c.Merge.Merge(t.Context(), it.RequestRef(), nil)
	wantError(t, err, backend.KindInvalid, it.Ref)
	if h.Changes() != before {
		t.Error("an empty chain was sent")
	}
}

// merges completes a request and finds the certificate everywhere.
func merges(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil, c.Merge != nil)
	it := h.create(t, "merged")
	ref := it.RequestRef()
	chain := h.Sign(t, it.Request.CSR)
	before := h.Changes()
	change, err := c.Merge.Merge(t.Context(), ref, chain)
	if err != nil {
		t.Fatal(err)
	}
	if n := h.Changes() - before; n != 1 {
		t.Errorf("%d changing calls for one merge", n)
	}
	if change.Page.Fields&model.FieldCertificate == 0 {
		t.Fatalf("the page holds no certificate: %+v", change.Page)
	}
	got := onlyItem(t, change.Page).Certificate
	if !got.Issued || got.Version == "" || got.Thumbprint == "" || !bytes.Equal(got.DER, chain[0]) {
		t.Errorf("the new version is %+v", got)
	}
	if got.KeyType == "" || got.Serial == "" || got.Issuer == "" || got.Subject == "" {
		t.Errorf("the new version was not read: %+v", got)
	}
	page, err := c.Read.Read(t.Context(), h.certificate("merged"))
	if err != nil {
		t.Fatal(err)
	}
	read := onlyItem(t, page)
	if read.Certificate.Version != got.Version || !bytes.Equal(read.Certificate.DER, chain[0]) || read.Policy == nil {
		t.Errorf("the certificate reads as %+v", read)
	}
	if r := h.request(t, ref); r == nil || r.Phase != model.PhaseCompleted {
		t.Errorf("the request reads as %+v, want it completed", r)
	}
	_, err = c.Merge.Merge(t.Context(), ref, chain)
	wantState(t, err, backend.StateTooLate, ref)
	if c.Sweep != nil {
		items, _ := h.sweep(t)
		if listed := items["merged"].Certificate; !listed.Issued || listed.Thumbprint != got.Thumbprint {
			t.Errorf("the sweep lists %+v", listed)
		}
	}
}

// deletes removes a request; its certificate object stays.
func deletes(t *testing.T, h Harness) {
	c := h.Backend.Capabilities()
	needs(t, c.Create != nil, c.Read != nil, c.DeleteRequest != nil)
	it := h.create(t, "deleted")
	ref := it.RequestRef()
	change, err := c.DeleteRequest.DeleteRequest(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if got := onlyItem(t, change.Page); change.Page.Fields != model.FieldRequest || got.Request != nil {
		t.Errorf("the page says %+v, want that there is no request", got.Request)
	}
	if r := h.request(t, ref); r != nil {
		t.Errorf("the request still reads as %+v", r)
	}
	_, err = c.DeleteRequest.DeleteRequest(t.Context(), ref)
	wantError(t, err, backend.KindGone, ref)
	if c.Sweep != nil {
		if items, _ := h.sweep(t); items["deleted"].Ref.Key == "" {
			t.Error("the certificate object is gone with its request")
		}
	}
}
