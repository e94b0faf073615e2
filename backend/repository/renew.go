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
	Deploy   *model.Deployment
	// CommonName and SANs are the new certificate's; a renewal keeps the order's.
	CommonName string
	SANs       []string
	// Reason is told to the CA by a replacement.
	Reason string
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
	attempt := 1
	for i := range records {
		if r := &records[i]; r.Renews == id {
			if r.Step != model.StepRefused {
				return model.Record{}, &HeldError{Record: *r}
			}
			attempt = max(attempt, r.Attempt+1)
		}
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
	if s.OldKey {
		keys = m.oldKeys(ctx, id)
	}
	now := m.o.Now()
	key := "renew:" + id + ":" + strconv.Itoa(attempt)
	h := backend.Holding{
		Target: m.o.Target, Keys: keys, Deploy: s.Deploy,
		Spec: &model.OrderSpec{CommonName: s.CommonName, SANs: s.SANs, CSR: csr},
		Record: model.Record{
			Key: key, ManagedAt: now, Step: model.StepSending, StepAt: now, Attempt: attempt, Renews: id,
			CommonName: s.CommonName, KeyHeld: len(keys) > 0, KeystoreType: string(s.Keystore),
		},
	}
	if err := m.o.Shelf.Add(ctx, h); err != nil {
		return model.Record{}, fmt.Errorf("renew %s: nothing was sent, because it could not be written down: %w", id, err)
	}
	m.tell(h.Record, "")
	change, err := m.o.Capabilities.Renew.Renew(ctx, m.ref(id), model.RenewSpec{CSR: csr})
	ctx = context.WithoutCancel(ctx)
	if err != nil && after(err) == model.StepPrepared {
		// Nothing was sent, and there is no form to come back to but the one the
		// person has before them.
		return model.Record{}, errors.Join(err, m.o.Shelf.Drop(ctx, m.o.Target, key), m.gone(key))
	}
	return m.placed(ctx, key, orderID(change.Page, id), change, err)
}

// oldKeys are the keys held for an order that is renewed with its old key.
func (m *Manager) oldKeys(ctx context.Context, id string) []backend.HeldKey {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err != nil {
		return nil // not managed here: the key is elsewhere
	}
	return h.Keys
}

// gone tells that a record is no more.
func (m *Manager) gone(key string) error {
	m.o.Publish(model.Page{Fields: model.FieldRecord, AsOf: m.o.Now(), Items: []model.Item{{Ref: m.ref(key)}}})
	return nil
}

// Replace has another certificate issued under the order that ref names; its
// revision is the serial number that the person saw. The key that is made for it
// is on disk before anything is sent.
func (m *Manager) Replace(ctx context.Context, ref model.Ref, s Successor) (backend.Change, error) {
	if m.o.Capabilities.Replace == nil {
		return backend.Change{}, fmt.Errorf("replace %s: %s", ref.Key, m.o.Capabilities.ReplaceWhy)
	}
	if s.OldKey {
		return backend.Change{}, fmt.Errorf("replace %s: a replacement needs a new certificate request", ref.Key)
	}
	csr, keys, err := m.csr(s)
	if err != nil {
		return backend.Change{}, err
	}
	if err := m.takeOver(ctx, ref.Key, s, keys, ref.Revision); err != nil {
		return backend.Change{}, fmt.Errorf("replace %s: nothing was sent, because it could not be written down: %w", ref.Key, err)
	}
	return m.o.Capabilities.Replace.Replace(ctx, ref, model.ReplaceSpec{
		CSR: csr, CommonName: s.CommonName, SANs: s.SANs, Reason: s.Reason,
	})
}

// takeOver writes the keys of a replacement into the order's holding, which is
// made where the order was not managed here. What was collected counts as the
// old certificate, so that the new serial number is waited for.
func (m *Manager) takeOver(ctx context.Context, id string, s Successor, keys []backend.HeldKey, serial string) error {
	change := func(h *backend.Holding) {
		h.Keys = append(h.Keys, keys...)
		h.Record.KeyHeld = len(h.Keys) > 0
		h.Record.ChainSerial, h.Record.CommonName = serial, s.CommonName
		if s.Keystore != "" {
			h.Record.KeystoreType = string(s.Keystore)
		}
		if s.Deploy != nil {
			h.Deploy = s.Deploy
		}
	}
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		change(h)
		record = h.Record
		return nil
	})
	if errors.Is(err, backend.ErrNotHeld) {
		now := m.o.Now()
		h := backend.Holding{Target: m.o.Target, Record: model.Record{
			Key: id, ManagedAt: now, Imported: true, Step: model.StepCollected, StepAt: now,
		}}
		change(&h)
		record = h.Record
		err = m.o.Shelf.Add(ctx, h)
	}
	if err == nil {
		m.tell(record, "")
	}
	return err
}
