package vaultserver

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"testing"
	"time"
)

const cancel = `{"cancellation_requested":true}`

func TestIssuersAnswer(t *testing.T) {
	tests := []struct {
		issuer string
		after  time.Duration
		status string
		code   string
	}{
		{"Self", 5 * time.Second, "completed", ""},
		{IssuerContoso, 8 * time.Second, "completed", ""},
		{IssuerSlow, 6 * time.Hour, "completed", ""},
		{IssuerStrict, 4 * time.Second, "failed", "Request rejected"},
		{IssuerBroken, 6 * time.Second, "failed", "Certificate issuer error"},
	}
	for _, tt := range tests {
		t.Run(tt.issuer, func(t *testing.T) {
			b := newBench(t)
			b.create("shop", tt.issuer)
			b.clock.advance(tt.after - time.Millisecond)
			before := b.get("/certificates/shop/pending").want(http.StatusOK)
			if before.string("status") != "inProgress" || before.header.Get("Retry-After") != "10" || before.at("target") != nil {
				t.Errorf("before it is due: %s", before.text)
			}
			b.clock.advance(time.Millisecond)
			got := b.get("/certificates/shop/pending").want(http.StatusOK)
			if got.string("status") != tt.status || got.header.Get("Retry-After") != "" || got.at("status_details") != nil {
				t.Errorf("when it is due: %s", got.text)
			}
			if tt.code != "" && (got.string("error", "code") != tt.code || got.string("error", "message") == "") {
				t.Errorf("error: %s", got.text)
			}
			if tt.status == "completed" && got.string("target") != "https://"+host+"/certificates/shop" {
				t.Errorf("target: %s", got.text)
			}
		})
	}
}

func TestIssuedCertificate(t *testing.T) {
	b := newBench(t)
	for _, issuer := range []string{"Self", IssuerContoso} {
		b.create(issuer, issuer)
	}
	b.clock.advance(time.Hour)
	for _, issuer := range []string{"Self", IssuerContoso} {
		got := b.get("/certificates/" + issuer)
		der, err := base64.StdEncoding.DecodeString(got.string("cer"))
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		delay := selfDelay
		if issuer != "Self" {
			delay = 8 * time.Second
			if _, err := leaf.Verify(x509.VerifyOptions{Roots: b.ca.Pool(), Intermediates: poolOf(t, b), CurrentTime: noon.Add(time.Hour)}); err != nil {
				t.Error(err)
			}
		} else if err := leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature); err != nil {
			t.Error(err)
		}
		// It was issued when it was due, whenever somebody looks.
		if created := noon.Add(delay); got.at("attributes", "created") != float64(created.Unix()) || !leaf.NotBefore.Equal(created.Add(-10*time.Minute)) {
			t.Errorf("%s: created %v, not before %s", issuer, got.at("attributes", "created"), leaf.NotBefore)
		}
	}
}

func poolOf(t *testing.T, b *bench) *x509.CertPool {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	pool := x509.NewCertPool()
	for _, der := range b.objects[IssuerContoso].current().Above {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		pool.AddCert(cert)
	}
	return pool
}

func TestCancelTakesAWhile(t *testing.T) {
	for issuer, takes := range map[string]time.Duration{"Unknown": 12 * time.Second, "Self": 12 * time.Second, IssuerSlow: 15 * time.Minute} {
		t.Run(issuer, func(t *testing.T) {
			b := newBench(t)
			b.create("shop", issuer)
			asked := b.send(http.MethodPatch, "/certificates/shop/pending", cancel).want(http.StatusOK)
			if asked.at("cancellation_requested") != true || asked.string("status") != "inProgress" || asked.header.Get("Retry-After") != "" {
				t.Errorf("asked: %s", asked.text)
			}
			b.clock.advance(takes - time.Second)
			if got := b.get("/certificates/shop/pending"); got.string("status") != "inProgress" || got.header.Get("Retry-After") != "10" {
				t.Errorf("meanwhile: %s", got.text)
			}
			// Asking again neither fails nor takes longer.
			b.send(http.MethodPatch, "/certificates/shop/pending", cancel).want(http.StatusOK)
			b.clock.advance(time.Second)
			got := b.get("/certificates/shop/pending")
			if got.string("status") != "cancelled" || got.at("cancellation_requested") != true || got.at("status_details") != nil {
				t.Errorf("in the end: %s", got.text)
			}
		})
	}
}

