package change

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"certty/backend"
	"certty/config"
	"certty/model"
	"certty/model/bundle"
	"certty/model/effect"
	"certty/model/policytext"
	"certty/ui/cli/command"
)

const (
	// maxImport is far more than any certificate with its chain, in bytes.
	maxImport = 1 << 20
	// maxPassword is the longest password that Key Vault takes ("About Azure Key
	// Vault certificates"), in characters.
	maxPassword = 200
)

// importing are the flags of import.
type importing struct {
	name       string
	password   command.Secret
	none       bool
	tags       []string
	exportable string
	preserve   string
	disabled   bool
}

func newImport(env *command.Env) *cobra.Command {
	var c command.Changing
	var o importing
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Bring a certificate with its private key into a vault",
		Long: `Imports a certificate with its private key: a PFX (PKCS#12), or a PEM file with
the certificate and an open PKCS#8 key. What the file is is found out by its
content; where Key Vault would refuse it, the command that mends it is named.

The password of a PFX is asked for at the terminal without an echo, or comes from
--password-file, --password-env or --password-command; it goes to the vault and
is kept nowhere. What is in the PFX is shown before anything is sent, and a
password that does not open it sends nothing. There is no flag for the password itself: other users of the
machine could read it. --no-password says that there is none.`,
		Example: `  certty import shop.pfx --name shop
  certty import shop.pfx --name prod/shop --password-env PFX_PASSWORD --yes
  certty import shop.pem --name prod/shop --dry-run`,
		Args: command.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := command.ReadInput(env, args[0], maxImport)
			if err != nil {
				return err
			}
			file := bundle.Read(args[0], data, clean)
			if file.Wrong != "" {
				return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s: %s Nothing was sent", args[0], file.Wrong)}
			}
			return c.Within(cmd, env, func(ctx context.Context, f *command.Fleet) error {
				t, name, err := f.New(cmp.Or(o.name, file.Name), config.KindVault)
				if err != nil {
					return err
				}
				spec, err := o.spec(name, file)
				if err != nil {
					return command.Usage(err)
				}
				if spec.Format == model.ImportPFX {
					if spec.Password, err = o.unlock(ctx, env, c.Dry()); err != nil {
						return err
					}
					if spec.Password != unknownPassword {
						file = file.Open(spec.Password)
					}
					if file.Wrong != "" {
						return &command.Ended{Code: command.ExitFailed, Err: fmt.Errorf("%s: %s", args[0], file.Wrong)}
					}
				}
				change, err := planImport(ctx, f, t, args[0], file, spec)
				if err != nil {
					return err
				}
				return c.Run(ctx, env, f, change)
			})
		},
	}
	c.Add(cmd)
	o.password.Add(cmd, "password", "password of the PFX")
	flags := cmd.Flags()
	flags.BoolVar(&o.none, "no-password", false, "the PFX has no password")
	flags.StringVar(&o.name, "name", "", "`name` in the vault, NAME or TARGET/NAME; without it, one is made of the certificate's or the file's")
	flags.StringArrayVar(&o.tags, "tag", nil, "tag, `NAME=VALUE` (repeatable)")
	flags.StringVar(&o.exportable, "exportable", "", "whether the private key may leave the vault again: `yes|no`")
	flags.StringVar(&o.preserve, "preserve-cert-order", "", "whether the chain keeps the order of the file: `yes|no` (api-version 7.6)")
	flags.BoolVar(&o.disabled, "disabled", false, "make it disabled")
	cmd.MarkFlagsMutuallyExclusive("no-password", "password-file", "password-env", "password-command")
	return cmd
}

// spec is what the flags ask for, but for the password.
func (o *importing) spec(name string, file bundle.File) (model.ImportSpec, error) {
	spec := model.ImportSpec{Name: name, Data: file.Data, Format: file.Format}
	if err := model.CheckName(name); err != nil {
		return spec, fmt.Errorf("--name: %w", err)
	}
	var err error
	if spec.Tags, err = tagFlags(o.tags); err != nil {
		return spec, err
	}
	for _, flag := range []struct {
		name, value string
		to          **bool
	}{{"exportable", o.exportable, &spec.Exportable}, {"preserve-cert-order", o.preserve, &spec.PreserveCertOrder}} {
		if flag.value == "" {
			continue
		}
		if *flag.to, err = yesNo(flag.value); err != nil {
			return spec, fmt.Errorf("--%s: %w", flag.name, err)
		}
	}
	if o.disabled {
		spec.Enabled = new(false)
	}
	return spec, nil
}

// unknownPassword stands for the password in a rehearsal that was given none.
const unknownPassword = "not known"

// unlock is the password, which is asked for before anything else is. In a
// rehearsal nobody is asked.
func (o *importing) unlock(ctx context.Context, env *command.Env, dry bool) (string, error) {
	if o.none {
		return "", nil
	}
	password, err := o.password.Given(ctx)
	switch {
	case err != nil:
		return "", err
	case password == nil && dry:
		return unknownPassword, nil
	case password == nil:
		if password, err = o.password.Ask(env, false); err != nil {
			return "", err
		}
	}
	if len([]rune(string(password))) > maxPassword {
		return "", command.Usage(errors.New("the password is longer than the 200 characters that Key Vault takes"))
	}
	return string(password), nil
}

func send(t *command.Target, spec model.ImportSpec) func(context.Context) (backend.Change, error) {
	ref := model.Ref{Target: t.Name(), Kind: model.KindCertificate, Key: spec.Name}
	return func(ctx context.Context) (backend.Change, error) {
		change, err := t.Capabilities().Import.Import(ctx, spec)
		if backend.KindOf(err) == backend.KindInvalid && err != nil && spec.Format == model.ImportPFX {
			err = fmt.Errorf("%w\n  A wrong password is answered like this, too", err)
		}
		return change, waysOut(ref, err)
	}
}

func planImport(ctx context.Context, f *command.Fleet, t *command.Target, path string, file bundle.File, spec model.ImportSpec) (command.Change, error) {
	if why := t.Capabilities().ImportWhy; t.Capabilities().Import == nil {
		return command.Change{}, command.Refuse(t, spec.Name, command.Cant(true, why))
	}
	standing, err := free(ctx, f, t, spec.Name)
	if err != nil {
		return command.Change{}, err
	}
	list := []policytext.Fact{vaultFact(t), {Name: "file", Value: path}}
	for i, line := range file.Told {
		list = append(list, policytext.Fact{Name: []string{"content", ""}[min(i, 1)], Value: line})
	}
	for _, line := range tagDifference(nil, spec.Tags) {
		list = append(list, policytext.Fact{Name: "tag", Value: line[2:]})
	}
	if spec.Exportable != nil {
		list = append(list, policytext.Fact{Name: "exportable", Value: map[bool]string{true: "yes", false: "no"}[*spec.Exportable]})
	}
	list = append(list, orderFact(spec.PreserveCertOrder)...)
	if spec.Enabled != nil {
		list = append(list, policytext.Fact{Name: "enabled", Value: "no: it can't be used until it is enabled"})
	}
	lines := append(facts(list), effect.Import(standing != nil)...)
	return command.Change{
		Target: t, Row: standing, Ref: model.Ref{Target: t.Name(), Kind: model.KindCertificate, Key: spec.Name},
		Question: command.Question{Title: "Import " + spec.Name + " (" + t.Name() + ")", Lines: append(lines, sends("POST", "/certificates/"+spec.Name+"/import"))},
		Send:     send(t, spec),
	}, nil
}
