package poll

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"
	"testing/synctest"
	"time"

	"certty/model"
	"certty/model/x5c"
)

// The CSR of a completed request is left out unless somebody looks at the row:
// its key stays known, and opening the row brings it back.
func TestCSRsOfCompletedRequestsAreSpared(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	id, err := x5c.PublicKeyID(csr)
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		f := newFake().issued(6).pending("waits", 0)
		for name, r := range map[string]model.Request{
			"cert-00000": {ID: "0", Phase: model.PhaseCompleted, CSR: csr},
			"cert-00001": {ID: "1", Phase: model.PhaseCompleted, CSR: csr}, // watched
			"cert-00002": {ID: "2", Phase: model.PhaseFailed, CSR: csr},
			"cert-00003": {ID: "3", Phase: model.PhaseCompleted, CSR: []byte("nonsense")},
			"cert-00004": {Phase: model.PhaseCompleted, CSR: csr}, // the CSR tells it from another
			"waits":      {ID: "w", Phase: model.PhaseInProgress, CSR: csr},
		} {
			f.change(name, func(row *row) { row.request = &r })
		}
		r := start(t, f, &keeper{}, steady())
		r.Watch([]model.Ref{certificate("cert-00001")})
		r.until(20 * time.Second)
		at := func(name string) *model.Request { return r.state().Snapshot.Get(name).Request }
		if got := at("cert-00000"); len(got.CSR) > 0 || got.KeyID != id {
			t.Errorf("a CSR of %d bytes is kept, key %q", len(got.CSR), got.KeyID)
		}
		for _, name := range []string{"cert-00001", "cert-00002", "cert-00003", "cert-00004", "waits"} {
			if got := at(name); len(got.CSR) == 0 || got.KeyID != "" {
				t.Errorf("%s: %d bytes, key %q", name, len(got.CSR), got.KeyID)
			}
		}
		r.Look(certificate("cert-00000"))
		r.until(21 * time.Second)
		if got := at("cert-00000"); !bytes.Equal(got.CSR, csr) || got.KeyID != "" {
			t.Errorf("opened: a CSR of %d bytes, key %q", len(got.CSR), got.KeyID)
		}
	})
}
