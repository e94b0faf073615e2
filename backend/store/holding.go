package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"certty/backend"
	"certty/model"
)

// rest is what a holding has beside its record and its keys.
type rest struct {
	Spec   *model.OrderSpec  `json:",omitempty"`
	Chain  [][]byte          `json:",omitempty"`
	Deploy *model.Deployment `json:",omitempty"`

	Written       map[string][]string `json:",omitempty"`
	KeysElsewhere []string            `json:",omitempty"`
}

func restOf(h *backend.Holding) rest {
	return rest{Spec: h.Spec, Chain: h.Chain, Deploy: h.Deploy, Written: h.Written, KeysElsewhere: h.KeysElsewhere}
}

// decodeHolding reads what a row holds. A name that it does not know is an error:
// it is a newer program's, and would be lost when the row is written again.
func decodeHolding(target, key, record, other string) (*backend.Holding, error) {
	h := &backend.Holding{Target: target}
	var r rest
	if err := errors.Join(strictly(record, &h.Record), strictly(other, &r)); err != nil {
		return nil, fmt.Errorf("read the record %s: %w", key, err)
	}
	if h.Record.Key != key {
		return nil, fmt.Errorf("read the record %s: it is that of %q", key, h.Record.Key)
	}
	h.Spec, h.Chain, h.Deploy, h.Written, h.KeysElsewhere = r.Spec, r.Chain, r.Deploy, r.Written, r.KeysElsewhere
	return h, nil
}

func strictly(value string, into any) error {
	d := json.NewDecoder(strings.NewReader(value))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("more follows than one value")
	}
	return nil
}

// decodeRecord reads a record for a list, where one that can't be read must not
// hide the others.
func decodeRecord(key, value string) model.Record {
	var r model.Record
	err := json.Unmarshal([]byte(value), &r)
	if err == nil && r.Key != key {
		err = fmt.Errorf("it is that of %q", r.Key)
	}
	if err != nil {
		return model.Record{Key: key, Step: model.StepUnreadable, Trouble: "what is held of it here can't be read: " + err.Error()}
	}
	return r
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func readRecords(ctx context.Context, q querier, target string) ([]model.Record, error) {
	rows, err := q.QueryContext(ctx, "SELECT key, record FROM holdings WHERE target = ? ORDER BY key", target)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var records []model.Record
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return nil, err
		}
		records = append(records, decodeRecord(key, value))
	}
	return records, rows.Err()
}

func addHolding(ctx context.Context, tx *sql.Tx, h *backend.Holding) error {
	held, err := isHeld(ctx, tx, h.Target, h.Record.Key)
	if err != nil {
		return err
	}
	if held {
		return ownError{fmt.Errorf("add %s/%s: %w", h.Target, h.Record.Key, backend.ErrHeld)}
	}
	return writeHolding(ctx, tx, h)
}

// ownHolding is readHolding for a change of it: that nothing is held is then the
// caller's error and not the database's.
func ownHolding(ctx context.Context, tx *sql.Tx, target, key string) (*backend.Holding, error) {
	h, err := readHolding(ctx, tx, target, key)
	if errors.Is(err, backend.ErrNotHeld) {
		return nil, ownError{fmt.Errorf("change %s/%s: %w", target, key, err)}
	}
	return h, err
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
	h, err := decodeHolding(target, key, record, other)
	if err != nil {
		return nil, err
	}
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
	other, err := json.Marshal(restOf(h))
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
