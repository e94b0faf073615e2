package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// machine is a home folder and an environment of a test's own.
type machine struct {
	t     *testing.T
	dir   string
	paths Paths
	env   map[string]string
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	dir := t.TempDir()
	return &machine{t: t, dir: dir, env: map[string]string{}, paths: Paths{
		Files:    []string{filepath.Join(dir, "home.yaml"), filepath.Join(dir, "system.yaml")},
		StateDir: filepath.Join(dir, "state"), CacheDir: filepath.Join(dir, "cache"), Home: dir,
	}}
}

func (m *machine) write(name, data string) string {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		m.t.Fatal(err)
	}
	return path
}

func (m *machine) load(flags Flags) (*Config, error) {
	return Load(Options{
		Flags: flags, Paths: &m.paths,
		Environ: func(name string) (string, bool) { value, ok := m.env[name]; return value, ok },
	})
}

func (m *machine) must(flags Flags) *Config {
	m.t.Helper()
	cfg, err := m.load(flags)
	if err != nil {
		m.t.Fatal(err)
	}
	return cfg
}

func (m *machine) fails(flags Flags, want string) {
	m.t.Helper()
	_, err := m.load(flags)
	if err == nil {
		m.t.Fatalf("no error, want %s", want)
	}
	if got := strings.ReplaceAll(err.Error(), m.dir, "DIR"); got != want {
		m.t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func names(cfg *Config) []string {
	var all []string
	for _, t := range cfg.Targets {
		all = append(all, t.Name)
	}
	return all
}

const twoVaults = `
targets:
  - {name: alpha, url: https://alpha-kv.vault.azure.net}
  - {name: beta, url: https://beta-kv.vault.azure.net, read_only: true}
`

func TestLoadNothing(t *testing.T) {
	m := newMachine(t)
	cfg := m.must(Flags{})
	if len(cfg.Targets) != 0 || cfg.File != "" || cfg.Sandbox || cfg.ReadOnly || cfg.Theme != ThemeAuto {
		t.Errorf("nothing is set, but: %+v", cfg)
	}
	if cfg.StateDir != m.paths.StateDir || cfg.CacheDir != m.paths.CacheDir {
		t.Errorf("folders are %s and %s", cfg.StateDir, cfg.CacheDir)
	}
}

// TestLoadFile finds the file in the order of precedence.
func TestLoadFile(t *testing.T) {
	m := newMachine(t)
	expect := func(flags Flags, want string) {
		t.Helper()
		if got := m.must(flags).File; got != want {
			t.Errorf("%s was read, want %s", got, want)
		}
	}
	system := m.write("system.yaml", "theme: mono\n")
	expect(Flags{}, system)
	home := m.write("home.yaml", "theme: dark\n")
	expect(Flags{}, home)
	named := m.write("named.yaml", "theme: light\n")
	m.env["CERTTY_CONFIG"] = named
	expect(Flags{}, named)
	expect(Flags{Config: &system}, system)
	m.env["CERTTY_CONFIG"] = ""
	expect(Flags{}, home)
}

func TestLoadFileRefused(t *testing.T) {
	m := newMachine(t)
	missing, empty := filepath.Join(m.dir, "missing.yaml"), ""
	m.fails(Flags{Config: &missing}, "--config: there is no file DIR/missing.yaml")
	m.fails(Flags{Config: &empty}, "--config: no file is named")
	m.fails(Flags{Config: &m.dir}, "DIR: it is a folder, name the file in it")
	m.env["CERTTY_CONFIG"] = missing
	m.fails(Flags{}, "CERTTY_CONFIG: there is no file DIR/missing.yaml")

	delete(m.env, "CERTTY_CONFIG")
	file := m.write("home.yaml", "theme: dark\n")
	if err := os.Chmod(file, 0o666); err != nil {
		t.Fatal(err)
	}
	m.fails(Flags{}, "DIR/home.yaml: anybody can change it, and it may name commands to run: say chmod o-w")

	// A part of the path that is no folder is no missing file: the sandbox
	// would hide the mistake.
	m.paths.Files = []string{filepath.Join(file, "config.yaml")}
	m.fails(Flags{}, "configuration: look for the configuration: stat DIR/home.yaml/config.yaml: not a directory")
}

func TestLoadPrecedence(t *testing.T) {
	for _, tc := range []struct {
		name, file, env string
		flag            *bool
		want            bool
	}{
		{name: "default"},
		{name: "file", file: "true", want: true},
		{name: "environment over file", file: "true", env: "false"},
		{name: "environment alone", env: "1", want: true},
		{name: "flag over environment", env: "false", flag: new(true), want: true},
		{name: "flag that is false over all", file: "true", env: "true", flag: new(false)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMachine(t)
			if tc.file != "" {
				m.write("home.yaml", "read_only: "+tc.file+twoVaults)
			} else {
				m.write("home.yaml", twoVaults)
			}
			if tc.env != "" {
				m.env["CERTTY_READ_ONLY"] = tc.env
			}
			cfg := m.must(Flags{ReadOnly: tc.flag})
			if cfg.ReadOnly != tc.want {
				t.Errorf("read-only is %t, want %t", cfg.ReadOnly, tc.want)
			}
			if cfg.Targets[0].ReadOnly || !cfg.Targets[1].ReadOnly {
				t.Error("what a target asks for was changed")
			}
		})
	}
}

func TestLoadTargets(t *testing.T) {
	m := newMachine(t)
	m.write("home.yaml", twoVaults)
	expect := func(flags Flags, want ...string) {
		t.Helper()
		if got := names(m.must(flags)); !slices.Equal(got, want) {
			t.Errorf("targets are %v, want %v", got, want)
		}
	}
	expect(Flags{}, "alpha", "beta")
	expect(Flags{Targets: []string{"beta"}}, "beta")
	expect(Flags{Targets: []string{"beta", "alpha", "beta"}}, "alpha", "beta")
	m.env["CERTTY_TARGET"] = "beta"
	expect(Flags{}, "beta")
	expect(Flags{Targets: []string{"alpha"}}, "alpha")
	m.env["CERTTY_TARGET"] = " alpha , beta"
	expect(Flags{}, "alpha", "beta")

	m.fails(Flags{Targets: []string{"bta", "x"}}, `--target: no target is called "bta", there are alpha, beta, did you mean beta?
--target: no target is called "x", there are alpha, beta`)
	m.fails(Flags{Targets: []string{""}}, `--target: no target is called "", there are alpha, beta`)
	m.fails(Flags{Targets: []string{}}, `--target: no target is named`)
	m.env["CERTTY_TARGET"] = "alpha,gamma"
	m.fails(Flags{}, `CERTTY_TARGET: no target is called "gamma", there are alpha, beta`)

	// What is wrong with the targets comes first: the name may be right.
	m.write("home.yaml", "targets:\n  - name: [gamma]\n")
	m.fails(Flags{}, "DIR/home.yaml:2:5: targets[0].url: a vault needs its address, such as https://contoso.vault.azure.net\n"+
		"DIR/home.yaml:2:11: targets[0].name: a list where text is expected")

	m.write("home.yaml", "theme: dark\n")
	m.fails(Flags{Targets: []string{"x"}}, `--target: no target is called "x", none is configured`)
}

func TestLoadSandbox(t *testing.T) {
	m := newMachine(t)
	m.write("home.yaml", "theme: dark\n"+twoVaults)
	m.env["CERTTY_TARGET"] = "gone"
	cfg := m.must(Flags{Sandbox: true})
	if !cfg.Sandbox || len(cfg.Targets) != 0 || cfg.Theme != ThemeDark {
		t.Errorf("sandbox %t, targets %v, theme %s", cfg.Sandbox, names(cfg), cfg.Theme)
	}
	m.fails(Flags{Sandbox: true, Targets: []string{"alpha"}},
		"--target: --sandbox and --target exclude each other: the sandbox stands in place of the targets")
}

func TestLoadEnvironmentVault(t *testing.T) {
	m := newMachine(t)
	m.env["VAULT_URL"] = "https://second-kv.vault.azure.cn/"
	cfg := m.must(Flags{})
	if got := cfg.Targets; len(got) != 1 || got[0].Name != "second-kv" || got[0].URL != "https://second-kv.vault.azure.cn" ||
		got[0].Cloud != CloudChina || got[0].Kind != KindVault || got[0].Credential.Kind != CredentialDefault {
		t.Errorf("targets: %+v", got)
	}
	m.env["AZURE_KEYVAULT_URL"] = "https://127.0.0.1:8443"
	if got := m.must(Flags{}).Targets; len(got) != 1 || got[0].Name != "vault" || got[0].URL != "https://127.0.0.1:8443" {
		t.Errorf("targets: %+v", got)
	}
	m.env["AZURE_KEYVAULT_URL"] = "https://x.managedhsm.azure.net"
	m.fails(Flags{}, "AZURE_KEYVAULT_URL: x.managedhsm.azure.net is a Managed HSM: it holds keys, but no certificates and no certificate requests")

	// A file that names targets is explicit; the variable is not looked at.
	m.write("home.yaml", twoVaults)
	if got := names(m.must(Flags{})); !slices.Equal(got, []string{"alpha", "beta"}) {
		t.Errorf("targets are %v", got)
	}
}

func TestLoadEnvironmentRefused(t *testing.T) {
	m := newMachine(t)
	m.env["CERTTY_READ_ONLY"] = "maybe"
	m.fails(Flags{}, `CERTTY_READ_ONLY: "maybe" is neither true nor false`)
}

func TestLoadHome(t *testing.T) {
	m := newMachine(t)
	m.write("home.yaml", "state_dir: ~/s\ncache_dir: c\n")
	cfg := m.must(Flags{})
	if cfg.StateDir != filepath.Join(m.dir, "s") || cfg.CacheDir != filepath.Join(m.dir, "c") {
		t.Errorf("folders are %s and %s", cfg.StateDir, cfg.CacheDir)
	}
	m.paths.StateDir = "certty"
	m.write("home.yaml", "")
	m.paths.Files = nil
	m.fails(Flags{}, `configuration: "certty" is not an absolute path and there is no home folder to start from, set it`)
}

func TestDefaultPaths(t *testing.T) {
	p := DefaultPaths()
	if len(p.Files) == 0 || !strings.HasSuffix(p.Files[0], "/certty/config.yaml") || !strings.HasSuffix(p.StateDir, "/certty") {
		t.Errorf("paths: %+v", p)
	}
}

// TestLoadIsReal reads the environment of the process where no other is given.
func TestLoadIsReal(t *testing.T) {
	m := newMachine(t)
	t.Setenv("CERTTY_CONFIG", m.write("named.yaml", twoVaults))
	cfg, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := names(cfg); !slices.Equal(got, []string{"alpha", "beta"}) {
		t.Errorf("targets are %v", got)
	}
}

func TestLoadLog(t *testing.T) {
	for _, tc := range []struct {
		name, file, env string
		want            LogLevel
	}{
		{name: "default", want: LogInfo},
		{name: "file", file: "log: debug\n", want: LogDebug},
		{name: "environment over file", file: "log: debug\n", env: "info", want: LogInfo},
		{name: "environment alone", env: "debug", want: LogDebug},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMachine(t)
			m.write("home.yaml", tc.file+"theme: dark\n")
			m.env["CERTTY_LOG"] = tc.env
			if cfg := m.must(Flags{}); cfg.Log != tc.want {
				t.Errorf("the log is %q, want %q", cfg.Log, tc.want)
			}
		})
	}
	m := newMachine(t)
	m.write("home.yaml", "log: loud\n")
	m.env["CERTTY_LOG"] = "debugg"
	m.fails(Flags{}, `DIR/home.yaml:1:6: log: "loud" is not known, allowed are info, debug
CERTTY_LOG: "debugg" is not known, allowed are info, debug, did you mean debug?`)
}
