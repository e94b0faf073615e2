package vault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"certty/backend/wire"
)

// maxBody is the most that is read of one answer. The largest legitimate one, a
// list page of 25 items with 15 tags each, stays far below.
const maxBody = 16 << 20

// tryTime bounds one try of a call, from its connection to the end of its answer.
const tryTime = 2 * time.Minute

// tryPolicy bounds each try of a call to the vault. http.Client's own Timeout takes
// a goroutine and a timer a call for that, where the transport is not net/http's.
type tryPolicy struct{}

func (tryPolicy) Do(req *policy.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Raw().Context(), tryTime)
	defer cancel() // the body was read by then
	return req.WithContext(ctx).Next()
}

// newClient makes an HTTP client that gives up on a server that does not answer.
func newClient(o Options) *http.Client {
	transport := wire.NewTransport(o.Proxy, o.RootCAs)
	transport.ResponseHeaderTimeout = time.Minute
	transport.MaxIdleConnsPerHost = 16
	transport.ForceAttemptHTTP2 = true
	client := wire.NewClient(recorder{wire.Bound(wire.TellProxy(wire.TrustLate(transport, o.ReadRootCAs)), maxBody)})
	client.Timeout = tryTime
	return client
}

// attempt is what is known of the way a call took through the network. It is
// that of the last try: a 401 that made the library ask for a token and send
// again is forgotten.
type attempt struct {
	// counts is true when it matters whether the call left, as it does for a
	// change.
	counts bool
	// keeps is true when a refusal's body is wanted although the library reads it
	// to its end, as it does while it waits for a person's sign-in.
	keeps bool

	mu     sync.Mutex
	left   bool
	status int
	header http.Header
	// refusal is the body that keeps asks for.
	refusal []byte
	// err is why no answer came.
	err error
}

// seen is a copy of an attempt, taken at one moment.
type seen struct {
	// left is true when the call, with its token, may have left this machine.
	left   bool
	status int
	header http.Header
	// refusal is the body of a refusal, where the attempt keeps it.
	refusal []byte
	err     error
}

func (a *attempt) seen() seen {
	a.mu.Lock()
	defer a.mu.Unlock()
	return seen{left: a.left, status: a.status, header: a.header, refusal: a.refusal, err: a.err}
}

func (a *attempt) start() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left, a.status, a.header, a.refusal, a.err = false, 0, nil, nil, nil
}

func (a *attempt) connected() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.left = true
}

func (a *attempt) end(resp *http.Response, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.err = err
	if resp != nil {
		a.status, a.header = resp.StatusCode, resp.Header
	}
}

// keep reads the body of a refusal and puts it back, for the library.
func (a *attempt) keep(resp *http.Response) error {
	if !a.keeps || resp.StatusCode < http.StatusBadRequest {
		return nil
	}
	body, err := io.ReadAll(resp.Body) // bounded by the transport below
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refusal = body
	return nil
}

type attemptKey struct{}

func withAttempt(ctx context.Context, a *attempt) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// recorder keeps the attempt of the call up to date.
type recorder struct{ next http.RoundTripper }

func (r recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	a, ok := req.Context().Value(attemptKey{}).(*attempt)
	if !ok {
		a = &attempt{}
	}
	a.start()
	// Without a token the service refuses whatever is asked: the library sends
	// the first call like that, to learn which token is wanted.
	if a.counts && req.Header.Get("Authorization") != "" {
		trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { a.connected() }}
		req = req.WithContext(httptrace.WithClientTrace(req.Context(), trace))
	}
	resp, err := r.next.RoundTrip(req)
	if err == nil {
		err = a.keep(resp)
	}
	if wire.ProxyAdvice(err) == &wire.AdviceProxy {
		err = finalError{err}
	}
	a.end(resp, err)
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// finalError keeps the library, also where it gets a token, from trying again: a
// wrong password again and again locks accounts.
type finalError struct{ error }

func (e finalError) Unwrap() error { return e.error }
func (finalError) NonRetriable()   {}
