package console

import (
	"context"
	"net/http"

	"certty/backend"
	"certty/backend/guard"
	"certty/backend/scm"
	"certty/backend/vault"
	"certty/config"
)

// rehearse puts the guard around a backend whose changing calls go nowhere, so
// nothing is journaled.
func (k *kit) rehearse(b backend.Backend, t config.Target) backend.Backend {
	o := k.guardOptions(t)
	o.Journal = unwritten{}
	return guard.Wrap(b, o)
}

// rehearseVault makes the backend of a vault that gets nothing but reads.
func rehearseVault(o vault.Options, r *guard.Rehearsal) (*vault.Vault, error) {
	o.Wrap = func(next http.RoundTripper) http.RoundTripper { return r.Transport(next, guard.IsTokenCall) }
	return vault.New(o)
}

// rehearseAccount makes the backend of an account that gets nothing but reads.
func rehearseAccount(o scm.Options, r *guard.Rehearsal) (*scm.Backend, error) {
	o.Wrap = func(next http.RoundTripper) http.RoundTripper { return r.Transport(next, scm.OnlyReads) }
	return scm.New(o)
}

// unwritten is the journal of a rehearsal.
type unwritten struct{}

// Begin keeps nothing.
func (unwritten) Begin(context.Context, backend.Intent) (int64, error) { return 0, nil }

// Finish keeps nothing.
func (unwritten) Finish(context.Context, int64, backend.Outcome) error { return nil }
