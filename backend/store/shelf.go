package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"certty/backend"
	"certty/model"
)

var _ backend.Shelf = (*Store)(nil)

// shelve runs change in one transaction on the state, which must be kept.
func (s *Store) shelve(ctx context.Context, doing string, change func(*sql.Tx) error) error {
	if err := s.Unwritable(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if s.state.removed() {
		return s.state.explain(doing, ErrRemoved)
	}
	err := s.state.write(ctx, change)
	if own, ok := errors.AsType[ownError](err); ok {
		return own.error
	}
	return s.state.explain(doing, err)
}

// ownError is an error that the database has nothing to do with.
type ownError struct{ error }

// Records implements [backend.Shelf].
func (s *Store) Records(ctx context.Context, target string) ([]model.Record, error) {
	records, err := readRecords(ctx, s.state.db, target)
	return records, s.state.explain("list the repository of "+target, err)
}

// Holding implements [backend.Shelf].
func (s *Store) Holding(ctx context.Context, target, key string) (*backend.Holding, error) {
	doing := "read " + key + " from the repository of " + target
	var h *backend.Holding
	tx, err := s.state.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, s.state.explain(doing, err)
	}
	// Nothing was written that could be lost.
	defer func() { _ = tx.Rollback() }()
	h, err = readHolding(ctx, tx, target, key)
	if errors.Is(err, backend.ErrNotHeld) {
		return nil, fmt.Errorf("%s: %w", doing, backend.ErrNotHeld)
	}
	return h, s.state.explain(doing, err)
}

// Add implements [backend.Shelf].
func (s *Store) Add(ctx context.Context, holdings ...backend.Holding) error {
	return s.shelve(ctx, "write to the repository", func(tx *sql.Tx) error {
		for i := range holdings {
			if err := addHolding(ctx, tx, &holdings[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// AddUnless implements [backend.Shelf].
func (s *Store) AddUnless(ctx context.Context, h backend.Holding, check func([]model.Record) error) error {
	return s.shelve(ctx, "write to the repository", func(tx *sql.Tx) error {
		records, err := readRecords(ctx, tx, h.Target)
		if err != nil {
			return err
		}
		if err := check(records); err != nil {
			return ownError{err}
		}
		return addHolding(ctx, tx, &h)
	})
}

// Change implements [backend.Shelf].
func (s *Store) Change(ctx context.Context, target, key string, change func(*backend.Holding) error) error {
	var w without
	err := s.shelve(ctx, "change "+key+" in the repository of "+target, func(tx *sql.Tx) error {
		h, err := ownHolding(ctx, tx, target, key)
		if err != nil {
			return err
		}
		before := slices.Clone(h.Keys)
		if err := change(h); err != nil {
			return ownError{err}
		}
		if h.Record.Key != key {
			held, err := isHeld(ctx, tx, target, h.Record.Key)
			if err != nil {
				return err
			}
			if held {
				return ownError{fmt.Errorf("rename %s/%s to %s: %w", target, key, h.Record.Key, backend.ErrHeld)}
			}
		}
		w.keys(before, h.Keys)
		if err := dropHolding(ctx, tx, target, key); err != nil {
			return err
		}
		return writeHolding(ctx, tx, h)
	})
	return s.scrubbed(ctx, err, w)
}

// Join implements [backend.Shelf].
func (s *Store) Join(ctx context.Context, target, key, to string, join func(h, there *backend.Holding) error) error {
	var w without
	err := s.shelve(ctx, "change "+key+" to "+to+" in the repository of "+target, func(tx *sql.Tx) error {
		h, err := ownHolding(ctx, tx, target, key)
		if err != nil {
			return err
		}
		before := slices.Clone(h.Keys)
		var there *backend.Holding
		if to != key {
			if there, err = readHolding(ctx, tx, target, to); err != nil && !errors.Is(err, backend.ErrNotHeld) {
				return err
			}
		}
		if there != nil {
			before = append(before, there.Keys...)
		}
		if err := join(h, there); err != nil {
			return ownError{err}
		}
		w.keys(before, h.Keys)
		h.Record.Key = to
		for _, k := range []string{key, to} {
			if err := dropHolding(ctx, tx, target, k); err != nil {
				return err
			}
		}
		return writeHolding(ctx, tx, h)
	})
	return s.scrubbed(ctx, err, w)
}

// Drop implements [backend.Shelf].
func (s *Store) Drop(ctx context.Context, target, key string, check func(*backend.Holding) error) error {
	var w without
	err := s.shelve(ctx, "forget "+key+" in the repository of "+target, func(tx *sql.Tx) error {
		h, err := readHolding(ctx, tx, target, key)
		switch {
		case errors.Is(err, backend.ErrNotHeld):
			return nil
		case err != nil:
			return err
		}
		if err := check(h); err != nil {
			return ownError{err}
		}
		w.keys(h.Keys, nil)
		return dropHolding(ctx, tx, target, key)
	})
	return s.scrubbed(ctx, err, w)
}

// without tells whether a change took a key away.
type without bool

func (w *without) keys(before, after []backend.HeldKey) {
	*w = without(slices.ContainsFunc(before, func(b backend.HeldKey) bool {
		return !slices.ContainsFunc(after, func(a backend.HeldKey) bool { return bytes.Equal(a.Locked, b.Locked) })
	}))
}

// scrubbed sees to it that a key which was destroyed is nowhere on the disk.
func (s *Store) scrubbed(ctx context.Context, err error, w without) error {
	if err != nil || !bool(w) || s.state.unwritable != nil {
		return err
	}
	if err := s.state.scrub(ctx); err != nil {
		return s.state.explain("the key is destroyed; empty the write-ahead log, in which it still stands", err)
	}
	return nil
}

// Account implements [backend.Shelf].
func (s *Store) Account(ctx context.Context, target string) (model.Account, error) {
	var value string
	err := s.state.db.QueryRowContext(ctx, "SELECT value FROM accounts WHERE target = ?", target).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return model.Account{}, nil
	}
	var a model.Account
	if err == nil {
		err = json.Unmarshal([]byte(value), &a)
	}
	return a, s.state.explain("read what is known of the account "+target, err)
}

// SaveAccount implements [backend.Shelf].
func (s *Store) SaveAccount(ctx context.Context, target string, account model.Account) error {
	return s.shelve(ctx, "keep what is known of the account "+target, func(tx *sql.Tx) error {
		value, err := json.Marshal(account)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "REPLACE INTO accounts (target, value) VALUES (?, ?)", target, string(value))
		return err
	})
}

// DueAt implements [backend.Shelf].
func (s *Store) DueAt(ctx context.Context, target, job string) (time.Time, error) {
	var at int64
	err := s.state.db.QueryRowContext(ctx, "SELECT at FROM due WHERE target = ? AND job = ?", target, job).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return timeOf(at), s.state.explain("look when "+job+" is due for "+target, err)
}

// SetDue implements [backend.Shelf].
func (s *Store) SetDue(ctx context.Context, target, job string, at time.Time) error {
	return s.shelve(ctx, "note when "+job+" is due for "+target, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "REPLACE INTO due (target, job, at) VALUES (?, ?, ?)", target, job, nanos(at))
		return err
	})
}
