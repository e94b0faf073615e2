package command

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"certty/backend"
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
	case f.Exact && changes != nil && !stored.SweptAt().IsZero() && stored.HoldsOrders():
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

// list reads the list of a target over what is stored of it.
func list(ctx context.Context, sweep backend.Sweeper, stored *model.Snapshot) (*model.Snapshot, error) {
	return over(stored, sweep.Sweep(ctx))
}

// over is what is stored with pages of news over it.
func over(stored *model.Snapshot, pages iter.Seq2[model.Page, error]) (*model.Snapshot, error) {
	draft := stored.Draft()
	for page, err := range pages {
		if err != nil {
			return nil, err
		}
		draft.Merge(page)
	}
	return draft.Snapshot(), nil
}
