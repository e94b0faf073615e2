package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
)

func newCheck(env *command.Env) *cobra.Command {
	var r command.Reaching
	cmd := &cobra.Command{
		Use:   "check-status ORDER...",
		Short: "Read how orders stand at the account now",
		Long: `Reads how orders stand at the account now, and stores it. The answer is a line
for each: its name and its state. Like status and wait it changes nothing, neither
at the account nor of what is managed here, so there is no --dry-run.

` + orderArgument,
		Example: "  certty check-status sectigo/3012\n  certty check-status 3012 3013",
		Args:    command.MinimumArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return r.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				var failed []error
				for _, arg := range args {
					failed = append(failed, check(ctx, env, &r, f, arg))
				}
				return first(failed)
			})
		},
	}
	r.Add(cmd)
	return cmd
}

// first is the only error of some, or all of them with the code of the first.
func first(errs []error) error {
	var some []error
	for _, err := range errs {
		if err != nil {
			some = append(some, err)
		}
	}
	if len(some) < 2 {
		return errors.Join(some...)
	}
	return &command.Ended{Code: command.ExitCode(some[0]), Err: errors.Join(some...)}
}

func check(ctx context.Context, env *command.Env, r *command.Reaching, f *command.Fleet, arg string) error {
	row, err := f.Find(ctx, arg, config.KindSCM)
	if err != nil {
		return err
	}
	if _, err := f.Keep(ctx, row.Target.Name(), row.News...); err != nil {
		return fmt.Errorf("store how %s stands: %w", row.Name(), err)
	}
	return r.Report(env, row.Item)
}
