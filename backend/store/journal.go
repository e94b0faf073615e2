package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"certty/backend"
	"certty/model"
)

// record is one row of the journal: an intent, or an outcome that names its
// intent.
type record struct {
	id     int64
	intent sql.NullInt64 // set in an outcome only
	at     int64

	actor, op string
	ref       model.Ref // of an outcome only the revision is set
	// detail is that of the intent, and the evidence of an outcome.
	detail string

	result, err, requestID string

	hash []byte
}

// Begin commits an intent and gives its id. It returns only after the disk has
// it; when it fails the call must not be made.
func (s *Store) Begin(ctx context.Context, intent backend.Intent) (id int64, err error) {
	r := record{
		at: nanos(intent.At), actor: intent.Actor, op: intent.Op, ref: intent.Ref, detail: intent.Detail,
	}
	return s.append(ctx, "journal the intent to "+intent.Op+" "+intent.Ref.String(), &r, nil)
}

// Finish commits the outcome of an intent as a row of its own. An uncertain
// outcome may be followed by another one, once it was found out how the call
// ended; any other outcome is final, and one more is [ErrUnknownIntent].
func (s *Store) Finish(ctx context.Context, id int64, outcome backend.Outcome) error {
	r := record{
		intent: sql.NullInt64{Int64: id, Valid: true}, at: nanos(outcome.At),
		ref:    model.Ref{Revision: outcome.Revision},
		result: string(outcome.Result), err: outcome.Error, requestID: outcome.ServiceRequestID, detail: outcome.Evidence,
	}
	_, err := s.append(ctx, fmt.Sprintf("journal the outcome of intent %d", id), &r, func(tx *sql.Tx) error {
		return checkOpen(ctx, tx, id)
	})
	return err
}

// checkOpen makes sure that the intent is there and has no final outcome.
func checkOpen(ctx context.Context, tx *sql.Tx, id int64) error {
	const find = `SELECT coalesce((SELECT result FROM journal WHERE intent = i.id ORDER BY id DESC LIMIT 1), '')
		FROM journal AS i WHERE i.id = ? AND i.intent IS NULL`
	var result string
	err := tx.QueryRowContext(ctx, find, id).Scan(&result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrUnknownIntent
	case err != nil:
		return err
	case result != "" && backend.Result(result) != backend.ResultUncertain:
		return fmt.Errorf("%w: it ended as %s", ErrUnknownIntent, result)
	}
	return nil
}

// append commits r as the newest row, chained to the one before it.
func (s *Store) append(ctx context.Context, doing string, r *record, check func(*sql.Tx) error) (int64, error) {
	if err := s.Unwritable(); err != nil {
		return 0, fmt.Errorf("%s: %w", doing, err)
	}
	if s.state.removed() {
		return 0, s.state.explain(doing, ErrRemoved)
	}
	err := s.state.write(ctx, func(tx *sql.Tx) error {
		if check != nil {
			if err := check(tx); err != nil {
				return err
			}
		}
		last, hash, err := lastRecord(ctx, tx)
		if err != nil {
			return err
		}
		r.id = last + 1
		r.hash = r.chain(hash)
		const insert = `INSERT INTO journal
			(id, intent, at, actor, op, target, kind, key, revision, detail, result, error, request_id, hash)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
		_, err = tx.ExecContext(ctx, insert, r.id, r.intent, r.at, r.actor, r.op,
			r.ref.Target, string(r.ref.Kind), r.ref.Key, r.ref.Revision, r.detail,
			r.result, r.err, r.requestID, r.hash)
		return err
	})
	return r.id, s.state.explain(doing, err)
}

func lastRecord(ctx context.Context, tx *sql.Tx) (id int64, hash []byte, err error) {
	err = tx.QueryRowContext(ctx, "SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").Scan(&id, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil, nil
	}
	return id, hash, err
}
