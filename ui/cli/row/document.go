package row

import (
	"errors"
	"time"

	"certty/backend"
	"certty/backend/pass"
	"certty/model"
)

// SchemaVersion is the version of everything that is printed as data; see the
// package's comment for what it promises.
const SchemaVersion = 1

// Document is what a command prints of targets and their rows.
type Document struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// GeneratedAt is when it was made, and the moment of every age in it.
	GeneratedAt time.Time `json:"generated_at"`
	// Targets says how each target was read.
	Targets []Target `json:"targets"`
	// Items are the rows, in the order that was asked for.
	Items []Row `json:"items"`
}

// Line is a row as a line of JSON Lines, alone or as an event of --watch.
type Line struct {
	// SchemaVersion is the version of this form.
	SchemaVersion int `json:"schema_version"`
	// Event is what happened to the row; absent where nothing is watched.
	Event Event `json:"event,omitzero"`
	// At is when that was seen, and the moment of every age in the line.
	At time.Time `json:"at"`
	Row
}

// Target is how a target was read.
type Target struct {
	// Name is the configured name.
	Name string `json:"name"`
	// Kind is the kind of target, vault or scm.
	Kind Kind `json:"kind"`
	// Address is the URL of the vault or account.
	Address string `json:"address,omitzero"`
	// Sandbox is true when the service is the embedded one.
	Sandbox bool `json:"sandbox,omitzero"`
	// OK is true when nothing failed.
	OK bool `json:"ok"`
	// Complete is true when the whole list was read now, or within the age that
	// was asked for. Rows of a target that is not complete may be missing, or
	// be older than they look.
	Complete bool `json:"complete"`
	// Stored is true when the target was not called, and what stood in the store
	// was recent enough.
	Stored bool `json:"stored,omitzero"`
	// AsOf is as of when the rows are known: when the last complete list began, or
	// at an account the last look at what changed since; absent when there was no
	// complete list.
	AsOf time.Time `json:"as_of,omitzero"`
	// Rows is how many rows are known of the target, whatever was asked for.
	Rows int `json:"rows"`
	// UnreadRequests is how many of them may have a pending request that was
	// never read.
	UnreadRequests int `json:"unread_requests"`
	// OldestRequestRead is when that pending request or order was read whose
	// answer is the oldest; absent when none was.
	OldestRequestRead time.Time `json:"oldest_request_read,omitzero"`
	// Error is what failed; absent when nothing did.
	Error *TargetError `json:"error,omitzero"`
	// Lacks is a right that was missing and that nothing depends on but what it
	// shows: the rows are without the deleted certificates. It is no failure.
	Lacks *TargetError `json:"lacks,omitzero"`
	// FailedReads is how many single reads failed, Error being the first.
	FailedReads int `json:"failed_reads,omitzero"`
}

// TargetError is why a target could not be read, or not completely.
type TargetError struct {
	// Kind sorts it.
	Kind ErrorKind `json:"kind"`
	// Message says what failed, on what, and why.
	Message string `json:"message"`
	// Code is the service's own.
	Code string `json:"code,omitzero"`
	// RequestID is the service's id of the call.
	RequestID string `json:"request_id,omitzero"`
	// Cause is the reason in plain words.
	Cause string `json:"cause"`
	// Next is what to do now.
	Next string `json:"next,omitzero"`
	// Who has to do it; absent when nobody.
	Who Actor `json:"who,omitzero"`
}

// OfTarget describes a target of which s is known.
func OfTarget(info backend.Info, s *model.Snapshot) Target {
	t := Target{Name: info.Name, Kind: Kind(info.Kind), Address: info.Address, Sandbox: info.Sandbox, OK: true, AsOf: moment(s.ReadAt())}
	for _, it := range s.Items() {
		if it.Hidden() {
			continue
		}
		t.Rows++
		if it.Deletion != nil || it.Order == nil && it.Record != nil {
			continue // there is no request to be read
		}
		read := moment(it.RequestReadAt)
		switch {
		case read.IsZero():
			t.UnreadRequests++
		case t.OldestRequestRead.IsZero() || read.Before(t.OldestRequestRead):
			t.OldestRequestRead = read
		}
	}
	return t
}

// OfLook describes a target that was looked at.
func OfLook(r *pass.Result) Target {
	t := OfTarget(r.Info, r.Snapshot)
	t.Complete, t.Stored, t.FailedReads = r.Complete, r.Stored, r.Failed
	if r.Err != nil {
		t.Error = OfError(r.Err)
	}
	if r.Lacks != nil {
		t.Lacks = OfError(r.Lacks)
	}
	t.OK = r.Err == nil && r.Complete
	return t
}

// OfError explains an error of a target.
func OfError(err error) *TargetError {
	advice := backend.AdviceFor(err)
	out := &TargetError{
		Kind: ErrorKind(backend.KindOf(err).String()), Message: err.Error(),
		Cause: advice.Cause, Next: advice.Next, Who: advice.Who,
	}
	if e, ok := errors.AsType[*backend.Error](err); ok {
		out.Code, out.RequestID = e.Code, e.RequestID
	}
	return out
}
