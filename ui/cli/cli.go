package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/activity"
	"certty/ui/cli/catalog"
	"certty/ui/cli/certificate"
	"certty/ui/cli/change"
	"certty/ui/cli/check"
	"certty/ui/cli/command"
	"certty/ui/cli/completion"
	"certty/ui/cli/doctor"
	"certty/ui/cli/explain"
	"certty/ui/cli/manual"
	"certty/ui/cli/metrics"
	"certty/ui/cli/order"
	"certty/ui/cli/settings"
	"certty/ui/cli/status"
	"certty/ui/cli/support"
	"certty/ui/cli/wait"
)

// App is what the command line starts.
type App struct {
	// Env is what every command gets. Its Program is filled in by Execute.
	command.Env
	// Screen shows the console. It is the command without a name.
	Screen func(ctx context.Context, flags config.Flags) error
	// Work does what is due without a screen, for a configuration with at least
	// one CA account or the sandbox.
	Work func(ctx context.Context, cfg *config.Config, o WorkOptions) error
}

// Execute runs the command that args name and returns the exit code. Errors
// are said on Stderr.
func (a *App) Execute(ctx context.Context, args []string) int {
	a.Program = program()
	root := a.root()
	root.SetArgs(args)
	out := &outlet{to: a.Stdout}
	root.SetOut(out)
	root.SetErr(a.Stderr)
	cmd, err := root.ExecuteContextC(ctx)
	if err = ofFlags(err); err == nil {
		err = out.err // cobra prints help and version, and does not look
	}
	if err == nil {
		return command.ExitDone
	}
	if text := err.Error(); text != "" {
		a.Say("certty: " + text)
	}
	if _, ok := errors.AsType[*command.UsageError](err); ok {
		a.Say("See " + cmd.CommandPath() + " --help.")
	}
	return command.ExitCode(err)
}

// outlet remembers why something could not be written.
type outlet struct {
	to  io.Writer
	err error
}

// Write implements [io.Writer].
func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// ofFlags marks cobra's refusal of flags that do not go together, which has no
// type of its own, as an error of the command line.
func ofFlags(err error) error {
	if err != nil && (strings.HasPrefix(err.Error(), "if any flags in the group") || strings.HasPrefix(err.Error(), "at least one of the flags in the group")) {
		return command.Usage(err)
	}
	return err
}

func (a *App) root() *cobra.Command {
	var targets command.Flags
	root := &cobra.Command{
		Use:   "certty",
		Short: "Watch and manage certificates and pending certificate requests",
		Long: `certty is a terminal console for certificate issuance: it shows certificates,
pending requests and orders of every configured Azure Key Vault and Sectigo
Certificate Manager account on one screen, and creates, cancels and merges them.

Without any configuration it starts on an embedded sandbox: a Key Vault and an
SCM account with a real CA behind them, on this machine only.

Colours are chosen for a dark background, or for a light one where COLORFGBG or
the setting "theme: light" says so. NO_COLOR=1 takes none.`,
		Version:       a.Program.Version,
		Args:          noCommand,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.Screen(cmd.Context(), targets.Given(cmd))
		},
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(command.FlagError)
	targets.Add(root)
	root.AddCommand(a.sandbox(), a.work())
	root.AddCommand(doctor.New(&a.Env), manual.New(&a.Env))
	root.AddCommand(status.New(&a.Env), a.schema())
	root.AddCommand(check.New(&a.Env), metrics.New(&a.Env))
	root.AddCommand(change.Commands(&a.Env)...)
	root.AddCommand(certificate.NewCSR(&a.Env), certificate.NewVersions(&a.Env), certificate.NewDownload(&a.Env))
	root.AddCommand(catalog.NewIssuers(&a.Env), catalog.NewContacts(&a.Env))
	root.AddCommand(wait.New(&a.Env), activity.New(&a.Env))
	root.AddCommand(explain.New(&a.Env), settings.New(&a.Env), support.New(&a.Env), a.version())
	root.AddCommand(order.Commands(&a.Env)...)
	root.AddCommand(settings.NewAdd(&a.Env)...)
	arrange(root)
	root.InitDefaultCompletionCmd()
	completion.Add(root) // last: it looks at every command
	return root
}

// noCommand refuses a word that is no command, and names those that it may have
// been meant for.
func noCommand(root *cobra.Command, args []string) error {
	err := command.NoArgs(root, args)
	if err == nil {
		return nil
	}
	root.SuggestionsMinimumDistance = 2
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		return command.Usage(fmt.Errorf("%w; near are %s", err, strings.Join(near, ", ")))
	}
	return err
}
