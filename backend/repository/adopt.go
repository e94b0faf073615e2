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

// Selection says which of the account's orders an import takes over.
type Selection struct {
	// Phases are the phases that count; none means all.
	Phases []model.OrderPhase
	// Organizations are the ids that count; none means all.
	Organizations []int
	// ExpiresFrom and ExpiresTo bound the end of the certificate, the second
	// excluded; zero bounds nothing. With a bound an order without a
	// certificate does not count.
	ExpiresFrom, ExpiresTo time.Time
	// Deleted brings those back that were deleted here.
	Deleted bool
}

// Takes reports whether an order is selected.
func (s Selection) Takes(o *model.Order) bool {
	if len(s.Phases) > 0 && !slices.Contains(s.Phases, o.Phase) {
		return false
	}
	if len(s.Organizations) > 0 && !slices.Contains(s.Organizations, o.OrganizationID) {
		return false
	}
	if s.ExpiresFrom.IsZero() && s.ExpiresTo.IsZero() {
		return true
	}
	return !o.Expires.IsZero() && !o.Expires.Before(s.ExpiresFrom) && (s.ExpiresTo.IsZero() || o.Expires.Before(s.ExpiresTo))
}

// Progress says how far an import is.
type Progress struct {
	// Listed are the orders that the account told so far, Selected those of
	// them that were selected, Added those that were new here, Restored those
	// that had been deleted here, Kept those that were managed before and were
	// left as they are.
	Listed, Selected, Added, Restored, Kept int
	// Whole is true once the account's whole list was read, so that nothing is
	// missing.
	Whole bool
	// Done is true once all that was selected was taken over.
	Done bool
}

// Lacking says what is missing of an import that has ended, and what to do; ""
// where nothing is.
func (p Progress) Lacking() string {
	switch {
	case p.Whole && p.Done:
		return ""
	case p.Whole:
		return "Not all that is selected was taken over. " + p.Again()
	case p.Done:
		return "This is not the whole list: orders may be missing. What was taken over stays; start the import again."
	default:
		return "This is not the whole list: orders may be missing. " + p.Again()
	}
}

// Again says what becomes of an import that is stopped, or was, once it is
// started again.
func (p Progress) Again() string {
	if p.Added+p.Restored > 0 {
		return "What was taken over stays; started again, the import takes the rest."
	}
	return "Nothing was taken over; started again, the import reads the list from its beginning."
}

// adoptBatch is how many orders are committed at a time.
const adoptBatch = 200

// Import takes the account's orders over that are selected. It reads the whole
// list first: the account pages by position, so that half a list can't be gone on
// with later. What it commits then stays, and an import that was interrupted there
// takes the rest when it is called again. tell is called as it goes on.
//
// A Progress whose Whole or Done is false says that orders may be missing, with or
// without an error.
func (m *Manager) Import(ctx context.Context, s Selection, tell func(Progress)) (Progress, error) {
	var p Progress
	if m.o.Capabilities.Sweep == nil {
		return p, fmt.Errorf("import from %s: %s", m.o.Target, m.o.Capabilities.SweepWhy)
	}
	draft := model.NewSnapshot(m.o.Target, nil, time.Time{}).Draft()
	for page, err := range m.o.Capabilities.Sweep.Sweep(ctx) {
		if err != nil {
			return p, fmt.Errorf("import from %s: the list was not read to its end: %w", m.o.Target, err)
		}
		draft.Merge(page)
		p.Listed = len(draft.Items())
		p.Whole = page.Summary != nil && page.Summary.Complete
		tell(p)
	}
	return m.adopt(ctx, draft.Items(), s, p, tell)
}

