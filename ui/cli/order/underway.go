package order

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"certty/model"
	"certty/ui/cli/command"
)

// underWay is an error where the same was ordered from here and is on its way: the
// same names, organization and profile, for whatever key. A script that is run
// again after an answer was lost would make another key, and pay for another
// certificate. Again allows it, but not while it is in doubt whether the one
// before was placed. An order for the same common name that is in doubt and for
// other names besides is another order, which again allows.
//
// Meanwhile does the same for an order of that name that another program writes
// down until this one is.
func underWay(ctx context.Context, f *command.Fleet, t *command.Target, want *model.OrderSpec, again bool) (meanwhile func([]model.Record) error, err error) {
	records, err := f.Store.Records(ctx, t.Name())
	if err != nil {
		return nil, fmt.Errorf("look what was ordered from here: %w", err)
	}
	meanwhile = func(now []model.Record) error {
		for i := range now {
			r := &now[i]
			// The key becomes the order's id once it is placed.
			known := r.Reference == "" || slices.ContainsFunc(records, func(was model.Record) bool { return was.Reference == r.Reference })
			if !again && !known && r.Begun() && r.DeletedAt.IsZero() && strings.EqualFold(r.CommonName, want.CommonName) {
				return fmt.Errorf("nothing was sent: another program ordered for this name meanwhile, %s/%s. %s", t.Name(), r.Key, r.Stands())
			}
		}
		return nil
	}
	stored, err := f.Store.LoadSnapshot(ctx, t.Name())
	if err != nil {
		return nil, fmt.Errorf("read what is stored of %s: %w", t.Name(), err)
	}
	for i := range records {
		r := &records[i]
		if !r.DeletedAt.IsZero() || !strings.EqualFold(r.CommonName, want.CommonName) {
			continue
		}
		if !r.Begun() {
			continue
		}
		if it := stored.Get(r.Key); !r.Unsettled() && (again || it != nil && it.Order != nil && !it.Order.Phase.Open()) {
			continue
		}
		held, err := f.Store.Holding(ctx, t.Name(), r.Key)
		if err != nil {
			return nil, fmt.Errorf("read the order %s: %w", r.Key, err)
		}
		switch {
		case held.Spec != nil && same(held.Spec, want):
			return nil, fmt.Errorf("nothing was sent: the same was ordered from here already, %s/%s. %s%s", t.Name(), r.Key, r.Stands(), wayOn(t, r))
		case r.Unsettled() && !again:
			return nil, fmt.Errorf("nothing was sent: an order for this name is not settled, %s/%s. %s If both are placed, both cost a certificate; --order-twice orders this one all the same%s",
				t.Name(), r.Key, r.Stands(), wayOn(t, r))
		}
	}
	return meanwhile, nil
}

// same reports whether two orders are for the same names at the same organization
// and profile.
func same(a, b *model.OrderSpec) bool {
	names := func(s *model.OrderSpec) map[string]bool {
		out := map[string]bool{}
		for _, name := range append(slices.Clone(s.SANs), s.CommonName) {
			out[strings.ToLower(name)] = true
		}
		return out
	}
	return a.OrganizationID == b.OrganizationID && a.ProfileID == b.ProfileID && maps.Equal(names(a), names(b))
}
