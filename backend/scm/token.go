package scm

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/wire"
)

// opToken is what errors of the token endpoint say was being done.
const opToken = "sign in"

// clientCredential signs in with tokens (SCM REST API, "OAuth 2.0").
type clientCredential struct {
	customerURI, id, url string
	secret               func(context.Context) (string, error)
	client               *http.Client
	now                  func() time.Time

	// turn is held by whoever looks at or changes the rest, so that one token is
	// asked for however many calls want one.
	turn  chan struct{}
	token string
	// life is how long the token lives, ends when it does.
	life time.Duration
	ends time.Time
}

// early is how long before its end a token is not used any more by reads, which
// are repeated where it ended all the same. A change is not: its token is to
// outlast it.
const (
	early        = time.Minute
	earlyChanges = longestChange
)

func (c *clientCredential) sign(ctx context.Context, h http.Header, changes bool) (proof, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return proof{}, ctx.Err()
	}
	fresh := !c.lasts(changes)
	if fresh {
		if err := c.fetch(ctx); err != nil {
			return proof{}, err
		}
	}
	h.Set("Authorization", "Bearer "+c.token)
	if c.customerURI != "" {
		h.Set("customerUri", c.customerURI)
	}
	return proof{secrets: []string{c.token}, fresh: fresh}, nil
}

// lasts reports whether there is a token that will do for a call. A short life
// is used at least to its half.
func (c *clientCredential) lasts(changes bool) bool {
	spare := early
	if changes {
		spare = earlyChanges
	}
	return c.token != "" && c.now().Add(min(spare, c.life/2)).Before(c.ends)
}

// renew forgets a token that was not accepted, unless another call has got a
// new one already.
func (c *clientCredential) renew(p proof) bool {
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	for _, s := range p.secrets {
		if s == c.token {
			c.token = ""
		}
	}
	// Without any it was the token that could not be had.
	return len(p.secrets) > 0
}

// fetch asks for a token (RFC 6749 §4.4.2). Its errors have no ref: whoever made
// the call adds it.
func (c *clientCredential) fetch(ctx context.Context) error {
	secret, err := readSecret(ctx, "client secret", c.secret)
	if err != nil {
		return err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.id}, "client_secret": {secret}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, strings.NewReader(form.Encode()))
	if err != nil {
		return &backend.Error{Kind: backend.KindLocal, Message: "the token URL can't be called"}
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := c.client.Do(req)
	if err != nil {
		out := tokenError(wire.Unreached(err), 0, reason(err), wire.EndOfContext(err))
		out.Advice = wire.ProxyAdvice(err)
		return out
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return tokenError(backend.KindNetwork, resp.StatusCode, reason(err), wire.EndOfContext(err))
	}
	body = blot(body, []string{secret})
	if resp.StatusCode != http.StatusOK {
		return c.refused(resp, body)
	}
	token, life, err := readToken(body)
	if err != nil {
		return tokenError(backend.KindOther, resp.StatusCode, "the token endpoint's answer could not be read: "+err.Error(), nil)
	}
	c.token, c.life, c.ends = token, life, c.now().Add(life)
	return nil
}

// refused says what an answer of the token endpoint means that is no token (RFC
// 6749 §5.2). A wrong secret is 400 or 401.
func (c *clientCredential) refused(resp *http.Response, body []byte) error {
	var answer struct {
		Error       str `json:"error"`
		Description str `json:"error_description"`
	}
	kind := backend.KindAuth
	known := json.Unmarshal(body, &answer) == nil && answer.Error != ""
	message := strings.TrimSpace(string(answer.Error) + " " + string(answer.Description))
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		kind = backend.KindThrottled
	case status >= 500 || answer.Error == "temporarily_unavailable" || answer.Error == "server_error":
		kind = backend.KindUnavailable
	case status == http.StatusUnauthorized || known:
	default:
		kind = backend.KindOther
	}
	if !known {
		message = foreignFault(resp.Header, body).text()
	}
	e := tokenError(kind, resp.StatusCode, message, nil)
	e.RetryAfter = wire.RetryAfter(resp.Header, c.now())
	if kind == backend.KindAuth {
		e.Advice = adviceToken
	}
	return e
}

func tokenError(kind backend.ErrorKind, status int, message string, cause error) *backend.Error {
	return &backend.Error{
		Kind: kind, Op: opToken, Status: status, Err: cause,
		Message: wire.Brief("no token for the account: " + message),
	}
}

// readToken reads an answer of the token endpoint (RFC 6749 §5.1). One that does
// not say how long it lives is trusted for five minutes.
func readToken(body []byte) (token string, life time.Duration, err error) {
	var answer struct {
		Token string `json:"access_token"`
		Life  num    `json:"expires_in"`
	}
	const unsaid, most = 5 * time.Minute, 24 * time.Hour
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", 0, errors.New("it is not the JSON of a token")
	}
	if !visibleASCII(answer.Token) {
		return "", 0, errors.New("it holds no usable token")
	}
	life = unsaid
	if answer.Life > 0 {
		life = min(most, time.Duration(min(int(answer.Life), 1<<20))*time.Second)
	}
	return answer.Token, life, nil
}
