package config

import (
	"strings"
	"testing"
)

// account is a file with one account that is right but for the given lines.
func account(lines ...string) string {
	return "targets:\n  - name: a\n    kind: scm\n    " + strings.Join(lines, "\n    ") + "\n"
}

const (
	customer = "customer_uri: Contoso"
	login    = "credential: {login: me@contoso.com, password: {env: P}}"
	apiKey   = "credential: {kind: client-credentials, client_id: ssl, secret: {env: S}}"
)

func TestAccount(t *testing.T) {
	cfg, err := Parse("/etc/certty/c.yaml", []byte(account(customer, login, "deploy: {dir: tls, mode: 0640}", "on_issued: [./reload, ./arg]")))
	if err != nil {
		t.Fatal(err)
	}
	got := cfg.Targets[0]
	if got.URL != DefaultSCMURL || got.Credential.Kind != CredentialPassword || got.Cloud != "" {
		t.Errorf("the defaults are %+v", got)
	}
	if got.Deploy.Dir != "/etc/certty/tls" || got.Deploy.Bits() != 0o640 || strings.Join(got.OnIssued, " ") != "/etc/certty/reload ./arg" {
		t.Errorf("files go to %+v, then runs %v", got.Deploy, got.OnIssued)
	}
	for url, want := range map[string]string{
		"https://Hard.cert-manager.com:443/api/": "https://hard.cert-manager.com/api",
		"https://127.0.0.1:8443/api":             "https://127.0.0.1:8443/api",
		"https://proxy.contoso.com/scm/api":      "https://proxy.contoso.com/scm/api",
		"https://proxy.contoso.com":              "https://proxy.contoso.com",
	} {
		cfg, err := Parse("/c.yaml", []byte(account("url: "+url, apiKey)))
		if err != nil || cfg.Targets[0].URL != want {
			t.Errorf("%s became %+v, %v", url, cfg, err)
		}
	}
}

