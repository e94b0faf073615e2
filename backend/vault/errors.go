package vault

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"

	"certty/backend"
	"certty/backend/text"
	"certty/backend/wire"
)

// failure turns what went wrong with a call into an error that says what it
// means.
func (v *Vault) failure(c call, way seen, err error) *backend.Error {
	out := &backend.Error{Op: c.op, Ref: c.ref, Status: way.status, RequestID: serviceID(way.header), Err: wire.EndOfContext(err)}
	var (
		ours     *backend.Error
		cred     *credentialError
		panicked *panicError
		refused  *azcore.ResponseError
	)
	switch {
	case errors.As(err, &ours):
		refusal := *ours
		refusal.Op, refusal.Ref = c.op, c.ref
		return &refusal
	case errors.As(err, &cred):
		// The 401 is the challenge that asked for the token, not its refusal.
		out.Status, out.RequestID = 0, ""
		out.Kind, out.Message, out.RetryAfter, out.Advice = cred.kind, cred.message, cred.retryAfter, cred.advice
		if out.Kind == backend.KindAuth {
			out.Advice = cmp.Or(signInAdvice(cred.message), cred.advice)
		}
	case errors.As(err, &panicked):
		out.Kind, out.Message = backend.KindOther, text.Flat(panicked.Error())
		if way.status == http.StatusUnauthorized {
			out.Kind = backend.KindAuth
		}
	case errors.As(err, &refused) && refused.RawResponse != nil:
		v.refusal(c, out, refused.RawResponse)
	case way.status != 0:
		cutOff(c, out, way, err)
	default:
		noAnswer(c, out, way, err)
	}
	return out
}

// refusal reads an answer that is not the success that was expected.
func (v *Vault) refusal(c call, out *backend.Error, resp *http.Response) {
	// The library has read the body before; an error here means an empty one.
	body, _ := runtime.Payload(resp)
	f := decodeFault(resp.Header, body)
	out.Status = resp.StatusCode
	out.Code = f.code()
	out.RequestID = serviceID(resp.Header)
	out.RetryAfter = retryAfter(resp.Header, v.now())
	m := classify(c, resp.StatusCode, f)
	out.Kind, out.State, out.Advice = m.kind, m.state, m.advice
	out.Message = f.message
	if m.note != "" {
		out.Message = strings.TrimSuffix(m.note+": "+f.message, ": ")
	}
	if to := text.Clean(wire.RedirectTarget(resp)); to != "" {
		out.Message = "the answer points to " + to + "; redirects are not followed, because the token would go there"
		if out.Kind != backend.KindUncertain {
			out.Advice = adviceElsewhere
		}
	}
	if out.Kind == backend.KindUncertain && out.Message == "" {
		out.Message = "the service answered " + strconv.Itoa(resp.StatusCode)
	}
}

// cutOff is an answer that began and could not be read to its end, or that the
// library refused to go on from.
func cutOff(c call, out *backend.Error, way seen, err error) {
	out.Message = reason(err)
	switch {
	case c.changes && way.left && mayHaveHappened(way.status):
		out.Kind = backend.KindUncertain
	case wire.EndOfContext(err) != nil:
		out.Kind = backend.KindNetwork
	case way.status == http.StatusUnauthorized:
		out.Kind = backend.KindAuth
		out.Message = "the authentication challenge could not be understood: " + reason(err)
	case errors.Is(err, wire.ErrTooLong):
		out.Kind = backend.KindOther
	default:
		out.Kind = backend.KindNetwork
	}
}

// noAnswer is a call that nothing came back from.
func noAnswer(c call, out *backend.Error, way seen, err error) {
	if way.err != nil {
		err = way.err
	}
	out.Kind, out.Message, out.Advice = wire.Unreached(err), reason(err), wire.ProxyAdvice(err)
	if c.changes && way.left {
		out.Kind = backend.KindUncertain
	}
}

// reason is an error of the network as a person needs it.
func reason(err error) string {
	return wire.Reason(err, "where a proxy looks into TLS, or the service is a private one, name its authority in ca_file")
}

func isOurs(err error) bool {
	var ours *backend.Error
	return errors.As(err, &ours)
}

func readOnly(c call) *backend.Error {
	return &backend.Error{Kind: backend.KindReadOnly, Op: c.op, Ref: c.ref, Message: "this target is read-only here"}
}

// unreadable is an answer that came whole, with the right status, and is not
// what Key Vault sends. Of a change it is not known what became of it.
func unreadable(c call, a answer, err error) *backend.Error {
	kind := backend.KindOther
	if c.changes {
		kind = backend.KindUncertain
	}
	out := &backend.Error{Kind: kind, Op: c.op, Ref: c.ref, Status: c.want, RequestID: a.serviceID()}
	if breaksOff(a.body) {
		out.Message = fmt.Sprintf("the answer could not be read: it breaks off after %d bytes", len(a.body))
		if !c.changes {
			out.Advice = adviceBrokenOff
		}
		return out
	}
	out.Message = wire.Brief(fmt.Sprintf("the answer could not be read: %v %s", err, decodeFault(a.header, a.body).message))
	return out
}

// breaksOff reports whether body is the beginning of a JSON document.
func breaksOff(body []byte) bool {
	var value json.RawMessage
	err := json.NewDecoder(bytes.NewReader(body)).Decode(&value)
	return errors.Is(err, io.ErrUnexpectedEOF)
}

func serviceID(h http.Header) string { return text.Clean(h.Get("x-ms-request-id")) }

// retryAfter is how long the service asks to wait, as Azure's headers say in
// milliseconds or, without them, as the protocol's own does.
func retryAfter(h http.Header, now time.Time) time.Duration {
	for _, name := range []string{"retry-after-ms", "x-ms-retry-after-ms"} {
		value := h.Get(name)
		if value == "" {
			continue
		}
		if ms, err := strconv.ParseUint(value, 10, 31); err == nil {
			return min(wire.LongestWait, time.Duration(ms)*time.Millisecond)
		}
	}
	return wire.RetryAfter(h, now)
}
