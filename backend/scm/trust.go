package scm

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

// lateTrust reads which authorities are trusted when the first connection is
// made, so that a file that is missing costs its own target and no other.
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
// 5280 §6, RFC 9525), and what to do; "" where that is not the trouble.
func distrust(err error) string {
	if unknown, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		signer := "an authority that is not trusted here"
		if unknown.Cert != nil {
			signer = fmt.Sprintf("%q, which is not trusted here", unknown.Cert.Issuer.String())
		}
		return "its TLS certificate is signed by " + signer + "; where a proxy looks into TLS, name its authority in ca_file"
	}
	if other, ok := errors.AsType[x509.HostnameError](err); ok && other.Certificate != nil {
		return fmt.Sprintf("its TLS certificate is for %s, not for %s: something else answers there",
			strings.Join(other.Certificate.DNSNames, ", "), other.Host)
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "its TLS certificate has expired or is not valid yet, or this machine's clock is wrong"
	}
	return ""
}
