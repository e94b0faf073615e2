package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"certty/config"
)

// Secret are the flags that say where a secret is. There is no flag for the
// secret itself: every process of the machine could read it.
type Secret struct {
	name, what string
	from       config.Secret
	command    string
	cmd        *cobra.Command
}

// Add adds --NAME-file, --NAME-env and --NAME-command to a command; what is what
// the secret is called: "password of the keystore".
func (s *Secret) Add(cmd *cobra.Command, name, what string) {
	s.name, s.what, s.cmd = name, what, cmd
	f := cmd.Flags()
	f.StringVar(&s.from.File, name+"-file", "", "`file` that holds the "+what+", readable by its owner only")
	f.StringVar(&s.from.Env, name+"-env", "", "environment `variable` that holds the "+what)
	f.StringVar(&s.command, name+"-command", "", "`program` that prints the "+what+", with its arguments between blanks; no shell reads it")
	cmd.MarkFlagsMutuallyExclusive(name+"-file", name+"-env", name+"-command")
}

// Given reads the secret from where the flags say it is; nil when they say
// nothing. A variable is taken out of this program's environment, so that no
// program that is started later gets it; a program that prints it gets no variable
// that holds the secret of a configured target.
func (s *Secret) Given(ctx context.Context) ([]byte, error) {
	from := s.from
	from.Command = strings.Fields(s.command)
	if from.IsZero() {
		return nil, nil
	}
	hide, err := s.hide()
	if err != nil {
		return nil, err
	}
	secret, err := from.Read(ctx, hide...)
	if err != nil {
		return nil, Usage(err)
	}
	if from.Env != "" {
		if err := os.Unsetenv(from.Env); err != nil {
			return nil, fmt.Errorf("take %s out of the environment: %w", from.Env, err)
		}
	}
	return []byte(secret), nil
}

// hide names the variables that hold the secrets of the targets, where a program
// is started and the command has targets.
func (s *Secret) hide() ([]string, error) {
	file := s.cmd.Flags().Lookup("config")
	if s.command == "" || file == nil {
		return nil, nil
	}
	var flags config.Flags
	if file.Changed {
		path := file.Value.String()
		flags.Config = &path
	}
	cfg, err := config.Load(config.Options{Flags: flags})
	if err != nil {
		return nil, err
	}
	return cfg.SecretVariables(), nil
}

// Ask asks the person for the secret, without an echo; twice has it typed twice.
func (s *Secret) Ask(env *Env, twice bool) ([]byte, error) {
	if !env.Asks {
		return nil, Usage(fmt.Errorf("the %s is needed, and there is no terminal to ask at: --%s-file, --%s-env or --%s-command say where it is", s.what, s.name, s.name, s.name))
	}
	secret, err := hidden(env, strings.ToUpper(s.what[:1])+s.what[1:]+": ")
	if err != nil || !twice {
		return secret, err
	}
	again, err := hidden(env, "The same again: ")
	if err != nil {
		return nil, err
	}
	if string(again) != string(secret) {
		return nil, Usage(errors.New("the two are not the same; nothing was done"))
	}
	return secret, nil
}
