package row

import (
	"reflect"

	"certty/backend"
	"certty/model"
)

// Kind is a kind of target.
type Kind string

// The kinds of targets.
const (
	KindVault Kind = "vault"
	KindSCM   Kind = "scm"
)

// State is how a row stands, in the board's own word.
type State = model.State

// Actor is who has to act, in the board's own word.
type Actor = model.Actor

// Severity is how urgent a row is.
type Severity string

// The severities, most urgent first.
const (
	SeverityFailed  Severity = "failed"
	SeverityYou     Severity = "you"
	SeverityOthers  Severity = "others"
	SeverityExpires Severity = "expires"
	SeverityQuiet   Severity = "quiet"
)

func severity(s model.Severity) Severity {
	switch s {
	case model.SeverityFailed:
		return SeverityFailed
	case model.SeverityYou:
		return SeverityYou
	case model.SeverityOthers:
		return SeverityOthers
	case model.SeverityExpires:
		return SeverityExpires
	case model.SeverityQuiet:
	}
	return SeverityQuiet
}

// Kinds lists every kind of target.
func Kinds() []Kind { return []Kind{KindVault, KindSCM} }

// Severities lists every severity, most urgent first.
func Severities() []Severity {
	return []Severity{SeverityFailed, SeverityYou, SeverityOthers, SeverityExpires, SeverityQuiet}
}

// States lists every state of a row.
func States() []State {
	return []State{
		model.StateFailed, model.StateWaitsMerge, model.StateWaitsApproval, model.StateWaitsValidation, model.StateCancelAsked,
		model.StateInProgress, model.StateCancelled, model.StateCompleted, model.StateGone, model.StateExpired, model.StateExpires,
		model.StateValid, model.StateDisabled, model.StateDeleted, model.StateRevoked, model.StateReplaced, model.StateUnknown,
	}
}

// Actors lists everybody who may have to act.
func Actors() []Actor {
	return []Actor{model.ActorYou, model.ActorCA, model.ActorVault, model.ActorApprover, model.ActorDNS, model.ActorAccount}
}

// Event is what happened to a row that is watched.
type Event string

// The events.
const (
	// EventListed is each row that there is at the beginning.
	EventListed Event = "listed"
	// EventAppeared is a row that was not there before, or did not pass the filter.
	EventAppeared Event = "appeared"
	// EventChanged is a row of which something changed but ages, what is left,
	// and when it was read.
	EventChanged Event = "changed"
	// EventLeft is a row that is not there any more, or does not pass the filter;
	// it is told as it was last.
	EventLeft Event = "left"
)

// Events lists every event.
func Events() []Event { return []Event{EventListed, EventAppeared, EventChanged, EventLeft} }

// Words lists the values of each type that has a fixed set of them, for the
// schemas of documents with rows and targets in them.
func Words() map[reflect.Type]any {
	return map[reflect.Type]any{
		reflect.TypeFor[State](): States(), reflect.TypeFor[Actor](): Actors(), reflect.TypeFor[Kind](): Kinds(),
		reflect.TypeFor[Severity](): Severities(), reflect.TypeFor[Event](): Events(), reflect.TypeFor[ErrorKind](): ErrorKinds(),
	}
}

// ErrorKind sorts the errors of targets; the words are those of
// [backend.ErrorKind].
type ErrorKind string

// ErrorKinds lists every kind of error.
func ErrorKinds() []ErrorKind {
	var all []ErrorKind
	for k := backend.KindOther; k <= backend.KindSignIn; k++ {
		all = append(all, ErrorKind(k.String()))
	}
	return all
}
