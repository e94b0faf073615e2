package command

import (
	"fmt"

	"github.com/spf13/cobra"
)

// DryRun is the flag --dry-run of a command that changes something on this machine
// alone.
type DryRun struct {
	dry bool
}

// Add adds the flag to a command.
func (d *DryRun) Add(cmd *cobra.Command) {
	d.add(cmd, "change nothing; say what would be written, and where")
}

func (d *DryRun) add(cmd *cobra.Command, usage string) {
	cmd.Flags().BoolVar(&d.dry, "dry-run", false, usage)
}

// Dry reports whether nothing is to be changed.
func (d *DryRun) Dry() bool { return d.dry }

// Would says what a command would do on this machine, and that it did not: what is
// "it would write …", without a full stop.
func (e *Env) Would(what string) error {
	_, err := fmt.Fprintln(e.Stdout, what+". Nothing was sent, and nothing was written.")
	return err
}
