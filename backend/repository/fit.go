package repository

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
)

// errForeign says that the certificate which was collected is for somebody else's
// key: an order can be replaced on the service's own pages, too. A server does not
// start with it beside the key that lies there.
var errForeign = errors.New("the certificate is here and held back: it is for none of the keys of this order")

// errMisplaced is errForeign where only a person said which order it is.
var errMisplaced = fmt.Errorf("%w. You said that it is this order: decide names another one", errForeign)

// withheld says why the certificate of a record is held back.
func withheld(r *model.Record) error {
	if r.Decided {
		return errMisplaced
	}
	return errForeign
}

// foreign reports whether a certificate is for none of the keys that its order was
// made for, as far as any is known: those that were made here, those of the
// requests that the person brought, and those that the person vouched for.
func foreign(h *backend.Holding, leaf []byte) bool {
	known := keysOf(h)
	if len(known) == 0 {
		return false
	}
	key, err := x5c.PublicKeyID(leaf)
	return err == nil && !slices.Contains(known, key)
}

// keysOf names the public keys that certificates of an order may be for; none
// where nothing is known of them.
func keysOf(h *backend.Holding) []string {
	known := slices.Clone(h.KeysElsewhere)
	for _, k := range h.Keys {
		known = append(known, k.PublicKey)
	}
	if h.Spec == nil || len(h.Spec.CSR) == 0 {
		return known
	}
	if key, err := x5c.PublicKeyID(h.Spec.CSR); err == nil {
		known = append(known, key)
	}
	return known
}

// broughtKey names the public key of a request that a person brought; none without
// one.
func broughtKey(csr []byte) ([]string, error) {
	if len(csr) == 0 {
		return nil, nil
	}
	key, err := x5c.PublicKeyID(csr)
	if err != nil {
		return nil, fmt.Errorf("name the key of the CSR: %w", err)
	}
	return []string{key}, nil
}

// Vouch takes a person's word that the certificate of that serial number is right,
// although it is for none of the keys that the order was made for: its key counts as
// one of them from then on, and what was held back is done. It fails with an error of
// KindGone where another certificate, or none, is held back by now.
func (m *Manager) Vouch(ctx context.Context, id, serial string) (model.Record, error) {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		r := &h.Record
		if r.Files != model.FilesWithheld || r.ChainSerial != serial || len(h.Chain) == 0 {
			return &backend.Error{
				Kind: backend.KindGone, Op: "deliver", Ref: m.ref(id),
				Message: "the certificate that you saw is not held back any more",
			}
		}
		key, err := x5c.PublicKeyID(h.Chain[0])
		if err != nil {
			return fmt.Errorf("name the certificate's key: %w", err)
		}
		h.KeysElsewhere = append(slices.Clip(h.KeysElsewhere), key)
		r.Files, r.Trouble, r.Decided = model.FilesNone, "", false
		if h.Deploy != nil {
			r.Files = model.FilesDue
		}
		record = *r
		return nil
	})
	if err != nil {
		return record, fmt.Errorf("vouch for the certificate of %s: %w", id, err)
	}
	m.tell(record, "")
	return record, m.Deliver(ctx, id)
}
