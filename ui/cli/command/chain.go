package command

import (
	"errors"
	"fmt"

	"certty/backend/text"
	"certty/model/x5c"
)

// ReadChain reads certificates from files of any form; no file is standard input,
// and so is "-". What is wrong is the file's fault, and nothing was sent.
func ReadChain(env *Env, files []string) (*x5c.Bundle, error) {
	if len(files) == 0 {
		files = []string{"-"}
	}
	bundles := make([]*x5c.Bundle, len(files))
	for i, file := range files {
		if file == "-" && env.Asks {
			env.Say("Paste the signed certificate and its chain, then press ctrl+d.")
		}
		data, err := ReadInput(env, file, x5c.MaxBytes)
		if err == nil {
			bundles[i], err = x5c.Read(data)
		}
		if err != nil {
			if file == "-" {
				file = "standard input"
			}
			return nil, fmt.Errorf("%s: %w; nothing was sent", file, cleaned(err))
		}
	}
	return x5c.Join(bundles...), nil
}

// cleaned is an error whose text may hold what stood in a file.
func cleaned(err error) error {
	if _, usage := errors.AsType[*UsageError](err); usage {
		return err
	}
	return errors.New(text.Clean(err.Error()))
}
