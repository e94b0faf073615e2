package wire

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"certty/backend"
)

const wayOut = "name it in ca_file"

// TestReason: why a certificate is not accepted, and what to do.
func TestReason(t *testing.T) {
	cert := &x509.Certificate{DNSNames: []string{"a.example", "b.example"}, Issuer: pkix.Name{CommonName: "Proxy \x1b[2J CA"}}
	for _, tt := range []struct {
		err  error
		want []string
	}{
		{x509.UnknownAuthorityError{Cert: cert}, []string{"Proxy", "not trusted here", wayOut}},
		{x509.UnknownAuthorityError{}, []string{"not trusted here", wayOut}},
		{x509.HostnameError{Certificate: cert, Host: "kv.example"}, []string{"a.example, b.example", "not for kv.example"}},
		{x509.CertificateInvalidError{Reason: x509.Expired}, []string{"expired", "clock"}},
		{&url.Error{Op: "Get", URL: "https://kv.example", Err: x509.UnknownAuthorityError{}}, []string{wayOut}},
	} {
		got := Reason(tt.err, wayOut)
		for _, text := range tt.want {
			if !strings.Contains(got, text) {
				t.Errorf("%v: %q is not said: %s", tt.err, text, got)
			}
		}
		if strings.ContainsRune(got, '\x1b') {
			t.Errorf("not cleaned: %q", got)
		}
	}
	for _, tt := range []struct {
		err  error
		want string
	}{
		{errors.New("dial tcp: refused"), "dial tcp: refused"},
		{errors.New("one\nline"), "one line"},
		{&url.Error{Op: "Get", URL: "https://kv.example/?token=x", Err: errors.New("EOF")}, "EOF"},
		{x509.CertificateInvalidError{Reason: x509.NameMismatch}, x509.CertificateInvalidError{Reason: x509.NameMismatch}.Error()},
	} {
		if got := Reason(tt.err, wayOut); got != tt.want {
			t.Errorf("%v became %q, want %q", tt.err, got, tt.want)
		}
	}
}

// body tells whether it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error {
	b.closed = true
	return nil
}

// TestTrustLate: authorities that can't be read fail the call and reach nobody;
// they are read again at the next call, and no more once they were read.
func TestTrustLate(t *testing.T) {
	calls := 0
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls++ }))
	defer srv.Close()
	reads, missing := 0, errors.New("read ca_file: open /etc/proxy.pem:\nno such file")
	client := NewClient(TrustLate(NewTransport(noProxy, nil), func() (*x509.CertPool, error) {
		reads++
		if missing != nil {
			return nil, missing
		}
		return trusting(srv), nil
	}))

	sent := &body{Reader: strings.NewReader("x")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, sent)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Do(req)
	e, ok := errors.AsType[*backend.Error](err)
	if !ok || e.Kind != backend.KindLocal || e.Message != "read ca_file: open /etc/proxy.pem: no such file" {
		t.Errorf("the error is %v", err)
	}
	if calls != 0 || reads != 1 || !sent.closed {
		t.Errorf("%d calls, %d reads, the body closed: %v", calls, reads, sent.closed)
	}
	missing = nil
	for range 2 {
		if _, _, err := get(t, client, srv.URL); err != nil {
			t.Fatal(err)
		}
	}
	if calls != 2 || reads != 2 {
		t.Errorf("%d calls, %d reads", calls, reads)
	}
}

func TestTrustAtOnce(t *testing.T) {
	transport := NewTransport(noProxy, nil)
	if got := TrustLate(transport, nil); got != http.RoundTripper(transport) {
		t.Errorf("with nothing to read it is %T", got)
	}
}
