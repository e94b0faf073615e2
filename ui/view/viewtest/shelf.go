package viewtest

import (
	"context"
	"time"

	"certty/backend"
	"certty/model"
)

// Shelf keeps holdings in memory, by the key of their record.
type Shelf struct {
	Holdings map[string]backend.Holding
	// Known is what was synced of the account.
	Known model.Account
	// Err is the error of every write, Unread of reading what is held.
	Err, Unread error
}

// Records lists the records.
func (s *Shelf) Records(context.Context, string) ([]model.Record, error) {
	var records []model.Record
	for _, h := range s.Holdings {
		records = append(records, h.Record)
	}
	return records, nil
}

// Holding gives what is held under a key.
func (s *Shelf) Holding(_ context.Context, _, key string) (*backend.Holding, error) {
	h, ok := s.Holdings[key]
	switch {
	case s.Unread != nil:
		return nil, s.Unread
	case !ok:
		return nil, backend.ErrNotHeld
	}
	return &h, nil
}

// Add keeps new holdings.
func (s *Shelf) Add(_ context.Context, holdings ...backend.Holding) error {
	if s.Err != nil {
		return s.Err
	}
	for _, h := range holdings {
		if _, held := s.Holdings[h.Record.Key]; held {
			return backend.ErrHeld
		}
		s.Holdings[h.Record.Key] = h
	}
	return nil
}

// AddUnless keeps a new holding.
func (s *Shelf) AddUnless(ctx context.Context, h backend.Holding, check func([]model.Record) error) error {
	records, err := s.Records(ctx, h.Target)
	if err == nil {
		err = check(records)
	}
	if err != nil {
		return err
	}
	return s.Add(ctx, h)
}

// Join gives a holding the key of another one.
func (s *Shelf) Join(_ context.Context, _, key, to string, join func(h, there *backend.Holding) error) error {
	h, ok := s.Holdings[key]
	if !ok {
		return backend.ErrNotHeld
	}
	var there *backend.Holding
	if other, held := s.Holdings[to]; held && to != key {
		there = &other
	}
	if err := join(&h, there); err != nil {
		return err
	}
	if s.Err != nil {
		return s.Err
	}
	h.Record.Key = to
	delete(s.Holdings, key)
	s.Holdings[to] = h
	return nil
}

// Change changes a holding.
func (s *Shelf) Change(_ context.Context, _, key string, change func(*backend.Holding) error) error {
	h, ok := s.Holdings[key]
	if !ok {
		return backend.ErrNotHeld
	}
	if err := change(&h); err != nil {
		return err
	}
	if s.Err != nil {
		return s.Err
	}
	if _, taken := s.Holdings[h.Record.Key]; taken && h.Record.Key != key {
		return backend.ErrHeld
	}
	delete(s.Holdings, key)
	s.Holdings[h.Record.Key] = h
	return nil
}

// Drop forgets a holding.
func (s *Shelf) Drop(_ context.Context, _, key string, check func(*backend.Holding) error) error {
	h, ok := s.Holdings[key]
	if !ok {
		return nil
	}
	if err := check(&h); err != nil {
		return err
	}
	if s.Err == nil {
		delete(s.Holdings, key)
	}
	return s.Err
}

// Account is Known.
func (s *Shelf) Account(context.Context, string) (model.Account, error) { return s.Known, nil }

// SaveAccount keeps what was synced.
func (s *Shelf) SaveAccount(_ context.Context, _ string, account model.Account) error {
	s.Known = account
	return s.Err
}

// DueAt is never set.
func (s *Shelf) DueAt(context.Context, string, string) (time.Time, error) { return time.Time{}, nil }

// SetDue sets nothing.
func (s *Shelf) SetDue(context.Context, string, string, time.Time) error { return s.Err }
