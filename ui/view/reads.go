package view

import (
	"context"
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"certty/model"
)

// VersionsRead carries the versions of a certificate, newest first.
type VersionsRead struct {
	Ref      model.Ref
	Versions []model.Certificate
	Err      error
}

// ReadVersions lists the versions of the certificate that ref names. The
// target must be able to.
func (d *Desk) ReadVersions(ref model.Ref) tea.Cmd {
	ctx, reader := d.ctx, d.Target(ref.Target).Capabilities.Versions
	return func() tea.Msg {
		versions, err := reader.Versions(ctx, ref)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return VersionsRead{Ref: ref, Versions: versions, Err: err}
	}
}

// VersionRead carries one version with its content.
type VersionRead struct {
	Ref         model.Ref
	Certificate model.Certificate
	Err         error
}

// ReadVersion reads the version that ref's revision names, the current one
// where it has none. The target must be able to.
func (d *Desk) ReadVersion(ref model.Ref) tea.Cmd {
	ctx, reader := d.ctx, d.Target(ref.Target).Capabilities.Versions
	return func() tea.Msg {
		certificate, err := reader.Version(ctx, ref)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return VersionRead{Ref: ref, Certificate: certificate, Err: err}
	}
}

// CatalogRead carries what is set up in a vault. What could not be read has
// its error; the other part stands.
type CatalogRead struct {
	Target      string
	Issuers     []model.IssuerInfo
	IssuersErr  error
	Contacts    []model.Contact
	ContactsErr error
}

// ReadCatalog reads the issuers and the contacts of a target, which must be
// able to tell them.
func (d *Desk) ReadCatalog(target string) tea.Cmd {
	ctx, catalog := d.ctx, d.Target(target).Capabilities.Catalog
	return func() tea.Msg {
		read := CatalogRead{Target: target}
		read.Issuers, read.IssuersErr = catalog.Issuers(ctx)
		read.Contacts, read.ContactsErr = catalog.Contacts(ctx)
		if errors.Is(errors.Join(read.IssuersErr, read.ContactsErr), context.Canceled) {
			return nil
		}
		return read
	}
}

// DeploymentRead carries where the files of an order's certificate go; nil where
// the order is not managed here, or has none.
type DeploymentRead struct {
	Ref        model.Ref
	Deployment *model.Deployment
	Err        error
}

// ReadDeployment reads where the files of the order that ref names go.
func (d *Desk) ReadDeployment(ref model.Ref) tea.Cmd {
	ctx, r := d.ctx, d.Target(ref.Target).Repository
	return func() tea.Msg {
		deployment, err := r.Deployment(ctx, ref.Key)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		return DeploymentRead{Ref: ref, Deployment: deployment, Err: err}
	}
}
