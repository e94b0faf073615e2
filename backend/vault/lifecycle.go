package vault

import (
	"context"
	"maps"
	"net/http"

	"github.com/Azure/azure-sdk-for-go/sdk/security/keyvault/azcertificates"

	"certty/backend"
	"certty/model"
)

// Update enables, disables or re-tags a version (Key Vault REST, "Update
// Certificate"). The page is the certificate's current version, which need not
// be the one that was changed; it is empty where that could not be read
// afterwards. Tags are read just before where the update says what they were.
func (v *Vault) Update(ctx context.Context, ref model.Ref, update model.Update) (backend.Change, error) {
	c := call{op: opUpdate, ref: ref, want: http.StatusOK, changes: true}
	var p azcertificates.UpdateCertificateParameters
	if update.Enabled != nil {
		p.CertificateAttributes = &azcertificates.CertificateAttributes{Enabled: update.Enabled}
	}
	if update.Tags != nil {
		p.Tags = allTags(*update.Tags)
	}
	if p.CertificateAttributes == nil && p.Tags == nil {
		return backend.Change{}, invalid(c, "there is nothing to change")
	}
	written, err := v.confirmTags(ctx, c, update)
	if err != nil {
		return backend.Change{}, err
	}
	restoreTags(p.Tags, written)
	b, a, err := v.doBundle(ctx, c, func(ctx context.Context) error {
		_, err := v.client.UpdateCertificate(ctx, ref.Key, ref.Revision, p, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	change := backend.Change{Page: v.certificatePage(ref.Key, b, a), ServiceRequestID: a.serviceID()}
	if ref.Revision != "" {
		// The row shows the current version. The poller reads it again if this
		// fails; the change itself is done.
		change.Page, _ = v.Read(ctx, v.certificateRef(ref.Key))
	}
	return change, nil
}

// confirmTags reads the tags of the version that is to be changed and compares
// them with those that the person saw. It gives them as the service wrote them.
func (v *Vault) confirmTags(ctx context.Context, change call, update model.Update) (map[string]*string, error) {
	if update.Tags == nil || update.TagsWere == nil {
		return nil, nil //nolint:nilnil // they are not asked for
	}
	if v.info.ReadOnly {
		return nil, readOnly(change)
	}
	b, a, err := v.readCertificate(ctx, change.op, change.ref)
	if err != nil {
		return nil, err
	}
	if !maps.Equal(b.certificate.Tags, *update.TagsWere) {
		return nil, &backend.Error{
			Kind: backend.KindConflict, Op: change.op, Ref: change.ref, RequestID: a.serviceID(),
			Message: "the tags are others by now; nothing was sent",
		}
	}
	return b.tags, nil
}

// Delete soft-deletes a certificate with every version, its key and its secret
// (Key Vault REST, "Delete Certificate"). The service is not done when it
// answers: for up to a minute the certificate may be listed and not yet be
// among the deleted, so nothing is read back.
func (v *Vault) Delete(ctx context.Context, ref model.Ref) (backend.Change, error) {
	c := call{op: opDelete, ref: ref, want: http.StatusOK, changes: true}
	b, a, err := v.doBundle(ctx, c, func(ctx context.Context) error {
		_, err := v.client.DeleteCertificate(ctx, ref.Key, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	deletion := b.deletion.model(a.at)
	// A vault without soft-delete, which older ones could be, keeps nothing.
	deletion.Purged = b.deletion.RecoveryID == "" && deletion.At.IsZero()
	return backend.Change{Page: v.deletionPage(ref.Key, b.certificate, deletion, a), ServiceRequestID: a.serviceID()}, nil
}

// Recover brings a soft-deleted certificate back (Key Vault REST, "Recover
// Deleted Certificate"). The page is the certificate as the service answers,
// and says that it is not deleted. Reads lag behind it for up to a minute, so
// nothing is read back.
func (v *Vault) Recover(ctx context.Context, ref model.Ref) (backend.Change, error) {
	c := call{op: opRecover, ref: ref, want: http.StatusOK, changes: true}
	b, a, err := v.doBundle(ctx, c, func(ctx context.Context) error {
		_, err := v.client.RecoverDeletedCertificate(ctx, ref.Key, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	page := v.certificatePage(ref.Key, b, a)
	page.Fields |= model.FieldDeleted
	return backend.Change{Page: page, ServiceRequestID: a.serviceID()}, nil
}

// Purge destroys a soft-deleted certificate for good (Key Vault REST, "Purge
// Deleted Certificate"). The name is free again within a minute.
func (v *Vault) Purge(ctx context.Context, ref model.Ref) (backend.Change, error) {
	c := call{op: opPurge, ref: ref, want: http.StatusNoContent, changes: true}
	a, err := v.do(ctx, c, func(ctx context.Context) error {
		_, err := v.client.PurgeDeletedCertificate(ctx, ref.Key, nil)
		return err
	})
	if err != nil {
		return backend.Change{}, err
	}
	page := v.deletionPage(ref.Key, model.Certificate{}, &model.Deletion{SeenAt: a.at, Purged: true}, a)
	return backend.Change{Page: page, ServiceRequestID: a.serviceID()}, nil
}

func (v *Vault) deletionPage(name string, c model.Certificate, d *model.Deletion, a answer) model.Page {
	return model.Page{
		Fields: model.FieldDeleted,
		AsOf:   a.at,
		Items:  []model.Item{{Ref: v.certificateRef(name), Certificate: c, Deletion: d}},
	}
}

// invalid is the error of what is refused before it is sent.
func invalid(c call, message string) *backend.Error {
	return &backend.Error{Kind: backend.KindInvalid, Op: c.op, Ref: c.ref, Message: message}
}
