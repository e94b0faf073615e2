package change

import (
	"context"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/model"
	"certty/model/effect"
	"certty/model/timetext"
	"certty/ui/cli/command"
)

func newEnable(env *command.Env, on bool) *cobra.Command {
	var c command.Changing
	var version string
	cmd := &cobra.Command{
		Use:   "disable NAME",
		Short: "Disable the current version of a certificate",
		Long: `Disables the current version of a certificate, or the one that --version names,
and its key and secret with it: whoever asks the vault for them is refused at
once. Copies that clients hold already go on working. certty enable undoes it.`,
		Example: `  certty disable shop
  certty disable prod/shop --version 0f3a4c5d6e7f48a9b0c1d2e3f4a5b6c7 --yes`,
	}
	verb := "Disable"
	if on {
		verb = "Enable"
		cmd.Use, cmd.Short = "enable NAME", "Enable the current version of a certificate again"
		cmd.Long = `Enables the current version of a certificate, or the one that --version names:
its key and its secret can be used again at once. certty disable undoes it.`
		cmd.Example = `  certty enable shop
  certty enable prod/shop --yes`
	}
	cmd.Args = command.ExactArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return onRow(cmd, env, &c, args[0], func(ctx context.Context, f *command.Fleet, row *command.Row) (command.Change, error) {
			life, err := lifecycle(row, row.Item.WhyNotEnabled())
			if err != nil {
				return command.Change{}, err
			}
			of, err := f.Version(ctx, row, version)
			if err != nil {
				return command.Change{}, err
			}
			ref := row.Item.Ref.Row()
			ref.Revision = of.Version
			lines := append([]string{where(row.Target)}, certificate(of)...)
			if of.Version != row.Item.Certificate.Version {
				lines = append(lines, "An older version: the current one stays as it is.")
			}
			lines = append(lines, effect.Enable(on)...)
			return command.Change{
				Question: command.Question{Title: title(verb, row), Lines: append(lines, sends("PATCH", "/certificates/"+ref.Key+"/"+ref.Revision))},
				Send: func(ctx context.Context) (backend.Change, error) {
					return life.Update(ctx, ref, model.Update{Enabled: &on})
				},
			}, nil
		})
	}
	c.Add(cmd)
	cmd.Flags().StringVar(&version, "version", "", "the version of this `id` instead of the current one; certty versions lists them")
	return cmd
}

func newDelete(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a certificate with its key and its secret",
		Long: `Soft-deletes a certificate with every version, and the key and the secret of the
same name. Until when it can be recovered is said before it is done; certty
recover brings it back, certty purge destroys it.

The name has to be typed; --confirm NAME stands in for that, --yes does not.`,
		Example: `  certty delete shop
  certty delete prod/shop --confirm shop`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onRow(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				life, err := lifecycle(row, row.Item.WhyNotDeleted())
				if err != nil {
					return command.Change{}, err
				}
				ref := row.Item.Ref.Row()
				lines := append([]string{where(row.Target)}, certificate(row.Item.Certificate)...)
				lines = append(lines, effect.Delete(row.Item)...)
				lines = append(lines, effect.Retention(effect.Retained(row.Item.Certificate), env.Now()), sends("DELETE", "/certificates/"+ref.Key))
				return command.Change{
					Question: command.Question{Title: title("Delete", row), Lines: lines, Typed: ref.Key},
					Send:     func(ctx context.Context) (backend.Change, error) { return life.Delete(ctx, ref) },
				}, nil
			})
		},
	}
	c.AddTyped(cmd)
	return cmd
}

func newRecover(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "recover NAME",
		Short: "Bring a soft-deleted certificate back, with its key and its secret",
		Long: `Recovers a soft-deleted certificate: it comes back with every version, its key
and its secret, as it was. The vault may need a minute until everybody sees it.`,
		Example: `  certty recover shop
  certty recover prod/shop --yes`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onDeleted(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				life, err := lifecycle(row, row.Item.WhyNotRecovered())
				if err != nil {
					return command.Change{}, err
				}
				ref := row.Item.Ref.Row()
				lines := append(deletion(row), effect.Recover()...)
				return command.Change{
					Question: command.Question{Title: title("Recover", row), Lines: append(lines, sends("POST", "/deletedcertificates/"+ref.Key+"/recover"))},
					Send:     func(ctx context.Context) (backend.Change, error) { return life.Recover(ctx, ref) },
				}, nil
			})
		},
	}
	c.Add(cmd)
	return cmd
}

func newPurge(env *command.Env) *cobra.Command {
	var c command.Changing
	cmd := &cobra.Command{
		Use:   "purge NAME",
		Short: "Destroy a soft-deleted certificate for good",
		Long: `Purges a soft-deleted certificate: every version, its key and its secret are
destroyed, and nobody can bring them back. A vault with purge protection refuses
it, and destroys the certificate by itself when its time is over.

The name has to be typed; --confirm NAME stands in for that, --yes does not.`,
		Example: `  certty purge shop
  certty purge prod/shop --confirm shop`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onDeleted(cmd, env, &c, args[0], func(_ context.Context, _ *command.Fleet, row *command.Row) (command.Change, error) {
				life, err := lifecycle(row, row.Item.WhyNotPurged())
				if err != nil {
					return command.Change{}, err
				}
				ref := row.Item.Ref.Row()
				lines := append(deletion(row), effect.Purge()...)
				return command.Change{
					Question: command.Question{
						Title: title("Purge", row) + " for good", Typed: ref.Key, Lines: append(lines, sends("DELETE", "/deletedcertificates/"+ref.Key)),
					},
					Send: func(ctx context.Context) (backend.Change, error) { return life.Purge(ctx, ref) },
				}, nil
			})
		},
	}
	c.AddTyped(cmd)
	return cmd
}

// deletion says which soft-deleted certificate is meant.
func deletion(row *command.Row) []string {
	d := row.Item.Deletion
	return []string{where(row.Target), "deleted  " + timetext.Moment(d.At), "kept     until " + timetext.Moment(d.PurgeAt)}
}
