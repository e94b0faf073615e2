package manual

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certty/ui/cli/command"
)

// New makes the command that writes the pages for man.
func New(env *command.Env) *cobra.Command {
	var dry command.DryRun
	cmd := &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a folder",
		Long: `Writes a page for man of section 1 for each command into the folder DIR, which is
made where it is missing. Pages that are there already are written anew.`,
		Example: `  certty man ~/.local/share/man/man1
  man certty-status`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if dry.Dry() {
				return env.Would(fmt.Sprintf("It would write %d pages into %s", len(Commands(cmd.Root()))+1, args[0]))
			}
			return write(cmd.Root(), args[0], env.Program)
		},
	}
	dry.Add(cmd)
	return cmd
}

func write(root *cobra.Command, dir string, program command.Program) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // pages are for everybody
		return err
	}
	for _, cmd := range append([]*cobra.Command{root}, Commands(root)...) {
		if err := os.WriteFile(filepath.Join(dir, file(cmd)+".1"), page(cmd, program), 0o644); err != nil { //nolint:gosec // pages are for everybody
			return err
		}
	}
	return nil
}

// Commands lists every command below root that a person may run, in the order of
// the help.
func Commands(root *cobra.Command) []*cobra.Command {
	var out []*cobra.Command
	for _, cmd := range below(root) {
		out = append(out, cmd)
		out = append(out, Commands(cmd)...)
	}
	return out
}

// below lists the commands right below one.
func below(cmd *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool {
		return c.Hidden || c.Name() == "help"
	})
}

// Page writes all commands as one page of Markdown.
func Page(w io.Writer, root *cobra.Command) error {
	var b bytes.Buffer
	b.WriteString("# Commands\n\nGenerated from the commands themselves; do not edit. The same is to be had as `certty COMMAND --help` and, with `certty man DIR`, as pages for man.\n\n")
	list(&b, root)
	for _, cmd := range Commands(root) {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n    %s\n", cmd.CommandPath(), plain(cmd.Long), cmd.UseLine())
		if cmd.Example != "" {
			fmt.Fprintf(&b, "\nExamples:\n\n%s\n", indented(cmd.Example))
		}
		flags(&b, cmd)
	}
	fmt.Fprintf(&b, "\n## Exit codes\n\n| code | what it says |\n|-|-|\n")
	for _, c := range command.ExitCodes() {
		fmt.Fprintf(&b, "| %d | %s |\n", c.Code, c.Says)
	}
	b.WriteString("\n`certty check` has those of monitoring plug-ins instead: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.\n")
	_, err := w.Write(b.Bytes())
	return err
}

func list(b *bytes.Buffer, root *cobra.Command) {
	b.WriteString("| command | what it does |\n|-|-|\n")
	for _, cmd := range Commands(root) {
		path := cmd.CommandPath()
		fmt.Fprintf(b, "| [%s](#%s) | %s |\n", path, strings.ReplaceAll(path, " ", "-"), cmd.Short)
	}
}

// plain keeps what a terminal shows: indented lines are a block in Markdown as
// well once a blank line stands before them.
func plain(long string) string {
	var out []string
	for line := range strings.SplitSeq(long, "\n") {
		if strings.HasPrefix(line, "  ") {
			line = "  " + line
			if n := len(out); n > 0 && out[n-1] != "" && !strings.HasPrefix(out[n-1], "    ") {
				out = append(out, "")
			}
		} else {
			line = strings.NewReplacer("<", "&lt;", "*", `\*`, "_", `\_`).Replace(line)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func indented(example string) string {
	lines := strings.Split(example, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n")
}

func flags(b *bytes.Buffer, cmd *cobra.Command) {
	set := flagsOf(cmd)
	if !set.HasFlags() {
		return
	}
	b.WriteString("\n| flag | what it does |\n|-|-|\n")
	set.VisitAll(func(f *pflag.Flag) {
		value, usage := described(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if value != "" {
			name += " " + value
		}
		fmt.Fprintf(b, "| `%s` | %s |\n", name, strings.ReplaceAll(usage, "|", `\|`))
	})
}

// flagsOf are the flags that a command understands, but for --help.
func flagsOf(cmd *cobra.Command) *pflag.FlagSet {
	set := pflag.NewFlagSet(cmd.Name(), pflag.ContinueOnError)
	set.SortFlags = true
	add := func(f *pflag.Flag) {
		if f.Name != "help" && !f.Hidden {
			set.AddFlag(f)
		}
	}
	cmd.NonInheritedFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return set
}

// described are the word for a flag's value, and what it does. A default that is
// a path is one of this machine and no part of it.
func described(f *pflag.Flag) (value, usage string) {
	value, usage = pflag.UnquoteUsage(f)
	if standard := f.DefValue; !slices.Contains([]string{"", "false", "[]", "0", "0s"}, standard) && !filepath.IsAbs(standard) {
		usage += " (" + standard + ")"
	}
	return value, usage
}
