package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const threeTargets = `read_only: false
log: debug
targets:
  - name: one
    url: https://one.vault.azure.net
  - name: two
    kind: scm
    customer_uri: Contoso
    credential:
      login: me
      password: {command: [pass, show, canary/of-the-arguments]}
    on_issued: [systemctl, reload, "nginx #1"]
  - name: three
    url: https://three.vault.azure.net
    credential: {kind: client-secret, tenant: t, client_id: 01234567-89ab-cdef-0123-456789abcdef, secret: {env: SECRET}}
`

// TestSettings: each setting knows where it was set, in a file of which one
// target was asked for, under an environment and flags.
func TestSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(threeTargets), 0o600); err != nil {
		t.Fatal(err)
	}
	yes := true
	cfg, err := Load(Options{
		Flags: Flags{Config: &file, ReadOnly: &yes, Targets: []string{"two"}},
		Environ: func(name string) (string, bool) {
			if name != envLog {
				return "", false
			}
			return "info", true
		},
		Paths: &Paths{StateDir: "/state", CacheDir: "/cache", Home: "/home/me"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range cfg.Settings() {
		from := s.Origin.Source
		if s.Origin.Line > 0 {
			from = fmt.Sprintf("line %d", s.Origin.Line)
		}
		got[s.Path] = s.YAML() + " from " + from
	}
	for path, want := range map[string]string{
		"read_only":                              "true from --read-only",
		"log":                                    "info from CERTTY_LOG",
		"theme":                                  "auto from ",
		"refresh.rest":                           "1h from ",
		"state_dir":                              "/state from ",
		"targets[0].name":                        "two from line 6",
		"targets[0].url":                         "https://cert-manager.com/api from ",
		"targets[0].credential.login":            "me from line 10",
		"targets[0].credential.password.command": `[pass, "…"] from line 11`,
		"targets[0].on_issued":                   `[systemctl, reload, "nginx #1"] from line 12`,
	} {
		if got[path] != want {
			t.Errorf("%s: %q, want %q", path, got[path], want)
		}
	}
	for path, value := range got {
		if strings.HasPrefix(path, "targets[1]") || strings.Contains(value, "canary") {
			t.Errorf("%s: %s", path, value)
		}
	}
}

// TestInitial writes a first file once, for its owner alone, that says what was
// asked for and calls nobody else.
func TestInitial(t *testing.T) {
	account, ok := AccountAt("https://cert-manager.com/customer/Contoso/")
	if !ok {
		t.Fatal("the sign-in address is not taken apart")
	}
	account.Name, account.Credential.Login, account.Credential.Password.File = "sectigo", "me", "~/password"
	for name, targets := range map[string][]Target{
		"nothing": nil, "a vault": {VaultAt("https://contoso.vault.azure.net")}, "both": {VaultAt("https://contoso.vault.azure.net/"), account},
	} {
		file := filepath.Join(t.TempDir(), "new", "config.yaml")
		a, err := Initial(file, targets...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := os.Stat(file); err == nil {
			t.Fatalf("%s: written before Write", name)
		}
		if err := a.Write(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := Parse(file, data)
		if err != nil || len(cfg.Targets) != len(targets) {
			t.Fatalf("%s: %v\n%s", name, err, data)
		}
		for i, want := range targets {
			if cfg.Targets[i].Name != want.Name {
				t.Errorf("%s: target %d is %s", name, i, cfg.Targets[i].Name)
			}
		}
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
		if strings.Contains(string(data), "\n  - name: production") {
			t.Errorf("%s: a target of the example counts:\n%s", name, data)
		}
		if _, err := Initial(file, targets...); !errors.Is(err, ErrFileExists) {
			t.Errorf("%s: a second time: %v", name, err)
		}
		if again, err := Initial(filepath.Join(t.TempDir(), "c.yaml")); err != nil || os.WriteFile(again.File, []byte("theme: dark\n"), 0o600) != nil || !errors.Is(again.Write(), ErrFileChanged) {
			t.Errorf("%s: a file that was written meanwhile is overwritten (%v)", name, err)
		}
	}
	var problems Problems
	if _, err := Initial(filepath.Join(t.TempDir(), "c.yaml"), VaultAt("http://x")); !errors.As(err, &problems) {
		t.Errorf("an address in plain text: %v", err)
	}
	if _, ok := AccountAt("https://cert-manager.com/api"); ok {
		t.Error("an address without a customer is taken")
	}
}

// TestStarterIsTheExample: only the targets are commented out.
func TestStarterIsTheExample(t *testing.T) {
	var kept strings.Builder
	for line := range strings.Lines(string(starter())) {
		kept.WriteString(strings.TrimPrefix(line, "# "))
	}
	var want strings.Builder
	for line := range strings.Lines(string(example)) {
		want.WriteString(strings.TrimPrefix(line, "# "))
	}
	if kept.String() != want.String() {
		t.Error("the starter says something else than the example")
	}
}
