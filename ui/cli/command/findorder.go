package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"certty/config"
	"certty/model"
)

// orders reads the orders of an account that name means: the one of that id, or
// every one of that common name. Where none is stored the account is listed. With
// [Fleet.Exact] what is stored is brought up to date first, so that a younger
// order of the same name counts, too; not where an order is meant, among others,
// that has no id there yet.
func (f *Fleet) orders(ctx context.Context, t *Target, stored *model.Snapshot, name string) ([]*Row, error) {
	if strings.Trim(name, "0123456789") == "" {
		row, err := read(ctx, t, stored, name)
		if errors.Is(err, errNothing) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return []*Row{row}, nil
	}
	found := matching(stored, name)
	changes := t.Capabilities().Changes
	switch {
	case slices.ContainsFunc(found, func(it *model.Item) bool { return unplaced(t, it.Ref.Key) }):
	case f.Exact && changes != nil && !stored.SweptAt().IsZero():
		now, err := over(stored, changes.Changes(ctx, stored))
		if err != nil {
			return nil, err
		}
		stored, found = now, matching(now, name)
	case f.Exact, len(found) == 0:
		listed, err := list(ctx, t.Capabilities().Sweep, stored)
		if err != nil {
			return nil, err
		}
		stored, found = listed, matching(listed, name)
	}
	var rows []*Row
	for _, it := range found {
		if unplaced(t, it.Ref.Key) {
			rows = append(rows, &Row{Target: t, Item: it}) // only the repository knows it
			continue
		}
		row, err := read(ctx, t, stored, it.Ref.Key)
		if errors.Is(err, errNothing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

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
