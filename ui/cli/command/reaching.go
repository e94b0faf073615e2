package command

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"certty/backend/guard"
	"certty/model"
	"certty/ui/cli/jsontext"
	"certty/ui/cli/row"
)

// Reaching are the flags of a command that works with single rows.
type Reaching struct {
	Flags
	retry bool
}

// Add adds the flags to a command.
func (r *Reaching) Add(cmd *cobra.Command) {
	r.Flags.Add(cmd)
	cmd.Flags().BoolVar(&r.retry, "retry", false, "try logins again that were refused")
}

// Open opens the targets that the flags choose, for reading.
func (r *Reaching) Open(cmd *cobra.Command, env *Env) (*Fleet, error) { return r.open(cmd, env, nil) }

func (r *Reaching) open(cmd *cobra.Command, env *Env, dry *guard.Rehearsal) (*Fleet, error) {
	cfg, err := r.Load(cmd)
	if err != nil {
		return nil, err
	}
	f, err := env.Open(cmd.Context(), cfg, OpenOptions{Dry: dry, Now: env.Now, Say: env.Say})
	if err != nil {
		return nil, err
	}
	if r.retry {
		if err := f.Retry(cmd.Context()); err != nil {
			return nil, errors.Join(err, f.Release())
		}
	}
	return f, nil
}

// Report prints a row: TARGET/NAME and its state.
func (r *Reaching) Report(env *Env, it *model.Item) error {
	_, err := fmt.Fprintf(env.Stdout, "%s/%s  %s\n", it.Ref.Target, it.Ref.Key, it.Status(env.Now()).State)
	return err
}

// ReportJSON prints a row of a target as JSON, a line of certty status.
func (r *Reaching) ReportJSON(env *Env, t *Target, it *model.Item) error {
	now := env.Now()
	return jsontext.Print(env.Stdout, row.Line{SchemaVersion: row.SchemaVersion, At: now.UTC().Truncate(time.Second), Row: row.Of(t.Info(), it, now)})
}
