package console

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"certty/config"
	"certty/ui/app"
	"certty/ui/view/vaults"
)

func bookOf(t *testing.T, cfg config.Config) *book {
	t.Helper()
	cfg.File = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(cfg.File, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.Refresh = config.Refresh{}
	return newBook(newConsole(&cfg))
}

// TestTarget is what a draft becomes in the configuration.
func TestTarget(t *testing.T) {
	secret := vaults.Place{Kind: vaults.PlaceCommand, Text: "pass  show x"}
	for _, tt := range []struct {
		name  string
		draft vaults.Draft
		want  config.Target
	}{
		{"a bare name", vaults.Draft{Address: "contoso", Cloud: "china", Credential: "default", Tenant: "t"},
			config.Target{URL: "https://contoso.vault.azure.cn", Credential: config.Credential{Kind: config.CredentialDefault, Tenant: "t"}}},
		{"an address", vaults.Draft{Address: "https://contoso.vault.azure.net/", Cloud: "china", Credential: "environment", Tenant: "typed before"},
			config.Target{URL: "https://contoso.vault.azure.net", Credential: config.Credential{Kind: config.CredentialEnvironment}}},
		{"a host of another name", vaults.Draft{Address: "https://vault.example.com", Cloud: "government", Authority: "https://login.example.com", Credential: "managed-identity"},
			config.Target{URL: "https://vault.example.com", Cloud: config.CloudGovernment, Authority: "https://login.example.com", Credential: config.Credential{Kind: config.CredentialManagedIdentity}}},
		{"an application", vaults.Draft{Address: "contoso", Credential: "client-secret", Tenant: "t", ClientID: "c", Secret: secret, Certificate: "typed before"},
			config.Target{URL: "https://contoso.vault.azure.net", Credential: config.Credential{Kind: config.CredentialClientSecret, Tenant: "t", ClientID: "c", Secret: config.Secret{Command: []string{"pass", "show", "x"}}}}},
		{"a certificate", vaults.Draft{Address: "contoso", Credential: "client-certificate", Certificate: "a.pfx", Password: vaults.Place{Kind: vaults.PlaceEnv, Text: "P"}},
			config.Target{URL: "https://contoso.vault.azure.net", Credential: config.Credential{Kind: config.CredentialClientCertificate, Certificate: "a.pfx", Password: config.Secret{Env: "P"}}}},
		{"a proxy's user", vaults.Draft{Address: "contoso", Credential: "environment", Proxy: "http://proxy", ProxyUser: "me", ProxyPassword: secret},
			config.Target{URL: "https://contoso.vault.azure.net", Proxy: "http://proxy", ProxyUser: "me", ProxyPassword: config.Secret{Command: []string{"pass", "show", "x"}}, Credential: config.Credential{Kind: config.CredentialEnvironment}}},
		{"a user of no proxy", vaults.Draft{Address: "contoso", Credential: "environment", ProxyUser: "typed before", ProxyPassword: secret},
			config.Target{URL: "https://contoso.vault.azure.net", Credential: config.Credential{Kind: config.CredentialEnvironment}}},
	} {
		tt.want.Kind = config.KindVault
		got := target(tt.draft)
		if got.URL != tt.want.URL || got.Cloud != tt.want.Cloud || got.Authority != tt.want.Authority ||
			got.Credential.Kind != tt.want.Credential.Kind || got.Credential.Tenant != tt.want.Credential.Tenant ||
			got.Credential.Certificate != tt.want.Credential.Certificate || got.Credential.Password.Env != tt.want.Credential.Password.Env ||
			got.ProxyUser != tt.want.ProxyUser || got.ProxyPassword.String() != tt.want.ProxyPassword.String() ||
			strings.Join(got.Credential.Secret.Command, "|") != strings.Join(tt.want.Credential.Secret.Command, "|") {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestCheck: the configuration's rules, by field of the form.
func TestCheck(t *testing.T) {
	b := bookOf(t, config.Config{Targets: []config.Target{{Name: "taken", URL: "https://taken.vault.azure.net"}}, StateDir: "/s", CacheDir: "/c"})
	fine := vaults.Draft{Address: "contoso", Name: "contoso", Credential: "default"}
	if found := b.Check(fine); len(found) != 0 {
		t.Errorf("nothing is wrong, but: %v", found)
	}
	for _, tt := range []struct {
		name  string
		spoil func(*vaults.Draft)
		field vaults.Field
		says  string
	}{
		{"Managed HSM", func(d *vaults.Draft) { d.Address = "https://x.managedhsm.azure.net" }, vaults.FieldAddress, "holds keys, but no certificates"},
		{"no address", func(d *vaults.Draft) { d.Address = "" }, vaults.FieldAddress, "needs its address"},
		{"a name that is taken", func(d *vaults.Draft) { d.Name = "taken" }, vaults.FieldName, "the name of another target, names"},
		{"no secret", func(d *vaults.Draft) { d.Credential = "client-secret" }, vaults.FieldSecret, "needs a secret"},
		{"no variable", func(d *vaults.Draft) {
			d.Credential, d.Secret = "client-secret", vaults.Place{Kind: vaults.PlaceEnv, Text: "a b"}
		}, vaults.FieldSecret, "environment variable"},
		{"quotes", func(d *vaults.Draft) {
			d.Credential, d.Secret = "client-secret", vaults.Place{Kind: vaults.PlaceCommand, Text: `pass "a b"`}
		}, vaults.FieldSecret, "quotes"},
		{"a proxy with a password", func(d *vaults.Draft) { d.Proxy = "http://me:pw@proxy" }, vaults.FieldProxy, "proxy_password says"},
		{"a proxy's user without a password", func(d *vaults.Draft) { d.Proxy, d.ProxyUser = "http://proxy", "me" }, vaults.FieldProxyPassword, "say where it is"},
		{"a proxy's password in no place", func(d *vaults.Draft) {
			d.Proxy, d.ProxyUser, d.ProxyPassword = "http://proxy", "me", vaults.Place{Kind: vaults.PlaceEnv, Text: "a b"}
		}, vaults.FieldProxyPassword, "environment variable"},
		{"a header of another meaning", func(d *vaults.Draft) { d.VerbOverride = "Host" }, vaults.FieldVerbOverride, "X-HTTP-METHOD"},
	} {
		d := fine
		tt.spoil(&d)
		if found := b.Check(d); !strings.Contains(found[tt.field], tt.says) {
			t.Errorf("%s: %v", tt.name, found)
		}
	}
}

// TestCaution: a vault that only the environment names leaves the screen.
func TestCaution(t *testing.T) {
	b := bookOf(t, config.Config{Targets: []config.Target{{Name: "old", URL: "https://old-kv.vault.azure.net"}}, Variable: "VAULT_URL", StateDir: "/s", CacheDir: "/c"})
	entry, err := b.Prepare(t.Context(), vaults.Draft{Address: "contoso", Name: "contoso", Credential: "default"})
	if err != nil {
		t.Fatal(err)
	}
	if got := entry.Caution(); !strings.Contains(got, "VAULT_URL counts only while") || !strings.Contains(got, "no more old") {
		t.Errorf("the caution is %q", got)
	}
	if err := os.WriteFile(b.file, []byte("targets:\n  - {name: before, url: 'https://contoso.vault.azure.net', credential: {kind: default}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if entry, err = b.Prepare(t.Context(), vaults.Draft{Address: "contoso", Name: "contoso", Credential: "azure-cli"}); err != nil {
		t.Fatal(err)
	}
	if got := entry.Caution(); !strings.HasPrefix(got, "before leads to the same address already") {
		t.Errorf("the caution of a second one is %q", got)
	}
	if _, err := b.Prepare(t.Context(), vaults.Draft{Address: "contoso", Name: "contoso", Credential: "default", CAFile: "/no/such.pem"}); err == nil {
		t.Error("a vault that can't be opened would be written")
	}
}

// TestPrompt: a code stands on the screen until its sign-in ends or a person
// gives it up.
func TestPrompt(t *testing.T) {
	c := newConsole(&config.Config{})
	defer c.cancel()
	told := make(chan app.Message, 4)
	c.screenReady(func(msg app.Message) { told <- msg })
	show := c.prompt("prod")

	ctx, end := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- show(ctx, "message", "https://login.example/device", "CODE") }()
	in, ok := (<-told).(vaults.SignIn)
	if !ok || in.Target != "prod" || in.Code != "CODE" || !c.signIns.waiting("prod") {
		t.Fatalf("shown %+v", in)
	}
	end()
	if err := <-done; err != nil || (<-told).(vaults.SignInEnded).ID != in.ID || c.signIns.waiting("prod") {
		t.Errorf("after its end: %v", err)
	}

	go func() { done <- show(t.Context(), "message", "url", "CODE") }()
	in = (<-told).(vaults.SignIn)
	in.Cancel()
	in.Cancel() // a second press does no harm
	if err := <-done; !errors.Is(err, errSignInCancelled) {
		t.Errorf("after it was cancelled: %v", err)
	}
}

// TestAccountTarget is what the draft of an account becomes in the configuration.
func TestAccountTarget(t *testing.T) {
	password := vaults.Place{Kind: vaults.PlaceEnv, Text: "P"}
	for _, tt := range []struct {
		name  string
		draft vaults.Draft
		want  config.Target
	}{
		{"the address people sign in at", vaults.Draft{Address: "https://hard.cert-manager.com/customer/acme", CustomerURI: "acme", Credential: "password", Login: "l", Password: password, ClientID: "typed before"},
			config.Target{URL: "https://hard.cert-manager.com/api", CustomerURI: "acme", Credential: config.Credential{Kind: config.CredentialPassword, Login: "l", Password: config.Secret{Env: "P"}}}},
		{"the usual instance", vaults.Draft{Address: "https://cert-manager.com/customer/acme", CustomerURI: "acme", Credential: "password", Login: "l", Password: password},
			config.Target{CustomerURI: "acme", Credential: config.Credential{Kind: config.CredentialPassword, Login: "l", Password: config.Secret{Env: "P"}}}},
		{"an API key", vaults.Draft{Address: "https://admin.enterprise.sectigo.com/api", Credential: "client-credentials", ClientID: "c", Secret: password, TokenURL: "https://t.example/token", Login: "typed before", Password: password},
			config.Target{URL: "https://admin.enterprise.sectigo.com/api", Credential: config.Credential{Kind: config.CredentialClientCredentials, ClientID: "c", Secret: config.Secret{Env: "P"}, TokenURL: "https://t.example/token"}}},
	} {
		tt.draft.Kind, tt.want.Kind = vaults.KindAccount, config.KindSCM
		if got := target(tt.draft); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

// TestAccountChecks: the configuration's rules, by field of an account's form,
// and a name that the address suggests.
func TestAccountChecks(t *testing.T) {
	b := bookOf(t, config.Config{Targets: []config.Target{{Name: "taken", URL: "https://taken.vault.azure.net"}}, StateDir: "/s", CacheDir: "/c"})
	if api, uri, name := b.Account("https://cert-manager.com/customer/Acme_Corp"); api != "https://cert-manager.com/api" || uri != "Acme_Corp" || name != "acme-corp" {
		t.Errorf("taken apart: %q %q %q", api, uri, name)
	}
	fine := vaults.Draft{Kind: vaults.KindAccount, Address: "https://cert-manager.com/customer/acme", CustomerURI: "acme", Name: "acme", Credential: "password",
		Login: "admin", Password: vaults.Place{Kind: vaults.PlaceEnv, Text: "SCM_PASSWORD"}}
	if found := b.Check(fine); len(found) != 0 {
		t.Errorf("nothing is wrong, but: %v", found)
	}
	for _, tt := range []struct {
		name  string
		spoil func(*vaults.Draft)
		field vaults.Field
		says  string
	}{
		{"a name that is taken", func(d *vaults.Draft) { d.Name = "taken" }, vaults.FieldName, "the name of another target"},
		{"no customer URI", func(d *vaults.Draft) { d.CustomerURI = "" }, vaults.FieldCustomerURI, "needs its customer URI"},
		{"no login", func(d *vaults.Draft) { d.Login = "" }, vaults.FieldLogin, "needs"},
		{"no password", func(d *vaults.Draft) { d.Password = vaults.Place{} }, vaults.FieldPassword, "needs"},
		{"quotes", func(d *vaults.Draft) { d.Password = vaults.Place{Kind: vaults.PlaceCommand, Text: `pass "a b"`} }, vaults.FieldPassword, "quotes"},
		{"plain HTTP", func(d *vaults.Draft) { d.Address = "http://cert-manager.com/api" }, vaults.FieldAddress, "https://"},
		{"a token's address", func(d *vaults.Draft) {
			d.Credential, d.ClientID, d.Secret, d.TokenURL = "client-credentials", "c", d.Password, "http://t.example"
		}, vaults.FieldTokenURL, "https://"},
	} {
		d := fine
		tt.spoil(&d)
		if found := b.Check(d); !strings.Contains(found[tt.field], tt.says) {
			t.Errorf("%s: %v", tt.name, found)
		}
	}
}
