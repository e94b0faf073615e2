package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"certty/backend"
	"certty/model"
)

var _ backend.Shelf = (*Store)(nil)

// rest is what a holding has beside its record and its keys.
type rest struct {
	Spec   *model.OrderSpec  `json:",omitempty"`
	Chain  [][]byte          `json:",omitempty"`
	Deploy *model.Deployment `json:",omitempty"`

	Written map[string][]string `json:",omitempty"`
}

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
	doing := "list the repository of " + target
	rows, err := s.state.db.QueryContext(ctx, "SELECT record FROM holdings WHERE target = ? ORDER BY key", target)
	if err != nil {
		return nil, s.state.explain(doing, err)
	}
	defer rows.Close()
	var records []model.Record
	for rows.Next() {
		var value string
		var r model.Record
		if err := rows.Scan(&value); err != nil {
			return nil, s.state.explain(doing, err)
		}
		if err := json.Unmarshal([]byte(value), &r); err != nil {
			return nil, s.state.explain(doing, fmt.Errorf("read a record: %w", err))
		}
		records = append(records, r)
	}
	return records, s.state.explain(doing, rows.Err())
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
			h := &holdings[i]
			held, err := isHeld(ctx, tx, h.Target, h.Record.Key)
			if err != nil {
				return err
			}
			if held {
				return ownError{fmt.Errorf("add %s/%s: %w", h.Target, h.Record.Key, backend.ErrHeld)}
			}
			if err := writeHolding(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
}

// Change implements [backend.Shelf].
func (s *Store) Change(ctx context.Context, target, key string, change func(*backend.Holding) error) error {
	return s.shelve(ctx, "change "+key+" in the repository of "+target, func(tx *sql.Tx) error {
		h, err := readHolding(ctx, tx, target, key)
		if errors.Is(err, backend.ErrNotHeld) {
			return ownError{fmt.Errorf("change %s/%s: %w", target, key, err)}
		}
		if err != nil {
			return err
		}
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
		if err := dropHolding(ctx, tx, target, key); err != nil {
			return err
		}
		return writeHolding(ctx, tx, h)
	})
}

// Drop implements [backend.Shelf].
func (s *Store) Drop(ctx context.Context, target, key string) error {
	return s.shelve(ctx, "forget "+key+" in the repository of "+target, func(tx *sql.Tx) error {
		return dropHolding(ctx, tx, target, key)
	})
}

func isHeld(ctx context.Context, tx *sql.Tx, target, key string) (bool, error) {
	var held bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM holdings WHERE target = ? AND key = ?)", target, key).Scan(&held)
	return held, err
}

func readHolding(ctx context.Context, tx *sql.Tx, target, key string) (*backend.Holding, error) {
	var record, other string
	err := tx.QueryRowContext(ctx, "SELECT record, rest FROM holdings WHERE target = ? AND key = ?", target, key).Scan(&record, &other)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, backend.ErrNotHeld
	}
	if err != nil {
		return nil, err
	}
	h := &backend.Holding{Target: target}
	var r rest
	if err := errors.Join(json.Unmarshal([]byte(record), &h.Record), json.Unmarshal([]byte(other), &r)); err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	h.Spec, h.Chain, h.Deploy, h.Written = r.Spec, r.Chain, r.Deploy, r.Written
	rows, err := tx.QueryContext(ctx, "SELECT public_key, locked, made FROM keys WHERE target = ? AND key = ? ORDER BY made, public_key", target, key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k backend.HeldKey
		var made int64
		if err := rows.Scan(&k.PublicKey, &k.Locked, &made); err != nil {
			return nil, err
		}
		k.MadeAt = timeOf(made)
		h.Keys = append(h.Keys, k)
	}
	return h, rows.Err()
}

func writeHolding(ctx context.Context, tx *sql.Tx, h *backend.Holding) error {
	record, err := json.Marshal(h.Record)
	if err != nil {
		return fmt.Errorf("encode the record: %w", err)
	}
	other, err := json.Marshal(rest{Spec: h.Spec, Chain: h.Chain, Deploy: h.Deploy, Written: h.Written})
	if err != nil {
		return fmt.Errorf("encode the holding: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO holdings (target, key, record, rest) VALUES (?, ?, ?, ?)",
		h.Target, h.Record.Key, string(record), string(other)); err != nil {
		return err
	}
	for _, k := range h.Keys {
		if _, err := tx.ExecContext(ctx, "INSERT INTO keys (target, key, public_key, locked, made) VALUES (?, ?, ?, ?, ?)",
			h.Target, h.Record.Key, k.PublicKey, k.Locked, nanos(k.MadeAt)); err != nil {
			return err
		}
	}
	return nil
}

func dropHolding(ctx context.Context, tx *sql.Tx, target, key string) error {
	for _, statement := range []string{
		"DELETE FROM keys WHERE target = ? AND key = ?",
		"DELETE FROM holdings WHERE target = ? AND key = ?",
	} {
		if _, err := tx.ExecContext(ctx, statement, target, key); err != nil {
			return err
		}
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
