package config

import (
	"slices"
	"strings"
)

// SecretVariables names the environment variables that hold the secrets of the
// configuration's targets, also of those that flags leave out. A program that is
// started for one target has no business with the secrets of the others.
func (c *Config) SecretVariables() []string {
	names := slices.Clone(c.leftOut)
	for i := range c.Targets {
		names = append(names, c.Targets[i].secretVariables()...)
	}
	return names
}

func (t *Target) secretVariables() []string {
	var names []string
	for _, s := range []Secret{t.Credential.Secret, t.Credential.Password, t.ProxyPassword, t.KeystorePassword} {
		if s.Env != "" {
			names = append(names, s.Env)
		}
	}
	return names
}

// Hide gives an environment, as [os.Environ] does, without the variables of these
// names.
func Hide(environ, names []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(names, name)
	})
}
