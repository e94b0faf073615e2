package scm

import (
	"net/http"
	"strings"

	"certty/backend/wire"
)

// maxBody is the most that is read of one answer. The largest legitimate one is
// a report: 5 000 certificates of a year take about 5 MB.
const maxBody = 64 << 20

// newClient makes an HTTP client that speaks HTTP/1.1 only: HTTP/2 sends a
// refused request again by itself. Its calls end with their contexts, which is
// minutes for an order.
func newClient(o Options) *http.Client {
	transport := wire.NewTransport(o.Proxy, o.RootCAs)
	transport.MaxIdleConnsPerHost = parallel
	return wire.NewClient(wire.Bound(wire.TellProxy(wire.TrustLate(transport, o.ReadRootCAs)), maxBody))
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
