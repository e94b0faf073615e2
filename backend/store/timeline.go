package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"certty/model"
)

// What a timeline keeps.
const (
	eventsPerRow = 200
	eventsMaxAge = 400 * 24 * time.Hour
	// sameNewsWithin is the span in which the same news of a row counts once:
	// every console that runs sees each change for itself, the slowest when its
	// stale rows come round, which takes an hour.
	sameNewsWithin = 2 * time.Hour
	pruneEvery     = 24 * time.Hour
)

// AppendEvents adds events to the timelines of their rows, in one transaction.
// What another process has told already is not added twice. A row keeps its
// newest 200 events of the last 400 days.
func (s *Store) AppendEvents(ctx context.Context, events []model.Event) error {
	if len(events) == 0 {
		return nil
	}
	prune := s.pruneDue()
	err := s.state.write(ctx, func(tx *sql.Tx) error {
		if err := appendEvents(ctx, tx, events); err != nil {
			return err
		}
		if err := trimRows(ctx, tx, events); err != nil {
			return err
		}
		if !prune {
			return nil
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM events WHERE at < ?", nanos(s.now().Add(-eventsMaxAge)))
		return err
	})
	if err == nil && prune {
		s.pruned()
	}
	return s.state.explain("write to the timeline", err)
}

func appendEvents(ctx context.Context, tx *sql.Tx, events []model.Event) error {
	insert, err := tx.PrepareContext(ctx, `INSERT INTO events (target, key, ref_kind, revision, kind, at, text)
		SELECT @target, @key, @ref, @revision, @kind, @at, @text
		WHERE NOT EXISTS (
			SELECT 1 FROM (
				SELECT text, at FROM events
				WHERE target = @target AND key = @key AND revision = @revision AND kind = @kind
				ORDER BY id DESC LIMIT 1)
			WHERE text = @text AND abs(@at - at) < @within)`)
	if err != nil {
		return err
	}
	defer insert.Close()
	for _, ev := range events {
		_, err := insert.ExecContext(ctx,
			sql.Named("target", ev.Ref.Target), sql.Named("key", ev.Ref.Key), sql.Named("ref", string(ev.Ref.Kind)),
			sql.Named("revision", ev.Ref.Revision), sql.Named("kind", string(ev.Kind)),
			sql.Named("at", nanos(ev.At)), sql.Named("text", ev.Text), sql.Named("within", int64(sameNewsWithin)))
		if err != nil {
			return err
		}
	}
	return nil
}

// trimRows leaves the newest events of each row that events are about.
func trimRows(ctx context.Context, tx *sql.Tx, events []model.Event) error {
	trim, err := tx.PrepareContext(ctx, `DELETE FROM events WHERE target = @target AND key = @key AND id <= (
		SELECT id FROM events WHERE target = @target AND key = @key ORDER BY id DESC LIMIT 1 OFFSET @keep)`)
	if err != nil {
		return err
	}
	defer trim.Close()
	trimmed := map[model.Ref]bool{}
	for _, ev := range events {
		row := ev.Ref.Row()
		if trimmed[row] {
			continue
		}
		trimmed[row] = true
		_, err := trim.ExecContext(ctx, sql.Named("target", row.Target), sql.Named("key", row.Key), sql.Named("keep", eventsPerRow))
		if err != nil {
			return err
		}
	}
	return nil
}

// pruneDue reports whether it is time to look for events that are too old.
// That reads the whole table, so it is done once a day.
func (s *Store) pruneDue() bool {
	s.pruneMu.Lock()
	defer s.pruneMu.Unlock()
	return s.prunedAt.IsZero() || s.now().Sub(s.prunedAt) >= pruneEvery
}

func (s *Store) pruned() {
	s.pruneMu.Lock()
	defer s.pruneMu.Unlock()
	s.prunedAt = s.now()
}

// Timeline lists the last limit events of a row (all of them when limit is not
// positive), newest last: those of the certificate and of every request that
// stood under its name.
func (s *Store) Timeline(ctx context.Context, row model.Ref, limit int) ([]model.Event, error) {
	if limit <= 0 {
		limit = -1
	}
	events, err := s.timeline(ctx, row, limit)
	return events, s.state.explain("read the timeline of "+row.Row().String(), err)
}

func (s *Store) timeline(ctx context.Context, row model.Ref, limit int) ([]model.Event, error) {
	rows, err := s.state.db.QueryContext(ctx, `SELECT ref_kind, revision, kind, at, text FROM events
		WHERE target = ? AND key = ? ORDER BY id DESC LIMIT ?`, row.Target, row.Key, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var events []model.Event
	for rows.Next() {
		ev := model.Event{Ref: row.Row()}
		var at int64
		if err := rows.Scan(&ev.Ref.Kind, &ev.Ref.Revision, &ev.Kind, &at, &ev.Text); err != nil {
			return nil, err
		}
		ev.At = timeOf(at)
		events = append(events, ev)
	}
	slices.Reverse(events)
	return events, rows.Err()
}
