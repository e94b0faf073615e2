package vault

import (
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"certty/backend"
	"certty/model"
)

// TestUnknownAuthority: a vault behind a proxy that looks into TLS, over a real
// connection.
func TestUnknownAuthority(t *testing.T) {
	srv := httptest.NewTLSServer(http.NotFoundHandler())
	defer srv.Close()
	v, err := New(Options{Name: "kv", URL: srv.URL, RootCAs: x509.NewCertPool(), Credential: Credential{Kind: CredentialAzureCLI}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Read(t.Context(), model.Ref{Target: "kv", Kind: model.KindCertificate, Key: "web"})
	if backend.KindOf(err) != backend.KindNetwork || !strings.Contains(err.Error(), "ca_file") {
		t.Errorf("the error is %v", err)
	}
}

// TestAuthoritiesAreReadLate: a CA file that can't be read fails the calls, not
// the making of the backend, reaches nobody, and is read again at the next call.
func TestAuthoritiesAreReadLate(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	pool := s.options().RootCAs
	reads, missing := 0, errors.New("read ca_file: open /etc/proxy.pem: no such file")
	v := s.vault(t, func(o *Options) {
		o.RootCAs, o.ReadRootCAs = nil, func() (*x509.CertPool, error) {
			reads++
			if missing != nil {
				return nil, missing
			}
			return pool, nil
		}
	})
	_, err := v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindLocal); e.Message != missing.Error() || e.Ref != webRequest() || reads != 1 {
		t.Errorf("the error is %+v after %d reads", e, reads)
	}
	if s.tokens != 0 || len(s.seen()) != 0 {
		t.Error("something was sent")
	}
	missing = nil
	for range 2 {
		if _, err := v.Read(t.Context(), webRequest()); err != nil {
			t.Fatal(err)
		}
	}
	if reads != 3 { // the vault's and the authority's connections, once each
		t.Errorf("read %d times", reads)
	}
}
