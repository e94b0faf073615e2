package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"certty/backend/sandbox"
	"certty/ui/cli"
	"certty/ui/cli/command"
	"certty/ui/console"
)

// The fleet that is watched: fleetSize vaults, of which one never answers and one
// refuses every connection.
const (
	fleetSize      = 20
	hangs, refuses = "vault-07", "vault-13"
)

// fleet configures the fleet. All vaults that answer are one sandbox under
// several names.
func fleet(t *testing.T) {
	t.Helper()
	box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: filepath.Join(t.TempDir(), "sandbox")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	a := box.Access()
	url := map[string]string{hangs: "https://" + silent(t), refuses: "https://" + reserved(t)}
	var file strings.Builder
	dir := t.TempDir()
	fmt.Fprintf(&file, "state_dir: %s\ncache_dir: %s\ntargets:\n", filepath.Join(dir, "state"), filepath.Join(dir, "cache"))
	for i := range fleetSize {
		name := fmt.Sprintf("vault-%02d", i)
		address := a.VaultURL
		if other, ok := url[name]; ok {
			address = other
		}
		fmt.Fprintf(&file, `  - name: %s
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    credential: {kind: client-secret, tenant: %s, client_id: %s, secret: {env: FLEET_SECRET}}
`, name, address, a.Authority, a.CAFile, a.TenantID, a.ClientID)
	}
	t.Setenv("FLEET_SECRET", a.ClientSecret)
	path := filepath.Join(t.TempDir(), "fleet.yaml")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FLEET", path)
}

// silent is the address of a server that takes connections and says nothing.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // what was not accepted ends with it
	return l.Addr().String()
}

// certty runs a command in this process.
func certty(t *testing.T, args ...string) (code int, out, said string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	app := cli.App{Env: command.Env{
		Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Lookup: os.LookupEnv, Now: time.Now, Open: console.Open,
	}}
	code = app.Execute(t.Context(), args)
	return code, stdout.String(), stderr.String()
}

// TestFleet: of twenty vaults one hangs and one refuses. The answer comes, names
// both, and is complete for the others. The metrics are then written from what
// was learned, and the two are tried once more.
func TestFleet(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: waits for a timeout")
	}
	fleet(t)
	config := os.Getenv("FLEET")
	t.Run("check", func(t *testing.T) {
		var code int
		var out string
		// What hangs is waited for to the end, so the time is short; a busy machine
		// needs more of it for the others.
		for _, timeout := range []string{"4s", "30s", "3m"} {
			code, out, _ = certty(t, "check", "--config", config, "--timeout", timeout, "-vv")
			if strings.Contains(out, " 2 of 20 targets not read ") {
				break
			}
		}
		if code != 3 || !strings.HasPrefix(out, "CERTTY UNKNOWN - 2 of 20 targets not read | ") {
			t.Errorf("code %d\n%s", code, out)
		}
		for _, want := range []string{"UNKNOWN: " + hangs + ": not read", "UNKNOWN: " + refuses + ": not read", "'targets'=20;;;0 'untold'=2;;;0;20"} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		if n := strings.Count(out, " rows, read in "); n != fleetSize-2 {
			t.Errorf("%d targets were read\n%s", n, out)
		}
	})
	t.Run("metrics", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "certty.prom")
		code, out, said := certty(t, "metrics", "--config", config, "--timeout", "1s", "--max-age", "1h", "--to", file)
		if code != 1 || out != "" {
			t.Errorf("code %d, output %q", code, out)
		}
		written, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i := range fleetSize {
			name, up := fmt.Sprintf("vault-%02d", i), 1
			if name == hangs || name == refuses {
				up = 0
				if !strings.Contains(said, "certty: "+name+": ") {
					t.Errorf("nothing is said of %s: %q", name, said)
				}
			}
			if want := fmt.Sprintf("certty_target_up{target=%q,kind=\"vault\"} %d\n", name, up); !strings.Contains(string(written), want) {
				t.Errorf("no %s", want)
			}
		}
	})
	t.Run("status", func(t *testing.T) {
		code, out, said := certty(t, "status", "--config", config, "--timeout", "1s", "--max-age", "1h", "--jq", ".targets[] | .name, .complete")
		if code != 1 {
			t.Errorf("code %d: %s", code, said)
		}
		for i := range fleetSize {
			name := fmt.Sprintf("vault-%02d", i)
			failed := name == hangs || name == refuses
			if want := fmt.Sprintf("%s\n%t\n", name, !failed); !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
			if strings.Contains(said, name+": ") != failed {
				t.Errorf("%s: %s", name, said)
			}
		}
	})
}

// passwordLife DURATION lets the password of the account live that long, in whole
// days from when it was set.
func (s *stage) passwordLife(ts *testscript.TestScript, _ bool, args []string) {
	life, err := time.ParseDuration(args[0])
	ts.Check(err)
	server := s.box(ts).SCM()
	settings := server.Settings()
	settings.PasswordLife = life
	server.SetSettings(settings)
}
