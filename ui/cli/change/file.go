package change

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"certty/ui/cli/command"
)

// publicMode lets others read what is public.
const publicMode = 0o644

// destination are the flags that say where bytes go.
type destination struct {
	path  string
	force bool
}

// add adds the flags to a command.
func (d *destination) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&d.path, "out", "-", "write to this `file`, which must not be there yet; - is standard output")
	cmd.Flags().BoolVar(&d.force, "force", false, "replace the file of --out if there is one")
}

// write writes data. Binary data does not go to a terminal.
func (d *destination) write(env *command.Env, data []byte, binary bool) error {
	switch {
	case d.path == "-" && binary && env.Width() > 0:
		return command.Usage(errors.New("this is binary and does not go to a terminal: --out FILE"))
	case d.path == "-":
		_, err := env.Stdout.Write(data)
		return err
	case d.force:
		return replace(d.path, data)
	}
	return command.WriteNew(d.path, data, publicMode)
}

// replace puts a file in the place of another in one step.
func replace(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".certty-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Chmod(publicMode), tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(tmp.Name()) // what failed first says more
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
