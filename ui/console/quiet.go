package console

import (
	"context"
	"runtime/debug"
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
	// back, which costs a collection of all garbage.
	giveBackPace = time.Minute
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
