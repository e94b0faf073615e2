package scm

import (
	"net/http"
	"slices"
	"strings"

	"certty/backend"
)

// meaning is what an error answer means.
type meaning struct {
	kind  backend.ErrorKind
	state backend.StateError
	// advice is nil where that of the kind says it all.
	advice *backend.Advice
}

// rule says what an error code means at some calls, or at all of them where ops
// is empty. Codes are not unique: -105, -159 and others have two texts each, so
// a code alone decides nothing where it has a second meaning.
type rule struct {
	ops   []string
	codes []int
	// says is a word of the text that a code with many meanings needs besides;
	// "" where the code is enough.
	says string
	meaning
}

// orders are the calls that make certificates.
var orders = []string{opOrder, opRenew, opReplace}

// approvals are the calls that decide on an order.
var approvals = []string{opApprove, opDecline, opCancel}

// rules are asked in their order; the first that fits counts. The codes and
// texts are those of SCM REST API, "Errors", and of observed answers.
var rules = []rule{
	// One answer for an unknown login, a wrong or expired password, a wrong
	// customer URI and a blocked account.
	{codes: []int{-16, -970, -410}, meaning: meaning{kind: backend.KindAuth, advice: adviceSignIn}},

	{ops: []string{opCollect}, codes: []int{0, -23, -103, -109, -183, -1400, -1113}, meaning: meaning{kind: backend.KindState, state: backend.StateNotIssued, advice: adviceNotIssued}},
	{ops: []string{opCollect}, codes: []int{-110, -192}, meaning: meaning{kind: backend.KindState, advice: adviceRevoked}},
	{ops: []string{opCollect}, codes: []int{-169, -1144}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{ops: []string{opCollect}, codes: []int{-126, -1450}, meaning: meaning{kind: backend.KindUnsupported}},

	{ops: approvals, codes: []int{-1112, -1113}, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate, advice: adviceTooLate}},
	{ops: approvals, codes: []int{-1140}, meaning: meaning{kind: backend.KindPermission, advice: adviceOwnRequest}},

	{ops: []string{opRevoke}, codes: []int{-159}, meaning: meaning{kind: backend.KindState, state: backend.StateTooLate, advice: adviceAlreadyRevoked}},
	{ops: []string{opRevoke}, codes: []int{-102, -130}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyIssued}},
	{ops: []string{opRevoke, opReplace, opRenew}, codes: []int{-110, -169, -1144}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{ops: []string{opReplace}, codes: []int{-130, -102, -1113}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyIssued}},
	{ops: []string{opReplace}, codes: []int{-1148}, meaning: meaning{kind: backend.KindState, advice: adviceAutoInstalled}},
	{ops: []string{opRenew}, codes: []int{-180}, meaning: meaning{kind: backend.KindState, advice: adviceNoRenewal}},
	{ops: []string{opRenew}, codes: []int{-105}, meaning: meaning{kind: backend.KindUncertain}},
	{ops: []string{opRenew}, codes: []int{-123}, meaning: meaning{kind: backend.KindNotFound}},
	{ops: []string{opDelete, opCancel}, codes: []int{-130, -102}, meaning: meaning{kind: backend.KindState, advice: adviceOnlyImported}},

	{ops: orders, codes: []int{-737, -1137, -107}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNotValidated}},
	{ops: orders, codes: []int{-1010, -727, -715, -741}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNotDelegated}},
	{ops: orders, codes: []int{-843}, meaning: meaning{kind: backend.KindInvalid, advice: adviceOrganization}},
	{ops: orders, codes: []int{-993}, meaning: meaning{kind: backend.KindPermission, advice: adviceRestricted}},
	{ops: orders, codes: []int{-36, -164}, meaning: meaning{kind: backend.KindInvalid, advice: adviceTerm}},
	{ops: orders, codes: []int{-39, -111}, meaning: meaning{kind: backend.KindInvalid, advice: adviceProfile}},
	{ops: orders, codes: []int{-62}, meaning: meaning{kind: backend.KindInvalid, advice: adviceMandatory}},
	{ops: orders, codes: []int{-7, -1001}, says: "dcvMode", meaning: meaning{kind: backend.KindInvalid, advice: adviceDCVMode}},
	{ops: orders, codes: []int{-9, -10, -11, -13, -78, -138, -141, -170, -194, -1138}, meaning: meaning{kind: backend.KindInvalid, advice: adviceCSR}},
	{ops: orders, codes: []int{-639, -1021, -1023}, meaning: meaning{kind: backend.KindInvalid, advice: adviceNoOrganization}},

	{codes: []int{-3, -25, -37, -226, -738}, meaning: meaning{kind: backend.KindPermission, advice: advicePrivilege}},
	{codes: []int{-124, -5101, -1117, -123}, meaning: meaning{kind: backend.KindNotFound}},
	{codes: []int{-3114, -3115}, meaning: meaning{kind: backend.KindConflict}},
	{codes: []int{-1144}, meaning: meaning{kind: backend.KindState, advice: adviceNotToBeHad}},
	{codes: []int{-1608}, meaning: meaning{kind: backend.KindUnsupported}},
	{codes: []int{-140, -195, -196, -618}, meaning: meaning{kind: backend.KindUnavailable}},
}

// vague are the codes that do not tell whether a change was made: the service's
// own trouble, and a lost connection between it and the CA.
var vague = []int{-1, -2, -14, -65, -129}

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
		return meaning{kind: backend.KindNetwork, advice: adviceProxy}
	}
	if f.json {
		for _, r := range rules {
			if r.fits(c, f) {
				return r.meaning
			}
		}
		if slices.Contains(vague, f.code) {
			return doubt(c)
		}
	}
	switch {
	case status >= 500, status == http.StatusRequestTimeout, status >= 200 && status < 300:
		return doubt(c)
	case !f.json:
		// Whoever wrote this, it was not SCM: it says nothing about the order.
		return meaning{kind: backend.KindOther, advice: adviceForeign}
	}
	if m, ok := byStatus[status]; ok {
		return m
	}
	return meaning{kind: backend.KindOther}
}

// doubt is an answer that leaves open whether the call was carried out. A
// gateway in front of the service says 502, 503 and 504 after it handed the call
// on as well as before.
func doubt(c call) meaning {
	if c.changes {
		return meaning{kind: backend.KindUncertain}
	}
	return meaning{kind: backend.KindUnavailable, advice: adviceTrouble}
}

func (r rule) fits(c call, f fault) bool {
	return slices.Contains(r.codes, f.code) && strings.Contains(f.message, r.says) && (len(r.ops) == 0 || slices.Contains(r.ops, c.op))
}
