package repository

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"certty/backend"
	"certty/backend/keystore"
	"certty/model"
	"certty/model/x5c"
)

// deliveryLimit is how long a program that is at the files of an order keeps
// others from them: longer than writing them and the person's command may take.
const deliveryLimit = 15 * time.Minute

// ErrCommand is in the error of a [Options.Deploy] that wrote the files, and whose
// command failed.
var ErrCommand = errors.New("on_issued failed")

// Deliver writes the files of a collected certificate where they are wanted and
// still due, with the keystore where its password is at hand, and has the
// person's command run. Where the keystore waits for its password the files wait
// with it, unless they go beside the same key. Only one program is at the files of
// an order at a time; the others do nothing.
//
// What fails is noted at the record, whose files stay due; the certificate is
// here whatever happens.
func (m *Manager) Deliver(ctx context.Context, id string) error {
	return m.deliver(ctx, id, m.o.Password)
}

// DeliverKeystore is Deliver with the password of the keystore, which a person
// gives: the files that wait for it are written, and those that were written are
// written again, the keystore in that form among them, and the command runs with
// it. The error is [keystore.ErrPassword],
// and nothing was changed, where the password does not open the key.
func (m *Manager) DeliverKeystore(ctx context.Context, id string, form keystore.Type, password []byte) error {
	if m.o.Deploy == nil {
		return fmt.Errorf("deliver the keystore of %s: its files go nowhere", id)
	}
	if _, err := m.Keystore(ctx, id, form, password); err != nil {
		return err
	}
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		r := &h.Record
		switch {
		case r.Files == model.FilesWithheld:
			return withheld(r)
		case r.Step != model.StepCollected || h.Deploy == nil || !slices.Contains(deliverable, r.Files):
			return errors.New("its files are not to be written")
		case claimedFiles(r, m.o.Now()):
			return errFilesTaken
		}
		r.Files, r.Keystore, r.KeystoreType = model.FilesDue, model.KeystoreWaits, string(form)
		return nil
	})
	if err != nil {
		return fmt.Errorf("deliver the keystore of %s: %w", id, err)
	}
	// Each use clears what it gets.
	if err := m.deliver(ctx, id, func(context.Context) ([]byte, error) { return slices.Clone(password), nil }); err != nil {
		return err
	}
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err == nil && h.Record.Keystore != model.KeystoreMade {
		err = errFilesTaken
	}
	if err != nil {
		return fmt.Errorf("deliver the keystore of %s: %w", id, err)
	}
	return nil
}

// deliverable are the states in which files can be written together with their
// keystore.
var deliverable = []model.FilesState{model.FilesDue, model.FilesWaiting, model.FilesWritten}

var errFilesTaken = errors.New("another program is at its files; try again when it has done")

func (m *Manager) deliver(ctx context.Context, id string, password func(context.Context) ([]byte, error)) error {
	if m.o.Deploy == nil {
		return nil
	}
	h, err := m.claim(ctx, id)
	switch {
	case errors.Is(err, errMoved):
		return nil
	case err != nil:
		return fmt.Errorf("deliver the files of %s: %w", id, err)
	}
	state, cause := m.hand(ctx, h, password)
	switch {
	case errors.Is(cause, ErrCommand):
		cause = fmt.Errorf("the certificate is here, %w", cause)
	case cause != nil:
		cause = fmt.Errorf("the certificate is here, its files are not where they belong: %w", cause)
	}
	// What was done is written down even if the program is about to end.
	return errors.Join(cause, m.delivered(context.WithoutCancel(ctx), h, state, cause))
}

// Deployment tells where the files of the order of that id go; nil where it is not
// managed here, or its files go nowhere.
func (m *Manager) Deployment(ctx context.Context, id string) (*model.Deployment, error) {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	switch {
	case errors.Is(err, backend.ErrNotHeld):
		return nil, nil //nolint:nilnil // nowhere is an answer
	case err != nil:
		return nil, fmt.Errorf("look where the files of %s go: %w", id, err)
	}
	return h.Deploy, nil
}

// claim takes the files of an order, for this program alone.
func (m *Manager) claim(ctx context.Context, id string) (*backend.Holding, error) {
	var claimed backend.Holding
	err := m.o.Shelf.Change(ctx, m.o.Target, id, func(h *backend.Holding) error {
		now := m.o.Now()
		r := &h.Record
		due := r.Files == model.FilesDue || r.Files == model.FilesWaiting
		if r.Step != model.StepCollected || !due || !r.DeletedAt.IsZero() || claimedFiles(r, now) {
			return errMoved
		}
		if len(h.Chain) > 0 && foreign(h, h.Chain[0]) {
			// An older certty took it for due.
			r.Files, r.Trouble = model.FilesWithheld, oneLine(withheld(r))
		} else {
			r.FilesAt = now
		}
		claimed = *h
		return nil
	})
	if err == nil && claimed.Record.Files == model.FilesWithheld {
		m.tell(claimed.Record, "")
		return nil, withheld(&claimed.Record)
	}
	return &claimed, err
}

// claimedFiles reports whether a program is at the files of an order. One that
// began later than now began by a wrong clock, and would be at them forever.
func claimedFiles(r *model.Record, now time.Time) bool {
	return !now.Before(r.FilesAt) && now.Before(r.FilesAt.Add(deliveryLimit))
}

