package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/cobra"

	"certty/config"
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

// targetFlags are the flags that choose what is configured.
type targetFlags struct {
	flags    config.Flags
	file     string
	readOnly bool
}

func (t *targetFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&t.file, "config", "", "configuration `file`")
	f.StringSliceVar(&t.flags.Targets, "target", nil, "only the target of this `name` (repeatable)")
	f.BoolVar(&t.readOnly, "read-only", false, "let nothing but reads leave this machine")
}

// given is what was given of them.
func (t *targetFlags) given(cmd *cobra.Command) config.Flags {
	if cmd.Flags().Changed("config") {
		t.flags.Config = &t.file
	}
	if cmd.Flags().Changed("read-only") {
		t.flags.ReadOnly = &t.readOnly
	}
	return t.flags
}

var (
	errNoTargets  = errors.New("no targets configured: name an account in the configuration, or try the sandbox with --sandbox")
	errNoAccounts = errors.New("no target of kind scm is configured or named, and nothing is ever due at a vault")
)

func (a *App) work() *cobra.Command {
	var targets targetFlags
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
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(config.Options{Flags: targets.given(cmd)})
			if err != nil {
				return err
			}
			account := func(t config.Target) bool { return t.Kind == config.KindSCM }
			switch {
			case cfg.Sandbox:
			case len(cfg.Targets) == 0:
				return usageError{errNoTargets}
			case !slices.ContainsFunc(cfg.Targets, account):
				return usageError{errNoAccounts}
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
			defer stop()
			o.Say = a.say
			err = a.Work(ctx, cfg, o)
			if ctx.Err() != nil && errors.Is(err, context.Canceled) {
				return nil // it was interrupted, as it should be
			}
			return err
		},
	}
	f := cmd.Flags()
	targets.add(cmd)
	f.BoolVar(&targets.flags.Sandbox, "sandbox", false, "work on the embedded sandbox, whatever is configured")
	f.BoolVar(&o.Once, "once", false, "make one pass and end")
	f.BoolVar(&o.Retry, "retry", false, "try logins again that were refused")
	return cmd
}
