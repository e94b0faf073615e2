package settings

import (
	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
)

// New makes the command and those below it.
func New(env *command.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Write, check and show the configuration",
		Long: `Works with the configuration file: writes a first one, finds everything that is
wrong with one, shows what counts and where each value comes from. No service is
called and no secret is read. The settings are explained in docs/config.md.`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newInit(env), newExample(env), newCheck(env), newView(env), newSchema(env), newPaths(env))
	return cmd
}

func newExample(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "example",
		Short: "Print a commented configuration to start from",
		Long: `Prints a configuration with every setting, explained by comments. Its targets are
made up; certty config init writes a file without them.`,
		Example: `  certty config example`,
		Args:    command.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := env.Stdout.Write(config.Example())
			return err
		},
	}
}

func newSchema(env *command.Env) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the configuration file",
		Long: `Prints the JSON Schema (2020-12) of the configuration file. Editors complete and
check the file with it; for the YAML language server begin the file with
# yaml-language-server: $schema=config.schema.json`,
		Example: `  certty config schema > config.schema.json`,
		Args:    command.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := env.Stdout.Write(config.Schema())
			return err
		},
	}
}

// options are what a configuration is loaded from.
func options(env *command.Env, flags config.Flags) config.Options {
	return config.Options{Flags: flags, Environ: env.Lookup}
}
