package fault

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Handling is what a server does with a request, with and without a fault.
type Handling struct {
	// Serve answers it.
	Serve func(http.ResponseWriter)
	// Answer answers in its place, for Refuse, HTML, Unauthorized and Redirect.
	Answer func(http.ResponseWriter, Fault)
	// Cut notes a request that was cut off before it was handled.
	Cut func()
	// Alter changes an answer's body on its way, for ForeignNextLink; it may be
	// nil where there are none.
	Alter func(Fault, []byte) []byte
}

// Serve handles a request, unless or until a fault hits it.
func (b *Board) Serve(w http.ResponseWriter, r *http.Request, o Occasion, h Handling) {
	f, hit := b.take(o)
	if !hit {
		h.Serve(w)
		return
	}
	if !pause(r.Context(), f.Latency) {
		return // the client has gone
	}
	switch f.Kind {
	case Slow:
		h.Serve(w)
	case Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // to return would be to answer
	case ResetBefore:
		h.Cut()
		reset(r)
	case ResetAfter:
		h.Serve(newDraft(w))
		reset(r)
	case TruncatedJSON, Empty, ForeignNextLink:
		serveAltered(w, f, h)
	default:
		h.Answer(w, f)
	}
}

// serveAltered has the request served and changes the answer on its way. That
// a client is gone meanwhile is nobody's concern.
func serveAltered(w http.ResponseWriter, f Fault, h Handling) {
	d := newDraft(w)
	h.Serve(d)
	body := d.body.Bytes()
	switch {
	case f.Kind == TruncatedJSON:
		body = body[:len(body)/2]
	case f.Kind == Empty:
		body, d.status = nil, http.StatusOK
	case h.Alter != nil:
		body = h.Alter(f, body)
	}
	w.WriteHeader(d.status)
	_, _ = w.Write(body)
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

// ProxyPage is the page that a proxy answers with.
const ProxyPage = `<!DOCTYPE html>
<html><head><title>Access blocked</title></head>
<body><h1>Access blocked</h1><p>The proxy does not let this request pass. Your case number is 4711.</p></body></html>
`

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
