package scm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// refusal reads an answer that is not the success that was expected.
func (b *Backend) refusal(c call, resp *http.Response, body []byte, secrets []string) *backend.Error {
	f := decodeFault(resp.Header, body)
	m := classify(c, resp.StatusCode, f)
	e := &backend.Error{
		Kind: m.kind, State: m.state, Advice: m.advice, Op: c.op, Ref: c.ref, Status: resp.StatusCode,
		Code: f.codeText(), RetryAfter: retryAfter(resp.Header, b.now()),
	}
	// Once more: what was decoded may spell a secret as its raw form did not.
	e.Message = string(blot([]byte(f.text()), secrets))
	if to := redirectTarget(resp); to != "" {
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
	if e.Kind == backend.KindAuth {
		e.Advice = adviceSignIn
	}
	return &e
}

// cutOff is an answer that began well and could not be read to its end.
func cutOff(c call, status int, err error) *backend.Error {
	e := &backend.Error{Kind: backend.KindNetwork, Op: c.op, Ref: c.ref, Status: status, Message: reason(err), Err: endOfContext(err)}
	switch {
	case c.changes && status != http.StatusNoContent:
		e.Kind = backend.KindUncertain
	case errors.Is(err, errTooLarge):
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
	e := &backend.Error{Kind: backend.KindNetwork, Op: c.op, Ref: c.ref, Message: reason(err), Err: endOfContext(err)}
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
		Message: brief(fmt.Sprintf("the answer could not be read (%v): %s", err, decodeFault(a.header, a.body).text())),
	}
}

func readOnly(c call) *backend.Error {
	return &backend.Error{Kind: backend.KindReadOnly, Op: c.op, Ref: c.ref, Message: "this target is read-only here"}
}

// invalid is a refusal from here, before anything is sent.
func invalid(op string, ref model.Ref, message string) *backend.Error {
	return &backend.Error{Kind: backend.KindInvalid, Op: op, Ref: ref, Message: message}
}

// reason is err without the request line that net/http puts before it.
func reason(err error) string {
	if why := distrust(err); why != "" {
		return brief(why)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return brief(err.Error())
}

// brief is for texts that were made to be read in a log.
func brief(s string) string {
	const most = 500
	s = text.Flat(s)
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}

// endOfContext keeps what errors.Is is asked for and nothing else: other errors
// may hold what was sent.
func endOfContext(err error) error {
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			return end
		}
	}
	return nil
}

// redirectTarget is where a 3xx answer points to, without its query, which may
// hold secrets; "" for other answers.
func redirectTarget(resp *http.Response) string {
	if resp.StatusCode < 300 || resp.StatusCode > 399 {
		return ""
	}
	u, err := resp.Location()
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// retryAfter reads how long the service asks to wait: seconds or a date (RFC
// 9110 §10.2.3). 0 where there is nothing sensible.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	value := strings.TrimSpace(h.Get("Retry-After"))
	wait := time.Duration(0)
	if s, err := strconv.ParseUint(value, 10, 31); err == nil {
		wait = time.Duration(s) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		wait = date.Sub(now)
	}
	return max(0, min(most, wait))
}
