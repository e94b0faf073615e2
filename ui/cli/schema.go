package cli

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
	"certty/ui/cli/manual"
	"certty/ui/cli/schema"
)

func (a *App) schema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [COMMAND]",
		Short: "Print the JSON Schema of what a command prints",
		Long: `Prints the JSON Schema (2020-12) of what a command prints with -o json or yaml;
without a COMMAND it lists those that have one. That of status also defines
"Line", which is a line of -o jsonl and --watch; of the other lists a line is one
of their items.

A command that changes something prints the row that came of it, and all of these
have the schema called row. What policy prints without a change has none, and no
schema_version: it is a policy as az prints and takes it, to be edited and sent back
with --file, and a property of this program would be foreign in it.

Within one schema_version a property keeps its name, type and meaning and is not
taken away; properties may be added.`,
		Example: `  certty schema
  certty schema status
  certty schema config view`,
		Args: cobra.ArbitraryArgs,
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range documented(cmd.Root()) {
				names = append(names, spoken(c))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all := documented(cmd.Root())
			if len(args) == 0 {
				return a.listSchemas(all)
			}
			text, ok := schema.Of(schemaOf(cmd.Root(), all, strings.Join(args, " ")))
			if !ok {
				return command.Usage(fmt.Errorf("there is no schema of %q; certty schema lists those that there are", strings.Join(args, " ")))
			}
			_, err := a.Stdout.Write(text)
			return err
		},
	}
}

// documented lists the commands that print a document.
func documented(root *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, c := range manual.Commands(root) {
		if schema.Published(c) != "" {
			out = append(out, c)
		}
	}
	return out
}

// spoken is what is typed for a command.
func spoken(c *cobra.Command) string {
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
}

// schemaOf is the schema of what a command prints, or that of its own name.
func schemaOf(root *cobra.Command, all []*cobra.Command, name string) string {
	for _, c := range all {
		if spoken(c) == name {
			return schema.Published(c)
		}
	}
	if found, rest, err := root.Find(strings.Fields(name)); err == nil && len(rest) == 0 && found != root {
		return schema.Published(found) // by an alias
	}
	return name
}

// listSchemas lists the commands and the schemas of what they print.
func (a *App) listSchemas(all []*cobra.Command) error {
	table := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	for _, c := range all {
		if _, err := fmt.Fprintf(table, "%s\t%s\n", spoken(c), schema.Published(c)); err != nil {
			return err
		}
	}
	return table.Flush()
}