func (m *Manager) adopt(ctx context.Context, items []*model.Item, s Selection, p Progress, tell func(Progress)) (Progress, error) {
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return p, err
	}
	known := make(map[string]*model.Record, len(records))
	for i := range records {
		known[records[i].Key] = &records[i]
	}
	var batch []backend.Holding
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		if err := m.o.Shelf.Add(ctx, batch...); err != nil {
			return fmt.Errorf("import from %s: %w", m.o.Target, err)
		}
		page := model.Page{Fields: model.FieldRecord, AsOf: m.o.Now()}
		for i := range batch {
			r := batch[i].Record
			page.Items = append(page.Items, m.item(&r))
		}
		m.o.Publish(page)
		p.Added += len(batch)
		batch = batch[:0]
		tell(p)
		return nil
	}
	for _, it := range items {
		if err := ctx.Err(); err != nil {
			return p, errors.Join(err, flush())
		}
		if it.Order == nil || !s.Takes(it.Order) {
			continue
		}
		p.Selected++
		switch r := known[it.Ref.Key]; {
		case r == nil:
			batch = append(batch, m.imported(it))
		case s.Deleted && !r.DeletedAt.IsZero():
			if err := m.Restore(ctx, r.Key); err != nil {
				return p, err
			}
			p.Restored++
		default:
			p.Kept++
		}
		if len(batch) == adoptBatch {
			if err := flush(); err != nil {
				return p, err
			}
		}
	}
	err = flush()
	p.Done = err == nil
	tell(p)
	return p, err
}

func (m *Manager) imported(it *model.Item) backend.Holding {
	now := m.o.Now()
	return backend.Holding{Target: m.o.Target, Record: model.Record{
		Key: it.Ref.Key, ManagedAt: now, Imported: true, Step: model.StepPlaced, StepAt: now, CommonName: it.Order.CommonName,
	}}
}

// ErrKeyHeld says that a record has a private key that would go with it.
var ErrKeyHeld = errors.New("its private key was made here and would be lost")

// Remove hides an order here. The account keeps it, later sweeps leave it
// hidden, an import brings it back. Keys that were made here stay, unless keys
// is true: then they are destroyed.
//
// What has no order at the account, being prepared or refused, is forgotten
// altogether; where that would take a key along, keys has to be true
// ([ErrKeyHeld]). One of which it is not known whether it was placed can't be
// removed, and one of which a person said that it never was is hidden only: its
// reference must not be used a second time.
func (m *Manager) Remove(ctx context.Context, key, name string, keys bool) error {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, key)
	switch {
	case errors.Is(err, backend.ErrNotHeld):
		now := m.o.Now()
		r := model.Record{Key: key, ManagedAt: now, Imported: true, Step: model.StepPlaced, StepAt: now, CommonName: name, DeletedAt: now}
		if err := m.o.Shelf.Add(ctx, backend.Holding{Target: m.o.Target, Record: r}); err != nil {
			return fmt.Errorf("delete %s here: %w", key, err)
		}
		m.tell(r, "")
		return nil
	case err != nil:
		return fmt.Errorf("delete %s here: %w", key, err)
	}
	if slices.Contains(unplaced, h.Record.Step) && !givenUp(&h.Record) {
		return m.forget(ctx, key, keys)
	}
	return m.hide(ctx, key, m.o.Now(), keys)
}

// givenUp reports whether an order was sent and a person said that it was never
// placed. The account did not say so.
func givenUp(r *model.Record) bool { return r.Step == model.StepRefused && !r.SentAt.IsZero() }

// forget drops a record that has no order at the account. Another console may be
// about to place it: what decides is how it stands when it is dropped.
func (m *Manager) forget(ctx context.Context, key string, keys bool) error {
	err := m.o.Shelf.Drop(ctx, m.o.Target, key, func(h *backend.Holding) error {
		switch {
		case h.Record.Step != model.StepPrepared && h.Record.Step != model.StepRefused || givenUp(&h.Record):
			return errors.New("whether it was ordered is not settled, and nobody would look for it any more")
		case len(h.Keys) > 0 && !keys:
			return ErrKeyHeld
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("delete %s here: %w", key, err)
	}
	return m.gone(key)
}

// Restore shows an order again that was deleted here.
func (m *Manager) Restore(ctx context.Context, key string) error {
	return m.hide(ctx, key, time.Time{}, false)
}

func (m *Manager) hide(ctx context.Context, key string, at time.Time, keys bool) error {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, key, func(h *backend.Holding) error {
		h.Record.DeletedAt = at
		if keys {
			h.Keys, h.Record.KeyHeld = nil, false
		}
		record = h.Record
		return nil
	})
	if err != nil {
		return fmt.Errorf("change what is held of %s: %w", key, err)
	}
	m.tell(record, "")
	return nil
}
