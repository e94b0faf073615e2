package wire

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"certty/backend"
	"certty/backend/text"
)

// TrustLate makes transport trust the authorities that read gives. It is asked
// when the first connection is made, so that a file that is missing costs its
// own target and no other. Where it fails, so does the call, with
// backend.KindLocal and before anything is sent; the next call asks again. What
// it gave once counts for good.
//
// With a nil read it is transport itself.
func TrustLate(transport *http.Transport, read func() (*x509.CertPool, error)) http.RoundTripper {
	if read == nil {
		return transport
	}
	return &lateTrust{read: read, transport: transport}
}

type lateTrust struct {
	read func() (*x509.CertPool, error)

	mu sync.Mutex
	// transport trusts what was read once ready is true.
	transport *http.Transport
	ready     bool
}

// RoundTrip implements [http.RoundTripper].
func (l *lateTrust) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := l.prepare(); err != nil {
		refusal := &backend.Error{Kind: backend.KindLocal, Op: req.Method, Message: text.Flat(err.Error())}
		if req.Body != nil {
			refusal.Err = req.Body.Close()
		}
		return nil, refusal
	}
	return l.transport.RoundTrip(req)
}

func (l *lateTrust) prepare() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ready {
		return nil
	}
	pool, err := l.read()
	if err != nil {
		return err
	}
	l.transport.TLSClientConfig.RootCAs = pool
	l.ready = true
	return nil
}

// distrust says why the certificate of whoever answered was not accepted (RFC
// 5280 §6, RFC 9525), and what to do; "" where that is not the trouble. The
// library's words name neither who signed it nor a way out.
func distrust(err error, wayOut string) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		signer := "an authority that is not trusted here"
		if unknown.Cert != nil {
			signer = fmt.Sprintf("%q, which is not trusted here", unknown.Cert.Issuer.String())
		}
		return "its TLS certificate is signed by " + signer + "; " + wayOut
	}
	if other, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("its TLS certificate is for %s, not for %s: something else answers there",
			strings.Join(other.Certificate.DNSNames, ", "), other.Host)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "its TLS certificate has expired or is not valid yet, or this machine's clock is wrong"
	}
	return ""
}
