package guard

import (
	"context"

	"certty/backend"
	"certty/model"
)

// The names of the changing calls on certificates that exist, in the journal
// and in errors.
const (
	// OpNewVersion asks for a new version from the stored policy
	// ([backend.VersionMaker]).
	OpNewVersion = "new version"
	// OpImport brings a certificate with its key into a vault
	// ([backend.Importer]).
	OpImport = "import"
	// OpUpdate enables, disables or re-tags a version ([backend.Lifecycle], as
	// those below).
	OpUpdate = "update"
	// OpUpdatePolicy changes the stored policy.
	OpUpdatePolicy = "update policy"
	// OpDelete soft-deletes a certificate.
	OpDelete = "delete"
	// OpRecover brings a soft-deleted certificate back.
	OpRecover = "recover"
	// OpPurge destroys a soft-deleted certificate for good.
	OpPurge = "purge"
)

type versionMaker struct {
	next backend.VersionMaker
	by   *changer
}

func (m versionMaker) NewVersion(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return m.by.traced(ctx, OpNewVersion, ref, "", Trace{}, func(ctx context.Context) (backend.Change, error) {
		return m.next.NewVersion(ctx, ref)
	})
}

type importer struct {
	next backend.Importer
	by   *changer
}

func (i importer) Import(ctx context.Context, spec model.ImportSpec) (backend.Change, error) {
	ref := model.Ref{Target: i.by.target, Kind: model.KindCertificate, Key: spec.Name}
	return i.by.traced(ctx, OpImport, ref, importDetail(spec), importTrace(spec), func(ctx context.Context) (backend.Change, error) {
		return i.next.Import(ctx, spec)
	})
}

type lifecycle struct {
	next backend.Lifecycle
	by   *changer
}

func (l lifecycle) Update(ctx context.Context, ref model.Ref, update model.Update) (backend.Change, error) {
	return l.by.change(ctx, OpUpdate, ref, UpdateDetail(update), func(ctx context.Context) (backend.Change, error) {
		return l.next.Update(ctx, ref, update)
	})
}

func (l lifecycle) UpdatePolicy(ctx context.Context, ref model.Ref, was, want model.Policy) (backend.Change, error) {
	return l.by.change(ctx, OpUpdatePolicy, ref, policyDetail(was, want), func(ctx context.Context) (backend.Change, error) {
		return l.next.UpdatePolicy(ctx, ref, was, want)
	})
}

func (l lifecycle) Delete(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpDelete, ref, l.next.Delete)
}

func (l lifecycle) Recover(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpRecover, ref, l.next.Recover)
}

func (l lifecycle) Purge(ctx context.Context, ref model.Ref) (backend.Change, error) {
	return l.by.changeRow(ctx, OpPurge, ref, l.next.Purge)
}
