package command

import (
	"context"
	"fmt"
	"time"

	"certty/backend"
	"certty/model/timetext"
)

// Callable says why nothing may be called at a target: its credential was
// refused before, by whatever program on this state, and repeated tries lock
// accounts.
func (f *Fleet) Callable(ctx context.Context, t *Target) error {
	latch, latched, err := f.Store.GetLatch(ctx, t.Name())
	if err != nil {
		return fmt.Errorf("read whether the login at %s was refused: %w", t.Name(), err)
	}
	if !latched {
		return nil
	}
	return &Ended{Code: ExitSignIn, Err: fmt.Errorf("%s: the login was refused at %s, and nothing is called until somebody says so: %s\n  Mend the credential, then say --retry",
		t.Name(), timetext.Moment(latch.At), latch.Reason)}
}

// Retry lets logins be tried again that were refused, at every target.
func (f *Fleet) Retry(ctx context.Context) error {
	for i := range f.Targets {
		if err := f.Store.ClearLatch(ctx, f.Targets[i].Name()); err != nil {
			return fmt.Errorf("forget that a login was refused: %w", err)
		}
	}
	return nil
}

// refused writes down that a target refused its login, and gives err on.
func (f *Fleet) refused(ctx context.Context, t *Target, err error) error {
	if !backend.RefusesLogin(err) {
		return err
	}
	latch := backend.Latch{Target: t.Name(), Reason: err.Error(), At: time.Now()}
	if failed := f.Store.SetLatch(context.WithoutCancel(ctx), latch); failed != nil {
		return fmt.Errorf("%w\n  It could not be written down (%w), so other programs will try it as well", err, failed)
	}
	return err
}

// Heed gives err on with what to do about it. That a target refused its login is
// written down, so that nothing calls it again.
func (f *Fleet) Heed(ctx context.Context, t *Target, err error) error {
	if err == nil {
		return nil
	}
	return explained(f.refused(ctx, t, err))
}
