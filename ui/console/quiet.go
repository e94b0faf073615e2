package console

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"certty/backend/poll"
)

const (
	// quietAfter is how long no target may tell anything new before it counts as
	// read.
	quietAfter = 5 * time.Second
	// quietLimit is how long quiet is waited for: a board may never have any.
	quietLimit = 5 * time.Minute
	// giveBackPace is the shortest time between two times that memory is given
	// back, which costs a collection of all garbage. It is shorter than the time
	// from one sweep to the next, so that the end of each is followed by one.
	giveBackPace = 30 * time.Second
)

const (
	// restRoom is how many bytes of garbage may lie until they are collected, once
	// everything was read: a sweep makes some fifty megabytes of it, and what is
	// laid beside what lives is the process's for all the time until the next one.
	restRoom = 7 << 20
	// fewest and most bound that room as a percentage of what lives, as
	// [debug.SetGCPercent] has it: a small board would collect with every key, and
	// a large one have half a processor's work with a listing.
	fewest, most = 15, 35
)

// quiet gives memory back to the machine when reading has ended. A listing of
// thousands of rows takes much for a moment, and the runtime keeps that as room
// for the next one: of a board of 20 000 rows it is a sixth of the whole process,
// all day.
type quiet struct {
	// stirred holds at most one: a target told something new.
	stirred chan struct{}
	give    func()
}

func newQuiet() *quiet {
	return &quiet{stirred: make(chan struct{}, 1), give: debug.FreeOSMemory}
}

// thrifty has garbage collected earlier from the first time on that memory is
// given back: while everything is read for the first time that would cost more
// than it saves.
func (q *quiet) thrifty() {
	q.give = func() {
		debug.FreeOSMemory()
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(percentBeside(live[0].Value.Uint64()))
	}
}

// percentBeside is how much garbage may lie beside so many bytes that live.
func percentBeside(live uint64) int {
	return int(min(most, max(fewest, 100*restRoom/max(1, live))))
}

// hear notes whenever a target tells something new, until ctx ends. It keeps
// nothing of what is told.
func (q *quiet) hear(ctx context.Context, box *poll.Mailbox) error {
	for {
		if _, err := box.Wait(ctx); err != nil {
			return err
		}
		q.stir()
	}
}

func (q *quiet) stir() {
	select {
	case q.stirred <- struct{}{}:
	default: // it is known
	}
}

// run gives back until ctx ends.
func (q *quiet) run(ctx context.Context) error {
	for {
		select {
		case <-q.stirred:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := q.settle(ctx); err != nil {
			return err
		}
		q.give()
		select {
		case <-time.After(giveBackPace):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// settle waits for quiet, and no longer than quietLimit.
func (q *quiet) settle(ctx context.Context) error {
	limit := time.After(quietLimit)
	for {
		select {
		case <-q.stirred:
		case <-time.After(quietAfter):
			return nil
		case <-limit:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
