package wire

import (
	"net/http"
	"strconv"

	"certty/backend"
	"certty/model"
)

// statuses are the HTTP statuses that come from a service, or from a proxy, a
// firewall or a gateway before it (RFC 9110 §15, RFC 6585).
var statuses = []struct {
	status int
	means  string
	kind   backend.ErrorKind
	advice *backend.Advice
}{
	{http.StatusMovedPermanently, "a redirect", backend.KindOther, adviceRedirect},
	{http.StatusFound, "a redirect, often to a sign-in page of the network", backend.KindOther, adviceRedirect},
	{http.StatusSeeOther, "a redirect, often to a sign-in page of the network", backend.KindOther, adviceRedirect},
	{http.StatusNotModified, "nothing has changed, and nothing more", backend.KindOther, nil},
	{http.StatusTemporaryRedirect, "a redirect, often to a sign-in page of the network", backend.KindOther, adviceRedirect},
	{http.StatusPermanentRedirect, "a redirect", backend.KindOther, adviceRedirect},
	{http.StatusBadRequest, "what was sent is not taken", backend.KindInvalid, nil},
	{http.StatusUnauthorized, "the credential is not accepted", backend.KindAuth, nil},
	{http.StatusForbidden, "it is not allowed; without a code of the service a firewall or a proxy said so", backend.KindPermission, adviceForbidden},
	{http.StatusNotFound, "there is no such thing, or no such address", backend.KindNotFound, adviceNotFound},
	{http.StatusMethodNotAllowed, "the method does not get through", backend.KindUnsupported, adviceMethod},
	{http.StatusProxyAuthRequired, "the proxy wants a password", backend.KindNetwork, &AdviceProxy},
	{http.StatusRequestTimeout, "what was sent did not arrive in time", backend.KindUnavailable, nil},
	{http.StatusConflict, "something else is in the way", backend.KindConflict, adviceConflict},
	{http.StatusGone, "it is not there any more", backend.KindGone, nil},
	{http.StatusRequestEntityTooLarge, "what was sent is too large", backend.KindInvalid, nil},
	{http.StatusUnsupportedMediaType, "what was sent has a form that is not taken", backend.KindInvalid, nil},
	{http.StatusUnprocessableEntity, "what was sent is not taken", backend.KindInvalid, nil},
	{http.StatusTooManyRequests, "too many calls", backend.KindThrottled, nil},
	{http.StatusInternalServerError, "the service broke down over the call", backend.KindUnavailable, adviceServer},
	{http.StatusNotImplemented, "the service does not know the call", backend.KindUnsupported, adviceMethod},
	{http.StatusBadGateway, "a gateway got no answer that it could read", backend.KindUnavailable, adviceServer},
	{http.StatusServiceUnavailable, "the service is not there for the moment", backend.KindUnavailable, adviceServer},
	{http.StatusGatewayTimeout, "a gateway got no answer in time", backend.KindUnavailable, adviceServer},
	{http.StatusNetworkAuthenticationRequired, "the network wants a sign-in first", backend.KindNetwork, adviceRedirect},
}

// What a person can do about a status alone.
var (
	adviceRedirect = &backend.Advice{
		Cause: "The answer points elsewhere. It is not followed, because the password or the token would go there.",
		Next:  "Check the target's address. Where the network wants a sign-in first, do that with a browser.",
		Who:   model.ActorYou,
	}
	adviceForbidden = &backend.Advice{
		Cause: "The service, or a proxy or firewall before it, does not allow the call.",
		Next:  "Where the error has a code, look that one up. Without one the answer was not the service's: ask whoever runs the network.",
		Who:   model.ActorYou,
	}
	adviceNotFound = &backend.Advice{
		Cause: "There is no such thing, or the address leads to somebody else.",
		Next:  "Where the error has a code, look that one up. Without one check the target's address.",
		Who:   model.ActorYou,
	}
	adviceConflict = &backend.Advice{
		Cause: "Something is in the way: a request in progress, a deleted certificate of the name, or another client that changes the same thing.",
		Next:  "Where the error has a code, look that one up. Else look at the row, it shows what stands there now.",
		Who:   model.ActorYou,
	}
	adviceMethod = &backend.Advice{
		Cause: "The service does not know the call, or something before it does not let PATCH or DELETE through.",
		Next:  "For a vault behind such a network set verb_override to X-HTTP-METHOD; else update this program or set api_version.",
		Who:   model.ActorYou,
	}
	adviceServer = &backend.Advice{
		Cause: "The service, or a gateway before it, has trouble. Of a change it is not known whether it was made.",
		Next:  "Wait; reading goes on by itself. A change is never sent again by the program; it is looked for by reading.",
		Who:   model.ActorNobody,
	}
)

// Codes explains the HTTP statuses. A code of the service says more than its
// status; these are for answers that have none.
func Codes() []backend.Code {
	out := make([]backend.Code, 0, len(statuses))
	for _, s := range statuses {
		out = append(out, backend.Code{
			Service: backend.ServiceHTTP, Code: strconv.Itoa(s.status), Means: s.means, Kind: s.kind,
			Advice: backend.AdviceFor(&backend.Error{Kind: s.kind, Advice: s.advice}),
		})
	}
	return out
}
