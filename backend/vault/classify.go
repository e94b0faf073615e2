package vault

import (
	"net/http"
	"strings"

	"certty/backend"
)

// meaning is what an error answer means.
type meaning struct {
	kind  backend.ErrorKind
	state backend.StateError
	// note explains the service's message where that does not speak for itself.
	note string
}

// rule recognises an answer. Codes and phrases are compared in lower case; an
// empty field fits everything.
type rule struct {
	status int
	op     string
	code   string
	phrase string
	meaning
}

// rules tell apart what shares a status, by inner error code first and wording
// second; the first that fits counts. The documents name some of these answers
// otherwise than the service gives them (a pending request in the way is 409
// with the code Forbidden; cancelling too late is 400 in the documents and 403
// from the service), so neither status nor code is enough alone.
//
// Sources: Key Vault REST, "Create Certificate", "Merge Certificate", "Update
// Certificate Operation"; "Azure Key Vault REST API error codes"; "Common error
// codes for Azure Key Vault"; recorded traffic.
var rules = []rule{
	{status: 401, phrase: "akv10032", meaning: meaning{kind: backend.KindAuth, note: "wrong tenant: the token was issued by another tenant than the vault's"}},
	{status: 401, phrase: "akv10022", meaning: meaning{kind: backend.KindAuth, note: "wrong audience: the token is meant for another service or cloud"}},
	{status: 401, phrase: "tokenexpired", meaning: meaning{kind: backend.KindAuth, note: "the token has expired (is this machine's clock right?)"}},
	// Passes by itself while keys are rolled over, so it must not latch.
	{status: 401, phrase: "akv10046", meaning: meaning{kind: backend.KindUnavailable}},

	{status: 403, code: "forbiddenbyfirewall", meaning: meaning{kind: backend.KindNetwork, note: "the vault's firewall does not let this address in"}},
	{status: 403, code: "forbiddenbyconnection", meaning: meaning{kind: backend.KindNetwork, note: "the vault can be reached through its private link only"}},
	{status: 403, phrase: "purge protection", meaning: meaning{kind: backend.KindState, note: "the vault is protected against purging: it destroys the certificate by itself at the end of its retention"}},
	{status: 403, code: "forbiddenby", meaning: meaning{kind: backend.KindPermission}},
	{status: 403, code: "accessdenied", meaning: meaning{kind: backend.KindPermission}},
	{status: 403, phrase: "client address is not authorized", meaning: meaning{kind: backend.KindNetwork, note: "the vault's firewall does not let this address in"}},
	{status: 403, phrase: "public network access is disabled", meaning: meaning{kind: backend.KindNetwork, note: "the vault can be reached through its private link only"}},
	{status: 403, phrase: "merge is forbidden", meaning: meaning{kind: backend.KindState, state: backend.StateMergeForbidden}},
	{status: 403, phrase: "status must be in progress", meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},
	{status: 403, phrase: "not authorized", meaning: meaning{kind: backend.KindPermission}},
	{status: 403, phrase: "does not have", meaning: meaning{kind: backend.KindPermission}},
	{status: 403, op: opCancel, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},
	{status: 400, op: opCancel, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate}},

	{status: 409, code: "objectisdeletedbutrecoverable", meaning: meaning{kind: backend.KindState, state: backend.StateDeleted}},
	{status: 409, phrase: "deleted but recoverable", meaning: meaning{kind: backend.KindState, state: backend.StateDeleted}},
	{status: 409, code: "objectisbeingdeleted", meaning: meaning{kind: backend.KindConflict, note: "the certificate is just being deleted"}},
	{status: 409, phrase: "while a pending", meaning: meaning{kind: backend.KindState, state: backend.StatePending}},
	{status: 409, phrase: "status is inprogress", meaning: meaning{kind: backend.KindState, state: backend.StatePending}},

	{status: 404, code: "pendingcertificatenotfound", meaning: meaning{kind: backend.KindGone}},
	{status: 404, op: opMerge, code: "certificatenotfound", meaning: meaning{kind: backend.KindGone}},
	{status: 404, op: opCancel, code: "certificatenotfound", meaning: meaning{kind: backend.KindGone}},
	// The list of deleted certificates lags behind a deletion.
	{status: 404, op: opRecover, meaning: meaning{kind: backend.KindNotFound, note: "the vault does not have it among the deleted; right after a deletion that can take a minute"}},
	{status: 404, op: opPurge, meaning: meaning{kind: backend.KindNotFound, note: "the vault does not have it among the deleted; right after a deletion that can take a minute"}},
	{status: 404, op: opDeleteRequest, code: "certificatenotfound", meaning: meaning{kind: backend.KindGone}},
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
	case c.changes && mayHaveHappened(status):
		return meaning{kind: backend.KindUncertain, note: f.note}
	case status == http.StatusNotModified:
		return meaning{kind: backend.KindOther, note: "the service says that nothing has changed, and nothing more"}
	case status == http.StatusTooManyRequests:
		return meaning{kind: backend.KindThrottled, note: f.note}
	case status == http.StatusProxyAuthRequired:
		return meaning{kind: backend.KindNetwork, note: "the proxy wants a password"}
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
