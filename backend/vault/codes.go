package vault

import (
	"cmp"
	"net/http"
	"slices"

	"certty/backend"
	"certty/model"
)

// plain are the codes that Key Vault's answers have where no rule narrows them:
// the outer ones, which say little more than the status.
var plain = []struct {
	code, means string
	status      int
	// op is a call at which the answer may come.
	op      string
	changes bool
	advice  *backend.Advice
}{
	{code: "Unauthorized", means: "the vault does not accept the token", status: http.StatusUnauthorized, op: opList},
	{code: "AKV10000", means: "no token came with the call", status: http.StatusUnauthorized, op: opList},
	{code: "Forbidden", means: "no permission, and no reason is given", status: http.StatusForbidden, op: opList},
	{code: "Forbidden", means: "the state does not allow the change", status: http.StatusForbidden, op: opDeleteRequest, changes: true, advice: adviceForbiddenState},
	{code: "BadParameter", means: "a value of what was sent is not taken", status: http.StatusBadRequest, op: opCreate, changes: true, advice: adviceParameter},
	{code: "Malformed backup blob", means: "the backup can't be read", status: http.StatusBadRequest, op: opCreate, changes: true, advice: adviceParameter},
	{code: "CertificateNotFound", means: "the vault has no certificate of this name", status: http.StatusNotFound, op: opRead},
	{code: "ContactsNotFound", means: "the vault has no contacts", status: http.StatusNotFound, op: opContacts, advice: adviceContacts},
	{code: "Conflict", means: "several clients change the same thing", status: http.StatusConflict, op: opCreate, changes: true},
	{code: "ObjectIsBeingRecovered", means: "the certificate is just being recovered", status: http.StatusConflict, op: opCreate, changes: true, advice: adviceBeingRecovered},
	{code: "Throttled", means: "too many calls for this vault", status: http.StatusTooManyRequests, op: opList},
	{code: "VaultRequestTypeLimitReached", means: "too many calls of one kind for this vault", status: http.StatusTooManyRequests, op: opList},
}

// Codes explains the error codes of Key Vault, inner and outer ones, those of a
// request that failed, and those with which Microsoft Entra ID refuses a token.
// They are in the order of the rules, so that of two entries for one code the
// first is the one that counts.
func Codes() []backend.Code {
	var out []backend.Code
	for _, r := range rules {
		c := entry(r.name, cmp.Or(r.means, r.note, stateMeans[r.state]), r.meaning)
		if c.At = stateAt[r.state]; r.op != "" {
			c.At = []string{r.op}
		}
		out = appendCode(out, c)
	}
	for _, p := range plain {
		m := classify(call{op: p.op, changes: p.changes}, p.status, fault{json: true, codes: []string{p.code}})
		m.advice = cmp.Or(m.advice, p.advice)
		c := entry(p.code, p.means, m)
		if p.code == "Forbidden" {
			c.At = []string{"reading"}
			if p.changes {
				c.At = []string{"every other change"}
			}
		}
		out = appendCode(out, c)
	}
	for _, code := range []string{model.IssuerErrorCode, model.RejectedCode} {
		out = append(out, backend.RequestCode(code))
	}
	return append(out, signInCodes()...)
}

// entry explains one meaning of a code.
func entry(code, means string, m meaning) backend.Code {
	return backend.Code{
		Service: backend.ServiceVault, Code: code, Means: means, Kind: m.kind,
		Advice: backend.AdviceFor(&backend.Error{Kind: m.kind, State: m.state, Advice: m.advice}),
	}
}

// appendCode joins the calls at which a code means the same.
func appendCode(all []backend.Code, c backend.Code) []backend.Code {
	for i := range all {
		same := all[i].Code == c.Code && all[i].Kind == c.Kind && all[i].Advice == c.Advice
		if !same {
			continue
		}
		if len(all[i].At) == 0 || len(c.At) == 0 {
			all[i].At = nil
			return all
		}
		for _, at := range c.At {
			if !slices.Contains(all[i].At, at) {
				all[i].At = append(slices.Clip(all[i].At), at)
			}
		}
		return all
	}
	return append(all, c)
}

// stateMeans says in a few words what is in the way.
var stateMeans = map[backend.StateError]string{
	backend.StatePending:        "a request in progress is in the way",
	backend.StateTooLate:        "the request is not in progress any more",
	backend.StateMergeForbidden: "an issuer still works on the request",
	backend.StateDeleted:        "the name belongs to a deleted certificate",
}

// stateAt are the calls that a state is in the way of.
var stateAt = map[backend.StateError][]string{
	backend.StatePending:        {opCreate, opNewVersion, opImport},
	backend.StateTooLate:        {opCancel},
	backend.StateMergeForbidden: {opMerge},
}
