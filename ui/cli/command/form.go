package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

// Form is whether a command prints text for people or one JSON document for
// programs. Lists of rows have more forms, see package output.
type Form struct{ name string }

// Add adds the flag to a command.
func (f *Form) Add(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.name, "output", "o", "text", "print `text` or json")
	// The error is of a flag that is not there; it was added just now.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]cobra.Completion{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

// JSON reports whether JSON is asked for. An unknown form is an error of the
// command line.
func (f *Form) JSON() (bool, error) {
	switch f.name {
	case "text", "":
		return false, nil
	case "json":
		return true, nil
	}
	return false, Usage(fmt.Errorf("-o %s: text and json are known", f.name))
}
