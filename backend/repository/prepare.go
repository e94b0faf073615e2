package repository

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/backend"
	"certty/backend/keystore"
	"certty/model"
	"certty/model/x5c"
)

// Wish is an order as a person wants it.
type Wish struct {
	// Spec is the order. Its CSR is set where the person brought one; without
	// one a key is made here. Its reference is derived here.
	Spec model.OrderSpec
	// Key is the kind of key to make, Password what protects it and its
	// keystore; both only without a CSR.
	Key      keystore.KeyKind
	Password []byte
	// Keystore is the form of keystore that is wanted; "" for none.
	Keystore keystore.Type
	// Deploy says where the files go; nil for nowhere.
	Deploy *model.Deployment
	// Again orders for a CSR once more that was ordered for already.
	Again bool
}

// HeldError says that the key of a CSR was ordered for already.
type HeldError struct {
	// Record is that order's.
	Record model.Record
}

// Error names the order.
func (e *HeldError) Error() string {
	return fmt.Sprintf("this key was ordered for already: %s (%s)", e.Record.Key, e.Record.Step)
}

// Prepare writes the order down with everything that it needs and sends nothing.
// The key of the holding is its reference until the account gives it an id.
//
// It fails with a *HeldError where the CSR's key was ordered for already, unless
// the wish says Again and that order is not open any more.
func (m *Manager) Prepare(ctx context.Context, wish Wish) (model.Record, error) {
	spec := wish.Spec
	h := backend.Holding{Target: m.o.Target, Spec: &spec, Deploy: wish.Deploy}
	if len(spec.CSR) == 0 {
		if err := m.makeKey(&h, wish); err != nil {
			return model.Record{}, err
		}
	}
	earlier, err := m.earlier(ctx, spec.CSR)
	if err != nil {
		return model.Record{}, err
	}
	attempt := 1
	if n := len(earlier); n > 0 {
		last := earlier[n-1]
		if !wish.Again && last.Step != model.StepRefused || open(last.Step) {
			return model.Record{}, &HeldError{Record: last}
		}
		attempt = last.Attempt + 1
	}
	h.Spec.Reference, err = model.OrderReference(h.Spec.CSR, attempt)
	if err != nil {
		return model.Record{}, fmt.Errorf("prepare the order of %q: %w", wish.Spec.CommonName, err)
	}
	now := m.o.Now()
	h.Record = model.Record{
		Key: h.Spec.Reference, ManagedAt: now, Step: model.StepPrepared, StepAt: now,
		Reference: h.Spec.Reference, Attempt: attempt, CommonName: wish.Spec.CommonName,
		KeyHeld: len(h.Keys) > 0, KeystoreType: string(wish.Keystore),
	}
	if err := m.o.Shelf.Add(ctx, h); err != nil {
		return model.Record{}, fmt.Errorf("prepare the order of %q: nothing was sent, because it could not be written down: %w", wish.Spec.CommonName, err)
	}
	m.tell(h.Record, "")
	return h.Record, nil
}

// open reports whether an order at that step may still be placed or be found.
func open(s model.RecordStep) bool {
	switch s {
	case model.StepPrepared, model.StepSending, model.StepUndecided, model.StepDoubled:
		return true
	default:
		return false
	}
}

// earlier lists the records of the same public key, by attempt.
func (m *Manager) earlier(ctx context.Context, csr []byte) ([]model.Record, error) {
	first, err := model.OrderReference(csr, 1)
	if err != nil {
		return nil, fmt.Errorf("read the CSR: %w", err)
	}
	key := first[:strings.LastIndexByte(first, ':')+1]
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return nil, err
	}
	records = slices.DeleteFunc(records, func(r model.Record) bool { return !strings.HasPrefix(r.Reference, key) })
	slices.SortFunc(records, func(a, b model.Record) int { return a.Attempt - b.Attempt })
	return records, nil
}

// makeKey makes the key and the CSR of an order.
func (m *Manager) makeKey(h *backend.Holding, wish Wish) error {
	if wish.Keystore != "" {
		if err := keystore.CheckPassword(wish.Keystore, string(wish.Password)); err != nil {
			return fmt.Errorf("the keystore's password: %w", err)
		}
	}
	held, csr, err := m.newKey(wish.Key, wish.Spec.CommonName, wish.Spec.SANs, wish.Password)
	if err != nil {
		return err
	}
	h.Keys, h.Spec.CSR = append(h.Keys, held), csr
	return nil
}

// newKey makes a key, encrypted, and the CSR for it.
func (m *Manager) newKey(kind keystore.KeyKind, name string, sans []string, password []byte) (backend.HeldKey, []byte, error) {
	if len(password) == 0 {
		return backend.HeldKey{}, nil, errors.New("a key that is made here needs a password, which protects it on the disk")
	}
	key, err := keystore.NewKey(kind)
	if err != nil {
		return backend.HeldKey{}, nil, err
	}
	csr, err := keystore.Request(key, name, sans)
	if err != nil {
		return backend.HeldKey{}, nil, err
	}
	held, err := m.hold(key, csr, password)
	return held, csr, err
}

func (m *Manager) hold(key crypto.Signer, csr, password []byte) (backend.HeldKey, error) {
	locked, err := m.o.Keys.Lock(key, password)
	if err != nil {
		return backend.HeldKey{}, err
	}
	id, err := x5c.PublicKeyID(csr)
	if err != nil {
		return backend.HeldKey{}, fmt.Errorf("name the key: %w", err)
	}
	return backend.HeldKey{PublicKey: id, Locked: locked, MadeAt: m.o.Now()}, nil
}
