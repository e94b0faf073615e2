package view

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
)

// SyncTold carries how far the sync of an account is, to whoever asked for it.
// The others leave it alone: if each waited anew, the waits would multiply.
type SyncTold struct {
	// To is who asked, as given to [Desk.SyncAccount].
	To     any
	Target string
	Step   backend.AccountStep
	// Next waits for what follows: a newer step, or the end, an [AccountRead].
	Next tea.Cmd
}

// SyncAccount asks the account what it offers, and keeps it. It ends with an
// [AccountRead]; before that each [SyncTold] tells to how far it is. What came
// between two of them is not told. It goes on where nobody waits any more.
func (d *Desk) SyncAccount(to any, target string) tea.Cmd {
	ctx, r := d.ctx, d.Target(target).Repository
	steps, end := make(chan backend.AccountStep, 1), make(chan tea.Msg, 1)
	tell := func(step backend.AccountStep) {
		select {
		case <-steps: // nobody took the one before
		default:
		}
		steps <- step
	}
	var next tea.Cmd
	next = func() tea.Msg {
		select {
		case step := <-steps:
			return SyncTold{To: to, Target: target, Step: step, Next: next}
		case msg := <-end:
			return msg
		}
	}
	return func() tea.Msg {
		go func() {
			account, err := r.Sync(ctx, tell)
			if errors.Is(err, context.Canceled) {
				end <- nil
				return
			}
			end <- AccountRead{Target: target, Account: account, Synced: true, Err: err}
		}()
		return next()
	}
}
