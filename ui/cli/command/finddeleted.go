package command

import (
	"context"
	"fmt"

	"certty/config"
	"certty/model"
)

// FindDeleted is [Fleet.Find] among the soft-deleted certificates, which a vault
// tells of in a list only.
func (f *Fleet) FindDeleted(ctx context.Context, arg string) (*Row, error) {
	targets, name, err := f.named(arg, config.KindVault)
	if err != nil {
		return nil, err
	}
	var rows []*Row
	for _, t := range targets {
		row, err := f.deleted(ctx, t, name)
		if err != nil {
			return nil, err
		}
		if row != nil {
			rows = append(rows, row)
		}
	}
	if len(rows) > 0 {
		return only(arg, rows)
	}
	return nil, &Ended{Code: ExitNotFound, Err: fmt.Errorf("%q is not among the soft-deleted certificates of %s; right after a deletion it can take a minute", arg, names(targets))}
}

func (f *Fleet) deleted(ctx context.Context, t *Target, name string) (*Row, error) {
	sweep := t.Capabilities().SweepDeleted
	if sweep == nil {
		return nil, fmt.Errorf("%s: %s", t.Name(), t.Capabilities().SweepDeletedWhy)
	}
	if err := f.Callable(ctx, t); err != nil {
		return nil, err
	}
	stored, err := f.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	for page, err := range sweep.Sweep(ctx) {
		if err != nil {
			return nil, f.Heed(ctx, t, err)
		}
		for i := range page.Items {
			if page.Items[i].Ref.Key != name {
				continue
			}
			// What else the page holds is no news that is asked for.
			news := model.Page{Fields: page.Fields, AsOf: page.AsOf, Items: page.Items[i : i+1 : i+1]}
			it := stored.Merge(news).Get(name)
			return &Row{Target: t, Item: it, News: []model.Page{news}}, nil
		}
	}
	return nil, nil
}
