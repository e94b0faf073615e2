package guard

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
)

// ErrRehearsed is why a changing call has no answer: it was written down instead
// of sent.
var ErrRehearsed = errors.New("it was not sent: this is a rehearsal")

// RehearsedCall is a changing call as it would have been sent, secrets in it.
type RehearsedCall struct {
	Method, URL string
	Header      http.Header
	Body        []byte
}

// Rehearsal keeps the changing calls that were not sent. Its zero value is
// ready; it may be used from any goroutine.
type Rehearsal struct {
	mu    sync.Mutex
	calls []RehearsedCall
	reads bool // are written down as well
}

// Withhold has reads written down as well from now on, for what is done by a read:
// fetching a certificate. What allow of [Rehearsal.Transport] lets through, signing
// in, still passes.
func (r *Rehearsal) Withhold() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reads = true
}

// withholds reports whether a call that changes nothing is written down.
func (r *Rehearsal) withholds() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.reads
}

// Calls lists what would have been sent, in its order.
func (r *Rehearsal) Calls() []RehearsedCall {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]RehearsedCall(nil), r.calls...)
}

// Transport lets reads through to next, as [ReadOnlyTransport] does, and writes
// everything else down instead of sending it; its error is then ErrRehearsed. A
// nil next is [http.DefaultTransport].
func (r *Rehearsal) Transport(next http.RoundTripper, allow func(*http.Request) bool) http.RoundTripper {
	return rehearsing{reads: ReadOnlyTransport(next, allow).(readOnlyTransport), rehearsal: r}
}

type rehearsing struct {
	reads     readOnlyTransport
	rehearsal *Rehearsal
}

// RoundTrip implements [http.RoundTripper].
func (t rehearsing) RoundTrip(req *http.Request) (*http.Response, error) {
	changes := slices.ContainsFunc(verbs(req), func(verb string) bool { return !t.reads.reads(verb, req) })
	signsIn := req.Method == http.MethodPost // what is allowed of these only reads
	if !changes && (signsIn || !t.rehearsal.withholds()) {
		return t.reads.next.RoundTrip(req)
	}
	call := RehearsedCall{Method: req.Method, URL: req.URL.String(), Header: req.Header.Clone()}
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err := errors.Join(err, req.Body.Close()); err != nil {
			return nil, err
		}
		call.Body = body
	}
	t.rehearsal.mu.Lock()
	defer t.rehearsal.mu.Unlock()
	t.rehearsal.calls = append(t.rehearsal.calls, call)
	return nil, ErrRehearsed
}
