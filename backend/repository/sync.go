package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"certty/backend"
	"certty/model"
)

// The jobs that fall due, as the shelf knows them, and how often.
const (
	jobSync  = "sync"
	jobCheck = "check"

	// SyncEvery and CheckEvery are how often the account's catalogue and the
	// status of its orders are read when nobody asks for it.
	SyncEvery  = 7 * 24 * time.Hour
	CheckEvery = 24 * time.Hour
)

// Account gives what was last synced of the account; the zero value when nothing
// was.
func (m *Manager) Account(ctx context.Context) (model.Account, error) {
	return m.o.Shelf.Account(ctx, m.o.Target)
}

// Sync reads what the account offers and keeps it. What it does not list any
// more is marked, not dropped. Where a part could not be read, what was known of
// that part stays and the error says which; it is Partial then, and the rest is
// kept all the same.
func (m *Manager) Sync(ctx context.Context) (model.Account, error) {
	if m.o.Capabilities.Account == nil {
		return model.Account{}, fmt.Errorf("sync %s: %s", m.o.Target, m.o.Capabilities.AccountWhy)
	}
	known, err := m.o.Shelf.Account(ctx, m.o.Target)
	if err != nil {
		return known, err
	}
	read, err := m.o.Capabilities.Account.Account(ctx)
	if err != nil && backend.KindOf(err) != backend.KindPartial {
		return known, err
	}
	now := m.o.Now()
	joined := joinAccounts(known, read, now)
	if err == nil {
		joined.ReadAt = now
	}
	if saved := m.o.Shelf.SaveAccount(ctx, m.o.Target, joined); saved != nil {
		return joined, errors.Join(err, saved)
	}
	if err != nil {
		return joined, err
	}
	return joined, m.o.Shelf.SetDue(ctx, m.o.Target, jobSync, now.Add(SyncEvery))
}

// joinAccounts joins what was known with what was read. A part that is empty in
// the answer and was not before counts as not read: roles and delegations decide
// what an account shows, and a list that fails comes back empty.
func joinAccounts(known, read model.Account, now time.Time) model.Account {
	out := known
	out.Organizations = join(known.Organizations, read.Organizations,
		func(o *model.Organization) (int, *time.Time) { return o.ID, &o.GoneSince }, now)
	out.Domains = join(known.Domains, read.Domains,
		func(d *model.Domain) (int, *time.Time) { return d.ID, &d.GoneSince }, now)
	out.Profiles = join(known.Profiles, read.Profiles,
		func(p *model.Profile) (int, *time.Time) { return p.ID, &p.GoneSince }, now)
	if len(read.CustomFields) > 0 {
		out.CustomFields = read.CustomFields
	}
	return out
}

// join takes what was read and keeps, marked, what is not in it any more.
func join[T any](known, read []T, of func(*T) (id int, gone *time.Time), now time.Time) []T {
	if len(read) == 0 {
		return known
	}
	out := slices.Clone(read)
	for i := range known {
		id, _ := of(&known[i])
		if slices.ContainsFunc(read, func(r T) bool { other, _ := of(&r); return other == id }) {
			continue
		}
		kept := known[i]
		if _, gone := of(&kept); gone.IsZero() {
			*gone = now
		}
		out = append(out, kept)
	}
	return out
}

// SyncDue reports whether the weekly sync is due.
func (m *Manager) SyncDue(ctx context.Context) (bool, error) {
	at, err := m.o.Shelf.DueAt(ctx, m.o.Target, jobSync)
	return err == nil && !at.After(m.o.Now()), err
}

// Work does all that is due without a screen: the weekly sync, the daily look at
// every order, and whatever follows from it. It goes on after an error of one
// part and gives them all back, joined; a refused credential ends it at once.
func (m *Manager) Work(ctx context.Context, f *Follower) error {
	var failed []error
	due, err := m.SyncDue(ctx)
	if err == nil && due {
		_, err = m.Sync(ctx)
	}
	if err != nil {
		failed = append(failed, fmt.Errorf("sync %s: %w", m.o.Target, err))
		if backend.KindOf(err) == backend.KindAuth {
			return errors.Join(failed...)
		}
	}
	known, err := m.Check(ctx)
	if err != nil {
		failed = append(failed, err)
		if known == nil {
			return errors.Join(failed...)
		}
	}
	if _, err := f.Follow(ctx, known); err != nil {
		failed = append(failed, fmt.Errorf("follow the orders of %s: %w", m.o.Target, err))
	}
	return errors.Join(failed...)
}

// Check reads the status of every order and notes when the next look is due.
// What was read before an error is given together with it.
func (m *Manager) Check(ctx context.Context) (*model.Snapshot, error) {
	if m.o.Capabilities.Sweep == nil {
		return nil, fmt.Errorf("check the orders of %s: %s", m.o.Target, m.o.Capabilities.SweepWhy)
	}
	draft := model.NewSnapshot(m.o.Target, nil, time.Time{}).Draft()
	for page, err := range m.o.Capabilities.Sweep.Sweep(ctx) {
		if err != nil {
			return draft.Snapshot(), fmt.Errorf("check the orders of %s: %w", m.o.Target, err)
		}
		draft.Merge(page)
	}
	return draft.Snapshot(), m.o.Shelf.SetDue(ctx, m.o.Target, jobCheck, m.o.Now().Add(CheckEvery))
}

// CheckDue reports whether the daily look at every order is due.
func (m *Manager) CheckDue(ctx context.Context) (bool, error) {
	at, err := m.o.Shelf.DueAt(ctx, m.o.Target, jobCheck)
	return err == nil && !at.After(m.o.Now()), err
}
