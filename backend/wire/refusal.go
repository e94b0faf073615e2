package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"certty/backend"
	"certty/backend/text"
	"certty/model"
)

// AdviceProxy is what a person can do about a proxy that wants a password.
var AdviceProxy = backend.Advice{
	Cause: "The proxy on the way wants a user and a password, or does not accept those it got. Nothing was changed.",
	Next: "For a proxy that the target's settings name, set proxy_user there, and put the password where proxy_password says it is. " +
		"For any other, set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, other signs than letters and digits written as %XX.",
	Who: model.ActorYou,
}

// What a person can do about a proxy that does not connect.
var (
	adviceProxyRefuses = &backend.Advice{
		Cause: "The proxy on the way did not connect to the service. Nothing was changed.",
		Next:  "Have the proxy let this machine through to the target's address (network administrator), or name another one in the target's settings.",
		Who:   model.ActorYou,
	}
	adviceNoProxy = &backend.Advice{
		Cause: "What answers at the proxy's address is no proxy of that kind. Nothing was changed.",
		Next:  "Check how the proxy's address begins, http://, https:// or socks5://, and its port.",
		Who:   model.ActorYou,
	}
)

// ProxyError is a proxy's refusal to connect (RFC 9110 §9.3.6, RFC 1928, RFC
// 1929). It comes before anything is sent to the service, and has nothing of a
// password in it.
type ProxyError struct {
	// Host is the proxy's name with its port.
	Host string
	// Status is what an HTTP proxy answered; 0 for a SOCKS5 proxy.
	Status int
	// Named is true where it was given a user and a password.
	Named bool
	// said is what a SOCKS5 proxy means, and advice what can be done about it; an
	// HTTP proxy has its status for that.
	said   string
	advice *backend.Advice
}

// Error says who refused, and why.
func (e *ProxyError) Error() string {
	said := "does not connect: " + e.said
	switch {
	case e.WantsLogin() && e.Named:
		said = "does not accept the user and the password"
	case e.WantsLogin():
		said = "wants a user and a password"
	case e.Status != 0:
		said = strings.TrimSuffix(fmt.Sprintf("does not connect: %d %s", e.Status, http.StatusText(e.Status)), " ")
	}
	return "the proxy " + e.Host + " " + said
}

// WantsLogin reports whether the proxy wants a user and a password, or did not
// accept those it got. Tinyproxy says that with 401 in place of 407.
func (e *ProxyError) WantsLogin() bool {
	return e.Status == http.StatusProxyAuthRequired || e.Status == http.StatusUnauthorized || e.advice == &AdviceProxy
}

// Advice is what a person can do about it.
func (e *ProxyError) Advice() *backend.Advice {
	switch {
	case e.WantsLogin():
		return &AdviceProxy
	case e.advice != nil:
		return e.advice
	}
	return adviceProxyRefuses
}

// ProxyAdvice is what a person can do where err is a proxy's refusal, or an
// address of a proxy that can't be read; else nil.
func ProxyAdvice(err error) *backend.Advice {
	if refused, ok := errors.AsType[*ProxyError](err); ok {
		return refused.Advice()
	}
	if errors.Is(err, errUnreadableProxy) {
		return &AdviceProxy
	}
	return nil
}

// Unreached is the kind of an error of a call that did not reach the service:
// backend.KindAuth where a proxy did not accept the user and the password that it
// was given, because repeated tries lock that account, too; else
// backend.KindNetwork.
func Unreached(err error) backend.ErrorKind {
	if refused, ok := errors.AsType[*ProxyError](err); ok && refused.Named && refused.WantsLogin() {
		return backend.KindAuth
	}
	return backend.KindNetwork
}

// connected turns a proxy's refusal into a ProxyError. net/http gives the text of
// its status alone, which looks like the service's answer.
func connected(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Host: proxy.Host, Status: resp.StatusCode, Named: proxy.User != nil}
}

// socksRefusal is a SOCKS5 proxy's refusal as a ProxyError; nil for any other
// error. net/http has no type for it, only words.
func socksRefusal(err error, proxy *url.URL) *ProxyError {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || proxy == nil || op.Op != "socks connect" || op.Err == nil {
		return nil
	}
	e := &ProxyError{Host: proxy.Host, Named: proxy.User != nil}
	said := op.Err.Error()
	why, refused := strings.CutPrefix(said, "unknown error ")
	switch {
	case said == "no acceptable authentication methods" && e.Named:
		// What it is offered with a user is to go without as well.
		e.said, e.advice = "it signs in neither without a user nor with a user and a password", adviceProxyRefuses
	case said == "no acceptable authentication methods", said == "username/password authentication failed":
		e.advice = &AdviceProxy
	case refused:
		e.said, e.advice = text.Flat(why), adviceProxyRefuses
	case strings.HasPrefix(said, "unexpected protocol version "):
		e.said, e.advice = "it does not speak SOCKS5", adviceNoProxy
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.said, e.advice = "it ended the connection instead of an answer", adviceNoProxy
	default:
		return nil
	}
	return e
}
