package certificate

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend/staging"
	"certty/ui/cli/command"
)

// publicMode lets others read what is public.
const publicMode = 0o644

// destination are the flags that say where bytes go.
type destination struct {
	command.DryRun
	path  string
	force bool
}

// add adds the flags to a command.
func (d *destination) add(cmd *cobra.Command) {
	d.Add(cmd)
	cmd.Flags().StringVar(&d.path, "out", "-", "write to this `file`, which must not be there yet; - is standard output")
	cmd.Flags().BoolVar(&d.force, "force", false, "replace the file of --out if there is one")
}

// write writes data. Binary data does not go to a terminal.
func (d *destination) write(env *command.Env, data []byte, binary bool) error {
	switch {
	case d.path == "-" && binary && env.Width() > 0:
		return command.Usage(errors.New("this is binary and does not go to a terminal: --out FILE"))
	case d.Dry():
		return d.would(env, len(data))
	case d.path == "-":
		_, err := env.Stdout.Write(data)
		return err
	case d.force:
		if err := staging.Replace(d.path, data, publicMode); err != nil {
			return fmt.Errorf("write %s: %w", d.path, err)
		}
		return nil
	}
	return command.WriteNew(d.path, data, publicMode)
}

// would says what write would do with so many bytes.
func (d *destination) would(env *command.Env, n int) error {
	where := d.path
	switch {
	case d.path == "-":
		where = "standard output"
	case d.force:
		where += ", in the place of what may be there"
	default:
		if err := command.Absent(d.path); err != nil {
			return err
		}
	}
	return env.Would(fmt.Sprintf("It would write %d bytes to %s", n, where))
}
