package repository

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"certty/backend"
	"certty/model"
)

// Place sends a prepared order. It looks first whether the account has it
// already, then moves the record on, which only one program can do, then sends.
//
// When it returns an error the record says what became of it: StepPrepared when
// provably nothing was sent, StepRefused when the service said no, StepSending
// when it is not known. It may be called again for a prepared one only.
func (m *Manager) Place(ctx context.Context, key string) (model.Record, error) {
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
	found, err := m.o.Capabilities.Order.FindOrders(ctx, m.trace(h))
	if err != nil {
		return h.Record, fmt.Errorf("look whether %s was ordered before, nothing was sent: %w", h.Spec.CommonName, err)
	}
	if len(found) > 0 {
		return m.found(ctx, key, found, model.StepPrepared)
	}
	// From here on nobody sends it again, whatever happens.
	if _, err := m.step(ctx, key, nil, model.StepSending, model.StepPrepared); err != nil {
		return h.Record, fmt.Errorf("order %s, nothing was sent: %w", key, err)
	}
	change, err := m.o.Capabilities.Order.Order(ctx, *h.Spec)
	// What was learned is written down even if the person left meanwhile.
	return m.placed(context.WithoutCancel(ctx), key, orderID(change.Page, ""), change, err)
}

func (m *Manager) trace(h *backend.Holding) model.OrderTrace {
	return model.OrderTrace{Reference: h.Record.Reference, CommonName: h.Record.CommonName, Sent: h.Record.StepAt}
}

// placed takes the answer to an order or a renewal; id is the new order's.
func (m *Manager) placed(ctx context.Context, key, id string, change backend.Change, cause error) (model.Record, error) {
	var record model.Record
	var err error
	switch {
	case cause == nil && id != "":
		record, err = m.become(ctx, key, id, model.StepSending)
	case cause == nil:
		// Taken, but the answer names no order: it is looked for.
		record, err = m.step(ctx, key, nil, model.StepSending, model.StepSending)
	default:
		to := after(cause)
		record, err = m.step(ctx, key, nil, to, model.StepSending)
		if err == nil && to != model.StepSending {
			err = m.trouble(ctx, key, cause)
			record.Trouble = oneLine(cause)
		}
	}
	if err != nil {
		return record, errors.Join(cause, fmt.Errorf("write down what became of the order %s: %w", key, err))
	}
	if cause == nil {
		m.o.Publish(change.Page)
	}
	return record, cause
}

// after is where an order stands after an error of the call.
func after(err error) model.RecordStep {
	switch backend.KindOf(err) {
	case backend.KindNetwork, backend.KindLocal, backend.KindReadOnly, backend.KindThrottled, backend.KindAuth:
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
// meanwhile, this holding, which has the key, takes the other's place.
func (m *Manager) become(ctx context.Context, key, id string, from ...model.RecordStep) (model.Record, error) {
	move := func() (model.Record, error) {
		return m.step(ctx, key, func(h *backend.Holding) { h.Record.Key = id }, model.StepPlaced, from...)
	}
	record, err := move()
	if !errors.Is(err, backend.ErrHeld) {
		return record, err
	}
	aside := "taken over:" + id
	err = m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		if len(h.Keys) > 0 || !h.Record.Imported {
			return fmt.Errorf("the order %s is held by another record: %w", id, backend.ErrHeld)
		}
		h.Record.Key = aside
		return nil
	})
	if err != nil {
		return model.Record{}, err
	}
	if record, err = move(); err != nil {
		return record, err
	}
	return record, m.o.Shelf.Drop(ctx, m.o.Target, aside)
}

// found takes the orders that carry the record's reference.
func (m *Manager) found(ctx context.Context, key string, orders []model.Order, from model.RecordStep) (model.Record, error) {
	if len(orders) == 1 {
		return m.become(ctx, key, orders[0].ID, from)
	}
	ids := make([]string, len(orders))
	for i := range orders {
		ids[i] = orders[i].ID
	}
	record, err := m.step(ctx, key, nil, model.StepDoubled, from)
	if err != nil {
		return record, err
	}
	cause := fmt.Errorf("%d orders carry the reference %s: %s", len(orders), record.Reference, strings.Join(ids, ", "))
	record.Trouble = oneLine(cause)
	return record, m.trouble(ctx, key, cause)
}

// Settle looks for an order whose answer was lost. It never sends one.
func (m *Manager) Settle(ctx context.Context, key string) (model.Record, error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, key)
	if err != nil {
		return model.Record{}, fmt.Errorf("settle %s: %w", key, err)
	}
	if s := h.Record.Step; s != model.StepSending && s != model.StepUndecided {
		return h.Record, nil
	}
	found, err := m.search(ctx, h)
	switch {
	case backend.KindOf(err) == backend.KindNotFound:
		// It is known that there is one, and it can't be seen yet.
	case err != nil:
		return h.Record, fmt.Errorf("look for the order %s: %w", key, err)
	}
	switch {
	case len(found) > 0:
		return m.found(ctx, key, found, h.Record.Step)
	case h.Record.Step == model.StepSending && m.o.Now().Sub(h.Record.StepAt) >= Patience:
		return m.step(ctx, key, nil, model.StepUndecided, model.StepSending)
	}
	return h.Record, nil
}

// search finds what a lost order or renewal became.
func (m *Manager) search(ctx context.Context, h *backend.Holding) ([]model.Order, error) {
	if h.Record.Renews != "" {
		if m.o.Capabilities.Renew == nil {
			return nil, errors.New(m.o.Capabilities.RenewWhy)
		}
		order, err := m.o.Capabilities.Renew.FindRenewal(ctx, m.ref(h.Record.Renews))
		if err != nil || order == nil {
			return nil, err
		}
		return []model.Order{*order}, nil
	}
	if m.o.Capabilities.Order == nil {
		return nil, errors.New(m.o.Capabilities.OrderWhy)
	}
	return m.o.Capabilities.Order.FindOrders(ctx, m.trace(h))
}

// Decision is what a person says of an order that was not found, or was found
// twice.
type Decision struct {
	// OrderID is the account's id of the order that it is; "" says that it was
	// never placed.
	OrderID string
}

// Decide ends the doubt about an order by a person's word. One that was never
// placed counts as refused; ordering again is another attempt with another
// reference.
func (m *Manager) Decide(ctx context.Context, key string, d Decision) (model.Record, error) {
	if d.OrderID != "" {
		return m.become(ctx, key, d.OrderID, model.StepUndecided, model.StepDoubled)
	}
	record, err := m.step(ctx, key, nil, model.StepRefused, model.StepUndecided)
	if err != nil {
		return record, fmt.Errorf("decide on %s: %w", key, err)
	}
	cause := errors.New("a person decided that it was never placed")
	record.Trouble = oneLine(cause)
	return record, m.trouble(ctx, key, cause)
}

// oneLine is an error on one line.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
