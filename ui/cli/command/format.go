package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Format is the format that a command prints in. Lists of records have more to
// choose, see package output. Its zero value is text.
type Format struct {
	name  string
	known []string
}

// The formats of a command that prints one text or one document.
const (
	formatText = "text"
	formatJSON = "json"
)

// Add adds -o to a command that prints text for people or one JSON document for
// programs.
func (f *Format) Add(cmd *cobra.Command) { f.AddOf(cmd, formatText, formatJSON) }

// AddOf adds -o to a command that prints in one of some formats, by itself in the
// first.
func (f *Format) AddOf(cmd *cobra.Command, formats ...string) {
	f.known = formats
	cmd.Flags().StringVarP(&f.name, "output", "o", formats[0], "print as this `format`: "+strings.Join(formats, ", "))
	// The error is of a flag that is not there; it was added just now.
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp))
}

// Name is the format that was chosen. An unknown one is an error of the command
// line.
func (f *Format) Name() (string, error) {
	if len(f.known) > 0 && !slices.Contains(f.known, f.name) {
		return "", Usage(fmt.Errorf("--output %s: the formats are %s", f.name, strings.Join(f.known, ", ")))
	}
	return f.name, nil
}

// JSON reports whether JSON is asked for, see [Format.Name].
func (f *Format) JSON() (bool, error) {
	name, err := f.Name()
	return name == formatJSON, err
}
