package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
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
	var dry command.DryRun
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

What it did and what failed is said on standard error. Exit codes: 0 done, 1
something failed or needs a person, 2 wrong usage or configuration.`,
		Example: `  certty work
  certty work --once --target sectigo`,
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
			if dry.Dry() {
				return a.wouldWork(cfg)
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
	dry.Add(cmd)
	f.BoolVar(&o.Once, "once", false, "make one pass and end")
	f.BoolVar(&o.Retry, "retry", false, "try logins again that were refused")
	return cmd
}

// wouldWork says what work does, and where. What is due follows from the answers
// alone, and the single steps have commands of their own.
func (a *App) wouldWork(cfg *config.Config) error {
	var names []string
	for _, t := range command.Configured(cfg) {
		if t.Kind == config.KindSCM {
			names = append(names, t.Name)
		}
	}
	state, _ := command.Dirs(cfg)
	return a.Would("It would look at the orders of " + strings.Join(names, ", ") + ", fetch the certificates that were issued, keep them in the local state in " +
		state + ", write their keystores and files where they are wanted, and run on_issued")
}
