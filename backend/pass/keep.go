package pass

import (
	"context"
	"errors"
	"fmt"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
)

// keeperFailed notes an error of the keeper, or of the repository.
func (l *look) keeperFailed(doing string, err error) {
	l.result.KeeperErr = errors.Join(l.result.KeeperErr, fmt.Errorf("%s %s: %w", doing, l.info.Name, err))
}

// load starts from what was stored.
func (l *look) load(ctx context.Context) {
	stored, err := l.options.Keeper.LoadSnapshot(ctx, l.info.Name)
	if err != nil {
		l.keeperFailed("load what is known of", err)
	}
	if stored == nil {
		stored = model.NewSnapshot(l.info.Name, nil, time.Time{})
	}
	l.first = stored.SweptAt().IsZero()
	l.known = stored.WithoutPurged().Draft()
}

// latched reports whether the credential was refused before. Where the keeper
// does not know, it was not.
func (l *look) latched(ctx context.Context) bool {
	latch, ok, err := l.options.Keeper.GetLatch(ctx, l.info.Name)
	if err != nil {
		l.keeperFailed("look up the latch of", err)
		return false
	}
	if !ok {
		return false
	}
	l.result.Latch = &latch
	l.trouble.end = &backend.Error{
		Kind: backend.KindAuth, Op: "call", Ref: model.Ref{Target: l.info.Name}, Message: latch.Reason,
	}
	return true
}

// latch stops every call until a person or another process clears it.
func (l *look) latch(ctx context.Context, refusal error) {
	latch := backend.Latch{Target: l.info.Name, Reason: refusal.Error(), At: l.options.Now()}
	l.result.Latch = &latch
	ctx, cancel := keeping(ctx)
	defer cancel()
	if err := l.options.Keeper.SetLatch(ctx, latch); err != nil {
		l.keeperFailed("store the latch of", err)
	}
}

// save stores what was learned. Events go first: after a crash in between they
// are found again, and twice is better than never.
func (l *look) save(ctx context.Context) {
	ctx, cancel := keeping(ctx)
	defer cancel()
	if len(l.events) > 0 {
		if err := l.options.Keeper.AppendEvents(ctx, l.events); err != nil {
			l.keeperFailed("store events of", err)
			return
		}
	}
	if err := l.options.Keeper.SaveSnapshot(ctx, l.result.Snapshot); err != nil {
		l.keeperFailed("store what is known of", err)
	}
}

// keeping is the context of the keeper's work, which is done although the look
// was ended.
func keeping(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), poll.SaveLimit)
}
