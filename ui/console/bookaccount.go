package console

import (
	"context"

	"certty/backend/scm"
	"certty/config"
	"certty/ui/view/vaults"
)

// accountTarget is the draft of an account as the configuration has it. What the
// kind of credential has no use for was typed before another kind was chosen.
func accountTarget(d vaults.Draft) config.Target {
	t := config.Target{
		Name: d.Name, Kind: config.KindSCM, URL: d.Address, CustomerURI: d.CustomerURI, ReadOnly: d.ReadOnly,
		CAFile: d.CAFile, Proxy: d.Proxy,
		Credential: config.Credential{Kind: config.CredentialKind(d.Credential)},
	}
	if api, _, ok := config.SignInAddress(d.Address); ok {
		t.URL = api
	}
	if t.URL == config.DefaultSCMURL {
		t.URL = "" // what counts where nothing is written
	}
	proxyLogin(d, &t)
	c := &t.Credential
	for setting, set := range map[string]func(){
		"login":     func() { c.Login = d.Login },
		"password":  func() { c.Password = secret(d.Password) },
		"client_id": func() { c.ClientID = d.ClientID },
		"secret":    func() { c.Secret = secret(d.Secret) },
		"token_url": func() { c.TokenURL = d.TokenURL },
	} {
		if used, _ := c.Kind.Uses(setting); used {
			set()
		}
	}
	return t
}

// reachAccount makes the backend of the account that d describes. It asks nobody
// anything yet.
func (b *book) reachAccount(d vaults.Draft) (*scm.Backend, scm.Options, config.Target, error) {
	t, err := b.complete(target(d))
	if err != nil {
		return nil, scm.Options{}, t, err
	}
	// Without the console's parts: they may not be open yet.
	o, err := (&kit{cfg: b.c.cfg}).accountOptions(t)
	if err != nil {
		return nil, o, t, err
	}
	account, err := reachAccount(o)
	return account, o, t, err
}

// probe looks at what orders need of the account that d describes. A password
// that can't be read is a finding, and nothing is sent then.
func (b *book) probe(ctx context.Context, d vaults.Draft) (vaults.Found, error) {
	account, _, _, err := b.reachAccount(d)
	if err != nil {
		return vaults.Found{}, err
	}
	findings := account.Capabilities().Account.Probe(ctx)
	return vaults.Found{Findings: findings}, ctx.Err()
}
