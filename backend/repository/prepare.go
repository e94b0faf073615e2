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
	// Unless looks at the records at the moment in which the order is written down,
	// and no other program writes: its error is returned as it is, and nothing is
	// kept. Nil allows all.
	Unless func([]model.Record) error
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
	now := m.o.Now()
	h.Record = model.Record{
		ManagedAt: now, Step: model.StepPrepared, StepAt: now, CommonName: wish.Spec.CommonName,
		KeyHeld: len(h.Keys) > 0, KeystoreType: string(wish.Keystore),
	}
	// Another console may hold the same CSR: the attempt is chosen and written
	// down in one.
	for attempt := 1; ; {
		reference, err := model.OrderReference(spec.CSR, attempt)
		if err != nil {
			return model.Record{}, fmt.Errorf("prepare the order of %q: %w", wish.Spec.CommonName, err)
		}
		h.Spec.Reference, h.Record.Reference, h.Record.Key, h.Record.Attempt = reference, reference, reference, attempt
		var next int
		var refused error
		err = m.o.Shelf.AddUnless(ctx, h, func(records []model.Record) error {
			if wish.Unless != nil {
				if refused = wish.Unless(records); refused != nil {
					return refused
				}
			}
			next, err = nextAttempt(records, reference, wish.Again)
			if err == nil && next != attempt {
				err = errMoved
			}
			return err
		})
		if refused != nil {
			return model.Record{}, refused
		}
		if held, ok := errors.AsType[*HeldError](err); ok {
			return model.Record{}, held
		}
		if errors.Is(err, errMoved) {
			attempt = next
			continue
		}
		if err != nil {
			return model.Record{}, fmt.Errorf("prepare the order of %q: nothing was sent, because it could not be written down: %w", wish.Spec.CommonName, err)
		}
		break
	}
	m.tell(h.Record, "")
	return h.Record, nil
}

// Held is the *HeldError that [Manager.Prepare] would fail with for a CSR; nil
// when its key was not ordered for, or may be once more.
func (m *Manager) Held(ctx context.Context, csr []byte, again bool) error {
	reference, err := model.OrderReference(csr, 1)
	if err != nil {
		return err
	}
	records, err := m.o.Shelf.Records(ctx, m.o.Target)
	if err != nil {
		return fmt.Errorf("look whether the key was ordered for: %w", err)
	}
	_, err = nextAttempt(records, reference, again)
	return err
}

// nextAttempt is the number of the next order for the key of a reference.
func nextAttempt(records []model.Record, reference string, again bool) (int, error) {
	before := earlier(records, reference)
	if len(before) == 0 {
		return 1, nil
	}
	for i := range before {
		if r := before[i]; r.Unsettled() || !again && r.Step != model.StepRefused {
			return 0, &HeldError{Record: r}
		}
	}
	return before[len(before)-1].Attempt + 1, nil
}

// earlier lists the records of the same public key as a reference, by attempt.
func earlier(records []model.Record, reference string) []model.Record {
	key := reference[:strings.LastIndexByte(reference, ':')+1]
	same := slices.DeleteFunc(slices.Clone(records), func(r model.Record) bool { return !strings.HasPrefix(r.Reference, key) })
	slices.SortFunc(same, func(a, b model.Record) int { return a.Attempt - b.Attempt })
	return same
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
