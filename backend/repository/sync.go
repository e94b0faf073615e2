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
// kept all the same. tell is called as it goes on; nil tells nobody.
func (m *Manager) Sync(ctx context.Context, tell func(backend.AccountStep)) (model.Account, error) {
	if m.o.Capabilities.Account == nil {
		return model.Account{}, fmt.Errorf("sync %s: %s", m.o.Target, m.o.Capabilities.AccountWhy)
	}
	known, err := m.o.Shelf.Account(ctx, m.o.Target)
	if err != nil {
		return known, err
	}
	read, err := m.o.Capabilities.Account.Account(ctx, tell)
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
	if !read.Password.ToldAt.IsZero() {
		out.Password = read.Password
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
	return err == nil && m.falls(at, SyncEvery), err
}

// falls reports whether a job that is done so often is due. A time further away
// than that was set by a wrong clock.
func (m *Manager) falls(at time.Time, every time.Duration) bool {
	now := m.o.Now()
	return !at.After(now) || at.After(now.Add(every))
}

// Work does all that is due without a screen: the weekly sync, the daily look at
// every order or else a look at what changed since known, and whatever follows
// from it. It gives what is known then. It goes on after an error of one part
// and gives them all back, joined; a refused credential ends it at once.
func (m *Manager) Work(ctx context.Context, f *Follower, known *model.Snapshot) (*model.Snapshot, error) {
	var failed []error
	if err := m.SyncIfDue(ctx); err != nil {
		failed = append(failed, err)
		if backend.KindOf(err) == backend.KindAuth {
			return known, errors.Join(failed...)
		}
	}
	known, err := m.look(ctx, known)
	if err != nil {
		failed = append(failed, err)
		if backend.KindOf(err) == backend.KindAuth || ctx.Err() != nil {
			return known, errors.Join(failed...)
		}
	}
	if _, err := f.follow(ctx, known, workCollections); err != nil {
		failed = append(failed, fmt.Errorf("follow the orders of %s: %w", m.o.Target, err))
	}
	return known, errors.Join(append(failed, f.Failed()...)...)
}

// claimed is how long a job that one program is about to do is not due for the
// others, and how long it waits after it failed.
const claimed = 15 * time.Minute

// SyncIfDue syncs the account when that is due. Other programs see at once that
// it is being done; two that look in the same moment may both do it, which reads
// twice and changes nothing.
func (m *Manager) SyncIfDue(ctx context.Context) error {
	due, err := m.SyncDue(ctx)
	if err == nil && !due {
		return nil
	}
	if err == nil {
		err = m.o.Shelf.SetDue(ctx, m.o.Target, jobSync, m.o.Now().Add(claimed))
	}
	if err == nil {
		_, err = m.Sync(ctx, nil)
	}
	if err != nil {
		return fmt.Errorf("sync %s: %w", m.o.Target, err)
	}
	return nil
}

// look reads every order when that is due or none is known, and else what changed.
func (m *Manager) look(ctx context.Context, known *model.Snapshot) (*model.Snapshot, error) {
	due, err := m.CheckDue(ctx)
	switch {
	case err != nil:
		return known, err
	case due || m.readsAll(known):
		if err := m.o.Shelf.SetDue(ctx, m.o.Target, jobCheck, m.o.Now().Add(claimed)); err != nil {
			return known, err
		}
		return m.check(ctx, known)
	}
	draft, began := known.Draft(), m.o.Now()
	for page, err := range m.o.Capabilities.Changes.Changes(ctx, known) {
		if err != nil {
			return draft.Snapshot(), fmt.Errorf("look for changes of %s: %w", m.o.Target, err)
		}
		draft.Merge(page)
	}
	draft.Looked(began)
	return draft.Snapshot(), nil
}

// readsAll reports whether a look reads every order although that is not due: there
// is nothing that changes could be asked for since.
func (m *Manager) readsAll(known *model.Snapshot) bool {
	return m.o.Capabilities.Changes == nil || known == nil || known.SweptAt().IsZero() || !known.HoldsOrders()
}

// Check reads the status of every order and notes when the next look is due.
// What was read before an error is given together with it.
func (m *Manager) Check(ctx context.Context) (*model.Snapshot, error) { return m.check(ctx, nil) }

func (m *Manager) check(ctx context.Context, known *model.Snapshot) (*model.Snapshot, error) {
	if m.o.Capabilities.Sweep == nil {
		return known, fmt.Errorf("check the orders of %s: %s", m.o.Target, m.o.Capabilities.SweepWhy)
	}
	if known == nil {
		known = model.NewSnapshot(m.o.Target, nil, time.Time{})
	}
	draft, whole := known.Draft(), false
	for page, err := range m.o.Capabilities.Sweep.Sweep(ctx) {
		if err != nil {
			return draft.Snapshot(), fmt.Errorf("check the orders of %s: %w", m.o.Target, err)
		}
		draft.Merge(page)
		whole = page.Summary != nil && page.Summary.Complete
	}
	if !whole {
		// The list shifted while it was read: the next look is soon.
		return draft.Snapshot(), nil
	}
	return draft.Snapshot(), m.Checked(ctx)
}

// Checked notes that the status of every order was read just now, so that no
// other program does it again today.
func (m *Manager) Checked(ctx context.Context) error {
	return m.o.Shelf.SetDue(ctx, m.o.Target, jobCheck, m.o.Now().Add(CheckEvery))
}

// CheckDue reports whether the daily look at every order is due.
func (m *Manager) CheckDue(ctx context.Context) (bool, error) {
	at, err := m.o.Shelf.DueAt(ctx, m.o.Target, jobCheck)
	return err == nil && m.falls(at, CheckEvery), err
}
