package output

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Complete lets the shell complete --columns and --sort-by of a command with what
// its list knows; list is only made when the shell asks.
func Complete[T any](cmd *cobra.Command, list func() List[T]) {
	register := func(flag string, known func() []string) {
		_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			// No space: a comma may follow.
			return next(known(), typed), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}) // the flag is there
	}
	register("columns", func() []string { return columnNames(list().Columns) })
	register("sort-by", func() []string {
		l := list()
		return sortedNames(keysOf(l.Keys, l.Columns))
	})
}

// next completes the last of the names that were typed, separated by commas, with
// those of known that do not stand there yet. A dash before one stays.
func next(known []string, typed string) []cobra.Completion {
	i := strings.LastIndex(typed, ",") + 1
	var given []string
	for name := range strings.SplitSeq(typed[:i], ",") {
		given = append(given, strings.TrimPrefix(name, "-"))
	}
	last, turned := strings.CutPrefix(typed[i:], "-")
	before := typed[:i]
	if turned {
		before += "-"
	}
	var out []cobra.Completion
	for _, name := range known {
		if strings.HasPrefix(name, last) && !slices.Contains(given, name) {
			out = append(out, before+name)
		}
	}
	return out
}
