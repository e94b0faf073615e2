package config

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// credentialUses says which settings belong to which kind of credential.
// Environment takes all of it from the environment.
var credentialUses = map[CredentialKind]struct{ needs, takes []string }{
	CredentialDefault:           {takes: []string{"tenant"}},
	CredentialEnvironment:       {},
	CredentialAzureCLI:          {takes: []string{"tenant"}},
	CredentialManagedIdentity:   {takes: []string{"client_id"}},
	CredentialWorkloadIdentity:  {takes: []string{"tenant", "client_id"}},
	CredentialClientSecret:      {needs: []string{"tenant", "client_id", "secret"}},
	CredentialClientCertificate: {needs: []string{"tenant", "client_id", "certificate"}, takes: []string{"password"}},
	CredentialDeviceCode:        {takes: []string{"tenant", "client_id"}},
	CredentialPassword:          {needs: []string{"login", "password"}},
	CredentialClientCredentials: {needs: []string{"client_id", "secret"}, takes: []string{"token_url"}},
}

// Uses reports whether a credential of kind k has use for a setting, such as
// "client_id", and whether it needs it.
func (k CredentialKind) Uses(setting string) (used, needed bool) {
	uses := credentialUses[k]
	needed = slices.Contains(uses.needs, setting)
	return needed || slices.Contains(uses.takes, setting), needed
}

// CredentialKinds lists the kinds of credentials of a kind of service, in the
// order of the documentation; the first is the default.
func CredentialKinds(of TargetKind) []CredentialKind {
	if of == KindSCM {
		return []CredentialKind{CredentialPassword, CredentialClientCredentials}
	}
	return []CredentialKind{
		CredentialDefault, CredentialEnvironment, CredentialAzureCLI, CredentialManagedIdentity, CredentialWorkloadIdentity,
		CredentialClientSecret, CredentialClientCertificate, CredentialDeviceCode,
	}
}

// ReadCertificate reads the file of the certificate and its password, empty
// where none is set. What hide is to the password, see [Secret.Read]. An error
// names the place and never holds what was read.
func (c Credential) ReadCertificate(ctx context.Context, hide ...string) (file []byte, password string, err error) {
	if c.Certificate == "" {
		return nil, "", errors.New("no certificate is set")
	}
	content, err := readSecretFile(c.Certificate)
	if err != nil {
		return nil, "", fmt.Errorf("read the certificate from file %s: %w", c.Certificate, err)
	}
	if !c.Password.IsZero() {
		if password, err = c.Password.Read(ctx, hide...); err != nil {
			return nil, "", fmt.Errorf("open the certificate in %s: %w", c.Certificate, err)
		}
	}
	return []byte(content), password, nil
}

// missing says what a kind lacks that needs it.
var missing = map[string]string{ //nolint:gosec // words, no secrets
	"tenant":      "the tenant's id or domain",
	"client_id":   "the application's id",
	"login":       "the login of an administrator",
	"password":    "a password: say where it is, with one of env, file, command",
	"secret":      "a secret: say where it is, with one of env, file, command",
	"certificate": "a certificate: name its file",
}

func (v *validator) credential(path string, of TargetKind, c *Credential) {
	kinds := CredentialKinds(of)
	if _, set := v.at[path+".kind"]; !set && of == KindSCM && c.Kind == CredentialDefault {
		c.Kind = kinds[0]
	}
	if !slices.Contains(kinds, c.Kind) {
		names := make([]string, len(kinds))
		for i, k := range kinds {
			names[i] = string(k)
		}
		v.report(path+".kind", "%s is not for %s, allowed are %s", c.Kind, of, list(names))
		return
	}
	if c.Tenant != "" && !tenantPattern.MatchString(c.Tenant) {
		v.report(path+".tenant", "%s is no tenant, it is an id or a domain", quote(c.Tenant))
	}
	v.secret(path+".secret", &c.Secret)
	v.secret(path+".password", &c.Password)
	c.Certificate = v.paths.resolve(v.cfg.File, c.Certificate)
	for _, s := range []struct {
		name string
		set  bool
	}{
		{"login", c.Login != ""},
		{"tenant", c.Tenant != ""},
		{"client_id", c.ClientID != ""},
		{"secret", !c.Secret.IsZero()},
		{"token_url", c.TokenURL != ""},
		{"certificate", c.Certificate != ""},
		{"password", !c.Password.IsZero()},
	} {
		switch used, needed := c.Kind.Uses(s.name); {
		case s.set && !used:
			v.unused(path+"."+s.name, s.name, c.Kind, kinds)
		case !s.set && needed:
			v.report(path+"."+s.name, "%s needs %s", c.Kind, missing[s.name])
		case s.set && of == KindVault && s.name == "client_id" && !clientPattern.MatchString(c.ClientID):
			// Not repeated: ids and secrets are easily mixed up.
			v.report(path+".client_id", "not an application's id, it looks like 01234567-89ab-cdef-0123-456789abcdef")
		}
	}
	if of == KindSCM {
		v.scmCredential(path, c)
	}
}

// unused refuses what would be ignored.
func (v *validator) unused(path, name string, kind CredentialKind, kinds []CredentialKind) {
	if kind == CredentialEnvironment {
		v.report(path, "%s is not used by environment, which takes it from the environment", name)
		return
	}
	var users []string
	for _, k := range kinds {
		if used, _ := k.Uses(name); used {
			users = append(users, string(k))
		}
	}
	if len(users) == 0 {
		v.report(path, "%s is not used by %s", name, kind)
		return
	}
	v.report(path, "%s is not used by %s, only by %s", name, kind, strings.Join(users, ", "))
}
