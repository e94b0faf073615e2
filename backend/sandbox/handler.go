package sandbox

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"

	"certty/backend/sandbox/ca"
)

// signPath is where the CA signs. It is the sandbox's own, no part of Key
// Vault's protocol, and needs no token: whoever is on this machine may have a
// certificate that nobody trusts.
const signPath = "/sandbox/ca/sign"

const maxCSR = 64 << 10

// handler serves one of the sandbox's services, and what is the sandbox's own
// beside it.
func (s *Sandbox) handler(service http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+signPath, s.serveSign)
	s.handleAdmin(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !loopback(r.Host):
			// A page in a browser can make a name of its own point here.
			http.Error(w, "this host is not served here", http.StatusMisdirectedRequest)
		case strings.HasPrefix(r.URL.Path, "/sandbox/"):
			mux.ServeHTTP(w, r)
		default:
			// Not through the mux, which cleans paths and redirects.
			service.ServeHTTP(w, r)
		}
	})
}

// serveSign signs the certificate request in the body (PEM) and answers with
// the chain (PEM), in the order that the query asks for.
func (s *Sandbox) serveSign(w http.ResponseWriter, r *http.Request) {
	order, err := ca.ParseOrder(r.URL.Query().Get("order"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCSR))
	if err != nil {
		status := http.StatusBadRequest
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, "read the certificate request: "+err.Error(), status)
		return
	}
	chain, err := sign(s.ca, body, order)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/pem-certificate-chain") // RFC 8555 §9.1
	if _, err := w.Write(chain); err != nil {
		s.log.Debug("sandbox: the client has gone", "err", err)
	}
}

// loopback reports whether a host, with or without a port, can't be reached
// from another machine.
func loopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
