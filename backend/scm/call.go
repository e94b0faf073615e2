package scm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"certty/backend"
	"certty/model"
)

// How long a call may take at most, whatever its context allows. Orders were
// seen to take minutes, and so were reports (published clients wait 300 and 900
// seconds).
const (
	longestRead   = 5 * time.Minute
	longestChange = 15 * time.Minute
)

// call is one call of the API.
type call struct {
	// op and ref are what errors speak of; op also chooses among the rules of
	// what an error code means.
	op     string
	ref    model.Ref
	method string
	// path begins after the API's prefix.
	path  string
	query url.Values
	// body is sent as JSON; nil sends none.
	body any
	// want is the status that means success.
	want int
	// changes is true when the call changes something: it is then sent once.
	changes bool
}

// answer is what the service said to a call that succeeded.
type answer struct {
	at     time.Time
	header http.Header
	body   []byte
}

// total is how many items a list has, as its X-Total-Count says; -1 when it does
// not say.
func (a answer) total() int {
	n, err := strconv.Atoi(a.header.Get("X-Total-Count"))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// do makes a call. Every error is a *backend.Error.
func (b *Backend) do(ctx context.Context, c call) (answer, error) {
	longest := longestRead
	if c.changes {
		if b.info.ReadOnly {
			return answer{}, readOnly(c)
		}
		longest = longestChange
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	if !c.changes {
		select {
		case b.slots <- struct{}{}:
			defer func() { <-b.slots }()
		case <-ctx.Done():
		}
	}
	a, proof, err := b.send(ctx, c)
	// A token ends before its time when somebody revokes it.
	if statusOf(err) != http.StatusUnauthorized || !b.credential.renew(proof) {
		return a, err
	}
	switch {
	case !c.changes:
		a, _, err = b.send(ctx, c)
	case !proof.fresh:
		err = tokenEnded(err)
	}
	return a, err
}

// send makes a call once.
func (b *Backend) send(ctx context.Context, c call) (answer, proof, error) {
	if err := ctx.Err(); err != nil {
		return answer{}, proof{}, noAnswer(c, false, err)
	}
	req, left, err := b.request(ctx, c)
	if err != nil {
		return answer{}, proof{}, err
	}
	proof, err := b.credential.sign(ctx, req.Header, c.changes)
	if err != nil {
		return answer{}, proof, asCall(c, err)
	}
	secrets := proof.secrets
	began := b.now()
	resp, err := b.client.Do(req)
	if err != nil {
		e := noAnswer(c, left.Load(), err)
		b.tell(ctx, c, 0, began, e)
		return answer{}, proof, e
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	body = blot(body, secrets)
	a := answer{at: b.now(), header: resp.Header, body: body}
	var failed *backend.Error
	switch {
	case resp.StatusCode != c.want:
		failed = b.refusal(c, resp, body, secrets)
	case err != nil:
		failed = cutOff(c, resp.StatusCode, err)
	}
	b.tell(ctx, c, resp.StatusCode, began, failed)
	if failed != nil {
		return a, proof, failed
	}
	return a, proof, nil
}

// request makes the HTTP request of a call. left becomes true once it may have
// left this machine.
func (b *Backend) request(ctx context.Context, c call) (*http.Request, *atomic.Bool, error) {
	var content io.Reader
	if c.body != nil {
		data, err := json.Marshal(c.body)
		if err != nil {
			return nil, nil, &backend.Error{Kind: backend.KindLocal, Op: c.op, Ref: c.ref, Message: "the request can't be written as JSON"}
		}
		content = bytes.NewReader(data)
	}
	left := &atomic.Bool{}
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { left.Store(true) }}
	at := b.base.JoinPath(c.path)
	at.RawQuery = c.query.Encode()
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), c.method, at.String(), content)
	if err != nil {
		return nil, nil, &backend.Error{Kind: backend.KindLocal, Op: c.op, Ref: c.ref, Message: "the address of the call can't be written"}
	}
	if c.changes {
		// Without it net/http can't send the body a second time.
		req.GetBody = nil
	}
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	req.Header.Set("Accept", "application/json, application/octet-stream;q=0.9")
	req.Header.Set("User-Agent", "certty")
	return req, left, nil
}

// tell logs a call: never its headers, and not its query, in which names stand.
func (b *Backend) tell(ctx context.Context, c call, status int, began time.Time, failed *backend.Error) {
	attributes := []slog.Attr{
		slog.String("target", b.info.Name), slog.String("op", c.op), slog.String("method", c.method),
		slog.String("path", c.path), slog.Int("status", status), slog.Duration("took", b.now().Sub(began)),
	}
	if failed != nil {
		attributes = append(attributes, slog.String("kind", failed.Kind.String()), slog.String("code", failed.Code))
	}
	b.log.LogAttrs(ctx, slog.LevelDebug, "called SCM", attributes...)
}

func statusOf(err error) int {
	if e, ok := errors.AsType[*backend.Error](err); ok {
		return e.Status
	}
	return 0
}
