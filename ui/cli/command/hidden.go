package command

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/term"
)

// hidden reads a line that is not shown. What ends or stops the program meanwhile
// leaves a terminal that shows what is typed: [term.ReadPassword] alone puts that
// back only when it returns.
func hidden(env *Env, question string) ([]byte, error) {
	in, ok := env.Stdin.(interface{ Fd() uintptr })
	if !ok {
		return nil, errors.New("a secret is read at a terminal only")
	}
	ask := func() error {
		_, err := io.WriteString(env.Stderr, question)
		return err
	}
	fd := int(in.Fd())
	show, err := hush(fd, env.Say, ask)
	if err != nil {
		return nil, fmt.Errorf("hide what is typed: %w", err)
	}
	defer show()
	if err := ask(); err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	secret, err := term.ReadPassword(fd)
	env.Say("")
	if err != nil {
		return nil, fmt.Errorf("read what was typed: %w", err)
	}
	if len(secret) == 0 {
		return nil, ErrDeclined
	}
	return secret, nil
}
