package wait

import (
	"context"
	"errors"
	"fmt"
	"time"

	"certty/backend"
	"certty/model"
	"certty/ui/cli/command"
)

// How long to wait between two looks. A vault says it itself, with Retry-After.
const (
	vaultPace = 5 * time.Second
	orderPace = 30 * time.Second
	leastPace = time.Second
	mostPace  = time.Minute
)

// waiter looks at a row until it stands as it should.
type waiter struct {
	env   *command.Env
	fleet *command.Fleet
	row   *command.Row // nil once there is none any more
	want  string
	until time.Time

	said  string
	fails int
}

func (w *waiter) run(ctx context.Context) error {
	for {
		name := w.row.Name()
		w.tell(string(w.row.Item.Status(w.env.Now()).State))
		if _, err := w.fleet.Keep(ctx, w.row.Target.Name(), w.row.News...); err != nil {
			return fmt.Errorf("store how %s stands: %w", name, err)
		}
		switch {
		case reached(w.row.Item, w.want, w.env.Now()):
			return nil
		case ended(w.row.Item, w.want):
			return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s ended otherwise: %s", name, standing(w.row.Item))}
		}
		if err := w.look(ctx, name); err != nil {
			return err
		}
		if w.row == nil {
			return &command.Ended{Code: command.ExitNotFound, Err: fmt.Errorf("%s is not there any more", name)}
		}
	}
}

// look waits for the next look and makes it. What passes by itself is waited for.
func (w *waiter) look(ctx context.Context, name string) error {
	pause := pace(w.row.Item)
	for {
		left := w.until.Sub(w.env.Now())
		if left <= 0 {
			return &command.Ended{Code: command.ExitPending, Err: fmt.Errorf("%s is still not %s", name, w.want)}
		}
		if err := sleep(ctx, min(pause, left)); err != nil {
			return err
		}
		next, err := w.fleet.Standing(ctx, w.row.Target, w.row.Item.Ref.Key)
		if err == nil {
			w.row, w.fails = next, 0
			return nil
		}
		if !passes(err) {
			return err
		}
		w.fails++
		pause = backoff(w.fails, err)
		w.tell("not read: " + backend.AdviceFor(err).Cause)
	}
}

// tell says how the row stands, when that is news.
func (w *waiter) tell(how string) {
	if how != w.said {
		w.said = how
		w.env.Say(w.env.Now().Local().Format(time.TimeOnly) + "  " + w.row.Name() + "  " + how)
	}
}

// passes reports whether an error goes by itself.
func passes(err error) bool {
	switch backend.KindOf(err) { //nolint:exhaustive // the rest needs somebody
	case backend.KindNetwork, backend.KindThrottled, backend.KindUnavailable:
		return true
	}
	return false
}

// backoff is the pause after so many failures in a row.
func backoff(fails int, err error) time.Duration {
	pause := min(vaultPace<<min(fails-1, 4), mostPace)
	if e, ok := errors.AsType[*backend.Error](err); ok {
		pause = max(pause, e.RetryAfter)
	}
	return pause
}

// pace is the pause after which a row is worth another look.
func pace(it *model.Item) time.Duration {
	switch r := it.Request; {
	case it.Order != nil:
		return orderPace
	case r != nil && r.RetryAfter > 0:
		return max(r.RetryAfter, leastPace)
	}
	return vaultPace
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
