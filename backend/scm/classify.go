package scm

import (
	"net/http"
	"slices"
	"strings"

	"certty/backend"
	"certty/backend/wire"
)

// meaning is what an error answer means.
type meaning struct {
	// kind is KindOther where the answer's status decides.
	kind  backend.ErrorKind
	state backend.StateError
	// advice is nil where that of the kind says it all.
	advice *backend.Advice
	// vague is true where the answer does not tell whether a change was made: the
	// service's own trouble, or a lost connection between it and the CA.
	vague bool
}

// rule says what error codes mean at some calls, or at all of them where ops is
// empty. Codes are not unique: -105, -159 and others have two texts each, so a
// code alone decides nothing where it has a second meaning.
type rule struct {
	ops []string
	// area is what the codes are about where that is none of the calls here.
	area string
	// codes are the codes and what each says, in a few words.
	codes map[int]string
	// says is a word of the text that a code with many meanings needs besides;
	// "" where the code is enough.
	says string
	meaning
}

// byStatus is what a status means when no rule fits.
var byStatus = map[int]meaning{
	http.StatusBadRequest:            {kind: backend.KindInvalid},
	http.StatusForbidden:             {kind: backend.KindPermission, advice: advicePrivilege},
	http.StatusNotFound:              {kind: backend.KindNotFound},
	http.StatusMethodNotAllowed:      {kind: backend.KindUnsupported},
	http.StatusConflict:              {kind: backend.KindConflict},
	http.StatusGone:                  {kind: backend.KindGone},
	http.StatusRequestEntityTooLarge: {kind: backend.KindInvalid},
	http.StatusUnsupportedMediaType:  {kind: backend.KindInvalid},
	http.StatusUnprocessableEntity:   {kind: backend.KindInvalid},
}

// classify says what an answer means that is not the success of the call.
func classify(c call, status int, f fault) meaning {
	switch {
	case status == http.StatusUnauthorized:
		// Whoever answered: to try again could lock the account.
		return meaning{kind: backend.KindAuth, advice: adviceSignIn}
	case status == http.StatusTooManyRequests:
		return meaning{kind: backend.KindThrottled}
	case status == http.StatusProxyAuthRequired:
		return meaning{kind: backend.KindNetwork, advice: &wire.AdviceProxy}
	}
	var known *backend.Advice
	if f.json {
		switch m := ruleOf(c, f); {
		case m.vague:
			return doubt(c)
		case m.kind != backend.KindOther:
			return m
		default:
			known = m.advice
		}
	}
	switch {
	case status >= 500 && !f.json && !c.changes:
		return meaning{kind: backend.KindUnavailable, advice: adviceGateway}
	case status >= 500, status == http.StatusRequestTimeout, status >= 200 && status < 300:
		return doubt(c)
	case !f.json:
		// Whoever wrote this, it was not SCM: it says nothing about the order.
		return meaning{kind: backend.KindOther, advice: adviceForeign}
	}
	m := byStatus[status]
	if known != nil {
		m.advice = known
	}
	return m
}

// ruleOf is what the first rule that fits says; nothing where none does.
func ruleOf(c call, f fault) meaning {
	for _, table := range [][]rule{rules, rulesElsewhere} {
		for _, r := range table {
			if r.fits(c, f) {
				return r.meaning
			}
		}
	}
	return meaning{}
}

// doubt is an answer that leaves open whether the call was carried out. A
// gateway in front of the service says 502, 503 and 504 after it handed the call
// on as well as before.
func doubt(c call) meaning {
	if c.changes {
		return meaning{kind: backend.KindUncertain, advice: adviceDoubt}
	}
	return meaning{kind: backend.KindUnavailable, advice: adviceTrouble}
}

func (r rule) fits(c call, f fault) bool {
	_, known := r.codes[f.code]
	return known && strings.Contains(f.message, r.says) && (len(r.ops) == 0 || slices.Contains(r.ops, c.op))
}
