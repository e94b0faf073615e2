package console

import (
	"context"
	"errors"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/backend/repository"
)

// followPace is the shortest time between two looks at the repository: news
// come ten times a second while an account is listed.
const followPace = time.Second

// follower goes on with what an account's repository holds, beside its poller
// and whether or not anybody looks: it syncs the catalogue when that is due, and
// settles, collects and delivers with each state of the account.
type follower struct {
	kit      *kit
	target   string
	box      *poll.Mailbox
	poller   *poll.Poller
	manager  *repository.Manager
	orders   *repository.Follower
	state    poll.State
	begun    bool      // a state came
	stored   time.Time // as of when that is true which another process had stored
	asked    bool      // the account was asked in this process
	listed   time.Time // the last complete listing that is noted
	next     time.Time // zero: nothing is due that is known of
	lastSaid string
	// synced is told that the account was synced by itself.
	synced func()
}

// run follows until ctx ends.
func (f *follower) run(ctx context.Context) error {
	for {
		if err := f.wait(ctx); err != nil {
			return err
		}
		f.heard()
		if !f.answers() {
			f.next = f.state.PausedUntil
			continue
		}
		f.round(ctx)
		select {
		case <-time.After(followPace):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// heard notes what the state says of whether the account was asked. What was
// stored was read by no call of this process.
func (f *follower) heard() {
	if !f.begun {
		f.begun, f.listed, f.stored = true, f.state.Snapshot.SweptAt(), f.state.ReadAt()
	}
	// A quick account has told everything before a state says that it is asked.
	f.asked = f.asked || f.state.Loading || f.state.ReadAt().After(f.stored)
}

// wait waits for a new state or for what is due.
func (f *follower) wait(ctx context.Context) error {
	until := ctx
	if !f.next.IsZero() {
		limited, cancel := context.WithDeadline(ctx, f.next)
		defer cancel()
		until = limited
	}
	state, err := f.box.Wait(until)
	switch {
	case err == nil:
		f.state = state
		return nil
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		f.next = time.Time{}
		return nil
	}
	return err
}

// answers reports whether the account takes calls: a login that is refused is
// tried once and not by everybody, so the poller goes ahead.
func (f *follower) answers() bool {
	return f.asked && !f.state.Loading && !f.state.Latched && f.state.Err == nil && f.state.PausedUntil.IsZero()
}

// round does what is due.
func (f *follower) round(ctx context.Context) {
	if listed := f.state.Snapshot.SweptAt(); listed.After(f.listed) {
		f.listed = listed
		f.said(ctx, "note the look at every order", f.manager.Checked(ctx))
	}
	due, _ := f.manager.SyncDue(ctx) // SyncIfDue tells the error
	if !f.said(ctx, "sync the account", f.manager.SyncIfDue(ctx)) {
		return
	}
	if due && f.synced != nil {
		f.synced()
	}
	next, err := f.orders.Follow(ctx, f.state.Snapshot)
	f.next = next
	f.said(ctx, "follow the orders", err)
}

// said logs an error, and latches the account where its login was refused. It
// reports whether to go on.
func (f *follower) said(ctx context.Context, doing string, err error) bool {
	switch {
	case err == nil || ctx.Err() != nil:
		return ctx.Err() == nil
	case backend.KindOf(err) == backend.KindAuth:
		f.kit.latch(ctx, f.target, err)
		f.poller.Refresh() // which finds the latch
		return false
	}
	if text := err.Error(); text != f.lastSaid {
		f.lastSaid = text
		f.kit.log.WarnContext(ctx, "due work failed", "target", f.target, "doing", doing, "error", err)
	}
	return true
}

// latch keeps every program from an account whose login was refused.
func (k *kit) latch(ctx context.Context, target string, cause error) {
	err := k.store.SetLatch(context.WithoutCancel(ctx), backend.Latch{Target: target, Reason: cause.Error(), At: time.Now()})
	if err != nil {
		k.log.ErrorContext(ctx, "a refused login could not be written down, so others will try it as well", "target", target, "error", err)
	}
}
