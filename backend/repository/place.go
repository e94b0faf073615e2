package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"certty/backend"
	"certty/model"
)

// Place sends a prepared order. It looks first whether the account has it
// already, then moves the record on, which only one program can do, then sends.
// It sends nothing where somebody else ordered for the same name within a day, by
// another program's state or on the service's own pages: then the error is a
// Conflict, and the record names those orders. Beside are the ids of the ones that
// the person knows of and wants another one beside; [AnyOrder] is all.
//
// When it returns an error the record says what became of it: StepPrepared when
// provably nothing was sent, StepRefused when the service said no, StepSending
// when it is not known. It may be called again for a prepared one only.
func (m *Manager) Place(ctx context.Context, key string, beside ...string) (model.Record, error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, key)
	if err != nil {
		return model.Record{}, fmt.Errorf("order %s: %w", key, err)
	}
	if h.Record.Step != model.StepPrepared || h.Spec == nil {
		return h.Record, fmt.Errorf("order %s: %w; it stands at %q", key, errMoved, h.Record.Step)
	}
	if m.o.Capabilities.Order == nil {
		return h.Record, fmt.Errorf("order %s: %s", key, m.o.Capabilities.OrderWhy)
	}
	found, err := m.o.Capabilities.Order.FindOrders(ctx, m.trace(&h.Record))
	if err != nil {
		return h.Record, fmt.Errorf("look whether %s was ordered before, nothing was sent: %w", h.Spec.CommonName, err)
	}
	if len(found.Carrying) > 0 {
		return m.found(ctx, key, found.Carrying)
	}
	if err := m.refuted(ctx, h); err != nil {
		return h.Record, err
	}
	if record, err := m.alone(ctx, h, found.Namesakes, beside); err != nil {
		return record, err
	}
	// From here on nobody sends it again, whatever happens.
	if _, err := m.step(ctx, key, m.sent, model.StepSending, model.StepPrepared); err != nil {
		return h.Record, fmt.Errorf("order %s, nothing was sent: %w", key, err)
	}
	change, err := m.o.Capabilities.Order.Order(ctx, *h.Spec)
	// What was learned is written down even if the person left meanwhile.
	return m.placed(context.WithoutCancel(ctx), h, orderID(change.Page, ""), change, err)
}

// refuted looks once more for earlier attempts with the same key of which a
// person said that they were never placed. Lists lag, and people err: one that
// shows by now takes its place in the repository, and the error says so.
func (m *Manager) refuted(ctx context.Context, h *backend.Holding) error {
	if h.Record.Attempt <= 1 {
		return nil
	}
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return err
	}
	before := earlier(records, h.Record.Reference)
	for i := range before {
		r := &before[i]
		if !givenUp(r) || r.Attempt >= h.Record.Attempt {
			continue
		}
		found, err := m.o.Capabilities.Order.FindOrders(ctx, m.trace(r))
		switch {
		case err != nil:
			return fmt.Errorf("look whether attempt %d of %s was ordered after all, nothing was sent: %w", r.Attempt, r.CommonName, err)
		case len(found.Carrying) > 0:
			record, err := m.found(ctx, r.Key, found.Carrying)
			return errors.Join(fmt.Errorf("nothing was sent: %w", &HeldError{Record: record}), err)
		}
	}
	return nil
}

// sent notes when an order is sent.
func (m *Manager) sent(h *backend.Holding) { h.Record.SentAt, h.Record.Namesakes = h.Record.StepAt, "" }

// trace is what an order is looked for by. One that was not sent, as far as is
// known here, may have been all the same, by a console whose state is not this
// one: then any time since it was prepared counts.
func (m *Manager) trace(r *model.Record) model.OrderTrace {
	t := model.OrderTrace{Reference: r.Reference, CommonName: r.CommonName, Sent: r.SentAt, Until: r.SentAt}
	if r.SentAt.IsZero() {
		t.Sent, t.Until = r.ManagedAt, m.o.Now()
	}
	if now := m.o.Now(); t.Sent.After(now) {
		// The clock was wrong then, or is now.
		t.Sent = now
	}
	return t
}

// unplaced are the steps of an order without an id. What the account tells of
// it counts whichever of them it stands at: another program, or a person, may
// have given it up meanwhile.
var unplaced = []model.RecordStep{model.StepPrepared, model.StepSending, model.StepUndecided, model.StepDoubled, model.StepRefused}

// placed takes the answer to an order or a renewal; h is its holding as it was
// sent, and id is the new order's.
func (m *Manager) placed(ctx context.Context, h *backend.Holding, id string, change backend.Change, cause error) (model.Record, error) {
	key := h.Record.Key
	var record model.Record
	var err error
	switch {
	case cause == nil && id != "":
		record, err = m.answered(ctx, h, id)
		if err != nil {
			err = fmt.Errorf("it is order %s: %w", id, err)
		}
	case cause == nil:
		// Taken, but the answer names no order: it is looked for.
		record, err = m.step(ctx, key, nil, model.StepSending, model.StepSending)
	default:
		record, err = m.unanswered(ctx, key, cause)
	}
	if err != nil {
		return record, errors.Join(cause, fmt.Errorf("write down what became of the order %s: %w", key, err))
	}
	if cause == nil {
		m.o.Publish(change.Page)
	}
	return record, cause
}

