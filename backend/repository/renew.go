package repository

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"certty/backend"
	"certty/backend/keystore"
	"certty/model"
)

// Successor is a renewal or a replacement as a person wants it.
type Successor struct {
	// CSR is what the person brought; nil makes a key of the kind Key, protected
	// by Password, unless OldKey says to go on with the old one.
	CSR      []byte
	OldKey   bool
	Key      keystore.KeyKind
	Password []byte
	Keystore keystore.Type
	// Deploy says where the files of the new certificate go; nil for nowhere, also
	// where those of the old one went somewhere.
	Deploy *model.Deployment
	// CommonName and SANs are the new certificate's; a renewal keeps the order's.
	CommonName string
	SANs       []string
	// Reason is told to the CA by a replacement.
	Reason string
	DCV    model.OrderDCV
}

// csr gives the request of a successor, with the key that was made for it.
func (m *Manager) csr(s Successor) ([]byte, []backend.HeldKey, error) {
	if s.OldKey || len(s.CSR) > 0 {
		return s.CSR, nil, nil
	}
	if s.Keystore != "" {
		if err := keystore.CheckPassword(s.Keystore, string(s.Password)); err != nil {
			return nil, nil, fmt.Errorf("the keystore's password: %w", err)
		}
	}
	key, csr, err := m.newKey(s.Key, s.CommonName, s.SANs, s.Password)
	return csr, []backend.HeldKey{key}, err
}

// Renew orders a successor of the order of that id. A renewal has no reference
// at the account; whether it happened is told by the old order, so it is refused
// here while another renewal of it is not settled.
func (m *Manager) Renew(ctx context.Context, id string, s Successor) (model.Record, error) {
	if m.o.Capabilities.Renew == nil {
		return model.Record{}, fmt.Errorf("renew %s: %s", id, m.o.Capabilities.RenewWhy)
	}
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return model.Record{}, err
	}
	attempt, err := renewable(records, id)
	if err != nil {
		return model.Record{}, err
	}
	renewed, err := m.o.Capabilities.Renew.FindRenewal(ctx, m.ref(id))
	switch {
	case err != nil:
		return model.Record{}, fmt.Errorf("look whether %s was renewed before, nothing was sent: %w", id, err)
	case renewed != nil:
		return model.Record{}, fmt.Errorf("%s was renewed already, by order %s; nothing was sent", id, renewed.ID)
	}
	csr, keys, err := m.csr(s)
	if err != nil {
		return model.Record{}, err
	}
	var elsewhere []string
	if s.OldKey {
		if keys, elsewhere, err = m.oldKeys(ctx, id); err != nil {
			return model.Record{}, fmt.Errorf("renew %s, nothing was sent: %w", id, err)
		}
	}
	now := m.o.Now()
	h := backend.Holding{
		Target: m.o.Target, Keys: keys, KeysElsewhere: elsewhere, Deploy: s.Deploy,
		Spec: &model.OrderSpec{CommonName: s.CommonName, SANs: s.SANs, CSR: csr, DCV: s.DCV},
		Record: model.Record{
			Key: "renew:" + id + ":" + strconv.Itoa(attempt), ManagedAt: now, Step: model.StepSending, StepAt: now, SentAt: now,
			Attempt: attempt, Renews: id, CommonName: s.CommonName, KeyHeld: len(keys) > 0, KeystoreType: string(s.Keystore),
		},
	}
	// Another console may have renewed it since the account was asked.
	err = m.o.Shelf.AddUnless(ctx, h, func(records []model.Record) error {
		next, err := renewable(records, id)
		if err == nil && next != attempt {
			err = errMoved
		}
		return err
	})
	if held, ok := errors.AsType[*HeldError](err); ok {
		return model.Record{}, held
	}
	if err != nil {
		return model.Record{}, fmt.Errorf("renew %s: nothing was sent, because it could not be written down: %w", id, err)
	}
	m.tell(h.Record, "")
	change, err := m.o.Capabilities.Renew.Renew(ctx, m.ref(id), model.RenewSpec{CSR: csr, DCV: s.DCV})
	ctx = context.WithoutCancel(ctx)
	if err != nil && after(err) == model.StepPrepared {
		// Nothing was sent, and there is no form to come back to but the one the
		// person has before them.
		return model.Record{}, errors.Join(err, m.unrenewed(ctx, h.Record.Key))
	}
	return m.placed(ctx, &h, orderID(change.Page, id), change, err)
}

// renewable gives the number of the next attempt to renew an order, unless one
// that is not refused is here.
func renewable(records []model.Record, id string) (attempt int, err error) {
	attempt = 1
	for i := range records {
		if r := &records[i]; r.Renews == id {
			if r.Step != model.StepRefused {
				return 0, &HeldError{Record: *r}
			}
			attempt = max(attempt, r.Attempt+1)
		}
	}
	return attempt, nil
}

// unrenewed forgets a renewal that was not sent.
func (m *Manager) unrenewed(ctx context.Context, key string) error {
	err := m.o.Shelf.Drop(ctx, m.o.Target, key, func(h *backend.Holding) error {
		if h.Record.Step != model.StepSending {
			return errMoved
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget the renewal %s, which was not sent: %w", key, err)
	}
	return m.gone(key)
}

// oldKeys are the keys held for an order that is renewed with its old key, and the
// names of all that its certificates may be for; none where it is not managed here.
func (m *Manager) oldKeys(ctx context.Context, id string) (held []backend.HeldKey, known []string, err error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if errors.Is(err, backend.ErrNotHeld) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("look for the old key: %w", err)
	}
	return h.Keys, keysOf(h), nil
}

// gone tells that a record is no more.
func (m *Manager) gone(key string) error {
	m.o.Publish(model.Page{Fields: model.FieldRecord, AsOf: m.o.Now(), Items: []model.Item{{Ref: m.ref(key)}}})
	return nil
}
