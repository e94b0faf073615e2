package certificate

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// version is a version of a certificate as data.
type version struct {
	// Version is its id.
	Version string `json:"version"`
	// Current is true for the version that the name alone means.
	Current bool `json:"current"`
	// Enabled is true when it can be used.
	Enabled bool `json:"enabled"`
	// NotBefore is when it begins to be valid.
	NotBefore time.Time `json:"not_before,omitzero"`
	// NotAfter is when it ends.
	NotAfter time.Time `json:"not_after,omitzero"`
	// Created is when it was made.
	Created time.Time `json:"created,omitzero"`
	// Updated is when something of it was changed last.
	Updated time.Time `json:"updated,omitzero"`
	// Thumbprint is the SHA-1 thumbprint in lower-case hexadecimal.
	Thumbprint string `json:"thumbprint,omitzero"`
}

// NewVersions makes the command that lists versions.
func NewVersions(env *command.Env) *cobra.Command {
	var r command.Reaching
	var out output.Flags
	cmd := &cobra.Command{
		Use:   "versions NAME",
		Short: "List every version of a certificate, newest first",
		Long: `Lists the versions of a certificate with what a list tells of each. certty
enable, disable and download take a version by its id.`,
		Example: `  certty versions shop
  certty versions prod/shop -o json
  certty versions prod/shop --columns version,not_after,enabled`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := output.New(&out, output.List[version]{
				Columns: output.Columns[version](), Shown: []string{"version", "current", "enabled", "created", "not_after", "thumbprint"},
			})
			if err != nil {
				return err
			}
			return r.With(cmd, env, args[0], config.KindVault, func(ctx context.Context, f *command.Fleet, row *command.Row) error {
				versions := row.Target.Capabilities().Versions
				if versions == nil {
					return row.Refuse(command.Cant(true, row.Target.Capabilities().VersionsWhy))
				}
				list, err := versions.Versions(ctx, row.Item.Ref.Row())
				if err != nil {
					return f.Heed(ctx, row.Target, err)
				}
				records := make([]version, len(list))
				for i, c := range list {
					records[i] = version{
						Version: c.Version, Current: c.Version == row.Item.Certificate.Version, Enabled: c.Enabled, NotBefore: c.NotBefore,
						NotAfter: c.NotAfter, Created: c.Created, Updated: c.Updated, Thumbprint: c.Thumbprint,
					}
				}
				return p.PrintList(ctx, env, output.Source{}, records)
			})
		},
	}
	r.Add(cmd)
	out.Add(cmd)
	schema.Publish(cmd, "versions")
	return cmd
}
