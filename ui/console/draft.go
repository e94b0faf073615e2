package console

import (
	"strings"

	"certty/config"
	"certty/ui/view/vaults"
)

// target is a draft as the configuration has it. What the kind of credential
// has no use for was typed before another kind was chosen.
func target(d vaults.Draft) config.Target {
	if d.Kind == vaults.KindAccount {
		return accountTarget(d)
	}
	url, known, _ := config.CompleteAddress(d.Address, config.Cloud(d.Cloud))
	t := config.Target{
		Name: d.Name, Kind: config.KindVault, URL: url, ReadOnly: d.ReadOnly,
		Authority: d.Authority, CAFile: d.CAFile, Proxy: d.Proxy, APIVersion: d.APIVersion, VerbOverride: d.VerbOverride,
		Credential: config.Credential{Kind: config.CredentialKind(d.Credential)},
	}
	// A host that tells its cloud needs no setting that says the same.
	if _, tells, _ := config.CompleteAddress(url, ""); known == "" && tells == "" && config.Cloud(d.Cloud) != config.CloudPublic {
		t.Cloud = config.Cloud(d.Cloud)
	}
	proxyLogin(d, &t)
	c := &t.Credential
	for setting, set := range map[string]func(){
		"tenant":      func() { c.Tenant = d.Tenant },
		"client_id":   func() { c.ClientID = d.ClientID },
		"secret":      func() { c.Secret = secret(d.Secret) },
		"certificate": func() { c.Certificate = d.Certificate },
		"password":    func() { c.Password = secret(d.Password) },
	} {
		if used, _ := c.Kind.Uses(setting); used {
			set()
		}
	}
	return t
}

// proxyLogin is who certty is to the proxy of a draft. What a proxy or a user was
// typed for that was taken away again counts for nothing.
func proxyLogin(d vaults.Draft, t *config.Target) {
	if d.Proxy != "" && d.ProxyUser != "" {
		t.ProxyUser, t.ProxyPassword = d.ProxyUser, secret(d.ProxyPassword)
	}
}

func secret(p vaults.Place) config.Secret {
	switch {
	case p.Text == "":
		return config.Secret{}
	case p.Kind == vaults.PlaceEnv:
		return config.Secret{Env: p.Text}
	case p.Kind == vaults.PlaceCommand:
		return config.Secret{Command: strings.Fields(p.Text)}
	}
	return config.Secret{File: p.Text}
}
