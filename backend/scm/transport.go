package scm

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxBody is the most that is read of one answer. The largest legitimate one is
// a report: 5 000 certificates of a year take about 5 MB.
const maxBody = 64 << 20

var errTooLarge = errors.New("the answer is larger than 64 MB")

// newClient makes an HTTP client that verifies TLS, refuses redirects and bounds
// the answer. It speaks HTTP/1.1 only: HTTP/2 sends a refused request again by
// itself. Its calls end with their contexts, which is minutes for an order.
func newClient(o Options) *http.Client {
	proxy := o.Proxy
	if proxy == nil {
		proxy = http.ProxyFromEnvironment
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	rt := &http.Transport{
		Proxy:                  proxy,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConnsPerHost:    parallel,
		MaxResponseHeaderBytes: 1 << 20,
	}
	var next http.RoundTripper = rt
	if o.ReadRootCAs != nil {
		next = &lateTrust{read: o.ReadRootCAs, transport: rt}
	}
	return &http.Client{
		Transport: bounded{next},
		// net/http drops Authorization on the way to another host and takes
		// login and password along. The answer itself is given back instead, so
		// that the error can name the target.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded fails instead of reading an answer without end.
type bounded struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if resp != nil {
		resp.Body = &boundedBody{ReadCloser: resp.Body, left: maxBody}
	}
	return resp, err
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}

// readingPosts are the calls that only read although they are POSTs (SCM REST
// API, "Reports" and "Domain Control Validation").
var readingPosts = []string{"/report/v1/ssl-certificates", "/dcv/v1/validation/status", "/dcv/v2/validation/status"}

// OnlyReads reports whether a POST of the API only reads, for a transport that
// lets nothing else through.
func OnlyReads(req *http.Request) bool {
	for _, path := range readingPosts {
		if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, path) {
			return true
		}
	}
	return false
}
