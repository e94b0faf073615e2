package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// ErrFileExists says that a first configuration is not written over another.
var ErrFileExists = errors.New("there is a configuration already")

// Initial prepares a first configuration file with these targets in it, and with
// the example's comments around them. Nothing is written before
// [Addition.Write]. What is wrong with a target is [Problems], whose paths are
// those of the target alone; a file that is there is ErrFileExists.
func Initial(file string, targets ...Target) (*Addition, error) {
	switch _, err := os.Lstat(file); {
	case err == nil:
		return nil, fmt.Errorf("%w: %s", ErrFileExists, file)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("look at %s: %w", file, plain(err))
	}
	after := starter()
	cfg, err := Parse(file, after)
	if err != nil {
		return nil, err
	}
	for _, t := range targets {
		want, err := Complete(cfg, file, t)
		if err != nil {
			return nil, err
		}
		if after, err = insertTarget(after, t); err != nil {
			return nil, byHand(file, t, err)
		}
		if err := sameButFor(file, cfg, want, after); err != nil {
			return nil, byHand(file, t, err)
		}
		cfg.Targets = append(cfg.Targets, want)
	}
	return &Addition{File: file, Diff: diff(nil, after), after: after}, nil
}

// starter is the example with its targets as comments: nothing is called that a
// person did not name.
func starter() []byte {
	var b bytes.Buffer
	within := false
	for line := range strings.Lines(string(example)) {
		switch {
		case strings.HasPrefix(line, "targets:"):
			within = true
		case within && line != "\n" && !strings.HasPrefix(line, " "):
			within = false
		}
		if within && line != "\n" {
			b.WriteString("# ")
		}
		b.WriteString(line)
	}
	return b.Bytes()
}

// VaultAt is a target for the vault at an address, with the credential default.
// It is called by the vault's name, or "vault" where the host tells none.
func VaultAt(address string) Target { return vaultFromEnvironment(address) }

// AccountAt is a target for the CA account that people sign in to at an address,
// see [SignInAddress], with an administrator's login that is still to be named.
// It is called by the customer URI, or "sectigo" where that can't be a name.
func AccountAt(address string) (_ Target, ok bool) {
	api, customerURI, ok := SignInAddress(address)
	if !ok {
		return Target{}, false
	}
	t := defaultTarget()
	t.Kind, t.CustomerURI, t.Credential.Kind = KindSCM, customerURI, CredentialPassword
	if t.Name = asName(customerURI); t.Name == "" {
		t.Name = "sectigo"
	}
	if api != DefaultSCMURL {
		t.URL = api
	}
	return t, true
}
