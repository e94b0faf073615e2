package command

import (
	"context"
	"errors"
	"fmt"

	"certty/backend"
	"certty/model"
)

// Keep merges news of a target into what is stored of it, as a console does: the
// events go to the timelines, then the snapshot is saved. It gives the snapshot
// with the news.
func (f *Fleet) Keep(ctx context.Context, target string, news ...model.Page) (*model.Snapshot, error) {
	// Just before it is written: a console may have stored more meanwhile.
	stored, err := f.Store.LoadSnapshot(ctx, target)
	if err != nil {
		return stored, fmt.Errorf("read what is stored of %s: %w", target, err)
	}
	draft := stored.Draft()
	var events []model.Event
	for _, page := range news {
		_, more := draft.Merge(page)
		events = append(events, more...)
	}
	next := draft.Snapshot()
	if err := f.Store.AppendEvents(ctx, events); err != nil {
		return next, err
	}
	return next, f.Store.SaveSnapshot(ctx, next)
}

// settle reads a row again after a change and stores what came of it. The item
// is the row as it stands now; nil when it is not known.
func (f *Fleet) settle(ctx context.Context, t *Target, before *Row, ref model.Ref, change backend.Change) (*model.Item, error) {
	var news []model.Page
	if before != nil {
		news = append(news, before.News...)
	}
	if len(change.Page.Items) > 0 {
		own := change.Page
		own.Own = true
		news = append(news, own)
	}
	if t.News != nil {
		news = append(news, t.News()...)
	}
	stored, err := f.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	for _, page := range news {
		stored = stored.Merge(page)
	}
	// Reads lag behind a deletion and a recovery, and would tell of it as it was.
	var unread error
	if change.Page.Fields&model.FieldDeleted == 0 && !unplaced(t, ref.Key) {
		var now *Row
		if now, unread = read(ctx, t, stored, ref.Key); unread == nil {
			news = append(news, now.News...)
		} else if errors.Is(unread, errNothing) {
			unread = nil
		}
	}
	next, err := f.Keep(ctx, t.Name(), news...)
	if records, failed := f.records(ctx, t); failed == nil {
		next = next.Merge(records)
	} else {
		err = errors.Join(err, failed)
	}
	if err != nil {
		err = fmt.Errorf("store what came of it: %w", err)
	}
	return next.Get(ref.Key), errors.Join(unread, err)
}
