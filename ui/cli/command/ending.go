package command

import (
	"errors"

	"certty/backend"
	"certty/config"
)

// Exit codes of every command but check, which has those of monitoring.
const (
	// ExitDone is success.
	ExitDone = 0
	// ExitFailed is a failure of a call, of the network or of this machine.
	ExitFailed = 1
	// ExitUsage is a wrong command line or configuration, or a person who said
	// no.
	ExitUsage = 2
	// ExitNotFound is a name that nothing has.
	ExitNotFound = 3
	// ExitSignIn is a credential that is missing or not accepted.
	ExitSignIn = 4
	// ExitPending is a request that has not ended yet.
	ExitPending = 8
)

// Code is an exit code and what it says.
type Code struct {
	Code int
	Says string
}

// ExitCodes lists the exit codes, for the documents.
func ExitCodes() []Code {
	return []Code{
		{ExitDone, "done"},
		{ExitFailed, "failed: a call, the network, this machine; of several targets one or more"},
		{ExitUsage, "wrong command line or configuration, or a person said no: nothing was sent"},
		{ExitNotFound, "nothing has that name"},
		{ExitSignIn, "a credential is missing or not accepted"},
		{ExitPending, "still pending when the time was up"},
	}
}

// UsageError is an error of the person's command line.
type UsageError struct{ Err error }

// Error is the error's own text.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap gives the error.
func (e *UsageError) Unwrap() error { return e.Err }

// Usage marks err as one of the command line.
func Usage(err error) error { return &UsageError{err} }

// Ended is an error that ends the program with a code of its own.
type Ended struct {
	Code int
	// Err is said to the person; nil says nothing more.
	Err error
}

// Error is the error's own text; "" when nothing is to be said.
func (e *Ended) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

// Unwrap gives the error.
func (e *Ended) Unwrap() error { return e.Err }

// ErrDeclined is a person's no.
var ErrDeclined = errors.New("nothing was done")

// ErrNoTargets is what a command says that has nothing to work with.
var ErrNoTargets = errors.New("no targets configured: name one in the configuration (certty config init writes a first one), or try the sandbox with --sandbox")

// ExitCode is the code that err ends the program with.
func ExitCode(err error) int {
	var ended *Ended
	var usage *UsageError
	var problems config.Problems
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &ended):
		return ended.Code
	case errors.As(err, &usage), errors.As(err, &problems), errors.Is(err, ErrDeclined), errors.Is(err, ErrNoTargets):
		return ExitUsage
	}
	switch backend.KindOf(err) { //nolint:exhaustive // the rest failed
	case backend.KindNotFound, backend.KindGone:
		return ExitNotFound
	case backend.KindAuth, backend.KindSignIn:
		return ExitSignIn
	}
	return ExitFailed
}
