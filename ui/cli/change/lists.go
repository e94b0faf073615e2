package change

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
)

// Version is a version of a certificate as data.
type Version struct {
	Version    string    `json:"version"`
	Current    bool      `json:"current"`
	Enabled    bool      `json:"enabled"`
	NotBefore  time.Time `json:"not_before,omitzero"`
	NotAfter   time.Time `json:"not_after,omitzero"`
	Created    time.Time `json:"created,omitzero"`
	Updated    time.Time `json:"updated,omitzero"`
	Thumbprint string    `json:"thumbprint,omitzero"`
}

func newVersions(env *command.Env) *cobra.Command {
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
			p, err := output.New(&out, output.List[Version]{
				Columns: output.Columns[Version](), Shown: []string{"version", "current", "enabled", "created", "not_after", "thumbprint"},
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
				records := make([]Version, len(list))
				for i, c := range list {
					records[i] = Version{
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
	return cmd
}

// Issuer is an issuer that is set up in a vault, as data.
type Issuer struct {
	Target   string `json:"target"`
	Name     string `json:"name"`
	Provider string `json:"provider,omitzero"`
}

func newIssuers(env *command.Env) *cobra.Command {
	return catalog(env, &cobra.Command{
		Use:   "issuers [TARGET]",
		Short: "List the issuers that are set up in a vault",
		Long: `Lists the issuers that are set up in a vault: what certty create --issuer takes
beside Unknown and Self.`,
		Example: `  certty issuers
  certty issuers prod -o json`,
	}, []string{"target", "name", "provider"}, func(ctx context.Context, t *command.Target) ([]Issuer, error) {
		list, err := t.Capabilities().Catalog.Issuers(ctx)
		records := make([]Issuer, len(list))
		for i, issuer := range list {
			records[i] = Issuer{Target: t.Name(), Name: issuer.Name, Provider: issuer.Provider}
		}
		return records, err
	})
}

// Contact is somebody whom a vault writes to, as data.
type Contact struct {
	Target string `json:"target"`
	Email  string `json:"email"`
	Name   string `json:"name,omitzero"`
	Phone  string `json:"phone,omitzero"`
}

func newContacts(env *command.Env) *cobra.Command {
	return catalog(env, &cobra.Command{
		Use:   "contacts [TARGET]",
		Short: "List whom a vault writes to about its certificates",
		Long: `Lists the contacts of a vault: who gets its e-mails before a certificate expires,
and when one is issued.`,
		Example: `  certty contacts
  certty contacts prod -o csv`,
	}, []string{"target", "email", "name", "phone"}, func(ctx context.Context, t *command.Target) ([]Contact, error) {
		list, err := t.Capabilities().Catalog.Contacts(ctx)
		records := make([]Contact, len(list))
		for i, c := range list {
			records[i] = Contact{Target: t.Name(), Email: c.Email, Name: c.Name, Phone: c.Phone}
		}
		return records, err
	})
}

// catalog makes a command that lists what certificates are asked with in one
// vault.
func catalog[T any](env *command.Env, cmd *cobra.Command, shown []string, list func(context.Context, *command.Target) ([]T, error)) *cobra.Command {
	var r command.Reaching
	var out output.Flags
	cmd.Args = command.MaximumArgs(1)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		p, err := output.New(&out, output.List[T]{Columns: output.Columns[T](), Shown: shown})
		if err != nil {
			return err
		}
		return r.At(cmd, env, strings.Join(args, ""), config.KindVault, func(ctx context.Context, f *command.Fleet, t *command.Target) error {
			if caps := t.Capabilities(); caps.Catalog == nil {
				return errors.New(t.Name() + ": " + command.Cant(true, caps.CatalogWhy))
			}
			records, err := list(ctx, t)
			if err != nil {
				return f.Heed(ctx, t, err)
			}
			return p.PrintList(ctx, env, output.Source{}, records)
		})
	}
	r.Add(cmd)
	out.Add(cmd)
	return cmd
}
