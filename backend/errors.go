package backend

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"certty/model"
)

// ErrorKind sorts errors by what they mean for the person, not by status code.
type ErrorKind uint8

// The kinds of errors.
const (
	// KindOther is an answer that could not be understood.
	KindOther ErrorKind = iota
	// KindAuth: the service does not accept the credential (401). The target
	// is latched: repeated tries lock accounts.
	KindAuth
	// KindPermission: the credential is accepted but may not do this.
	KindPermission
	// KindNetwork: the service was not reached, or a firewall or private link
	// stands before it. Nothing was done.
	KindNetwork
	// KindState: the thing is not in a state that allows it; see Error.State.
	KindState
	// KindConflict: somebody else changed the same thing at the same time.
	KindConflict
	// KindNotFound: there is no such thing.
	KindNotFound
	// KindGone: the thing that was meant is not there any more, or another
	// one stands in its place.
	KindGone
	// KindThrottled: too many calls; wait for RetryAfter.
	KindThrottled
	// KindInvalid: the service refuses what was sent.
	KindInvalid
	// KindUnavailable: the service has trouble of its own (5xx).
	KindUnavailable
	// KindUnsupported: this target can't do that.
	KindUnsupported
	// KindPartial: part of it was done.
	KindPartial
	// KindUncertain: the call may have left this machine and has no answer. It
	// may have happened; it is never sent again by the program.
	KindUncertain
	// KindReadOnly: refused here, before the network.
	KindReadOnly
	// KindLocal: this machine could not do its part, so nothing was sent: the
	// journal can't be written, a secret or a CA file can't be read. The service
	// refused nothing, so the target is not latched.
	KindLocal
	// KindSignIn: a person has to sign in first, with the code that is shown.
	// Nothing was sent.
	KindSignIn
)

var kindNames = [...]string{"other", "auth", "permission", "network", "state", "conflict",
	"not found", "gone", "throttled", "invalid", "unavailable", "unsupported", "partial",
	"uncertain", "read-only", "local", "sign-in"}

// String is the kind's name, for logs and the journal.
func (k ErrorKind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "other"
}

// StateError narrows KindState.
type StateError uint8

// What the state forbids.
const (
	// StateOther is not narrowed.
	StateOther StateError = iota
	// StatePending: a request in progress is in the way (409).
	StatePending
	// StateTooLate: the request is not in progress any more.
	StateTooLate
	// StateMergeForbidden: an issuer's request in progress takes no merge (403).
	StateMergeForbidden
	// StateDeleted: the name belongs to a soft-deleted certificate.
	StateDeleted
	// StateNotIssued: the certificate is not there yet; RetryAfter says when to
	// look again.
	StateNotIssued
)

// Error is every error a backend returns. Its texts were cleaned where they
// were decoded.
type Error struct {
	Kind  ErrorKind
	State StateError
	// Op is what was being done, as a verb: "merge", "list certificates".
	Op string
	// Ref is what it was done to.
	Ref model.Ref
	// Status is the HTTP status; 0 when there was no answer.
	Status int
	// Code and Message are the service's own, most telling code first.
	Code    string
	Message string
	// RequestID is the service's id of the call.
	RequestID string
	// RetryAfter is how long the service asks to wait; 0 where it does not say.
	RetryAfter time.Duration
	// Advice is what the adapter knows better than its kind tells; nil leaves it
	// to [AdviceFor].
	Advice *Advice
	// Passing is true with KindAuth where only a token had ended and the next
	// call brings a new one: see [RefusesLogin].
	Passing bool
	// Err is the cause, where there is one.
	Err error
}

// Error says what failed, on what, and why.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Op, e.Ref)
	switch {
	case e.Message != "":
		b.WriteString(e.Message)
	case e.Err != nil:
		b.WriteString(e.Err.Error())
	default:
		b.WriteString(e.Kind.String())
	}
	if e.Status != 0 || e.Code != "" {
		fmt.Fprintf(&b, " (%s)", strings.TrimSpace(strings.Join([]string{statusText(e.Status), e.Code}, " ")))
	}
	return b.String()
}

func statusText(status int) string {
	if status == 0 {
		return ""
	}
	return fmt.Sprint(status)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// RefusesLogin reports whether err says that the service does not accept the
// credential, so that nothing may be called any more: repeated tries lock
// accounts. An ended token is no such refusal.
func RefusesLogin(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == KindAuth && !e.Passing
}

// KindOf is the kind of err; KindOther when it is none of ours. A context's
// end is KindNetwork: nothing came back.
func KindOf(err error) ErrorKind {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return KindNetwork
	}
	return KindOther
}

// IsState reports whether err is a KindState error of the given state.
func IsState(err error, state StateError) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == KindState && e.State == state
}
