package order

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model/effect"
	"certty/ui/cli/command"
)

func newDeliver(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "deliver ORDER",
		Short: "Vouch for a certificate that is for another key, and write its files",
		Long: `A certificate that is for none of the keys of its order is collected and held back:
its files are not written and on_issued does not run, since a server would not
start with it beside the key that lies there. Somebody may have had it replaced on
SCM's own pages. certty replace gets one for a key made here; this command takes
your word that the certificate is right as it is.

Nothing is sent. The name of the order has to be typed; --confirm NAME stands in
for that, --yes does not. Files that are only due are written by themselves, or by
certty collect.

` + orderArgument,
		Example: "  certty deliver sectigo/3012\n  certty deliver 3012 --confirm portal.example.com",
		Args:    command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.With(cmd, env, args[0], config.KindSCM, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				return deliver(ctx, env, f, &c, row)
			})
		},
	}
	c.AddLocal(cmd)
	c.Confirm.AddTyped(cmd)
	return cmd
}

func deliver(ctx context.Context, env *command.Env, f *command.Fleet, c *command.Changing, row *command.Row) error {
	it := row.Item
	if err := row.Refuse(unread(row), it.WhyNotDelivered()); err != nil {
		return err
	}
	ref := it.Ref
	ref.Revision = it.Record.ChainSerial
	files, err := row.Target.Repository.Deployment(ctx, ref.Key)
	if err != nil {
		return err
	}
	facts := append(orderFacts(it), fact{"serial", ref.Revision}, fact{"files", cmp.Or(effect.Files(files), "none are wanted")})
	q := command.Question{Title: title("Deliver all the same:", row), Lines: append(append(lines(facts), ""), effect.Vouched()...)}
	q.Typed, _ = it.Typed()
	return c.Run(ctx, env, f, command.Change{
		Target: row.Target, Row: row, Ref: ref, Question: q,
		Local: "It would note your word for " + row.Name() + " in " + here(f) + ", and write its files: " + cmp.Or(effect.Files(files), "none are wanted"),
		Send: func(ctx context.Context) (backend.Change, error) {
			_, err := row.Target.Repository.Vouch(ctx, ref.Key, ref.Revision)
			return change(err)
		},
	})
}
