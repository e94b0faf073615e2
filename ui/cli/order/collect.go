package order

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/ui/cli/command"
)

func newCollect(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "collect ORDER",
		Short: "Fetch the issued certificate into the local repository now",
		Long: `Fetches the certificate of an order that is managed here, puts its chain in
order, matches it to its key and keeps it; where files were wanted they are
written and on_issued runs. A console and certty work do this by themselves.

Nothing changes at the account, so nobody is asked. A certificate that is not
issued yet ends with exit code 8. One for a key that is not the order's is kept
and held back: see certty deliver.

` + orderArgument,
		Example: "  certty collect sectigo/3012",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return collect(ctx, env, f, &c, row)
			})
		},
	}
	c.AddFetching(cmd)
	return cmd
}

func collect(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row) error {
	caps := row.Target.Capabilities()
	if err := row.Refuse(command.Cant(caps.Collect == nil, caps.CollectWhy), unread(row)); err != nil {
		return err
	}
	if o := row.Item.Order; o.Phase.Open() {
		return &command.Ended{Code: command.ExitPending, Err: fmt.Errorf("%s: nothing was issued yet: the order is %s", row.Name(), o.Status)}
	}
	if err := row.Refuse(row.Item.WhyNotCollected()); err != nil {
		return err
	}
	err := c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: row.Item.Ref,
		Send: func(ctx context.Context) (backend.Change, error) {
			if c.Dry() {
				_, err := caps.Collect.Collect(ctx, row.Item.Ref)
				env.Say("What it answers would be kept in " + here(f) + ", and its files written where they are wanted.")
				return change(err)
			}
			_, err := row.Target.Repository.Collect(ctx, row.Item.Ref.Key, row.Item.Certificate.Serial)
			return change(err)
		},
	})
	if backend.IsState(err, backend.StateNotIssued) {
		return &command.Ended{Code: command.ExitPending, Err: err}
	}
	return err
}
