package pass

import (
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

// Target is a target to look at.
type Target struct {
	backend.Backend
	// Records gives what the local repository holds of a CA account; nil for a
	// vault.
	Records func() (model.Page, error)
}

// Options say how to look.
type Options struct {
	// Keeper has what was stored, and stores what is learned.
	Keeper poll.Keeper
	// Deep reads the pending request of every certificate, and not only of
	// those that are known to have one or to need a look.
	Deep bool
	// MaxAge takes the stored state of a target that was listed completely
	// within it, without a call; 0 takes none.
	MaxAge time.Duration
	// Timeout bounds the look at each target; 30 s by default.
	Timeout time.Duration
	// Concurrency is how many requests of one target are read at once; 32 by
	// default.
	Concurrency int
	// Now is the clock; time.Now by default.
	Now func() time.Time
}

// Result is what a look at one target found.
type Result struct {
	Info backend.Info
	// Snapshot is what is known of the target now; never nil.
	Snapshot *model.Snapshot
	// Complete is true when the whole list was read in this look, or within
	// Options.MaxAge.
	Complete bool
	// Stored is true when nothing was called, see Options.MaxAge.
	Stored bool
	// Latch says why nothing was called, where the credential was refused
	// before.
	Latch *backend.Latch
	// Err is what failed; of several reads of requests the first, with Failed
	// as their number.
	Err    error
	Failed int
	// Took is how long the look took.
	Took time.Duration
}