// redeliver is Deliver for files that are still due. A chain that came in part is
// fetched again first: the service may have all of it by now.
func (m *Manager) redeliver(ctx context.Context, id string) error {
	h, err := m.o.Shelf.Holding(ctx, m.o.Target, id)
	if err != nil {
		return fmt.Errorf("deliver the files of %s: %w", id, err)
	}
	if chain, err := parse(h.Chain); err == nil && lacking(chain) != "" {
		_, err := m.Collect(ctx, id, h.Record.ChainSerial)
		return err
	}
	return m.Deliver(ctx, id)
}

// handed says what became of files and keystore.
type handed struct {
	files    model.FilesState
	keystore model.KeystoreState
}

// hand makes the keystore and hands everything on. Nothing is made of a chain
// that lacks its intermediate: a server that takes it turns clients away.
func (m *Manager) hand(ctx context.Context, h *backend.Holding, password func(context.Context) ([]byte, error)) (handed, error) {
	as := handed{model.FilesWritten, h.Record.Keystore}
	chain, err := parse(h.Chain)
	if err != nil {
		return as, err
	}
	if why := lacking(chain); why != "" {
		return as, errors.New(why)
	}
	data, form, err := m.keystoreNow(ctx, h, password)
	switch {
	case err != nil:
		return as, err
	case data != nil:
		as.keystore = model.KeystoreMade
	case as.keystore == model.KeystoreWaits && !m.sameKeyLies(ctx, h):
		as.files = model.FilesWaiting
		return as, nil
	}
	d := Delivery{
		Target: m.o.Target, Record: h.Record, Chain: chain, Keystore: data, Deploy: h.Deploy,
		Written: m.written(ctx, h),
		Note: func(written map[string][]string) error {
			return m.o.Shelf.Change(context.WithoutCancel(ctx), m.o.Target, h.Record.Key, func(now *backend.Holding) error {
				now.Written = written
				return nil
			})
		},
	}
	if data != nil {
		d.Extension = form.Extension()
	}
	return as, m.o.Deploy(ctx, d)
}

// sameKeyLies reports whether files lie where the order's are wanted that are for
// the same key: those of the order that it renews with that key.
func (m *Manager) sameKeyLies(ctx context.Context, h *backend.Holding) bool {
	if h.Record.Renews == "" {
		return false
	}
	before, err := m.o.Shelf.Holding(ctx, m.o.Target, h.Record.Renews)
	if err != nil || before.Record.Files != model.FilesWritten || len(before.Chain) == 0 || placeOf(before) != placeOf(h) {
		return false // unknown, or elsewhere: then a person is waited for, which breaks nothing
	}
	old, oldErr := x5c.PublicKeyID(before.Chain[0])
	now, nowErr := x5c.PublicKeyID(h.Chain[0])
	return oldErr == nil && nowErr == nil && old == now
}

// place is where the files of an order go.
type place struct{ dir, name string }

func placeOf(h *backend.Holding) place {
	if h.Deploy == nil {
		return place{}
	}
	return place{filepath.Clean(h.Deploy.Dir), cmp.Or(h.Deploy.Name, h.Record.CommonName)}
}

// renewals bounds how far back the orders are followed that one another renewed.
const renewals = 32

// written is what was written for an order and those before it, which it renews;
// what was written last counts.
func (m *Manager) written(ctx context.Context, h *backend.Holding) map[string][]string {
	all := map[string][]string{}
	for range renewals {
		for path, sums := range h.Written {
			if _, newer := all[path]; !newer {
				all[path] = sums
			}
		}
		if h.Record.Renews == "" {
			break
		}
		before, err := m.o.Shelf.Holding(ctx, m.o.Target, h.Record.Renews)
		if err != nil {
			// Not managed here, so nothing was written for it from here either; or
			// it can't be read, and then no file is taken for ours.
			break
		}
		h = before
	}
	return all
}

// keystoreNow makes the keystore if somebody said where its password is; nil
// when it waits for a person.
func (m *Manager) keystoreNow(ctx context.Context, h *backend.Holding, ask func(context.Context) ([]byte, error)) ([]byte, keystore.Type, error) {
	form := keystore.Type(h.Record.KeystoreType)
	if h.Record.Keystore != model.KeystoreWaits || ask == nil {
		return nil, form, nil
	}
	password, err := ask(ctx)
	if err != nil {
		return nil, form, fmt.Errorf("get the keystore's password: %w", err)
	}
	defer clear(password)
	data, err := m.encode(h, form, password)
	if errors.Is(err, keystore.ErrPassword) {
		// The key was made with another password, which only its maker knows.
		m.o.Log.InfoContext(ctx, "the keystore waits for its own password", "order", h.Record.Key)
		return nil, form, nil
	}
	if err != nil {
		return nil, form, fmt.Errorf("make the keystore: %w", err)
	}
	return data, form, nil
}

// delivered writes down how a delivery ended. A certificate that was collected
// meanwhile stays due.
func (m *Manager) delivered(ctx context.Context, was *backend.Holding, as handed, cause error) error {
	var record model.Record
	err := m.o.Shelf.Change(ctx, m.o.Target, was.Record.Key, func(h *backend.Holding) error {
		r := &h.Record
		if r.ChainSerial != was.Record.ChainSerial || !r.FilesAt.Equal(was.Record.FilesAt) {
			return errMoved
		}
		r.FilesAt = time.Time{}
		switch {
		case cause != nil:
			r.Trouble = oneLine(cause)
		default:
			r.Files, r.Keystore, r.Trouble = as.files, as.keystore, ""
		}
		record = *r
		return nil
	})
	switch {
	case errors.Is(err, errMoved):
		return nil
	case err != nil:
		return fmt.Errorf("note how the delivery of %s ended: %w", was.Record.Key, err)
	}
	m.tell(record, "")
	return nil
}