func TestCancelTooLate(t *testing.T) {
	b := newBench(t)
	b.create("done", "Self")
	b.create("failed", IssuerStrict)
	b.clock.advance(time.Minute)
	for _, name := range []string{"done", "failed"} {
		b.send(http.MethodPatch, "/certificates/"+name+"/pending", cancel).wantError(http.StatusForbidden, "Forbidden", "Pending status must be in progress to allow update.")
	}
	b.send(http.MethodPatch, "/certificates/none/pending", cancel).wantError(http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: none")
	b.send(http.MethodPatch, "/certificates/done/pending", `{}`).want(http.StatusBadRequest)
}

func TestDeletePendingLeavesTheCertificate(t *testing.T) {
	b := newBench(t)
	created := b.create("shop", "Unknown")
	before := b.get("/certificates/shop")
	deleted := b.send(http.MethodDelete, "/certificates/shop/pending", "").want(http.StatusOK)
	if deleted.string("request_id") != created.string("request_id") || deleted.string("status") != "inProgress" || deleted.header.Get("Retry-After") != "" {
		t.Errorf("deleted: %s", deleted.text)
	}
	b.get("/certificates/shop/pending").wantError(http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: shop")
	b.send(http.MethodDelete, "/certificates/shop/pending", "").want(http.StatusNotFound)
	after := b.get("/certificates/shop").want(http.StatusOK)
	if after.string("id") != before.string("id") || before.at("pending", "id") == nil || after.at("pending") != nil {
		t.Errorf("before %s\nafter %s", before.text, after.text)
	}
	// A completed request's object can be deleted too; the certificate stays live.
	b.create("done", "Self")
	b.clock.advance(time.Minute)
	if got := b.send(http.MethodDelete, "/certificates/done/pending", "").want(http.StatusOK); got.string("status") != "completed" {
		t.Errorf("deleted: %s", got.text)
	}
	if got := b.get("/certificates/done"); got.at("x5t") == nil {
		t.Errorf("after: %s", got.text)
	}
}

func TestPendingOnlyCertificate(t *testing.T) {
	b := newBench(t)
	b.create("shop", "Unknown")
	for _, path := range []string{"/certificates/shop", "/certificates/shop/"} {
		got := b.get(path).want(http.StatusOK)
		for _, member := range []string{"kid", "sid", "x5t", "cer"} {
			if got.at(member) != nil {
				t.Errorf("%s of a certificate that was never issued: %s", member, got.text)
			}
		}
		if got.at("attributes", "enabled") != false || got.at("attributes", "nbf") != float64(noon.Add(-10*time.Minute).Unix()) ||
			got.at("attributes", "exp") != float64(noon.AddDate(1, 0, 0).Unix()) {
			t.Errorf("attributes %v", got.at("attributes"))
		}
	}
}

func TestRequestIDFilters(t *testing.T) {
	b := newBench(t)
	id := b.create("shop", "Unknown").string("request_id")
	for _, call := range []struct{ method, path, body string }{
		{http.MethodGet, "/certificates/shop/pending", ""},
		{http.MethodPatch, "/certificates/shop/pending", cancel},
		{http.MethodDelete, "/certificates/shop/pending", ""},
		{http.MethodPost, "/certificates/shop/pending/merge", `{"x5c":[]}`},
	} {
		b.request(call.method, call.path+version74+"&request_id=00000000000000000000000000000000", call.body).
			wantError(http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: shop")
	}
	got := b.request(http.MethodGet, "/certificates/shop/pending"+version74+"&request_id="+id, "").want(http.StatusOK)
	if got.at("cancellation_requested") != false {
		t.Error("a filtered change was made")
	}
}

func TestPendingAsPKCS10(t *testing.T) {
	b := newBench(t)
	csr := b.create("shop", "Unknown").csr()
	got := b.request(http.MethodGet, "/certificates/shop/pending"+version74, "", "Accept", "application/pkcs10").want(http.StatusOK)
	if ct := got.header.Get("Content-Type"); ct != "application/pkcs10; charset=utf-8" {
		t.Errorf("Content-Type %s", ct)
	}
	if der, err := base64.StdEncoding.DecodeString(got.text); err != nil || !bytes.Equal(der, csr) {
		t.Errorf("%v: %s", err, got.text)
	}
}
