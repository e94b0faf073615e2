package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"certty/backend"
	"certty/config"
	"certty/model"
)

// Row is a row that a command works on.
type Row struct {
	Target *Target
	// Item is the row as it was read just now, over what was stored of it.
	Item *model.Item
	// News are the answers that Item was made from.
	News []model.Page
}

// Name is how a person names the row on the command line: TARGET/NAME, at a CA
// account TARGET/ID.
func (r *Row) Name() string { return r.Target.Name() + "/" + r.Item.Ref.Key }

// errNothing is a name that nothing has.
var errNothing = errors.New("there is no such row")

// Find reads the row that arg names, NAME or TARGET/NAME, from its service. At a
// CA account NAME is an order's id, or its common name where only one order has
// it. kind limits the targets that are looked at; "" looks at all.
//
// A target that is named, or is the only one, is asked for the row itself and
// never for a list, except an account for a common name that is not stored. Of
// several, those are asked that hold the name as far as is stored, and those of
// which nothing is stored; all are, where that finds nothing.
//
// A name that nothing has is [ExitNotFound], one that several rows have an error
// of the command line that lists them.
func (f *Fleet) Find(ctx context.Context, arg string, kind config.TargetKind) (*Row, error) {
	targets, name, err := f.named(arg, kind)
	if err != nil {
		return nil, err
	}
	likely, rest := targets, []*Target(nil)
	if len(targets) > 1 && !f.Exact {
		likely, rest = f.likely(ctx, targets, name)
	}
	for _, some := range [][]*Target{likely, rest} {
		rows, err := f.ask(ctx, some, name)
		if err != nil && len(some) > 1 {
			err = fmt.Errorf("%w\n  One of several targets did not answer, and what %q names there is not known: TARGET/NAME asks one only", err, name)
		}
		if err != nil {
			return nil, err
		}
		if len(rows) > 0 {
			return only(arg, rows)
		}
	}
	return nil, f.unknown(ctx, arg, name, targets)
}

// Standing reads what stands under a key of a target, for what is to be made under
// it; nil when nothing does. Of a soft-deleted certificate it is what is stored.
func (f *Fleet) Standing(ctx context.Context, t *Target, key string) (*Row, error) {
	if err := f.Callable(ctx, t); err != nil {
		return nil, err
	}
	stored, err := f.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	row, err := read(ctx, t, stored, key)
	if !errors.Is(err, errNothing) {
		return row, f.Heed(ctx, t, err)
	}
	if it := stored.Get(key); it != nil && it.Deletion != nil {
		return &Row{Target: t, Item: it}, nil
	}
	return nil, nil //nolint:nilnil // nothing stands there
}

// likely parts the targets into those that may hold the name, as far as is
// stored, and the rest.
func (f *Fleet) likely(ctx context.Context, targets []*Target, name string) (likely, rest []*Target) {
	for _, t := range targets {
		stored, err := f.stored(ctx, t)
		unseen := err != nil || stored.SweptAt().IsZero()
		if unseen || len(matching(stored, name)) > 0 {
			likely = append(likely, t)
		} else {
			rest = append(rest, t)
		}
	}
	return likely, rest
}

// matching are the rows of that name: the one of that key, else the orders of
// that common name.
func matching(s *model.Snapshot, name string) []*model.Item {
	if s == nil {
		return nil
	}
	if it := s.Get(name); it != nil {
		return []*model.Item{it}
	}
	var out []*model.Item
	for _, it := range s.Items() {
		if called(it, name) {
			out = append(out, it)
		}
	}
	return out
}

// ask reads the name at some targets at once. A name that a target does not
// have is no error.
func (f *Fleet) ask(ctx context.Context, targets []*Target, name string) ([]*Row, error) {
	rows := make([][]*Row, len(targets))
	errs := make([]error, len(targets))
	var all sync.WaitGroup
	for i, t := range targets {
		all.Go(func() { rows[i], errs[i] = f.askOne(ctx, t, name) })
	}
	all.Wait()
	return slices.Concat(rows...), errors.Join(errs...)
}

func (f *Fleet) askOne(ctx context.Context, t *Target, name string) ([]*Row, error) {
	if why := t.Capabilities().ReadWhy; t.Capabilities().Read == nil {
		return nil, fmt.Errorf("%s: %s", t.Name(), why)
	}
	if err := f.Callable(ctx, t); err != nil {
		return nil, err
	}
	stored, err := f.stored(ctx, t)
	if err != nil {
		return nil, err
	}
	if t.Info().Kind == string(config.KindSCM) {
		rows, err := f.orders(ctx, t, stored, name)
		return rows, f.Heed(ctx, t, err)
	}
	if possible := model.CheckName(name) == nil; !possible {
		return nil, nil // no certificate of a vault is called so: it may be an order's name
	}
	row, err := read(ctx, t, stored, name)
	if errors.Is(err, errNothing) {
		return nil, nil
	}
	if err != nil {
		return nil, f.Heed(ctx, t, err)
	}
	return []*Row{row}, nil
}

// read reads one row anew. [errNothing] means that the service has none.
func read(ctx context.Context, t *Target, stored *model.Snapshot, key string) (*Row, error) {
	kinds := []model.Kind{model.KindCertificate, model.KindRequest}
	if t.Info().Kind == string(config.KindSCM) {
		kinds = kinds[:1] // either reads the order
	}
	pages := make([]model.Page, len(kinds))
	errs := make([]error, len(kinds))
	var all sync.WaitGroup
	for i, kind := range kinds {
		all.Go(func() {
			pages[i], errs[i] = t.Capabilities().Read.Read(ctx, model.Ref{Target: t.Name(), Kind: kind, Key: key})
		})
	}
	all.Wait()
	if backend.KindOf(errs[0]) == backend.KindNotFound && errs[0] != nil {
		return nil, errNothing
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	row := &Row{Target: t, News: pages}
	for _, page := range pages {
		stored = stored.Merge(page)
	}
	if row.Item = stored.Get(key); row.Item == nil {
		return nil, errNothing
	}
	return row, nil
}

// only is the one row that was found.
func only(arg string, rows []*Row) (*Row, error) {
	if len(rows) == 1 {
		return rows[0], nil
	}
	said := make([]string, len(rows))
	for i, r := range rows {
		said[i] = r.Name()
		if o := r.Item.Order; o != nil {
			said[i] += " (" + r.Item.Name() + ", " + o.Status + ")"
		}
	}
	return nil, Usage(fmt.Errorf("%q is the name of several: %s", arg, strings.Join(said, ", ")))
}

// unknown says that nothing has the name, and what is stored of it.
func (f *Fleet) unknown(ctx context.Context, arg, name string, targets []*Target) error {
	for _, t := range targets {
		stored, err := f.stored(ctx, t)
		if err != nil {
			continue
		}
		if it := stored.Get(name); it != nil && it.Deletion != nil && !it.Deletion.Purged {
			return &Ended{Code: ExitNotFound, Err: fmt.Errorf("%s/%s is soft-deleted: certty recover brings it back", t.Name(), name)}
		}
	}
	return &Ended{Code: ExitNotFound, Err: fmt.Errorf("%q: %w in %s", arg, errNothing, names(targets))}
}
