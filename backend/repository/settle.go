package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/backend"
	"certty/model"
)

// doubt has a person decide on an order, and says why.
func (m *Manager) doubt(ctx context.Context, key string, to model.RecordStep, cause error) (model.Record, error) {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, key, func(h *backend.Holding) error {
		r := &h.Record
		if !slices.Contains(unplaced, r.Step) {
			return errMoved
		}
		if r.Step != to {
			r.Step, r.StepAt = to, m.o.Now()
		}
		r.Trouble = oneLine(cause)
		record = *r
		return nil
	})
	if err != nil {
		return model.Record{}, err
	}
	m.tell(record, key)
	return record, nil
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
	late := m.o.Now().Sub(h.Record.StepAt) >= Patience
	switch {
	case h.Record.StepAt.After(m.o.Now()):
		// The clock was wrong then, or is now: patience begins anew.
		if _, err := m.step(ctx, key, nil, h.Record.Step, h.Record.Step); err != nil {
			return h.Record, err
		}
		late = false
	case late && hopeless(err):
		// Nobody will find it this way; without a word it would be looked for
		// forever.
		return m.doubt(ctx, key, model.StepUndecided, err)
	}
	switch {
	case err != nil && backend.KindOf(err) != backend.KindNotFound:
		return h.Record, fmt.Errorf("look for the order %s: %w", key, err)
	case len(found) > 0:
		return m.found(ctx, key, found)
	case late && h.Record.Step == model.StepSending:
		return m.step(ctx, key, nil, model.StepUndecided, model.StepSending)
	}
	// With KindNotFound it is known that there is one, and it can't be seen yet.
	return h.Record, nil
}

// hopeless reports whether looking for an order failed in a way that does not
// pass by itself, as a lost network does.
func hopeless(err error) bool {
	switch backend.KindOf(err) {
	case backend.KindNetwork, backend.KindThrottled, backend.KindAuth, backend.KindUnavailable, backend.KindLocal, backend.KindSignIn,
		backend.KindNotFound:
		return false
	default:
		return err != nil
	}
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
	found, err := m.o.Capabilities.Order.FindOrders(ctx, m.trace(&h.Record))
	return found.Carrying, err
}

// oneLine is an error on one line.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
