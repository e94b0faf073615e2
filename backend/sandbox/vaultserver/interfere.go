package vaultserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// occasion is a request as a fault sees it.
type occasion struct {
	operation string
	name      string // of a certificate or issuer; "" when there is none
	base      string
}

// interfere serves a request, unless or until a fault hits it.
func (s *Server) interfere(w http.ResponseWriter, r *http.Request, o occasion, serve func(http.ResponseWriter)) {
	f, hit := s.faults.take(o)
	if !hit {
		serve(w)
		return
	}
	if !pause(r.Context(), f.Latency) {
		return // the client has gone
	}
	switch f.Kind {
	case Slow:
		serve(w)
	case Hang:
		<-r.Context().Done()
	case ResetBefore:
		s.count(r.Method, o.operation, 0)
		reset(r)
	case ResetAfter:
		serve(newDraft(w))
		reset(r)
	case TruncatedJSON, ForeignNextLink:
		s.serveAltered(w, o, f, serve)
	default:
		s.answerFault(w, r, o, f)
	}
}

// pause waits; it is false when the client has gone before.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

type connKey struct{}

// ConnContext remembers the connection of a request, so that faults can cut it.
// It is for [http.Server.ConnContext].
func ConnContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// reset cuts a request's connection the hard way: the client's system sees a
// TCP reset. Where the connection is not known, net/http closes it.
func reset(r *http.Request) {
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	if t, ok := conn.(*net.TCPConn); ok {
		_ = t.SetLinger(0) // a plain close is good enough
		_ = t.Close()      // it may be closed already
	}
	panic(http.ErrAbortHandler)
}

// answerFault answers a request in place of the service.
func (s *Server) answerFault(w http.ResponseWriter, r *http.Request, o occasion, f Fault) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	switch f.Kind {
	case HTML:
		s.writeBytes(w, r, o.operation, f.Status, "text/html", []byte(proxyPage))
	case Unauthorized:
		w.Header().Set("WWW-Authenticate", s.challenge(o.base))
		s.fail(w, r, o.operation, tokenExpired())
	case Redirect:
		w.Header().Set("Location", "https://"+f.Host+r.URL.RequestURI())
		s.writeEmpty(w, r, o.operation, f.Status)
	case Refuse:
		if f.Status == http.StatusNotModified || f.Status == http.StatusNoContent {
			s.writeEmpty(w, r, o.operation, f.Status)
			return
		}
		s.fail(w, r, o.operation, f.failure())
	default:
		s.fail(w, r, o.operation, &failure{status: http.StatusInternalServerError, code: "InternalServerError", message: "A fault of an unknown kind."})
	}
}

const proxyPage = `<!DOCTYPE html>
<html><head><title>Access blocked</title></head>
<body><h1>Access blocked</h1><p>The proxy does not let this request pass. Your case number is 4711.</p></body></html>
`

// faultAnswers are what the service says with a status: the words for 429 and
// 403 were seen in public reports, the others are plain.
var faultAnswers = map[int]failure{
	http.StatusTooManyRequests:     {code: "Throttled", message: "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"},
	http.StatusForbidden:           {code: "Forbidden", message: "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.", inner: "ForbiddenByRbac"},
	http.StatusInternalServerError: {code: "InternalServerError", message: "An unexpected error occurred."},
	http.StatusServiceUnavailable:  {code: "ServiceUnavailable", message: "The service is unavailable."},
}

func (f *Fault) failure() *failure {
	answer, ok := faultAnswers[f.Status]
	if !ok {
		text := http.StatusText(f.Status)
		answer = failure{code: strings.ReplaceAll(text, " ", ""), message: text}
	}
	answer.status = f.Status
	if f.Code != "" {
		answer.code, answer.inner = f.Code, ""
	}
	if f.Message != "" {
		answer.message = f.Message
	}
	if f.InnerCode != "" {
		answer.inner = f.InnerCode
	}
	return &answer
}

// serveAltered has the request served and changes the answer on its way.
func (s *Server) serveAltered(w http.ResponseWriter, o occasion, f Fault, serve func(http.ResponseWriter)) {
	d := newDraft(w)
	serve(d)
	body := d.body.Bytes()
	if f.Kind == TruncatedJSON {
		body = body[:len(body)/2]
	} else {
		body = foreignNextLink(body, o, f.Host)
	}
	w.WriteHeader(d.status)
	if _, err := w.Write(body); err != nil {
		s.log.Debug("sandbox: the client has gone", "operation", o.operation, "err", err)
	}
}

// foreignNextLink points a list's next link to another host, and makes one
// where the list ends. What is no list stays as it is.
func foreignNextLink(body []byte, o occasion, host string) []byte {
	var list map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil || list["value"] == nil {
		return body
	}
	var next string
	if err := json.Unmarshal(list["nextLink"], &next); err != nil || next == "" {
		next = o.base + "/certificates?api-version=" + latestVersion + "&$skiptoken=bW9yZQ"
	}
	link, err := url.Parse(next)
	if err != nil {
		return body
	}
	link.Host = host
	list["nextLink"], _ = json.Marshal(link.String()) // text always encodes
	changed, _ := json.Marshal(list)                  // so do parts that were read as JSON
	return changed
}

// draft keeps an answer instead of sending it; the headers are those of the
// real one.
type draft struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newDraft(w http.ResponseWriter) *draft { return &draft{header: w.Header(), status: http.StatusOK} }

func (d *draft) Header() http.Header         { return d.header }
func (d *draft) WriteHeader(status int)      { d.status = status }
func (d *draft) Write(p []byte) (int, error) { return d.body.Write(p) }
