package view

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/backend/keystore"
	"certty/backend/repository"
	"certty/model"
)

// act runs one changing call whose row is known only once it has an answer.
func (d *Desk) act(op, past string, ref model.Ref, call func(context.Context) (model.Ref, backend.Change, error)) (uint64, tea.Cmd) {
	d.last++
	id, ctx, poller := d.last, d.ctx, d.Target(ref.Target).Poller
	d.running[id] = op + " " + ref.Key
	return id, func() tea.Msg {
		row, change, err := call(ctx)
		if poller != nil && row.Key != "" {
			poller.Acted(row, change.Page)
		}
		return OpDone{ID: id, Op: op, Past: past, Ref: ref, Change: change, Err: err}
	}
}

// record runs one changing call that moves the record of an order on, and tells
// how the record stands then.
func (d *Desk) record(op, past string, ref model.Ref, call func(context.Context) (model.Record, error)) (uint64, tea.Cmd) {
	var record model.Record
	id, cmd := d.act(op, past, ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		var err error
		record, err = call(ctx)
		return rowOf(ref.Target, record), backend.Change{}, err
	})
	return id, func() tea.Msg {
		msg := cmd()
		if done, ok := msg.(OpDone); ok {
			done.Record = record
			return done
		}
		return msg
	}
}

// Order prepares an order and places it, beside the orders for the same name that
// the person was told of. Where it could not be placed, it stands
// among the rows as it is, and [Desk.Place] goes on with it. The password is
// cleared afterwards.
func (d *Desk) Order(target string, wish repository.Wish, beside ...string) (uint64, tea.Cmd) {
	ref := model.Ref{Target: target, Kind: model.KindCertificate, Key: wish.Spec.CommonName}
	r := d.Target(target).Repository
	return d.record("order", "ordered", ref, func(ctx context.Context) (model.Record, error) {
		defer clear(wish.Password)
		prepared, err := r.Prepare(ctx, wish)
		if err != nil {
			return model.Record{}, err
		}
		record, err := r.Place(ctx, prepared.Key, beside...)
		if err != nil && record.Key == "" {
			// It was not even learned how far it got.
			record, record.Step = prepared, model.StepSending
		}
		return record, err
	})
}

// Place sends an order that was prepared, beside the orders for the same name that
// the person knows of.
func (d *Desk) Place(ref model.Ref, beside ...string) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.record("order", "ordered", ref, func(ctx context.Context) (model.Record, error) { return r.Place(ctx, ref.Key, beside...) })
}

// rowOf is the row of a record that the account knows.
func rowOf(target string, r model.Record) model.Ref {
	if r.Step != model.StepPlaced && r.Step != model.StepCollected {
		return model.Ref{}
	}
	return model.Ref{Target: target, Kind: model.KindCertificate, Key: r.Key}
}

// Settle looks for an order whose answer was lost.
func (d *Desk) Settle(ref model.Ref) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.record("look for order", "looked for", ref, func(ctx context.Context) (model.Record, error) { return r.Settle(ctx, ref.Key) })
}

// Decide takes a person's word about an order that was not found, or was found
// twice.
func (d *Desk) Decide(ref model.Ref, decision repository.Decision) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.record("decide", "decided", ref, func(ctx context.Context) (model.Record, error) { return r.Decide(ctx, ref.Key, decision) })
}

// Renew orders a successor of the order that ref names. The password is cleared
// afterwards.
func (d *Desk) Renew(ref model.Ref, s repository.Successor) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.record("renew", "renewal ordered", ref, func(ctx context.Context) (model.Record, error) {
		defer clear(s.Password)
		return r.Renew(ctx, ref.Key, s)
	})
}

// Replace has another certificate issued under the order that ref names, by the
// serial number that is its revision.
func (d *Desk) Replace(ref model.Ref, s repository.Successor) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.change("replace", "replacement asked; the new certificate comes later", ref, func(ctx context.Context) (backend.Change, error) {
		defer clear(s.Password)
		return r.Replace(ctx, ref, s)
	})
}

// Revoke revokes the certificate of the order that ref names, by the serial
// number that is its revision.
func (d *Desk) Revoke(ref model.Ref, revocation model.Revocation) (uint64, tea.Cmd) {
	revoker := d.Target(ref.Target).Capabilities.Revoke
	return d.change("revoke", "revoked", ref, func(ctx context.Context) (backend.Change, error) {
		return revoker.Revoke(ctx, ref, revocation)
	})
}

// Approve approves the order that ref names.
func (d *Desk) Approve(ref model.Ref, message string) (uint64, tea.Cmd) {
	approver := d.Target(ref.Target).Capabilities.Approve
	return d.change("approve", "approved", ref, func(ctx context.Context) (backend.Change, error) {
		return approver.Approve(ctx, ref, message)
	})
}

// Decline declines the order that ref names.
func (d *Desk) Decline(ref model.Ref, message string) (uint64, tea.Cmd) {
	approver := d.Target(ref.Target).Capabilities.Approve
	return d.change("decline", "declined", ref, func(ctx context.Context) (backend.Change, error) {
		return approver.Decline(ctx, ref, message)
	})
}

// Recheck has the CA look at the domains of the order that ref names.
func (d *Desk) Recheck(ref model.Ref) (uint64, tea.Cmd) {
	rechecker := d.Target(ref.Target).Capabilities.Recheck
	return d.change("recheck", "the CA was asked to look again", ref, func(ctx context.Context) (backend.Change, error) {
		return rechecker.Recheck(ctx, ref)
	})
}

