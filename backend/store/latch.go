package store

import (
	"context"
	"database/sql"
	"errors"

	"certty/backend"
)

// SetLatch latches a target. A second latch takes the place of the first.
func (s *Store) SetLatch(ctx context.Context, l backend.Latch) error {
	err := s.state.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "REPLACE INTO latches (target, reason, at) VALUES (?, ?, ?)",
			l.Target, l.Reason, nanos(l.At))
		return err
	})
	return s.state.explain("latch "+l.Target, err)
}

// GetLatch gives the target's latch; ok is false when it has none.
func (s *Store) GetLatch(ctx context.Context, target string) (l backend.Latch, ok bool, err error) {
	l.Target = target
	var at int64
	err = s.state.db.QueryRowContext(ctx, "SELECT reason, at FROM latches WHERE target = ?", target).Scan(&l.Reason, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return backend.Latch{}, false, nil
	}
	l.At = timeOf(at)
	return l, err == nil, s.state.explain("look whether "+target+" is latched", err)
}

// ClearLatch lets the target be called again.
func (s *Store) ClearLatch(ctx context.Context, target string) error {
	err := s.state.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM latches WHERE target = ?", target)
		return err
	})
	return s.state.explain("unlatch "+target, err)
}
