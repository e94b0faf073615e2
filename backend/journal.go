package backend

import (
	"context"
	"time"

	"certty/model"
)

// Intent is a changing call that is about to be made. It is on disk before the
// call leaves.
type Intent struct {
	At time.Time
	// Actor is who does it: the operating system's user, and over SSH the key's.
	Actor string
	// Op is the call: create, merge, cancel, delete request, new version,
	// import, update, update policy, delete, recover or purge.
	Op  string
	Ref model.Ref
	// Detail is what identifies the change, without secrets: a thumbprint, a
	// subject.
	Detail string
}

// Outcome is how a changing call ended.
type Outcome struct {
	At time.Time
	// Result is done, refused (the service said no: nothing changed), or
	// uncertain (no answer: it may have happened).
	Result Result
	// Error is the error's text; "" when done.
	Error string
	// ServiceRequestID is the service's id of the call.
	ServiceRequestID string
	// Revision is the request id or version that came out of it.
	Revision string
	// Evidence is what proves that it was done, where no answer of the service
	// does; "" otherwise.
	Evidence string
}

// Result is how a changing call ended.
type Result string

// The results of a changing call.
const (
	ResultDone      Result = "done"
	ResultRefused   Result = "refused"
	ResultUncertain Result = "uncertain"
)

// Entry is one line of the journal.
type Entry struct {
	ID      int64
	Intent  Intent
	Outcome *Outcome // nil while it is not known how the call ended
}

// Journal keeps intents and outcomes durably.
type Journal interface {
	// Begin commits an intent. When it fails the call must not be made.
	Begin(ctx context.Context, intent Intent) (id int64, err error)
	// Finish commits the outcome of the intent with that id.
	Finish(ctx context.Context, id int64, outcome Outcome) error
}
