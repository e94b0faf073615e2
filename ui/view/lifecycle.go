package view

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certty/backend"
	"certty/model"
)

// Update enables, disables or re-tags the version that ref names, the current
// one where it has no revision. past says what was done, for the toast.
func (d *Desk) Update(ref model.Ref, update model.Update, past string) (uint64, tea.Cmd) {
	lifecycle := d.Target(ref.Target).Capabilities.Lifecycle
	return d.change("update", past, ref, func(ctx context.Context) (backend.Change, error) {
		return lifecycle.Update(ctx, ref, update)
	})
}

// Delete deletes the certificate that ref names, with its key and secret.
func (d *Desk) Delete(ref model.Ref) (uint64, tea.Cmd) {
	lifecycle := d.Target(ref.Target).Capabilities.Lifecycle
	return d.change("delete", "deleted", ref, func(ctx context.Context) (backend.Change, error) {
		return lifecycle.Delete(ctx, ref)
	})
}

// Recover brings a soft-deleted certificate back.
func (d *Desk) Recover(ref model.Ref) (uint64, tea.Cmd) {
	lifecycle := d.Target(ref.Target).Capabilities.Lifecycle
	return d.change("recover", "recovered; the vault may take a minute to show it", ref, func(ctx context.Context) (backend.Change, error) {
		return lifecycle.Recover(ctx, ref)
	})
}

// Purge destroys a soft-deleted certificate.
func (d *Desk) Purge(ref model.Ref) (uint64, tea.Cmd) {
	lifecycle := d.Target(ref.Target).Capabilities.Lifecycle
	return d.change("purge", "purged", ref, func(ctx context.Context) (backend.Change, error) {
		return lifecycle.Purge(ctx, ref)
	})
}
