package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"certty/backend"
	"certty/model"
)

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
	brought, err := broughtKey(s.CSR)
	if err != nil {
		return backend.Change{}, fmt.Errorf("replace %s: nothing was sent: %w", ref.Key, err)
	}
	before, err := m.takeOver(ctx, ref.Key, s, keys, brought, ref.Revision)
	if err != nil {
		return backend.Change{}, fmt.Errorf("replace %s: nothing was sent, because it could not be written down: %w", ref.Key, err)
	}
	change, err := m.o.Capabilities.Replace.Replace(ctx, ref, model.ReplaceSpec{
		CSR: csr, CommonName: s.CommonName, SANs: s.SANs, Reason: s.Reason, DCV: s.DCV,
	})
	if err != nil && after(err) != model.StepSending {
		// It was provably not taken: no new certificate is to be waited for.
		err = errors.Join(err, m.giveBack(context.WithoutCancel(ctx), ref, before, keys, brought))
	}
	return change, err
}

// giveBack undoes takeOver where nothing else was learned since.
func (m *Manager) giveBack(ctx context.Context, ref model.Ref, before *backend.Holding, keys []backend.HeldKey, brought []string) error {
	var record model.Record
	restore := func(h *backend.Holding) {
		h.Keys = slices.DeleteFunc(h.Keys, func(k backend.HeldKey) bool {
			return slices.ContainsFunc(keys, func(made backend.HeldKey) bool { return made.PublicKey == k.PublicKey })
		})
		h.Record.KeyHeld = len(h.Keys) > 0
		if before != nil && h.Record.ChainSerial == ref.Revision {
			was := &before.Record
			h.KeysElsewhere = slices.DeleteFunc(h.KeysElsewhere, func(k string) bool {
				return slices.Contains(brought, k) && !slices.Contains(before.KeysElsewhere, k)
			})
			h.Record.ChainSerial, h.Record.CommonName, h.Record.KeystoreType, h.Deploy = was.ChainSerial, was.CommonName, was.KeystoreType, before.Deploy
			if h.Record.Files == model.FilesNone {
				h.Record.Files = was.Files
			}
		}
		record = h.Record
	}
	var err error
	if before == nil {
		err = m.o.Shelf.Drop(ctx, m.o.Target, ref.Key, func(h *backend.Holding) error {
			if restore(h); len(h.Keys) > 0 || len(h.Chain) > 0 {
				return errMoved
			}
			return nil
		})
		if err == nil {
			return m.gone(ref.Key)
		}
	}
	if before != nil || errors.Is(err, errMoved) {
		err = m.o.Shelf.Change(ctx, m.o.Target, ref.Key, func(h *backend.Holding) error {
			restore(h)
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("forget the replacement of %s, which was not taken: %w", ref.Key, err)
	}
	m.tell(record, "")
	return nil
}

// takeOver writes the keys of a replacement into the order's holding, which is
// made where the order was not managed here. What was collected counts as the
// old certificate, so that the new serial number is waited for. It gives the
// holding as it was before, nil where there was none.
func (m *Manager) takeOver(ctx context.Context, id string, s Successor, keys []backend.HeldKey, brought []string, serial string) (before *backend.Holding, err error) {
	var record model.Record
	change := func(h *backend.Holding) {
		h.Keys = append(slices.Clip(h.Keys), keys...)
		h.KeysElsewhere = append(slices.Clip(h.KeysElsewhere), brought...)
		h.Record.KeyHeld = len(h.Keys) > 0
		h.Record.ChainSerial, h.Record.CommonName = serial, s.CommonName
		if s.Keystore != "" {
			h.Record.KeystoreType = string(s.Keystore)
		}
		if h.Deploy = s.Deploy; h.Deploy == nil && (h.Record.Files == model.FilesDue || h.Record.Files == model.FilesWaiting) {
			h.Record.Files = model.FilesNone // those of the old certificate go nowhere any more
		}
		record = h.Record
	}
	err = m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		was := *h
		before = &was
		change(h)
		return nil
	})
	if errors.Is(err, backend.ErrNotHeld) {
		now := m.o.Now()
		h := backend.Holding{Target: m.o.Target, Record: model.Record{
			Key: id, ManagedAt: now, Imported: true, Step: model.StepCollected, StepAt: now,
		}}
		change(&h)
		err = m.o.Shelf.Add(ctx, h)
	}
	if err == nil {
		m.tell(record, "")
	}
	return before, err
}
