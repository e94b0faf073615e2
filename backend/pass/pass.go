package pass

import (
	"context"
	"sync"
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
	Records func(context.Context) (model.Page, error)
}

// Options say how to look.
type Options struct {
	// Keeper has what was stored, and stores what is learned.
	Keeper poll.Keeper
	// Deep reads the pending request of every certificate, and not only of
	// those that are known to have one or to need a look; and every order that
	// waits for its CA, unless it was told within MaxAge why it waits.
	Deep bool
	// Explain reads some of the orders that wait for their CA and of which it was
	// not told within the hour, or within MaxAge if that is longer, why they wait.
	// What of that can't be read is no failure.
	Explain bool
	// MaxAge takes the stored state of a target that was listed completely
	// within it, or told what changed since it was, without a call; 0 takes none.
	// With Deep every request must have been read within it, too.
	MaxAge time.Duration
	// Timeout bounds the look at each target; 30 s by default.
	Timeout time.Duration
	// Concurrency is how many requests of one target are read at once; 32 by
	// default.
	Concurrency int
	// Now is the clock; time.Now by default.
	Now func() time.Time

	crashes crashes
}

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 32
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.crashes = make(crashes, 1)
	return o
}

// Result is what a look at one target found.
type Result struct {
	Info backend.Info
	// Snapshot is what is known of the target now; never nil.
	Snapshot *model.Snapshot
	// Complete is true when the whole list was read in this look, or within
	// Options.MaxAge. Of an account it is also true when everything that changed
	// was.
	Complete bool
	// Stored is true when nothing was called, see Options.MaxAge.
	Stored bool
	// Latch stands when the credential was refused, before or in this look;
	// nothing is called then until a person retries. Err says so, too.
	Latch *backend.Latch
	// Err is what failed: what ended the look, or else its list, or else the
	// first of the other lists and reads.
	Err error
	// Lacks is the refusal of a right that the look went without: that to list the
	// deleted certificates of a vault. Everything else was read as Err and Complete
	// say.
	Lacks error
	// Failed is how many of the requests that were to be read were not.
	Failed int
	// KeeperErr is what could not be loaded or stored; what was read is as true
	// without it.
	KeeperErr error
	// Took is how long the look took, without the storing.
	Took time.Duration
}

// Make looks at every target once, all beside each other, and stores what it
// learns. There is one result for each target, in the order of targets; it
// never fails as a whole. When ctx ends, what is known by then is given. What
// panics in an adapter panics here, in the caller's goroutine, with its stack.
func Make(ctx context.Context, targets []Target, o Options) []Result {
	o = o.withDefaults()
	results := make([]Result, len(targets))
	var all sync.WaitGroup
	for i, t := range targets {
		all.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					o.crashes.note(v)
				}
			}()
			results[i] = newLook(t, o).make(ctx)
		})
	}
	all.Wait()
	o.crashes.surface()
	return results
}
