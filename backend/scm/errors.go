package scm

import (
	"errors"
	"fmt"
	"net/http"

	"certty/backend"
	"certty/backend/text"
	"certty/backend/wire"
	"certty/model"
)

// refusal reads an answer that is not the success that was expected.
func (b *Backend) refusal(c call, resp *http.Response, body []byte, secrets []string) *backend.Error {
	f := decodeFault(resp.Header, body)
	m := classify(c, resp.StatusCode, f)
	e := &backend.Error{
		Kind: m.kind, State: m.state, Advice: m.advice, Op: c.op, Ref: c.ref, Status: resp.StatusCode,
		Code: f.codeText(), RetryAfter: wire.RetryAfter(resp.Header, b.now()),
	}
	// Once more: what was decoded may spell a secret as its raw form did not.
	e.Message = string(blot([]byte(f.text()), secrets))
	if to := wire.RedirectTarget(resp); to != "" {
		e.Message = text.Clean(string(blot([]byte("the answer points to "+to), secrets))) +
			"; redirects are not followed, because the password would go there"
	}
	return e
}

// asCall gives an error that was made before a call was sent, or in place of
// sending it, what the call was about.
func asCall(c call, err error) *backend.Error {
	ours, ok := errors.AsType[*backend.Error](err)
	if !ok {
		return noAnswer(c, false, err)
	}
	e := *ours
	e.Op, e.Ref = c.op, c.ref
	if e.Kind == backend.KindAuth && e.Advice == nil {
		e.Advice = adviceSignIn
	}
	return &e
}

// tokenEnded is the refusal of a change whose token had been good before. A 401
// says that nothing was done, and the next call brings a new token.
func tokenEnded(refused error) error {
	e, ok := errors.AsType[*backend.Error](refused)
	if !ok {
		return refused
	}
	ended := *e
	ended.Passing, ended.Advice = true, adviceTokenEnded
	return &ended
}

// cutOff is an answer that began well and could not be read to its end.
func cutOff(c call, status int, err error) *backend.Error {
	e := &backend.Error{Kind: backend.KindNetwork, Op: c.op, Ref: c.ref, Status: status, Message: reason(err), Err: wire.EndOfContext(err)}
	switch {
	case c.changes && status != http.StatusNoContent:
		e.Kind = backend.KindUncertain
	case errors.Is(err, wire.ErrTooLong):
		e.Kind = backend.KindOther
	}
	return e
}

// noAnswer is a call that nothing came back from. left tells whether it may have
// left this machine.
func noAnswer(c call, left bool, err error) *backend.Error {
	if _, ok := errors.AsType[*backend.Error](err); ok {
		return asCall(c, err)
	}
	e := &backend.Error{
		Kind: wire.Unreached(err), Op: c.op, Ref: c.ref, Message: reason(err),
		Advice: wire.ProxyAdvice(err), Err: wire.EndOfContext(err),
	}
	if c.changes && left {
		e.Kind = backend.KindUncertain
	}
	return e
}

// unreadable is an answer that came whole, with the right status, and is not
// what SCM sends. Of a change it is not known what became of it.
func unreadable(c call, a answer, err error) *backend.Error {
	kind, advice := backend.KindOther, adviceForeign
	if c.changes {
		kind, advice = backend.KindUncertain, nil
	}
	return &backend.Error{
		Kind: kind, Op: c.op, Ref: c.ref, Status: c.want, Advice: advice,
		Message: wire.Brief(fmt.Sprintf("the answer could not be read (%v): %s", err, decodeFault(a.header, a.body).text())),
	}
}

func readOnly(c call) *backend.Error {
	return &backend.Error{Kind: backend.KindReadOnly, Op: c.op, Ref: c.ref, Message: "this target is read-only here"}
}

// invalid is a refusal from here, before anything is sent.
func invalid(op string, ref model.Ref, message string) *backend.Error {
	return &backend.Error{Kind: backend.KindInvalid, Op: op, Ref: ref, Message: message}
}

// reason is an error of the network as a person needs it.
func reason(err error) string {
	return wire.Reason(err, "where a proxy looks into TLS, name its authority in ca_file")
}
