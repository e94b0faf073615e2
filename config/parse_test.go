package config

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// parsed is a file that is right.
const parsed = `
theme: dark
ascii: false
read_only: true
refresh: {every: 90s, marked: 5m, rest: 1h30m, deleted: 20m}
mouse: true
state_dir: state
cache_dir: /var/cache/certty
targets:
  - name: production
    kind: vault
    url: HTTPS://Contoso.vault.azure.net:443/
    read_only: true
    ca_file: ../root.pem
    proxy: http://proxy:8080
    api_version: 7.10
    verb_override: X-HTTP-METHOD
    credential: &app
      kind: client-secret
      tenant: contoso.onmicrosoft.com
      client_id: 01234567-89ab-cdef-0123-456789abcdef
      secret: {file: secret.txt}
  - name: china
    url: https://contoso.vault.azure.cn
    credential: *app
  - name: gov
    url: https://contoso.vault.usgovcloudapi.net
    credential:
      kind: azure-cli
      tenant: contoso.us
  - name: local
    url: https://127.0.0.1:8443
    authority: https://[::1]:443/
    cloud: government
    credential:
      kind: client-secret
      tenant: t
      client_id: 01234567-89AB-cdef-0123-456789abcdef
      secret:
        command: [pass, show, x]
`

func TestParse(t *testing.T) {
	cfg, err := Parse("/etc/certty/config.yaml", []byte(parsed))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Theme != ThemeDark || cfg.ASCII == nil || *cfg.ASCII || !cfg.ReadOnly || !cfg.Mouse {
		t.Errorf("theme %q, ascii %v, read_only %t", cfg.Theme, cfg.ASCII, cfg.ReadOnly)
	}
	if want := (Refresh{90 * time.Second, 5 * time.Minute, 90 * time.Minute, 20 * time.Minute}); cfg.Refresh != want {
		t.Errorf("refresh is %v, want %v", cfg.Refresh, want)
	}
	if cfg.StateDir != "/etc/certty/state" || cfg.CacheDir != "/var/cache/certty" {
		t.Errorf("folders: %s, %s", cfg.StateDir, cfg.CacheDir)
	}
	if len(cfg.Targets) != 4 {
		t.Fatalf("%d targets, want 4", len(cfg.Targets))
	}
	p := cfg.Targets[0]
	if p.URL != "https://contoso.vault.azure.net" || p.Cloud != CloudPublic || p.APIVersion != "7.10" || p.CAFile != "/etc/root.pem" {
		t.Errorf("production: url %s, cloud %s, api_version %s, ca_file %s", p.URL, p.Cloud, p.APIVersion, p.CAFile)
	}
	if p.Credential.Secret.File != "/etc/certty/secret.txt" {
		t.Errorf("secret is in %s, want it beside the configuration", p.Credential.Secret)
	}
	if c := cfg.Targets[1]; c.Credential.Tenant != p.Credential.Tenant || c.Cloud != CloudChina || c.Kind != KindVault {
		t.Errorf("china: tenant %q, cloud %s, kind %s", c.Credential.Tenant, c.Cloud, c.Kind)
	}
	if g := cfg.Targets[2]; g.Cloud != CloudGovernment {
		t.Errorf("gov: cloud %s", g.Cloud)
	}
	if l := cfg.Targets[3]; l.URL != "https://127.0.0.1:8443" || l.Authority != "https://[::1]" || l.Cloud != CloudGovernment {
		t.Errorf("local: url %s, authority %s, cloud %s", l.URL, l.Authority, l.Cloud)
	}
}

func TestParseNothing(t *testing.T) {
	for _, data := range []string{"", "\n", "# only a comment\n", "---\n", "targets:\n", "targets: []\n", "theme: ~\n", "\ufeff"} {
		cfg, err := Parse("/c.yaml", []byte(data))
		if err != nil {
			t.Errorf("%q: %v", data, err)
			continue
		}
		want := defaults(DefaultPaths())
		if len(cfg.Targets) != 0 || cfg.Theme != want.Theme || cfg.Refresh != want.Refresh || cfg.StateDir != want.StateDir || cfg.ASCII != nil {
			t.Errorf("%q is not the defaults: %+v", data, cfg)
		}
	}
}

func TestExample(t *testing.T) {
	cfg, err := Parse("/c.yaml", Example())
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Targets) != 3 || !cfg.Targets[0].ReadOnly || cfg.Targets[0].Credential.Kind != CredentialClientSecret {
		t.Errorf("the example's targets: %+v", cfg.Targets)
	}
	Example()[0] = 'x'
	if Example()[0] != '#' {
		t.Error("a caller can change the example")
	}
}

// TestExampleIsWhole takes the "#" away from every setting that is commented
// out: each must exist, with the default as its value, and none be missing.
func TestExampleIsWhole(t *testing.T) {
	var lines []string
	for line := range strings.Lines(string(Example())) {
		before, after, found := strings.Cut(line, "# ")
		key, _, isSetting := strings.Cut(strings.TrimLeft(after, " "), ":")
		switch {
		case !found || strings.TrimSpace(before) != "":
		case isSetting && !strings.Contains(key, " "):
			line = before + after
		default:
			continue
		}
		lines = append(lines, line)
	}
	data := strings.Join(lines, "")
	// Where a secret is, and which of two credentials it is for, are the only
	// contradictions.
	_, err := Parse("/c.yaml", []byte(data))
	problems, _ := errors.AsType[Problems](err)
	var said []string
	for _, p := range problems {
		said = append(said, p.Text)
	}
	if want := []string{
		"a secret is in one place, here are 3 (command, env, file)",
		"certificate is not used by client-secret, only by client-certificate",
		"password is not used by client-secret, only by client-certificate",
		"client_id is not used by password, only by client-credentials",
		"secret is not used by password, only by client-credentials",
		"token_url is not used by password, only by client-credentials",
	}; !slices.Equal(said, want) {
		t.Fatalf("the example without its # marks:\n%s\n%v", data, err)
	}
	for _, group := range groups() {
		for _, setting := range group.settings {
			if !strings.Contains(data, setting.name+":") {
				t.Errorf("the example does not show %s of %s", setting.name, group.name)
			}
		}
	}
}