// RecheckDomain has the CA look at one domain of an account.
func (d *Desk) RecheckDomain(target, domain string) (uint64, tea.Cmd) {
	ref := model.Ref{Target: target, Key: domain}
	rechecker := d.Target(target).Capabilities.Recheck
	return d.act("recheck domain", "the CA was asked to look again", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		change, err := rechecker.RecheckDomain(ctx, domain)
		return model.Ref{}, change, err
	})
}

// Collect fetches the certificate of the order that ref names into the
// repository, which must hold the order. Serial is what the account tells.
func (d *Desk) Collect(ref model.Ref, serial string) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("collect", "collected", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		_, err := r.Collect(ctx, ref.Key, serial)
		return model.Ref{}, backend.Change{}, err
	})
}

// Deliver vouches for the certificate of the order that ref names, by the serial
// number that is its revision: its files are written.
func (d *Desk) Deliver(ref model.Ref) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("deliver", "delivered", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		_, err := r.Vouch(ctx, ref.Key, ref.Revision)
		return model.Ref{}, backend.Change{}, err
	})
}

// Remove hides the order that ref names here; keys says whether the private keys
// that were made here are destroyed with it.
func (d *Desk) Remove(ref model.Ref, name string, keys bool) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("delete here", "deleted here; the account keeps it", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		return model.Ref{}, backend.Change{}, r.Remove(ctx, ref.Key, name, keys)
	})
}

// Restore shows an order again that was deleted here.
func (d *Desk) Restore(ref model.Ref) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("restore", "shown again", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		return model.Ref{}, backend.Change{}, r.Restore(ctx, ref.Key)
	})
}

// KeystoreMade carries a keystore that is to be saved.
type KeystoreMade struct {
	Ref  model.Ref
	Form keystore.Type
	// Data is the file. It is protected by the password and holds the key.
	Data []byte
	Err  error
}

// MakeKeystore makes the keystore of a collected certificate. The password is
// cleared afterwards.
func (d *Desk) MakeKeystore(ref model.Ref, form keystore.Type, password []byte) tea.Cmd {
	ctx, r := d.ctx, d.Target(ref.Target).Repository
	return func() tea.Msg {
		defer clear(password)
		data, err := r.Keystore(ctx, ref.Key, form, password)
		return KeystoreMade{Ref: ref, Form: form, Data: data, Err: err}
	}
}

// KeystoreSaved notes that the keystore of the order lies where it was wanted.
func (d *Desk) KeystoreSaved(ref model.Ref) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("note keystore", "keystore saved", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		return model.Ref{}, backend.Change{}, r.KeystoreSaved(ctx, ref.Key)
	})
}

// DeliverKeystore writes the keystore beside the other files of the order that
// ref names, and has the person's command run. The password is cleared afterwards.
func (d *Desk) DeliverKeystore(ref model.Ref, form keystore.Type, password []byte) (uint64, tea.Cmd) {
	r := d.Target(ref.Target).Repository
	return d.act("deliver keystore", "keystore written beside its other files", ref, func(ctx context.Context) (model.Ref, backend.Change, error) {
		defer clear(password)
		return model.Ref{}, backend.Change{}, r.DeliverKeystore(ctx, ref.Key, form, password)
	})
}

// ChainRead carries the collected chain of an order, DER, leaf first.
type ChainRead struct {
	Ref   model.Ref
	Chain [][]byte
	Err   error
}

// ReadChain reads the collected chain of the order that ref names.
func (d *Desk) ReadChain(ref model.Ref) tea.Cmd {
	ctx, r := d.ctx, d.Target(ref.Target).Repository
	return func() tea.Msg {
		chain, err := r.Chain(ctx, ref.Key)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return ChainRead{Ref: ref, Chain: chain, Err: err}
	}
}

// AccountRead carries what an account offers. Synced is true when the account
// itself was asked just now; with an error what was known before stands.
type AccountRead struct {
	Target  string
	Account model.Account
	Synced  bool
	Err     error
}

// AccountSynced says that an account was synced beside the screen: what is kept of
// it is another one now.
type AccountSynced struct{ Target string }

// ReadAccount reads what was last synced of an account.
func (d *Desk) ReadAccount(target string) tea.Cmd {
	ctx, r := d.ctx, d.Target(target).Repository
	return func() tea.Msg {
		account, err := r.Account(ctx)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return AccountRead{Target: target, Account: account, Err: err}
	}
}

// ValidationRead carries why an order waits, or how one domain stands.
type ValidationRead struct {
	Ref        model.Ref
	Validation model.OrderValidation
	Err        error
}

// ReadValidation reads why the order that ref names waits.
func (d *Desk) ReadValidation(ref model.Ref) tea.Cmd {
	ctx, validator := d.ctx, d.Target(ref.Target).Capabilities.Validation
	return func() tea.Msg {
		validation, err := validator.Validation(ctx, ref)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return ValidationRead{Ref: ref, Validation: validation, Err: err}
	}
}

// DomainRead carries how the validation of one domain stands.
type DomainRead struct {
	Target     string
	Validation model.DomainValidation
	Err        error
}

// ReadDomain reads how the validation of one domain of an account stands.
func (d *Desk) ReadDomain(target, domain string) tea.Cmd {
	ctx, validator := d.ctx, d.Target(target).Capabilities.Validation
	return func() tea.Msg {
		validation, err := validator.DomainValidation(ctx, domain)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		validation.Domain = domain
		return DomainRead{Target: target, Validation: validation, Err: err}
	}
}
