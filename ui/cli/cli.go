package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"certty/config"
)

// Exit codes.
const (
	ExitDone   = 0
	ExitFailed = 1
	ExitUsage  = 2
)

// App is what the command line starts.
type App struct {
	// Screen shows the console. It is the command without a name.
	Screen func(ctx context.Context, flags config.Flags) error
	// Work does what is due without a screen, for a configuration with at least
	// one CA account or the sandbox.
	Work   func(ctx context.Context, cfg *config.Config, o WorkOptions) error
	Stdout io.Writer
	Stderr io.Writer
}

// usageError is an error of the person's command line.
type usageError struct{ error }

// Execute runs the command that args name and returns the exit code. Errors
// are said on Stderr.
func (a *App) Execute(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetOut(a.Stdout)
	root.SetErr(a.Stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return ExitDone
	}
	a.say("certty: " + err.Error())
	var coded interface{ ExitCode() int }
	var usage usageError
	var problems config.Problems
	switch {
	case errors.As(err, &coded):
		return coded.ExitCode()
	case errors.As(err, &usage):
		a.say("See certty --help.")
		return ExitUsage
	case errors.As(err, &problems):
		return ExitUsage
	}
	return ExitFailed
}

// say tells the person; where nobody can be told, the exit code still says it.
func (a *App) say(line string) { _, _ = fmt.Fprintln(a.Stderr, line) }

func (a *App) root() *cobra.Command {
	var targets targetFlags
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
		Version:       version(),
		Args:          noArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.Screen(cmd.Context(), targets.given(cmd))
		},
	}
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	f := root.Flags()
	targets.add(root)
	f.BoolVar(&targets.flags.Sandbox, "sandbox", false, "start on the embedded sandbox, whatever is configured")
	root.AddCommand(a.sandbox(), a.work())
	return root
}

func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}

// version is what the build recorded: a tag, or the commit it was made from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	return v
}
