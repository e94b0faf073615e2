package settings

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
)

// addition is a target that a person wants in the configuration.
type addition struct {
	file, name   string
	dryRun       bool
	confirm      command.Confirm
	credential   config.Credential
	kind, secret string
	password     string
}

// NewAdd makes the commands that add a vault or an account, as the screen's
// actions of these names do.
func NewAdd(env *command.Env) []*cobra.Command {
	return []*cobra.Command{newAddVault(env), newAddAccount(env)}
}

func newAddVault(env *command.Env) *cobra.Command {
	var a addition
	cmd := &cobra.Command{
		Use:   "add-vault ADDRESS",
		Short: "Write another vault into the configuration",
		Long: `Adds a Key Vault to the configuration file, which is made where there is none.
Comments, order and formatting of what stands there stay. The lines are shown
before they are written; no service is called and no secret is read or written.

Without --credential the vault gets "default": whatever the machine offers, such
as az login. certty doctor --target NAME then says whether it works.

Exit codes: 0 done, 1 the file can't be written, 2 wrong usage, a person said no,
or the file has problems already.`,
		Example: `  certty add-vault https://contoso.vault.azure.net
  certty add-vault https://contoso.vault.azure.net --name prod --yes
  certty add-vault https://contoso.vault.azure.net --credential client-secret --tenant contoso.com --client-id 4c1a --secret-file contoso.secret --dry-run`,
		Args: command.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t := config.VaultAt(args[0])
			t.Credential.Kind = cmp.Or(config.CredentialKind(a.kind), t.Credential.Kind)
			return a.write(env, t)
		},
	}
	a.add(cmd)
	cmd.Flags().StringVar(&a.kind, "credential", "", "`way` to sign in: "+strings.Join(kinds(), ", "))
	cmd.Flags().StringVar(&a.credential.Tenant, "tenant", "", "`tenant` of the credential, its id or domain")
	cmd.Flags().StringVar(&a.credential.Certificate, "certificate", "", "`file` with certificate and key, for client-certificate")
	return cmd
}

// kinds are the ways to sign in to a vault.
func kinds() []string {
	var out []string
	for _, k := range []config.CredentialKind{
		config.CredentialDefault, config.CredentialEnvironment, config.CredentialAzureCLI, config.CredentialManagedIdentity,
		config.CredentialWorkloadIdentity, config.CredentialClientSecret, config.CredentialClientCertificate, config.CredentialDeviceCode,
	} {
		out = append(out, string(k))
	}
	return out
}

func newAddAccount(env *command.Env) *cobra.Command {
	var a addition
	cmd := &cobra.Command{
		Use:   "add-account ADDRESS (--login LOGIN | --client-id ID)",
		Short: "Write another CA account into the configuration",
		Long: `Adds an account of Sectigo Certificate Manager to the configuration file, which
is made where there is none. ADDRESS is where people sign in. Comments, order and
formatting of what stands there stay. The lines are shown before they are
written; no service is called and no secret is read or written.

With --login an administrator's password is taken from a file that only you can
read, by default NAME.password beside the configuration; with --client-id the
secret of an API key is, by default from NAME.secret. certty doctor --target NAME
then says whether it works.

Exit codes: 0 done, 1 the file can't be written, 2 wrong usage, a person said no,
or the file has problems already.`,
		Example: `  certty add-account https://cert-manager.com/customer/Contoso --login api@contoso.com
  certty add-account https://cert-manager.com/customer/Contoso --client-id 4c1a --secret-file sectigo.secret --yes`,
		Args: command.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			t, ok := config.AccountAt(args[0])
			if !ok {
				return command.Usage(fmt.Errorf("%s: it is the address people sign in at, https://cert-manager.com/customer/NAME", args[0]))
			}
			t.Name = cmp.Or(a.name, t.Name)
			switch {
			case a.credential.Login != "":
				a.password = cmp.Or(a.password, t.Name+".password")
			default:
				t.Credential.Kind = config.CredentialClientCredentials
				a.secret = cmp.Or(a.secret, t.Name+".secret")
			}
			return a.write(env, t)
		},
	}
	a.add(cmd)
	cmd.Flags().StringVar(&a.credential.Login, "login", "", "administrator's `login`")
	cmd.Flags().StringVar(&a.password, "password-file", "", "`file` that holds the login's password")
	cmd.MarkFlagsOneRequired("login", "client-id")
	cmd.MarkFlagsMutuallyExclusive("login", "client-id")
	cmd.MarkFlagsMutuallyExclusive("password-file", "client-id")
	cmd.MarkFlagsMutuallyExclusive("login", "secret-file")
	return cmd
}

func (a *addition) add(cmd *cobra.Command) {
	set := cmd.Flags()
	set.StringVar(&a.file, "config", "", "the `file` to write into")
	set.StringVar(&a.name, "name", "", "what the target is called, a `name`; without it the address tells")
	set.StringVar(&a.credential.ClientID, "client-id", "", "application or API key, an `id`")
	set.StringVar(&a.secret, "secret-file", "", "`file` that holds the secret of the application or API key")
	set.BoolVar(&a.dryRun, "dry-run", false, "write nothing; print what would change in the file")
	a.confirm.Add(cmd)
}

// write shows what changes in the file, and writes it once that is confirmed.
func (a *addition) write(env *command.Env, t config.Target) error {
	t.Name = cmp.Or(a.name, t.Name)
	kind := t.Credential.Kind
	t.Credential = a.credential
	t.Credential.Kind, t.Credential.Secret.File, t.Credential.Password.File = kind, a.secret, a.password
	file := cmp.Or(a.file, fileInUse(env))
	prepared, err := config.AddTarget(file, t)
	if err != nil {
		if _, ok := errors.AsType[config.Problems](err); ok {
			return command.Usage(err)
		}
		return err
	}
	diff := strings.TrimSuffix(prepared.Diff, "\n")
	if a.dryRun {
		_, err := fmt.Fprintln(env.Stdout, diff)
		return err
	}
	env.Say(diff)
	if prepared.Twin != "" {
		env.Say(prepared.Twin + " leads to the same address already: each row would be listed twice, and the service would get twice the calls.")
	}
	if err := a.confirm.Ask(env, command.Question{Title: "Write " + t.Name + " into " + prepared.File}); err != nil {
		return err
	}
	if err := prepared.Write(); err != nil {
		return err
	}
	env.Say("wrote " + prepared.File)
	env.Say("then say: certty doctor --target " + t.Name)
	return nil
}

// fileInUse is the configuration file that counts, or else the one that is
// looked for first.
func fileInUse(env *command.Env) string {
	first := firstFile(env)
	if named, _ := env.Lookup("CERTTY_CONFIG"); named != "" {
		return first
	}
	for _, file := range config.DefaultPaths().Files {
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return first
}
