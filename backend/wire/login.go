package wire

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"

	"certty/backend"
	"certty/backend/text"
)

// longestPassword is as much as a SOCKS5 proxy takes, in bytes (RFC 1929 §2).
const longestPassword = 255

// ProxyWithLogin chooses the proxy at address for every call, with a user and the
// password that read gives. It is read when the first call needs it, once, and
// anew after the proxy did not accept it, see [TellProxy]. Where it can't be read
// the call fails with backend.KindLocal, and nothing is sent.
func ProxyWithLogin(address *url.URL, user string, read func(context.Context) (string, error)) func(*http.Request) (*url.URL, error) {
	l := &login{address: address, user: user, read: read, turn: make(chan struct{}, 1)}
	return l.choose
}

type login struct {
	address *url.URL
	user    string
	read    func(context.Context) (string, error)

	// turn is held by whoever looks at or changes the rest, so that the password is
	// read once however many calls want it.
	turn chan struct{}
	// with is the address with user and password; nil until it was read.
	with *url.URL
}

func (l *login) choose(req *http.Request) (*url.URL, error) {
	ctx := req.Context()
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if l.with == nil {
		password, err := l.read(ctx)
		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil && l.address.Scheme == "socks5" && len(password) > longestPassword {
			err = errors.New("it is longer than the 255 bytes that a SOCKS5 proxy takes")
		}
		if err != nil {
			return nil, &backend.Error{
				Kind: backend.KindLocal, Op: req.Method,
				Message: "the password of the proxy " + l.address.Host + " (proxy_password): " + text.Flat(err.Error()),
			}
		}
		with := *l.address
		with.User = url.UserPassword(l.user, password)
		l.with = &with
	}
	if way, ok := ctx.Value(wayKey{}).(*way); ok {
		chosen := l.with
		way.refused = func() { l.forget(chosen) }
	}
	return l.with, nil
}

// forget drops a password that was not accepted, unless another call has read a
// new one already.
func (l *login) forget(refused *url.URL) {
	l.turn <- struct{}{}
	defer func() { <-l.turn }()
	if l.with == refused {
		l.with = nil
	}
}

// way is what is known of the way that one call takes.
type way struct {
	// proxy is nil where there is none. A connection may still be made while
	// net/http tries another one.
	proxy atomic.Pointer[url.URL]
	// refused is told that the proxy did not accept user and password; nil where
	// nobody wants to know.
	refused func()
}

type wayKey struct{}

// noted makes choose note which proxy it chose for a call.
func noted(choose func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(req *http.Request) (*url.URL, error) {
		proxy, err := choose(req)
		if way, ok := req.Context().Value(wayKey{}).(*way); ok {
			way.proxy.Store(proxy)
		}
		return proxy, err
	}
}

// TellProxy makes the refusal of a SOCKS5 proxy a [ProxyError], as that of an HTTP
// proxy is, and has the password of [ProxyWithLogin] read anew after it was not
// accepted. next leads to a transport of [NewTransport].
func TellProxy(next http.RoundTripper) http.RoundTripper { return teller{next} }

type teller struct{ next http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t teller) RoundTrip(req *http.Request) (*http.Response, error) {
	taken := &way{}
	resp, err := t.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), wayKey{}, taken)))
	if err == nil {
		return resp, nil
	}
	if refusal := socksRefusal(err, taken.proxy.Load()); refusal != nil {
		err = refusal
	}
	if refused, ok := errors.AsType[*ProxyError](err); ok && refused.WantsLogin() && taken.refused != nil {
		taken.refused()
	}
	return resp, err
}
