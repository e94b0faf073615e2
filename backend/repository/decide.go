package repository

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"certty/backend"
	"certty/model"
	"certty/model/x5c"
)

// Decision is what a person says of an order that was not found, or was found
// twice.
type Decision struct {
	// OrderID is the account's id of the order that it is; "" says that it was
	// never placed.
	OrderID string
	// OtherKey takes the order although its certificate is for another key than the
	// record's: somebody had it replaced elsewhere, and the person knows.
	OtherKey bool
}

// Decide ends the doubt about an order by a person's word. One that was never
// placed counts as refused; ordering again is another attempt with another
// reference.
//
// The order has to be there for the account; it may then be held here as one
// that was imported, and not as another one that was placed here. Where its
// certificate is issued and for another key than the record's, the error is a
// Conflict and nothing is changed. Where the keys can't be compared, the record
// says so ([model.Record].Decided): until they could be, Decide takes the person's
// word back when it is called for it once more, with another order's id, which then
// gets the record and its key.
func (m *Manager) Decide(ctx context.Context, key string, d Decision) (model.Record, error) {
	record, err := m.decide(ctx, key, d)
	if err != nil {
		return record, fmt.Errorf("decide on %s: %w", key, err)
	}
	return record, nil
}

func (m *Manager) decide(ctx context.Context, key string, d Decision) (model.Record, error) {
	if d.OrderID == "" {
		return m.step(ctx, key, func(h *backend.Holding) {
			h.Record.Trouble = "a person decided that it was never placed"
		}, model.StepRefused, model.StepUndecided)
	}
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, key)
	if err != nil {
		return model.Record{}, err
	}
	// A certificate is fetched only for a record that may be decided on.
	if !h.Record.Decided && !slices.Contains(unplaced, h.Record.Step) {
		return model.Record{}, errMoved
	}
	id, serial, err := m.exists(ctx, d.OrderID)
	if err != nil {
		return model.Record{}, err
	}
	if id == key {
		return model.Record{}, errors.New("it is that order already")
	}
	fits, err := m.fits(ctx, h, id, serial)
	switch {
	case err != nil:
		return model.Record{}, fmt.Errorf("compare the key of order %s, nothing was changed: %w", id, err)
	case fits == keyOther && !d.OtherKey:
		return model.Record{}, m.otherKey(id)
	case h.Record.Decided:
		return m.handOver(ctx, h, id, fits != keyOwn)
	}
	return m.become(ctx, key, id, fits != keyOwn)
}

// exists reads an order that a person named, and gives its id as the account
// spells it, with the serial number of its certificate, as far as that is told.
func (m *Manager) exists(ctx context.Context, named string) (id, serial string, err error) {
	if m.o.Capabilities.Read == nil {
		return named, "", nil
	}
	page, err := m.o.Capabilities.Read.Read(ctx, m.ref(named))
	if err != nil {
		return "", "", fmt.Errorf("read the order %s: %w", named, err)
	}
	for i := range page.Items {
		if o := page.Items[i].Order; o != nil && o.ID != "" {
			return o.ID, page.Items[i].Certificate.Serial, nil
		}
	}
	return "", "", fmt.Errorf("the account tells nothing of an order %s", named)
}

// fit is whether an order's certificate is for a key of a record.
type fit uint8

const (
	// keyUnknown: nothing is issued, it is not handed out, or the record has no key.
	keyUnknown fit = iota
	keyOwn
	keyOther
)

// fits compares the certificate of an order with the keys of a record. The account
// tells no CSR of an order, so before the certificate nothing is known. It fails
// where a later try may tell more.
func (m *Manager) fits(ctx context.Context, h *backend.Holding, id, serial string) (fit, error) {
	own := keysOf(h)
	if len(own) == 0 || m.o.Capabilities.Collect == nil {
		return keyUnknown, nil
	}
	sent, err := m.o.Capabilities.Collect.Collect(ctx, m.ref(id))
	switch kind := backend.KindOf(err); {
	case err == nil:
	case kind == backend.KindNotFound, hopeless(err) && ctx.Err() == nil:
		return keyUnknown, nil // it is not handed out, and that is the answer
	default:
		return keyUnknown, err
	}
	var certificates []*x509.Certificate
	for _, der := range sent {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return keyUnknown, nil //nolint:nilerr // collecting it says what is wrong with it
		}
		certificates = append(certificates, c)
	}
	leaf := m.leaf(&backend.Holding{}, certificates, serial)
	if leaf == nil {
		return keyUnknown, nil
	}
	key, err := x5c.PublicKeyID(leaf.Raw)
	if err != nil {
		return keyUnknown, nil //nolint:nilerr // a key without a name is no key of ours
	}
	if slices.Contains(own, key) {
		return keyOwn, nil
	}
	// One that was replaced from here tells nothing of the key that it was ordered with.
	there, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	switch {
	case errors.Is(err, backend.ErrNotHeld):
		return keyOther, nil
	case err != nil:
		return keyUnknown, err
	case slices.Contains(keysOf(there), key):
		return keyUnknown, nil
	}
	return keyOther, nil
}

