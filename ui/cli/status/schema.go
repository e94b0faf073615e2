package status

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
	"certty/ui/cli/row"
)

// schemas are those of what commands print, by command.
var schemas = map[string]func() []byte{"status": row.Schema}

// NewSchema makes the command that prints the schema of what another one prints.
func NewSchema(env *command.Env) *cobra.Command {
	names := slices.Sorted(maps.Keys(schemas))
	return &cobra.Command{
		Use:   "schema COMMAND",
		Short: "Print the JSON Schema of what a command prints",
		Long: `Prints the JSON Schema (2020-12) of what a command prints with -o json or yaml.
That of status also defines "Line", which is a line of -o jsonl and --watch.

Commands: ` + strings.Join(names, ", ") + `.`,
		Example:   `  certty schema status`,
		Args:      command.ExactArgs(1),
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			schema, ok := schemas[args[0]]
			if !ok {
				return command.Usage(fmt.Errorf("there is no schema of %q; there are those of %s", args[0], strings.Join(names, ", ")))
			}
			_, err := env.Stdout.Write(schema())
			return err
		},
	}
}