// TestAccountProblems is every message about an account, with its place.
func TestAccountProblems(t *testing.T) {
	for name, tc := range map[string]struct {
		data string
		want string
	}{
		"no customer": {account(login),
			"2:5: targets[0].customer_uri: an account needs its customer URI: NAME in the address people sign in at, https://cert-manager.com/customer/NAME"},
		"signing in at the url": {account("url: https://hard.cert-manager.com/customer/Contoso/home", customer, login),
			"4:10: targets[0].url: this is the address people sign in at: write  url: https://hard.cert-manager.com/api  and  customer_uri: Contoso"},
		"signing in at the customer": {account("customer_uri: https://cert-manager.com/customer/Contoso", login),
			`4:19: targets[0].customer_uri: "https://cert-manager.com/customer/Contoso" is no customer URI: it is NAME alone of https://cert-manager.com/customer/NAME, did you mean Contoso?`},
		"no api":     {account("url: https://cert-manager.com", customer, login), "4:10: targets[0].url: the address goes as far as the API begins, did you mean https://cert-manager.com/api?"},
		"no scheme":  {account("url: cert-manager.com/api", customer, login), `4:10: targets[0].url: "cert-manager.com/api" has no scheme, did you mean https://cert-manager.com/api?`},
		"plain http": {account("url: http://cert-manager.com/api", customer, login), `4:10: targets[0].url: "http://" is not taken, it must be https://: the password goes there`},
		"a query":    {account("url: https://cert-manager.com/api?x=1", customer, login), "4:10: targets[0].url: the address ends with its path"},
		"a user":     {account("url: https://me:hunter2@cert-manager.com/api", customer, login), "4:10: targets[0].url: an address holds no user and password"},
		"no host":    {account(`url: "https:///api"`, customer, login), "4:10: targets[0].url: no address can be read from it, it looks like https://cert-manager.com/api"},
		"not a host": {account(`url: "https://a_b/api"`, customer, login), `4:10: targets[0].url: "a_b" is no host's name`},
		"no login":   {account(customer, "credential: {password: {env: P}}"), "5:5: targets[0].credential.login: password needs the login of an administrator"},
		"a line break": {account(customer, `credential: {login: "me\nX-Evil: 1", password: {env: P}}`),
			"5:25: targets[0].credential.login: not a login: printable ASCII characters on one line"},
		"no password": {account(customer, "credential: {login: me}"),
			"5:5: targets[0].credential.password: password needs a password: say where it is, with one of env, file, command"},
		"a vault's credential": {account(customer, "credential: {kind: azure-cli}"),
			"5:24: targets[0].credential.kind: azure-cli is not for scm, allowed are password, client-credentials"},
		"the vault's default": {account(customer, "credential: {kind: default}"),
			"5:24: targets[0].credential.kind: default is not for scm, allowed are password, client-credentials"},
		"an account's credential": {target("credential: {kind: password, login: me, password: {env: P}}"),
			"4:24: targets[0].credential.kind: password is not for vault, allowed are default, environment, azure-cli, managed-identity, workload-identity, client-secret, client-certificate, device-code"},
		"a key's address": {account("credential: {kind: client-credentials, client_id: ssl, secret: {env: S}, token_url: http://x.example/token}"),
			`4:89: targets[0].credential.token_url: "http://" is not taken, it must be https://: the password goes there`},
		"a tenant":           {account(customer, "credential: {login: me, password: {env: P}, tenant: t}"), "5:57: targets[0].credential.tenant: tenant is not used by password"},
		"a cloud":            {account(customer, login, "cloud: public"), "6:12: targets[0].cloud: cloud is not used by scm, only by vault"},
		"authority":          {account(customer, login, "authority: https://x.example"), "6:16: targets[0].authority: authority is not used by scm, only by vault"},
		"version":            {account(customer, login, "api_version: 7.4"), "6:18: targets[0].api_version: api_version is not used by scm, only by vault"},
		"verb":               {account(customer, login, "verb_override: X-HTTP-METHOD"), "6:20: targets[0].verb_override: verb_override is not used by scm, only by vault"},
		"a vault's tag":      {account(customer, login, "operation_tag: true"), "6:20: targets[0].operation_tag: operation_tag is not used by scm, only by vault"},
		"a vault's customer": {target(customer), "4:19: targets[0].customer_uri: customer_uri is not used by vault, only by scm"},
		"a vault's files":    {target("deploy: {dir: /srv}"), "4:5: targets[0].deploy: deploy is not used by vault, only by scm"},
		"a vault's command":  {target("on_issued: [reload]"), "4:5: targets[0].on_issued: on_issued is not used by vault, only by scm"},
		"a vault's keystore": {target("keystore_password: {env: K}"), "4:5: targets[0].keystore_password: keystore_password is not used by vault, only by scm"},
		"a secret":           {account(customer, login, "keystore_password: hunter2"), "6:24: targets[0].keystore_password: a secret is never written here: say where it is, with one of env, file, command"},
		"two places":         {account(customer, login, "keystore_password: {env: K, file: k}"), "6:5: targets[0].keystore_password: a secret is in one place, here are 2 (env, file)"},
		"an owner":           {account(customer, login, "deploy: {owner: a:b:c}"), `6:21: targets[0].deploy.owner: "a:b:c" is no owner, it looks like user, user:group or :group`},
		"for everybody":      {account(customer, login, "deploy: {mode: 0644}"), `6:20: targets[0].deploy.mode: "0644" is no mode for files with a key: 0600, or 0640 so that their group may read them`},
		"no mode":            {account(customer, login, "deploy: {mode: rw}"), `6:20: targets[0].deploy.mode: "rw" is no mode for files with a key: 0600, or 0640 so that their group may read them`},
		"no command":         {account(customer, login, `on_issued: [""]`), "6:5: targets[0].on_issued: the command has no name, it is a list of the program and its arguments"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("/c.yaml", []byte(tc.data))
			if err == nil || err.Error() != "/c.yaml:"+tc.want {
				t.Errorf("file:\n%s\ngot:\n%v\nwant:\n%s", tc.data, err, "/c.yaml:"+tc.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("a secret is repeated")
			}
		})
	}
}

func TestSignInAddress(t *testing.T) {
	for raw, want := range map[string][2]string{
		"https://cert-manager.com/customer/Contoso":         {"https://cert-manager.com/api", "Contoso"},
		" https://hard.cert-manager.com/customer/A/ssl?x=1": {"https://hard.cert-manager.com/api", "A"},
		"https://proxy.example/scm/customer/A":              {"https://proxy.example/scm/api", "A"},
		"http://cert-manager.com/customer/A":                {}, "https://cert-manager.com/api": {}, "https://cert-manager.com/customer/": {}, "Contoso": {}, "": {},
	} {
		api, name, ok := SignInAddress(raw)
		if api != want[0] || name != want[1] || ok != (want[0] != "") {
			t.Errorf("%q is taken apart as %q, %q, %t", raw, api, name, ok)
		}
	}
}
