package vault

import (
	"context"
	"slices"
	"strings"
	"time"

	"certty/model"
)

// Versions lists the versions of a certificate, newest first (Key Vault REST,
// "Get Certificate Versions"). Versions without a usable id come back as one
// KindOther error beside those that can be shown.
func (v *Vault) Versions(ctx context.Context, ref model.Ref) ([]model.Certificate, error) {
	var list []model.Certificate
	w := v.walk(opVersions, ref, "/certificates/"+ref.Key+"/versions", func(ctx context.Context) error {
		_, err := v.client.NewListCertificatePropertiesVersionsPager(ref.Key, nil).NextPage(ctx)
		return err
	})
	// Only what names no certificate is vault-wide.
	w.call.vaultWide = false
	err := w.all(ctx, func(raw []byte) error {
		item, err := decodeListed(v.info.Name, raw, time.Time{})
		if err != nil {
			return err
		}
		list = append(list, item.Certificate)
		return nil
	})
	slices.SortStableFunc(list, func(a, b model.Certificate) int {
		if c := b.Created.Compare(a.Created); c != 0 {
			return c
		}
		return strings.Compare(a.Version, b.Version)
	})
	return list, err
}

// Version reads one version of a certificate (Key Vault REST, "Get
// Certificate"): the one that the ref's revision names, the current one where
// it has none.
func (v *Vault) Version(ctx context.Context, ref model.Ref) (model.Certificate, error) {
	b, _, err := v.readCertificate(ctx, opRead, ref)
	return b.certificate, err
}
