package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"certty/config"
	"certty/model"
)

// stored is what is stored of a target, with what its repository holds.
func (f *Fleet) stored(ctx context.Context, t *Target) (*model.Snapshot, error) {
	stored, err := f.Store.LoadSnapshot(ctx, t.Name())
	if err == nil {
		var records model.Page
		if records, err = f.records(ctx, t); err == nil {
			stored = stored.Merge(records)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", t.Name(), err)
	}
	return stored, nil
}

// records is what the local repository holds of an account, as news; also in a
// rehearsal, which has no repository.
func (f *Fleet) records(ctx context.Context, t *Target) (model.Page, error) {
	page := model.Page{Fields: model.FieldRecord, AsOf: time.Now()}
	if t.Info().Kind != string(config.KindSCM) {
		return page, nil
	}
	records, err := f.Store.Records(ctx, t.Name())
	for i := range records {
		ref := model.Ref{Target: t.Name(), Kind: model.KindCertificate, Key: records[i].Key}
		page.Items = append(page.Items, model.Item{Ref: ref, Record: &records[i]})
	}
	return page, err
}

// unplaced reports whether a key of an account is that of an order that has no id
// there, so that the account can't be asked for it.
func unplaced(t *Target, key string) bool {
	return t.Info().Kind == string(config.KindSCM) && (key == "" || strings.Trim(key, "0123456789") != "")
}

// Known are all rows that are stored, of every target, but the one that ref
// names.
func (f *Fleet) Known(ctx context.Context, ref model.Ref) ([]*model.Item, error) {
	var out []*model.Item
	for i := range f.Targets {
		stored, err := f.stored(ctx, &f.Targets[i])
		if err != nil {
			return nil, err
		}
		for _, it := range stored.Items() {
			if it.Ref != ref.Row() {
				out = append(out, it)
			}
		}
	}
	return out, nil
}
