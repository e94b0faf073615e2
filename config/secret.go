package config

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// maxSecret is far more than any password, token or client secret.
const maxSecret = 64 << 10

// Secret says where a secret is. Exactly one of the fields is set. It never
// holds the secret itself.
type Secret struct {
	// Env is the name of an environment variable that holds the secret.
	Env string `yaml:"env"`
	// File is a file that holds the secret and that only its owner can read
	// (mode 0600 or stricter).
	File string `yaml:"file"`
	// Command is a program and its arguments; what it prints is the secret. It
	// runs without a shell and without a terminal, for at most 10 seconds, and
	// without the environment variables that an `env` of this file names. A
	// keyring is asked this way: `secret-tool lookup …` on Linux, `security
	// find-generic-password -w …` on macOS.
	Command []string `yaml:"command"`
}

// IsZero reports whether no place is set.
func (s Secret) IsZero() bool { return s.Env == "" && s.File == "" && len(s.Command) == 0 }

// String names the place. A command's arguments are left out: they may tell
// more than a log should.
func (s Secret) String() string {
	switch {
	case s.Env != "":
		return "environment variable " + s.Env
	case s.File != "":
		return "file " + s.File
	case len(s.Command) > 1:
		return "command " + s.Command[0] + " …"
	case len(s.Command) == 1:
		return "command " + s.Command[0]
	}
	return "nowhere"
}

// GoString is String: the %#v of a Config shows no arguments either.
func (s Secret) GoString() string { return "config.Secret{" + s.String() + "}" }

// MarshalText is String: so does JSON, and a log that is written as JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue is String, for package slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Read fetches the secret. One line end behind it is cut. A command does not get
// the environment variables of the names in hide, see [Config.SecretVariables].
// An error names the place and never holds what was read.
func (s Secret) Read(ctx context.Context, hide ...string) (string, error) {
	value, err := s.read(ctx, hide)
	if err != nil {
		return "", fmt.Errorf("read the secret from %s: %w", s, err)
	}
	value = strings.TrimSuffix(strings.TrimSuffix(value, "\n"), "\r")
	if value == "" {
		return "", fmt.Errorf("read the secret from %s: it is empty", s)
	}
	return value, nil
}

func (s Secret) read(ctx context.Context, hide []string) (string, error) {
	switch {
	case s.Env != "":
		value, ok := os.LookupEnv(s.Env)
		if !ok {
			return "", errors.New("it is not set")
		}
		return value, nil
	case s.File != "":
		return readSecretFile(s.File)
	case len(s.Command) > 0:
		return runSecretCommand(ctx, s.Command, hide, commandLimit)
	}
	return "", errors.New("no place is set")
}
