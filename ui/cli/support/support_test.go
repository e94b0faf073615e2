package support

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/store"
	"certty/config"
	"certty/model"
	"certty/ui/cli/command"
)

// canaries are secrets that must not come out, in places that a report reads.
const (
	canary      = `canary-"1"/+secret`
	proxyCanary = "http://me:canary-two@proxy.example.com:8080"
	tokenCanary = "eyJhbGciOiJub25l.eyJjYW5hcnkiOjN9.c2lnbmF0dXJl"
)

const configured = `targets:
  - name: prod
    url: https://contoso.vault.azure.net
    credential: {kind: client-secret, tenant: contoso.example, client_id: 01234567-89ab-cdef-0123-456789abcdef, secret: {env: PROD_SECRET}}
  - name: ca
    kind: scm
    customer_uri: Contoso
    credential: {login: jane.doe, password: {command: [pass, canary-of-an-argument]}}
    on_issued: [notify, canary-of-an-argument]
`

type stub struct{ info backend.Info }

func (s stub) Info() backend.Info { return s.info }
func (s stub) Capabilities() backend.Capabilities {
	return backend.Capabilities{CreateWhy: "contoso.vault.azure.net is read-only here"}
}

// scene is a home with a configuration, a journal, a log and a latch.
func scene(t *testing.T) (*command.Env, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	file := filepath.Join(dir, "config.yaml")
	text := configured + "state_dir: " + dir + "\ncache_dir: " + dir + "\n"
	lines := `time=2026-11-22T11:00:00.000Z level=INFO msg=read target=prod name=shop-web took=3ms status=403 request_id=req-1 error="read prod/shop-web: jane.doe@example.com may not, says 10.1.2.3 with ` + tokenCanary + ` (403 ForbiddenByRbac)"
time=2026-11-22T11:00:01.000Z level=INFO msg="list orders" target=ca took=3ms error="list orders ca: no answer for ` + strings.ReplaceAll(canary, `"`, `\"`) + `"
time=2026-11-22T11:00:02.000Z level=INFO msg="list orders" target=ca took=3ms error="list orders ca: no answer for ` + strings.ReplaceAll(canary, `"`, `\"`) + `"
time=broken level=INFO error=x
`
	for name, content := range map[string]string{file: text, filepath.Join(dir, "certty.log"): lines} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	values := map[string]string{"PROD_SECRET": canary, "HTTPS_PROXY": proxyCanary, "TERM": "xterm-256color"}
	env := &command.Env{
		Stderr: t.Output(), Now: func() time.Time { return now }, Size: func() (int, int) { return 80, 24 },
		Lookup:  func(name string) (string, bool) { v, ok := values[name]; return v, ok },
		Program: command.Program{Version: "v1.2.3", Modules: []command.Module{{Path: "example.org/lib", Version: "v1"}}},
		Open: func(ctx context.Context, cfg *config.Config, _ command.OpenOptions) (*command.Fleet, error) {
			s, err := store.Open(ctx, store.Options{StateDir: cfg.StateDir, CacheDir: cfg.CacheDir, Now: func() time.Time { return now }})
			if err != nil {
				return nil, err
			}
			f := &command.Fleet{Store: s, Release: s.Close}
			for _, c := range cfg.Targets {
				f.Targets = append(f.Targets, command.Target{Config: c, Backend: stub{backend.Info{Name: c.Name, Kind: string(c.Kind), Address: c.URL}}})
			}
			return f, nil
		},
	}
	remember(t, dir, now)
	return env, file
}

// remember fills the journal.
func remember(t *testing.T, dir string, now time.Time) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{StateDir: dir, CacheDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	intent := backend.Intent{At: now.Add(-time.Hour), Actor: "jane", Op: "merge", Ref: model.Ref{Target: "prod", Kind: model.KindRequest, Key: "shop-api"}}
	id, err := s.Begin(t.Context(), intent)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Finish(t.Context(), id, backend.Outcome{At: now.Add(-time.Minute), Result: backend.ResultRefused, Error: "merge prod/shop-api: no (403 Forbidden)", ServiceRequestID: "4d1f8e1c-0000-4000-8000-123456789abc"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), intent); err != nil {
		t.Fatal(err)
	}
	if err := s.SetLatch(t.Context(), backend.Latch{Target: "ca", Reason: "401 of cert-manager.com", At: now}); err != nil {
		t.Fatal(err)
	}
}

