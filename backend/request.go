package backend

import (
	"strings"

	"certty/model"
)

// requestCodes are the two codes with which Key Vault says that a request failed
// ("Monitor and manage certificate creation"): the first is the CA's side, the
// second the request's.
var requestCodes = map[string]Code{
	model.IssuerErrorCode: {
		Means: "the CA could not issue", Kind: KindUnavailable,
		Advice: Advice{
			Cause: "The CA could not issue, and the trouble is on its side.",
			Next:  "Ask it with the request's message; once it is mended, create again. If the CA issues it after all, it can still be merged.",
			Who:   model.ActorCA,
		},
	},
	model.RejectedCode: {
		Means: "the CA refused the request", Kind: KindInvalid,
		Advice: Advice{
			Cause: "The CA refused the request as it is.",
			Next:  "Change what its message names, then create again. If the CA issues it after all, it can still be merged.",
			Who:   model.ActorYou,
		},
	},
}

// RequestCode explains the error code of a request that failed, in any case of
// its letters; of one that is not known it says that.
func RequestCode(code string) Code {
	for known, c := range requestCodes {
		if strings.EqualFold(known, code) {
			c.Service, c.Code, c.At = ServiceVault, known, []string{"a request that failed"}
			return c
		}
	}
	return Code{
		Service: ServiceVault, Code: code, At: []string{"a request that failed"}, Means: "not known to this program", Kind: KindOther,
		Advice: Advice{
			Cause: "The vault says that the request failed, with a code that this program does not know.",
			Next:  "Read its message, then create again. If the CA issues it after all, it can still be merged.",
			Who:   model.ActorYou,
		},
	}
}
