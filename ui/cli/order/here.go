package order

import (
	"context"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/backend/repository"
	"certty/config"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

func newDeleteHere(env *command.Env) *cobra.Command {
	var c command.Changing
	var destroy bool
	cmd := &cobra.Command{
		Use:   "delete-here ORDER...",
		Short: "Hide orders here; the account keeps them",
		Long: `Removes the record of orders from the local repository. Only here: the account
keeps the order and what it costs, and a certificate that was issued stays valid.
Reading the account again does not bring it back; certty restore does, and
certty import-orders --deleted-here.

A private key that was made here stays, encrypted as it is. With --destroy-key it
is destroyed for good: then the name of each order has to be typed, or --confirm
NAME given for the one that is meant. An order that was never placed goes
altogether, its key with it.`,
		Example: "  certty delete-here sectigo/3012 sectigo/3013\n  certty delete-here 3012 --destroy-key --confirm portal.example.com",
		Args:    command.MinimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				var failed []error
				for _, arg := range args {
					row, err := f.Find(ctx, arg, config.KindSCM)
					if err == nil {
						err = deleteHere(ctx, env, f, &c, row, destroy)
					}
					failed = append(failed, err)
				}
				return first(failed)
			})
		},
	}
	c.AddLocal(cmd)
	c.Confirm.Add(cmd)
	c.Confirm.AddTyped(cmd)
	cmd.Flags().BoolVar(&destroy, "destroy-key", false, "destroy the private keys that were made here, too")
	return cmd
}

func deleteHere(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row, destroy bool) error {
	it := row.Item
	if it.Hidden() {
		return row.Refuse("it is deleted here already: certty restore shows it again")
	}
	if err := row.Refuse(it.WhyNotHidden()); err != nil {
		return err
	}
	held := it.Record != nil && it.Record.KeyHeld
	if destroy && !held {
		return row.Refuse("no private key of it was made here: leave --destroy-key out")
	}
	q := command.Question{Title: title("Delete here:", row), Lines: append(lines(orderFacts(it)), "")}
	switch o := it.Order; {
	case o == nil && held && !destroy:
		return row.Refuse(repository.ErrKeyHeld.Error() + ": nothing remains of an order that was never placed. --destroy-key says so")
	case o == nil:
		q.Lines = append(q.Lines, "It was never placed: the account has no order of it, and nothing remains of it here either.")
	default:
		q.Lines = append(q.Lines, "Only here: the account keeps the order, and what it costs. A certificate that was issued stays valid.",
			"certty restore shows it again. Reading the account again does not.")
		if o.Phase.Open() {
			q.Lines = append(q.Lines, "The order is still open: should it be issued, nobody here is told.")
		}
	}
	switch {
	case destroy:
		q.Lines = append(q.Lines, "The private key that was made here is destroyed for good. Nobody can bring it back, and no keystore can be made of the certificate any more.")
		q.Typed, _ = it.Typed()
	case held:
		q.Lines = append(q.Lines, "The private key that was made here stays, encrypted as it is, and comes back with the order.")
	}
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: it.Ref, Question: q, Local: hidden(f, row, destroy),
		Send: func(ctx context.Context) (backend.Change, error) {
			return change(row.Target.Repository.Remove(ctx, it.Ref.Key, it.Name(), destroy))
		},
	})
}

// hidden says what deleting here would do.
func hidden(f *command.Fleet, row *command.Row, destroy bool) string {
	said := "It would hide " + row.Name() + " in " + here(f)
	if row.Item.Order == nil {
		said = "It would remove " + row.Name() + " from " + here(f)
	}
	if destroy {
		said += ", and destroy the private key that was made for it"
	}
	return said
}

func newRestore(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "restore ORDER",
		Short: "Show an order again that was deleted here",
		Long: `Shows an order again that was deleted here; what is due for it goes on by itself.
Nothing is sent to change the account.

` + orderArgument,
		Example: "  certty restore sectigo/3012 --yes",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				if !row.Item.Hidden() {
					return row.Refuse("it is not deleted here")
				}
				said := append(lines(append(orderFacts(row.Item), fact{"deleted", timetext.Moment(row.Item.Record.DeletedAt)})), "",
					"The row is shown again, and what is due for it goes on by itself. Nothing is sent to change the account.")
				return c.Run(ctx, env, f, command.Change{
					Target: row.Target, Row: row, Ref: row.Item.Ref,
					Local:    "It would show " + row.Name() + " again, in " + here(f),
					Question: command.Question{Title: title("Show again:", row), Lines: said},
					Send: func(ctx context.Context) (backend.Change, error) {
						return change(row.Target.Repository.Restore(ctx, row.Item.Ref.Key))
					},
				})
			})
		},
	}
	c.AddLocal(cmd)
	c.Confirm.Add(cmd)
	return cmd
}
