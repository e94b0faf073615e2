package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"certty/config"
)

// opening opens the targets that flags choose: for reading, or for a change.
type opening func(*cobra.Command, *Env) (*Fleet, error)

// within does do with the targets and gives them back.
func (open opening) within(cmd *cobra.Command, env *Env, do func(context.Context, *Fleet) error) (err error) {
	f, err := open(cmd, env)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Release()) }()
	return do(cmd.Context(), f)
}

// with does do with the row that arg names.
func (open opening) with(cmd *cobra.Command, env *Env, arg string, kind config.TargetKind, do func(context.Context, *Fleet, *Row) error) error {
	return open.within(cmd, env, func(ctx context.Context, f *Fleet) error {
		row, err := f.Find(ctx, arg, kind)
		if err != nil {
			return err
		}
		return do(ctx, f, row)
	})
}

// at does do with the target that is meant, which may be called.
func (open opening) at(cmd *cobra.Command, env *Env, name string, kind config.TargetKind, do func(context.Context, *Fleet, *Target) error) error {
	return open.within(cmd, env, func(ctx context.Context, f *Fleet) error {
		t, err := f.One(name, kind)
		if err != nil {
			return err
		}
		if err := f.Callable(ctx, t); err != nil {
			return err
		}
		return do(ctx, f, t)
	})
}

// Within opens the targets that the flags choose, for reading, and does do with
// them.
func (r *Reaching) Within(cmd *cobra.Command, env *Env, do func(context.Context, *Fleet) error) error {
	return opening(r.Open).within(cmd, env, do)
}

// With is [Reaching.Within] with the row that arg names, see [Fleet.Find].
func (r *Reaching) With(cmd *cobra.Command, env *Env, arg string, kind config.TargetKind, do func(context.Context, *Fleet, *Row) error) error {
	return opening(r.Open).with(cmd, env, arg, kind, do)
}

// At is [Reaching.Within] with one target, see [Fleet.One]. One whose login was
// refused before is an error.
func (r *Reaching) At(cmd *cobra.Command, env *Env, name string, kind config.TargetKind, do func(context.Context, *Fleet, *Target) error) error {
	return opening(r.Open).at(cmd, env, name, kind, do)
}

// Within is [Reaching.Within] for a change, see [Changing.Open].
func (c *Changing) Within(cmd *cobra.Command, env *Env, do func(context.Context, *Fleet) error) error {
	return opening(c.Open).within(cmd, env, do)
}

// With is [Reaching.With] for a change.
func (c *Changing) With(cmd *cobra.Command, env *Env, arg string, kind config.TargetKind, do func(context.Context, *Fleet, *Row) error) error {
	return opening(c.Open).with(cmd, env, arg, kind, do)
}

// At is [Reaching.At] for a change.
func (c *Changing) At(cmd *cobra.Command, env *Env, name string, kind config.TargetKind, do func(context.Context, *Fleet, *Target) error) error {
	return opening(c.Open).at(cmd, env, name, kind, do)
}