// answered gives the record of an order the id that the account answered with.
// Where the record is gone meanwhile, another program found that order, or a
// person removed the record; the order exists all the same.
func (m *Manager) answered(ctx context.Context, h *backend.Holding, id string) (model.Record, error) {
	record, err := m.become(ctx, h.Record.Key, id, false)
	if !errors.Is(err, backend.ErrNotHeld) {
		return record, err
	}
	there, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	switch {
	case errors.Is(err, backend.ErrNotHeld):
		again := *h
		again.Record.Step, again.Record.StepAt = model.StepSending, m.o.Now()
		if err := m.o.Shelf.Add(ctx, again); err != nil {
			return model.Record{}, err
		}
		return m.become(ctx, h.Record.Key, id, false)
	case err != nil:
		return model.Record{}, err
	}
	return there.Record, nil
}

// unanswered writes down how a call failed.
func (m *Manager) unanswered(ctx context.Context, key string, cause error) (model.Record, error) {
	to := after(cause)
	record, err := m.step(ctx, key, func(h *backend.Holding) {
		if to != model.StepSending {
			h.Record.Trouble, h.Record.SentAt = oneLine(cause), time.Time{}
		}
	}, to, model.StepSending)
	if errors.Is(err, errMoved) || errors.Is(err, backend.ErrNotHeld) {
		// Another program found out more.
		return record, nil
	}
	return record, err
}

// after is where an order stands after an error of the call.
func after(err error) model.RecordStep {
	switch backend.KindOf(err) {
	case backend.KindNetwork, backend.KindLocal, backend.KindReadOnly, backend.KindThrottled, backend.KindAuth, backend.KindSignIn:
		// Nothing reached the service's orders.
		return model.StepPrepared
	case backend.KindConflict, backend.KindInvalid, backend.KindPermission, backend.KindState, backend.KindNotFound, backend.KindGone, backend.KindUnsupported:
		return model.StepRefused
	default:
		return model.StepSending
	}
}

// orderID is the id of the order that a page brought, other than the one that
// was renewed.
func orderID(p model.Page, renewed string) string {
	for i := range p.Items {
		if o := p.Items[i].Order; o != nil && o.ID != "" && o.ID != renewed {
			return o.ID
		}
	}
	return ""
}

// become gives the record the order's id. Where that order was taken over
// meanwhile this holding takes the other's place, and what lies there. decided says
// that it is that order by a person's word alone.
func (m *Manager) become(ctx context.Context, key, id string, decided bool) (model.Record, error) {
	var record model.Record
	err := m.o.Shelf.Join(ctx, m.o.Target, key, id, func(h, there *backend.Holding) error {
		if !slices.Contains(unplaced, h.Record.Step) {
			return errMoved
		}
		if there != nil {
			if !there.Record.Imported {
				return fmt.Errorf("the order %s is that of another record here: %w", id, backend.ErrHeld)
			}
			inherit(h, there)
		}
		h.Record.Key, h.Record.Step, h.Record.StepAt, h.Record.Trouble = id, model.StepPlaced, m.o.Now(), ""
		h.Record.Decided = decided
		record = h.Record
		return nil
	})
	if err != nil {
		return model.Record{}, err
	}
	m.tell(record, key)
	return record, nil
}

// inherit takes over what was made for an order since it was imported: the keys
// of a replacement, and where its files go.
func inherit(h, there *backend.Holding) {
	for _, k := range there.Keys {
		if _, held := h.Key(k.PublicKey); !held {
			h.Keys = append(h.Keys, k)
		}
	}
	h.Record.KeyHeld = len(h.Keys) > 0
	h.KeysElsewhere = append(slices.Clip(h.KeysElsewhere), there.KeysElsewhere...)
	if h.Deploy == nil {
		h.Deploy = there.Deploy
	}
	if h.Record.KeystoreType == "" {
		h.Record.KeystoreType = there.Record.KeystoreType
	}
	if len(there.Written) > 0 && h.Written == nil {
		h.Written = map[string][]string{}
	}
	for path, sums := range there.Written {
		if _, newer := h.Written[path]; !newer {
			h.Written[path] = sums
		}
	}
}

// found takes the orders that carry the record's reference.
func (m *Manager) found(ctx context.Context, key string, orders []model.Order) (model.Record, error) {
	if len(orders) == 1 {
		record, err := m.become(ctx, key, orders[0].ID, false)
		if errors.Is(err, backend.ErrHeld) {
			return m.doubt(ctx, key, model.StepUndecided, err)
		}
		return record, err
	}
	ids := make([]string, len(orders))
	for i := range orders {
		ids[i] = orders[i].ID
	}
	return m.doubt(ctx, key, model.StepDoubled, fmt.Errorf("%d orders carry its reference: %s", len(orders), strings.Join(ids, ", ")))
}
