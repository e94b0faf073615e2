package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// WorkOptions are what a person wants of "certty work".
type WorkOptions struct {
	// Once makes one pass and ends.
	Once bool
	// Retry tries logins again that were refused.
	Retry bool
	// Say tells the person a line.
	Say func(line string)
}

var errNoAccounts = errors.New("no target of kind scm is configured or named, and nothing is ever due at a vault")

func (a *App) work() *cobra.Command {
	var targets command.Flags
	var dry bool
	var out output.Flags
	var o WorkOptions
	cmd := &cobra.Command{
		Use:   "work",
		Short: "Do what is due at the CA accounts, without a screen",
		Long: `Does by itself what a console does beside its screen, for every configured
account of Sectigo Certificate Manager: syncs what it offers every week, looks
at every order every day and at what changes in between, finds orders whose
answer was lost, collects issued certificates, makes keystores where
keystore_password says where the password is, writes the files and runs
on_issued. It never orders, renews or revokes anything.

It goes on until it is interrupted, or ends after one pass with --once: for
cron, or the timer in docs/work.md. What is due is shared with every console on
the same state, so nothing is done twice. A login that was refused is not tried
again until somebody says so (--retry, or retry in a console).

--dry-run lists instead what a pass would do now at each account, as far as is
stored: which sync and which look at the orders, which certificates are collected,
which keystores and files are written, and where on_issued runs. Nothing is called
then, and a keystore that waits for its password says so.

What it did and what failed is said on standard error. Exit codes: 0 done, 1
something failed or needs a person, 2 wrong usage or configuration.`,
		Example: `  certty work
  certty work --once --target sectigo
  certty work --dry-run
  certty work --dry-run -o json --jq '.items[].job'`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := targets.Load(cmd)
			if err != nil {
				return err
			}
			account := func(t config.Target) bool { return t.Kind == config.KindSCM }
			if !cfg.Sandbox && !slices.ContainsFunc(cfg.Targets, account) {
				return command.Usage(errNoAccounts)
			}
			if dry {
				return a.printDue(cmd, cfg, &out, o.Retry)
			}
			if name := ofOutput(cmd); name != "" {
				return command.Usage(fmt.Errorf("--%s belongs to --dry-run: without it nothing is printed on standard output", name))
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			o.Say = a.Say
			err = a.Work(ctx, cfg, o)
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil // it was interrupted, as it should be
			}
			if err != nil && command.ExitCode(err) != command.ExitUsage {
				// A pass ends for several accounts at once, so no single cause names its code.
				return &command.Ended{Code: command.ExitFailed, Err: err}
			}
			return err
		},
	}
	f := cmd.Flags()
	targets.Add(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "do nothing; list what is due now, as far as is stored")
	out.Add(cmd)
	output.Complete(cmd, dueList)
	schema.Publish(cmd, "work")
	f.BoolVar(&o.Once, "once", false, "make one pass and end")
	f.BoolVar(&o.Retry, "retry", false, "try logins again that were refused")
	return cmd
}

// ofOutput is the first flag about output that a person gave; "" for none.
func ofOutput(cmd *cobra.Command) string {
	for _, name := range []string{"output", "jq", "columns", "sort-by", "no-headers"} {
		if cmd.Flags().Changed(name) {
			return name
		}
	}
	return ""
}