// otherKey refuses a decision for an order of another key.
func (m *Manager) otherKey(id string) error {
	return &backend.Error{
		Kind: backend.KindConflict, Op: "decide", Ref: m.ref(id),
		Message: "nothing was changed: the certificate of order " + id + " is for another key than the one that this order was made for",
		Advice: &backend.Advice{
			Cause: "The order is somebody else's, or its certificate was replaced elsewhere. With it the key would be where it fits nothing.",
			Next:  "Name another order. Where you know that this one was replaced, say that it has another key by now.",
			Who:   model.ActorYou,
		},
	}
}

// handOver gives the record of an order, with its key, to the order that it is after
// all. The key is there before it leaves the order that was named first, so that a
// program which ends in between loses nothing and can be asked again.
func (m *Manager) handOver(ctx context.Context, from *backend.Holding, id string, decided bool) (model.Record, error) {
	to := *from
	to.Keys, to.KeysElsewhere, to.Chain = slices.Clone(from.Keys), slices.Clone(from.KeysElsewhere), nil
	// What was written is for the first order: nothing of it is this one's to replace.
	to.Written = nil
	r := &to.Record
	r.Key, r.Imported, r.Step, r.StepAt, r.Decided = id, false, model.StepPlaced, m.o.Now(), decided
	r.ChainSerial, r.Trouble, r.Keystore, r.Files = "", "", model.KeystoreNone, model.FilesNone
	err := m.o.Shelf.AddUnless(ctx, to, func(records []model.Record) error {
		for i := range records {
			if records[i].Key == id {
				return backend.ErrHeld
			}
		}
		return stillDecided(records, &from.Record)
	})
	if errors.Is(err, backend.ErrHeld) {
		err = m.o.Shelf.Change(ctx, m.o.Target, id, func(there *backend.Holding) error {
			switch {
			case sameRequest(&there.Record, r):
				to = *there // it was handed over before, and that was cut short
				return nil
			case !there.Record.Imported:
				return fmt.Errorf("the order %s is that of another record here: %w", id, backend.ErrHeld)
			}
			inherit(&to, there)
			*there = to
			return nil
		})
	}
	if err != nil {
		return model.Record{}, err
	}
	m.tell(to.Record, "")
	if err := m.letGo(ctx, from.Record.Key, &to); err != nil {
		return to.Record, fmt.Errorf("it is order %s, and order %s has a copy of its key still: %w", id, from.Record.Key, err)
	}
	return to.Record, nil
}

// sameRequest reports whether two records are of one order that was sent from here: a
// renewal has no reference, and an order is renewed once.
func sameRequest(a, b *model.Record) bool {
	return a.Reference == b.Reference && a.Renews == b.Renews && (a.Reference != "" || a.Renews != "")
}

// stillDecided fails where the record stands otherwise by now than it did.
func stillDecided(now []model.Record, was *model.Record) error {
	at := slices.IndexFunc(now, func(r model.Record) bool { return r.Key == was.Key })
	if at < 0 || !now[at].Decided || !sameRequest(&now[at], was) {
		return errMoved
	}
	return nil
}

// letGo makes the order that a record was taken from one that the account has and
// nobody ordered from here. The key of its request went to the other one; what was
// made for the order itself since, such as the key of a replacement, stays.
func (m *Manager) letGo(ctx context.Context, id string, to *backend.Holding) error {
	gone := keysOf(&backend.Holding{Spec: to.Spec})
	if len(gone) == 0 {
		gone = keysOf(to) // a renewal with the old key
	}
	went := func(key string) bool { return slices.Contains(gone, key) }
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		r := &h.Record
		if !r.Decided || !sameRequest(r, &to.Record) {
			return errMoved
		}
		h.Keys = slices.DeleteFunc(h.Keys, func(k backend.HeldKey) bool {
			_, there := to.Key(k.PublicKey)
			return there && went(k.PublicKey)
		})
		h.KeysElsewhere = slices.DeleteFunc(h.KeysElsewhere, went)
		h.Spec, h.Deploy = nil, nil
		r.Imported, r.Decided, r.KeyHeld, r.SentAt = true, false, len(h.Keys) > 0, time.Time{}
		r.Reference, r.Attempt, r.Renews, r.KeystoreType, r.Keystore, r.Files, r.Trouble = "", 0, "", "", model.KeystoreNone, model.FilesNone, ""
		record = *r
		return nil
	})
	if err == nil {
		m.tell(record, "")
	}
	return err
}
