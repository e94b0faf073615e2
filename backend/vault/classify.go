package vault

import (
	"net/http"
	"strings"

	"certty/backend"
	"certty/backend/wire"
)

// meaning is what an error answer means.
type meaning struct {
	kind  backend.ErrorKind
	state backend.StateError
	// note explains the service's message where that does not speak for itself.
	note string
	// advice is nil where that of the kind says it all.
	advice *backend.Advice
}

// byStatus is what a status means when no rule fits.
var byStatus = map[int]backend.ErrorKind{
	http.StatusBadRequest:            backend.KindInvalid,
	http.StatusUnauthorized:          backend.KindAuth,
	http.StatusForbidden:             backend.KindPermission,
	http.StatusNotFound:              backend.KindNotFound,
	http.StatusMethodNotAllowed:      backend.KindUnsupported,
	http.StatusConflict:              backend.KindConflict,
	http.StatusGone:                  backend.KindGone,
	http.StatusRequestEntityTooLarge: backend.KindInvalid,
	http.StatusUnprocessableEntity:   backend.KindInvalid,
	http.StatusTooManyRequests:       backend.KindThrottled,
}

// classify says what an answer means that is not the success of the call.
func classify(c call, status int, f fault) meaning {
	switch {
	case f.between && status != http.StatusProxyAuthRequired && status != http.StatusTooManyRequests:
		return between(c, status, f)
	case c.changes && mayHaveHappened(status):
		return meaning{kind: backend.KindUncertain, note: f.note}
	case status == http.StatusNotModified:
		return meaning{kind: backend.KindOther, note: "the service says that nothing has changed, and nothing more"}
	case status == http.StatusTooManyRequests:
		return meaning{kind: backend.KindThrottled, note: f.note}
	case status == http.StatusProxyAuthRequired:
		return meaning{kind: backend.KindNetwork, advice: &wire.AdviceProxy, note: "the proxy wants a password"}
	case status == http.StatusNotImplemented && f.json:
		// The service is well and does not know the call: waiting is no help.
		return meaning{kind: backend.KindUnsupported, note: f.note}
	case status >= 500, status == http.StatusRequestTimeout:
		return meaning{kind: backend.KindUnavailable, note: f.note}
	case !f.json:
		// Whoever wrote this, it was not Key Vault: it says nothing about the
		// vault, and must neither latch it nor declare a request gone.
		return meaning{kind: backend.KindOther, note: f.note}
	}
	for _, r := range rules {
		if r.fits(c, status, f) {
			return r.meaning
		}
	}
	kind, ok := byStatus[status]
	switch {
	case !ok:
		kind = backend.KindOther
	case status == http.StatusForbidden && c.changes:
		// Neither a role nor the network: the state of the thing forbids it.
		kind = backend.KindState
	}
	return meaning{kind: kind}
}

// between is an answer that something on the way to the vault gave. It says nothing
// about the vault, and must neither latch it nor declare a request gone.
func between(c call, status int, f fault) meaning {
	trouble := status >= 500 || status == http.StatusRequestTimeout
	switch {
	case c.changes && (trouble || mayHaveHappened(status)):
		return meaning{kind: backend.KindUncertain, note: f.note, advice: &wire.AdviceBetweenChange}
	case trouble:
		return meaning{kind: backend.KindNetwork, note: f.note, advice: &wire.AdviceBetween}
	}
	return meaning{kind: backend.KindOther, note: f.note, advice: &wire.AdviceBetween}
}

// mayHaveHappened reports whether an answer leaves open if a change was made: a
// gateway that lost its service, a service that broke down on the way, or a
// success other than the one that is documented.
func mayHaveHappened(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return status >= 200 && status < 300
}

func (r rule) fits(c call, status int, f fault) bool {
	return status == r.status &&
		(r.op == "" || r.op == c.op) &&
		(r.code == "" || f.hasCode(r.code)) &&
		strings.Contains(strings.ToLower(f.message), r.phrase)
}
