package backend

import (
	"slices"

	"certty/model"
)

// Service is who says a code.
type Service string

// The services whose codes are explained.
const (
	// ServiceVault is Azure Key Vault.
	ServiceVault Service = "vault"
	// ServiceEntra is Microsoft Entra ID, which gives the tokens for a vault.
	ServiceEntra Service = "entra"
	// ServiceSCM is Sectigo Certificate Manager.
	ServiceSCM Service = "scm"
	// ServiceHTTP is whoever answers with a status alone: a service, or a proxy, a
	// firewall or a gateway before it.
	ServiceHTTP Service = "http"
	// ServiceCertty is this program itself.
	ServiceCertty Service = "certty"
)

// Code is what one code means. The adapters make them of the same tables that
// they read answers by, so that what a person looks up and what the program
// does can't part.
type Code struct {
	Service Service
	// Code is it as the service writes it: "-1400", "PendingCertificateNotFound",
	// "AADSTS7000215", "409".
	Code string
	// At names the calls or the area in which the code means this; empty where it
	// means this everywhere. Services give one code to several errors.
	At []string
	// Means is what the code says, in a few words.
	Means string
	// Kind is how the program takes it.
	Kind ErrorKind
	Advice
}

// Codes explains the words that this program itself uses for what went wrong:
// the kinds of errors, the states that are in the way, and a latched target.
func Codes() []Code {
	out := slices.Clone(stateCodes())
	for kind, name := range kindNames {
		k := ErrorKind(kind)
		out = append(out, Code{
			Service: ServiceCertty, Code: name, Means: kindMeans[k], Kind: k,
			Advice: AdviceFor(&Error{Kind: k, Message: "Do it where the service offers it, in its own portal, or with another target."}),
		})
	}
	return out
}

// kindMeans says each kind in a few words.
var kindMeans = [...]string{
	KindOther:       "an answer that could not be understood",
	KindAuth:        "the service does not accept the credential",
	KindPermission:  "the credential is good and may not do this",
	KindNetwork:     "the service was not reached",
	KindState:       "the state of the thing does not allow it",
	KindConflict:    "two clients change the same thing at the same time",
	KindNotFound:    "there is no such thing",
	KindGone:        "what was meant is not there any more",
	KindThrottled:   "too many calls",
	KindInvalid:     "the service refuses what was sent",
	KindUnavailable: "the service has trouble of its own",
	KindUnsupported: "this target can't do that",
	KindPartial:     "a part of it was done",
	KindUncertain:   "a change was sent and its end is not known",
	KindReadOnly:    "refused here, because nothing but reads may leave this machine",
	KindLocal:       "this machine could not do its part",
	KindSignIn:      "a person has to sign in first",
}

func stateCodes() []Code {
	state := func(name, means string, s StateError) Code {
		return Code{Service: ServiceCertty, Code: name, Means: means, Kind: KindState, Advice: AdviceFor(&Error{Kind: KindState, State: s})}
	}
	return []Code{
		{
			Service: ServiceCertty, Code: "latched", Kind: KindAuth, Means: "a target is not called any more since its login was refused",
			Advice: adviceLatched,
		},
		state("request in progress", "a request in progress is in the way", StatePending),
		state("too late", "the request or order does not wait any more", StateTooLate),
		state("merge forbidden", "an issuer still works on the request", StateMergeForbidden),
		state("soft-deleted", "the name belongs to a deleted certificate", StateDeleted),
		state("not issued", "the certificate is not there yet", StateNotIssued),
	}
}

// adviceLatched is what a person can do about a latched target.
var adviceLatched = Advice{
	Cause: "The service, or a proxy before it, refused the login of this target. No console and no command on this state calls it any more, because repeated tries lock accounts.",
	Next:  "Check login, password, tenant or expiry outside of this program, then retry the target in a console, or with the flag --retry of certty status; of certty work --once for a CA account.",
	Who:   model.ActorYou,
}
