package change

import (
	"context"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/cli/command"
	"certty/ui/cli/order"
)

func newCancel(env *command.Env) *cobra.Command {
	var c command.Changing
	var of order.Cancellation
	cmd := &cobra.Command{
		Use:     "cancel NAME",
		Aliases: []string{"cancel-order"},
		Short:   "Ask for cancellation of a request in progress, or of an order",
		Long: `Asks the vault to cancel the pending request under a name. The vault answers
later: the request stays in progress until then, and may still complete;
certty wait NAME --for cancelled waits for it. The certificate object and its name remain.

The request that was read just before is the one that is cancelled; one that
another client put in its place meanwhile is left alone.

SCM has no call that cancels an order. What comes nearest is done: an order that
waits for approval is declined; an issued certificate is revoked, which needs
--reason, --message and the typed name; a record that was imported at the account
is deleted there. An order that was approved can't be stopped any more.`,
		Example: `  certty cancel shop
  certty cancel prod/shop --yes
  certty cancel prod/shop --dry-run
  certty cancel sectigo/3012 --message duplicate`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				row, err := f.Find(ctx, args[0], "")
				if err != nil {
					return err
				}
				if row.Target.Info().Kind == string(config.KindSCM) {
					return of.Run(ctx, env, f, &c, row)
				}
				change, err := cancel(row)
				if err != nil {
					return err
				}
				change.Target, change.Row, change.Ref = row.Target, row, row.Item.Ref.Row()
				return c.Run(ctx, env, f, change)
			})
		},
	}
	c.Add(cmd)
	c.Confirm.AddTyped(cmd)
	of.Add(cmd)
	return cmd
}

// cancel asks a vault.
func cancel(row *command.Row) (command.Change, error) {
	caps, ref := row.Target.Capabilities(), row.Item.RequestRef()
	if caps.Cancel == nil {
		return command.Change{}, row.Refuse(command.Cant(true, caps.CancelWhy))
	}
	if err := row.Refuse(row.Item.WhyNoRequest()); err != nil {
		return command.Change{}, err
	}
	plan := caps.Cancel.PlanCancel(row.Item)
	if plan.Way == backend.CancelImpossible {
		return command.Change{}, row.Refuse(plan.Effect)
	}
	lines := append([]string{where(row.Target)}, request(row)...)
	lines = append(lines, effect.Cancel(plan.Effect)...)
	return command.Change{
		Question: command.Question{Title: title("Ask for cancellation of", row), Lines: append(lines, sends("PATCH", "/certificates/"+ref.Key+"/pending"))},
		Send:     func(ctx context.Context) (backend.Change, error) { return caps.Cancel.Cancel(ctx, ref) },
	}, nil
}

func newDeleteRequest(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "delete-request NAME",
		Short: "Delete the request object under a name; the certificate remains",
		Long: `Deletes the pending request under a name, in whatever state it is, and with it
the CSR: a certificate that was signed for it can't be merged any more. The
certificate object with its versions, and its name, remain.

This can't be undone, so the name has to be typed; --confirm NAME stands in for
that, --yes does not.`,
		Example: `  certty delete-request shop
  certty delete-request prod/shop --confirm shop`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onRow(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				caps, ref := row.Target.Capabilities(), row.Item.RequestRef()
				if err := row.Refuse(command.Cant(caps.DeleteRequest == nil, caps.DeleteRequestWhy), row.Item.WhyNoRequest()); err != nil {
					return command.Change{}, err
				}
				lines := append([]string{where(row.Target)}, request(row)...)
				lines = append(lines, effect.DeleteRequest(row.Item)...)
				return command.Change{
					Question: command.Question{
						Title: title("Delete the request of", row), Typed: ref.Key,
						Lines: append(lines, sends("DELETE", "/certificates/"+ref.Key+"/pending")),
					},
					Send: func(ctx context.Context) (backend.Change, error) { return caps.DeleteRequest.DeleteRequest(ctx, ref) },
				}, nil
			})
		},
	}
	c.AddTyped(cmd)
	return cmd
}

func newVersion(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "new-version NAME",
		Short: "Ask for a new version from the stored policy: renew a certificate",
		Long: `Asks for a new version of a certificate. The policy that is stored in the vault
is used as it stands, and no policy is sent. The current version stays live
until the new one is there: at once with issuer Self, when the CA has issued it,
or, with issuer Unknown, when its certificate is merged.

Key Vault allows one request at a time: one in progress is found before anything
is sent, and the ways out are named.`,
		Example: `  certty new-version shop
  certty new-version prod/shop --yes && certty wait prod/shop --for completed
  certty new-version prod/shop --dry-run`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onRow(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				caps, ref := row.Target.Capabilities(), row.Item.Ref.Row()
				if err := row.Refuse(command.Cant(caps.NewVersion == nil, caps.NewVersionWhy), row.Item.WhyNotLive()); err != nil {
					return command.Change{}, err
				}
				if err := inTheWay(row); err != nil {
					return command.Change{}, err
				}
				lines := []string{where(row.Target)}
				if p := row.Item.Policy; p != nil {
					lines = append(lines, effect.NewVersion(row.Item, *p), "The policy that is stored in the vault is used as it stands:")
					lines = append(lines, facts(policytext.Facts(*p))...)
				}
				return command.Change{
					Question: command.Question{Title: title("New version of", row), Lines: append(lines, sends("POST", "/certificates/"+ref.Key+"/create, without a policy"))},
					Send: func(ctx context.Context) (backend.Change, error) {
						change, err := caps.NewVersion.NewVersion(ctx, ref)
						return change, waysOut(ref, err)
					},
				}, nil
			})
		},
	}
	c.Add(cmd)
	return cmd
}
