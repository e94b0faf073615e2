package settings

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certty/config"
	"certty/ui/cli/command"
)

func execute(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, said bytes.Buffer
	cmd := New(&command.Env{Stdout: &out, Stderr: &said, Lookup: func(string) (string, bool) { return "", false }})
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetOut(&out)
	cmd.SetArgs(args)
	err = cmd.Execute()
	return out.String(), said.String(), err
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestInitRefuses: a wrong command line writes nothing.
func TestInitRefuses(t *testing.T) {
	const login = "https://cert-manager.com/customer/Contoso"
	for name, args := range map[string][]string{
		"a login without an account":  {"--login", "me"},
		"an account without a login":  {"--account", login},
		"no sign-in address":          {"--account", "https://cert-manager.com/api", "--login", "me"},
		"a name for two":              {"--account", login, "--login", "me", "--vault", "https://a.vault.azure.net", "--name", "x"},
		"a name for none":             {"--name", "x"},
		"a name that is none":         {"--vault", "https://a.vault.azure.net", "--name", "A B"},
		"an address in plain":         {"--vault", "http://a.vault.azure.net"},
		"a Managed HSM":               {"--vault", "https://a.managedhsm.azure.net"},
		"a login over several lines":  {"--account", login, "--login", "a\nb"},
		"an argument that is no flag": {"x"},
	} {
		file := filepath.Join(t.TempDir(), "config.yaml")
		_, said, err := execute(t, append([]string{"init", "--config", file}, args...)...)
		if command.ExitCode(err) != command.ExitUsage || said != "" {
			t.Errorf("%s: %v, said %q", name, err, said)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s: a file was written", name)
		}
	}
}

// TestViewIsReadAgain: what is shown says the same when it is read as a file.
func TestViewIsReadAgain(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "theme: light\n",
		"much": `ascii: true
refresh: {every: 90s}
targets:
  - name: one
    url: https://one.vault.azure.net
    api_version: 7.4
    credential: {kind: client-secret, tenant: "on", client_id: 01234567-89ab-cdef-0123-456789abcdef, secret: {file: s}}
  - name: two
    kind: scm
    customer_uri: "a:#b"
    credential: {login: "yes", password: {env: P}}
    deploy: {dir: /srv, mode: "0640"}
    on_issued: [run, "a, b", "#c", ""]
`,
	} {
		file := write(t, text)
		shown, _, err := execute(t, "view", "--origin", "--config", file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, _, err := execute(t, "view", "--config", write(t, shown))
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, shown)
		}
		if plain, _, err := execute(t, "view", "--config", file); err != nil || plain != again {
			t.Errorf("%s: %v\n%s\nand read again\n%s", name, err, plain, again)
		}
	}
}

func TestCheck(t *testing.T) {
	good, bad := write(t, "theme: dark\n"), write(t, "theme: drak\nlog: 7\n")
	out, said, err := execute(t, "check", good)
	if err != nil || out != "" || !strings.Contains(said, good) {
		t.Errorf("%v: %s%s", err, out, said)
	}
	out, said, err = execute(t, "check", good, bad)
	if command.ExitCode(err) != command.ExitUsage || strings.Count(out, bad+":") != 2 || strings.Contains(said, bad) {
		t.Errorf("%v: %s%s", err, out, said)
	}
	out, _, err = execute(t, "check", "-o", "json", bad)
	var v verdict
	if command.ExitCode(err) != command.ExitUsage || json.Unmarshal([]byte(out), &v) != nil || len(v.Problems) != 2 || v.Problems[1].Line != 2 {
		t.Errorf("%v: %s", err, out)
	}
	if _, _, err = execute(t, "check", "-o", "xml", good); command.ExitCode(err) != command.ExitUsage {
		t.Errorf("an unknown form: %v", err)
	}
}

// TestOrigins names each kind of place.
func TestOrigins(t *testing.T) {
	for want, at := range map[string]config.Position{
		"default default": {}, "flag --read-only": {Source: "--read-only"}, "environment CERTTY_LOG": {Source: "CERTTY_LOG"},
		"file /c.yaml:3:4": {Source: "/c.yaml", Line: 3, Column: 4},
	} {
		if o := originOf(at); o.Kind+" "+o.String() != want {
			t.Errorf("%+v is %s %s, want %s", at, o.Kind, o, want)
		}
	}
}

// TestPlacesOfTheSandbox: they are those that its state really lies in.
func TestPlacesOfTheSandbox(t *testing.T) {
	paths := map[string]string{}
	for _, p := range places(&config.Config{Sandbox: true, StateDir: "/state", CacheDir: "/cache"}) {
		paths[p.What] = p.Path
	}
	for what, want := range map[string]string{
		"state": "/state/sandbox", "journal": "/state/sandbox/certty.db", "log": "/state/sandbox/certty.log",
		"cache": "/cache/sandbox", "snapshots": "/cache/sandbox/cache.db",
	} {
		if paths[what] != want {
			t.Errorf("%s: %s, want %s", what, paths[what], want)
		}
	}
}
