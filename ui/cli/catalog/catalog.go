package catalog

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
	"certty/ui/cli/output"
	"certty/ui/cli/schema"
)

// issuer is an issuer that is set up in a vault, as data.
type issuer struct {
	// Target is the configured name of the vault.
	Target string `json:"target"`
	// Name is that of the issuer.
	Name string `json:"name"`
	// Provider is the CA behind it, as the vault spells it.
	Provider string `json:"provider,omitzero"`
}

// NewIssuers makes the command that lists issuers.
func NewIssuers(env *command.Env) *cobra.Command {
	return listing(env, &cobra.Command{
		Use:   "issuers [TARGET]",
		Short: "List the issuers that are set up in a vault",
		Long: `Lists the issuers that are set up in a vault: what certty create --issuer takes
beside Unknown and Self.`,
		Example: `  certty issuers
  certty issuers prod -o json`,
	}, []string{"target", "name", "provider"}, func(ctx context.Context, t *command.Target) ([]issuer, error) {
		list, err := t.Capabilities().Catalog.Issuers(ctx)
		records := make([]issuer, len(list))
		for i, have := range list {
			records[i] = issuer{Target: t.Name(), Name: have.Name, Provider: have.Provider}
		}
		return records, err
	})
}

// contact is somebody whom a vault writes to, as data.
type contact struct {
	// Target is the configured name of the vault.
	Target string `json:"target"`
	// Email is the address that is written to.
	Email string `json:"email"`
	// Name is the person's.
	Name string `json:"name,omitzero"`
	// Phone is the person's number.
	Phone string `json:"phone,omitzero"`
}

// NewContacts makes the command that lists contacts.
func NewContacts(env *command.Env) *cobra.Command {
	return listing(env, &cobra.Command{
		Use:   "contacts [TARGET]",
		Short: "List whom a vault writes to about its certificates",
		Long: `Lists the contacts of a vault: who gets its e-mails before a certificate expires,
and when one is issued.`,
		Example: `  certty contacts
  certty contacts prod -o csv`,
	}, []string{"target", "email", "name", "phone"}, func(ctx context.Context, t *command.Target) ([]contact, error) {
		list, err := t.Capabilities().Catalog.Contacts(ctx)
		records := make([]contact, len(list))
		for i, c := range list {
			records[i] = contact{Target: t.Name(), Email: c.Email, Name: c.Name, Phone: c.Phone}
		}
		return records, err
	})
}

// listing makes a command that lists what certificates are asked with in one
// vault.
func listing[T any](env *command.Env, cmd *cobra.Command, shown []string, list func(context.Context, *command.Target) ([]T, error)) *cobra.Command {
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
	schema.Publish(cmd, cmd.Name())
	return cmd
}