func execute(t *testing.T, env *command.Env, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	env.Stdout = &out
	cmd := New(env)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	err := cmd.Execute()
	return out.String(), err
}

// TestSupport: what is asked for on the telephone is there, and no secret.
func TestSupport(t *testing.T) {
	env, file := scene(t)
	text, err := execute(t, env, "--config", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"v1.2.3", "xterm-256color", "HTTPS_PROXY", "PROD_SECRET", "https://contoso.vault.azure.net", "latched", "401 of cert-manager.com",
		"create: contoso.vault.azure.net is read-only here", "merge prod/shop-api by jane", "journal    whole", "ForbiddenByRbac", "req-1",
		"4d1f8e1c-0000-4000-8000-123456789abc", "refused", "(2 times)", "example.org/lib v1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestNoSecret: none comes out, in no form.
func TestNoSecret(t *testing.T) {
	env, file := scene(t)
	for _, args := range [][]string{nil, {"-o", "json"}, {"--redact"}, {"--redact", "-o", "json"}} {
		text, err := execute(t, env, append(args, "--config", file)...)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"canary", "eyJhbGci"} {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%v: a secret is in it: %s", args, text[max(0, i-80):min(len(text), i+80)])
			}
		}
	}
}

// TestRedacted: no name, host or person is in it; codes and request ids are.
func TestRedacted(t *testing.T) {
	env, file := scene(t)
	for _, args := range [][]string{{"--redact"}, {"--redact", "-o", "json"}} {
		text, err := execute(t, env, append(args, "--config", file)...)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"contoso", "Contoso", "prod", "shop", "jane", "10.1.2.3", "example.com", "cert-manager", "01234567-89ab"} {
			if i := strings.Index(text, name); i >= 0 {
				t.Errorf("%v: %q is in it: %s", args, name, text[max(0, i-60):min(len(text), i+60)])
			}
		}
		for _, want := range []string{"ForbiddenByRbac", "req-1", "4d1f8e1c-0000-4000-8000-123456789abc", "target-1", "name-1", "refresh.every", "example.org/lib"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is missing", args, want)
			}
		}
	}
}

// TestTroubleIsPartOfIt: a broken configuration or state ends in a report.
func TestTroubleIsPartOfIt(t *testing.T) {
	env, file := scene(t)
	bad := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(bad, []byte("theem: dark\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := execute(t, env, "--config", bad)
	if err != nil || !strings.Contains(text, "bad.yaml:1:1: theem") {
		t.Errorf("%v\n%s", err, text)
	}
	env.Open = func(context.Context, *config.Config, command.OpenOptions) (*command.Fleet, error) {
		return nil, store.ErrDamaged
	}
	text, err = execute(t, env, "--config", file, "-o", "json")
	var r report
	if err != nil || json.Unmarshal([]byte(text), &r) != nil || r.State.Error != store.ErrDamaged.Error() || len(r.Errors) == 0 {
		t.Errorf("%v\n%s", err, text)
	}
	if _, err := execute(t, env, "-o", "xml"); command.ExitCode(err) != command.ExitUsage {
		t.Errorf("an unknown form: %v", err)
	}
}

// FuzzParseLine: whatever stands in the log, a line is an error with a time or
// none.
func FuzzParseLine(f *testing.F) {
	f.Add(`time=2026-11-22T11:00:00.000Z level=INFO msg="list orders" target=ca error="x (403 ForbiddenByRbac)"`)
	f.Add(`error="\x`)
	f.Add(`time= error=`)
	f.Fuzz(func(t *testing.T, line string) {
		if got, ok := parseLine(line); ok && (got.At.IsZero() || got.From != "log") {
			t.Fatalf("%+v", got)
		}
	})
}
