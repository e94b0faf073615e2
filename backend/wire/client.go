package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// NewTransport makes a transport that verifies TLS, from version 1.2 on, against
// roots; nil roots are the system's. A nil proxy means HTTPS_PROXY and its kin,
// see [Environment]. A proxy that refuses is a [ProxyError], a SOCKS5 proxy with
// [TellProxy] around the transport.
//
// It speaks HTTP/1.1 and keeps two idle connections to a host; both are the
// caller's to change before the first call.
func NewTransport(proxy func(*http.Request) (*url.URL, error), roots *x509.CertPool) *http.Transport {
	if proxy == nil {
		proxy = Environment
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	transport := &http.Transport{
		Proxy:                  noted(proxy),
		OnProxyConnectResponse: connected,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
	transport.DialTLSContext = dialTLS(transport)
	return transport
}

// errTLSTimeout is told where the first host on the way does not answer over TLS.
var errTLSTimeout = errors.New("no answer over TLS within 10 seconds")

// dialTLS connects to the first host on the way over TLS, as transport would by
// itself. But to a proxy it does not offer HTTP/2: net/http does, and does not
// speak it with a proxy that takes the offer.
func dialTLS(transport *http.Transport) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		plain, err := transport.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		config := transport.TLSClientConfig.Clone()
		config.ServerName = host
		if way, ok := ctx.Value(wayKey{}).(*way); ok && way.proxy.Load() != nil {
			config.NextProtos = nil
		}
		conn := tls.Client(plain, config)
		limited, cancel := context.WithTimeout(ctx, transport.TLSHandshakeTimeout)
		defer cancel()
		if err = conn.HandshakeContext(limited); err == nil {
			return conn, nil
		}
		if ctx.Err() == nil && limited.Err() != nil {
			err = errTLSTimeout // the call has time left
		}
		_ = plain.Close() // the first error is the one to tell
		return nil, err
	}
}

// NewClient makes a client that follows no redirect. net/http drops
// Authorization on the way to another host and takes every other header along,
// one with a password as well. The answer itself is given back instead, so that
// the error can name the target; see [RedirectTarget].
//
// Its calls end with their contexts and not before.
func NewClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ErrTooLong is the error of reading on in an answer of which as much was read
// as [Bound] allows.
var ErrTooLong = errors.New("the answer is too long")

// tooLongError is ErrTooLong with how much was read, in bytes.
type tooLongError int64

// Error says it in MB of 2^20 bytes.
func (e tooLongError) Error() string {
	return fmt.Sprintf("the answer is larger than %d MB", int64(e)>>20)
}

// Is makes [errors.Is] find ErrTooLong.
func (e tooLongError) Is(target error) bool { return target == ErrTooLong }

// Bound makes the bodies of next's answers fail with [ErrTooLong] instead of
// being read without end. most is in bytes, and a whole number of 2^20.
func Bound(next http.RoundTripper, most int64) http.RoundTripper {
	return bounded{next: next, most: most}
}

type bounded struct {
	next http.RoundTripper
	most int64
}

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if resp != nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, most: b.most, left: b.most}
	}
	return resp, err
}

type boundedBody struct {
	io.ReadCloser
	most, left int64
}

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, tooLongError(b.most)
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
