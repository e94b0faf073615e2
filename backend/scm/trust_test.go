package scm

import (
	"crypto/x509"
	"errors"
	"testing"

	"certty/backend"
)

// TestAuthoritiesAreReadLate: a CA file that can't be read fails the calls, not
// the making of the backend, reaches nobody, and is read again at the next call.
func TestAuthoritiesAreReadLate(t *testing.T) {
	s := serve(t)
	s.on("/", answering(200, `{"sslId":1}`))
	var pool *x509.CertPool
	reads, missing := 0, errors.New("read ca_file: open /etc/proxy.pem: no such file")
	b := s.client(t, func(o *Options) {
		pool = o.RootCAs
		o.RootCAs, o.ReadRootCAs = nil, func() (*x509.CertPool, error) {
			reads++
			return pool, missing
		}
	})
	e := wantKind(t, errorOf(b.Read(t.Context(), row(1))), backend.KindLocal)
	if e.Message != missing.Error() || e.Ref != row(1) || reads != 1 || len(s.requests()) != 0 {
		t.Errorf("%+v after %d reads, called %v", e, reads, s.requests())
	}
	missing = nil
	for range 2 {
		if err := errorOf(b.Read(t.Context(), row(1))); err != nil {
			t.Fatal(err)
		}
	}
	if reads != 2 {
		t.Errorf("read %d times", reads)
	}
}
