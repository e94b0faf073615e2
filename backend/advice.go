package backend

import (
	"errors"
	"fmt"
	"time"

	"certty/backend/text"
	"certty/model"
)

// Advice is what a person needs to know of an error: why, what to do now, and
// who has to do it.
type Advice struct {
	Cause string
	Next  string
	Who   model.Actor
}

// AdviceFor explains err in plain words: its own where it has one, that of its
// kind otherwise. An error that no backend made, such as the operating system's,
// may hold a name from outside: its text is cleaned here.
func AdviceFor(err error) Advice {
	var e *Error
	if !errors.As(err, &e) {
		return Advice{Cause: text.Lines(err.Error()), Next: "Look at the log for details.", Who: model.ActorYou}
	}
	if e.Advice != nil {
		return *e.Advice
	}
	switch e.Kind {
	case KindAuth:
		return Advice{"The service does not accept the credential.", "Check the credential, and the tenant or customer URI beside it, then retry. Nothing is called until then, because repeated tries lock accounts.", model.ActorYou}
	case KindPermission:
		return Advice{"The credential is valid but has no permission for this.", "Ask whoever manages the vault for the role or access policy named below.", model.ActorYou}
	case KindNetwork:
		return Advice{"The service was not reached. Nothing was changed.", "Check network, proxy, firewall or private link, then try again.", model.ActorYou}
	case KindState:
		return stateAdvice(e)
	case KindConflict:
		return Advice{"Another client is changing the same certificate.", "Wait until its new state is shown here, then decide again.", model.ActorYou}
	case KindNotFound:
		return Advice{"There is no such thing in this target.", "It may have been deleted; the next sweep shows what is left.", model.ActorYou}
	case KindGone:
		return Advice{"The request you confirmed is not there any more: it was deleted, or another client replaced it. Nothing was changed.", "Look at the row again, it shows what stands there now.", model.ActorYou}
	case KindThrottled:
		next := "Wait; it goes on by itself."
		if e.RetryAfter > 0 {
			next = fmt.Sprintf("Wait %s; it goes on by itself.", e.RetryAfter.Round(time.Second))
		}
		return Advice{"The service had too many calls, from this program or others.", next, model.ActorNobody}
	case KindInvalid:
		return Advice{"The service refuses what was sent.", "Change what it names and send again.", model.ActorYou}
	case KindUnavailable:
		return Advice{"The service has trouble of its own.", "Wait; reading goes on by itself. A change is never repeated by the program.", model.ActorVault}
	case KindUnsupported:
		return Advice{"This target can't do that.", e.Message, model.ActorYou}
	case KindPartial:
		return Advice{"Only part of it was done.", "Look at the row, it shows what stands there now.", model.ActorYou}
	case KindUncertain:
		return Advice{"The call may have reached the service, but no answer came. It may have happened.", "Do not repeat it; the row is being read again to find out.", model.ActorYou}
	case KindReadOnly:
		return Advice{"This target is read-only here.", "Start without --read-only, or change read_only in the configuration.", model.ActorYou}
	case KindLocal:
		return Advice{"This machine could not do its part, so nothing was sent.", "Mend what the message names (a secret or a file that can't be read, a full disk). Reading is then tried again by itself, or at once with R; a change only when you ask for it.", model.ActorYou}
	case KindSignIn:
		return Advice{"Somebody has to sign in first. Nothing was sent.", "Enter the code that is shown in a browser; reading then goes on by itself. A change has to be asked for again.", model.ActorYou}
	default:
		return Advice{"The answer could not be understood.", "Something between here and the service may have answered instead of it: a proxy or a portal.", model.ActorYou}
	}
}

func stateAdvice(e *Error) Advice {
	switch e.State {
	case StatePending:
		return Advice{"A request is in progress under this name; Key Vault allows one at a time.", "Merge its certificate, wait for its issuer, ask for cancellation, or delete it.", model.ActorYou}
	case StateTooLate:
		return Advice{"Too late: the request is not in progress any more.", "Nothing was changed. The row is being read again.", model.ActorNobody}
	case StateMergeForbidden:
		return Advice{"An issuer works on this request, so nothing can be merged into it.", "Wait for the issuer, or ask for cancellation; after failed or cancelled a merge is possible.", model.ActorCA}
	case StateDeleted:
		return Advice{"The name belongs to a deleted certificate that can still be recovered.", "Recover it, purge it, or take another name.", model.ActorYou}
	case StateNotIssued:
		return Advice{"The certificate is not issued yet.", "Wait; it is looked for again by itself.", model.ActorCA}
	default:
		return Advice{"The state of the certificate does not allow that.", "Look at the row, it shows what stands there now.", model.ActorYou}
	}
}
