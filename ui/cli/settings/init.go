package settings

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
	"certty/ui/cli/command"
)

// first is what a person wants in a first configuration.
type first struct {
	file, vault, account, name, login, passwordFile string
	dry                                             command.DryRun
}

func newInit(env *command.Env) *cobra.Command {
	var f first
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a first configuration file",
		Long: `Writes a commented configuration file for its owner alone (mode 0600), where
--config or CERTTY_CONFIG says, else where certty looks first. With --vault or
--account it holds them as first targets; the example's own targets stand there
as comments only, so nothing is called that you did not name. A file that is
there is never written over, and no secret is ever written.

The vault gets the credential "default": whatever the machine offers, such as
az login. An account takes its password from a file that only you can read, by
default NAME.password beside the configuration.

Exit codes: 0 done, 1 the file can't be written, 2 wrong usage, or there is a
configuration already.`,
		Example: `  certty config init
  certty config init --vault https://contoso.vault.azure.net
  certty config init --account https://cert-manager.com/customer/Contoso --login api@contoso.com`,
		Args: command.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("config") {
				f.file = firstFile(env)
			}
			return f.write(env)
		},
	}
	f.dry.Add(cmd)
	set := cmd.Flags()
	set.StringVar(&f.file, "config", "", "the `file` to write")
	set.StringVar(&f.vault, "vault", "", "address of a Key Vault, a `URL`")
	set.StringVar(&f.account, "account", "", "address at which people sign in to the SCM account, a `URL`")
	set.StringVar(&f.login, "login", "", "administrator's `login` of the account")
	set.StringVar(&f.passwordFile, "password-file", "", "`file` that holds the account's password")
	set.StringVar(&f.name, "name", "", "what the target is called, a `name`; without it the address tells")
	return cmd
}

// firstFile is the file that is looked for first.
func firstFile(env *command.Env) string {
	if file, _ := env.Lookup("CERTTY_CONFIG"); file != "" {
		return file
	}
	return config.DefaultPaths().Files[0]
}

// targets are those that the flags name.
func (f *first) targets() ([]config.Target, error) {
	var out []config.Target
	if f.vault != "" {
		t := config.VaultAt(f.vault)
		t.Name = cmp.Or(f.name, t.Name)
		out = append(out, t)
	}
	switch {
	case f.account == "" && (f.login != "" || f.passwordFile != ""):
		return nil, errors.New("--login and --password-file belong to --account")
	case f.account != "" && f.login == "":
		return nil, errors.New("--account needs --login, the administrator's login")
	case f.name != "" && (f.vault == "") == (f.account == ""):
		return nil, errors.New("--name names one target: give --vault or --account with it, not both")
	case f.account == "":
		return out, nil
	}
	t, ok := config.AccountAt(f.account)
	if !ok {
		return nil, fmt.Errorf("--account %s: it is the address people sign in at, https://cert-manager.com/customer/NAME", f.account)
	}
	switch {
	case f.name != "":
		t.Name = f.name
	case len(out) > 0 && out[0].Name == t.Name:
		t.Name = "sectigo" // vaults are called after their company, too
	}
	t.Credential.Login = f.login
	t.Credential.Password.File = cmp.Or(f.passwordFile, t.Name+".password")
	return append(out, t), nil
}

func (f *first) write(env *command.Env) error {
	if f.file == "" {
		return command.Usage(errors.New("no file is named"))
	}
	targets, err := f.targets()
	if err != nil {
		return command.Usage(err)
	}
	file, err := filepath.Abs(f.file)
	if err != nil {
		return fmt.Errorf("find the folder of %s: %w", f.file, err)
	}
	a, err := config.Initial(file, targets...)
	switch {
	case errors.Is(err, config.ErrFileExists):
		return command.Usage(fmt.Errorf("%w; nothing was written. certty add-vault and certty add-account add a target to it, certty config check looks for mistakes", err))
	case err != nil:
		return err
	}
	if f.dry.Dry() {
		_, err := fmt.Fprintln(env.Stdout, strings.TrimSuffix(a.Diff, "\n"))
		return errors.Join(err, env.Would("It would write these lines to "+file+", for you alone"))
	}
	if err := a.Write(); errors.Is(err, config.ErrFileChanged) {
		return command.Usage(fmt.Errorf("%w: %s; nothing was written", config.ErrFileExists, file))
	} else if err != nil {
		return err
	}
	env.Say("wrote " + file)
	for _, t := range targets {
		if t.Credential.Password.File != "" {
			where := t.Credential.Password.File
			if !filepath.IsAbs(where) && where[0] != '~' {
				where = filepath.Join(filepath.Dir(file), where)
			}
			env.Say("put the password of " + t.Name + " into " + where + " and say chmod 600; or change where it is taken from")
		}
	}
	if len(targets) == 0 {
		env.Say("name a vault or an account in it, then say: certty config check")
	} else {
		env.Say("then say: certty doctor")
	}
	return nil
}
