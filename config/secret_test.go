//go:build unix

package config

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSecretCommandProcess is not a test: it is the command of the tests.
func TestSecretCommandProcess(t *testing.T) {
	if os.Getenv("CERTTY_SECRET_COMMAND") == "" {
		t.Skip("skipped: the command that other tests run")
	}
	switch os.Args[len(os.Args)-1] {
	case "print":
		fmt.Print("hunter2\r\n")
	case "nothing":
	case "spaces":
		fmt.Print(" a\n\n")
	case "fail":
		fmt.Fprint(os.Stderr, "\n\x1b[31mno such\tentry\x1b[0m\nsecond line\n")
		os.Exit(3)
	case "fail at length":
		fmt.Fprint(os.Stderr, strings.Repeat("x", 1<<20))
		os.Exit(1)
	case "endless":
		for {
			fmt.Println("hunter2")
		}
	case "hang":
		select {}
	case "environment":
		for _, v := range os.Environ() {
			if strings.HasPrefix(v, "CERTTY_TEST_") {
				fmt.Println(v)
			}
		}
	case "terminal":
		tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
		if err == nil {
			tty.Close()
			fmt.Print("has a terminal")
		} else {
			fmt.Print("has none")
		}
	}
	os.Exit(0)
}

func command(t *testing.T, what string) []string {
	t.Helper()
	t.Setenv("CERTTY_SECRET_COMMAND", "1")
	// The race detector sleeps for a second at the end of each process.
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{self, "-test.run=^TestSecretCommandProcess$", "--", what}
}

func TestSecretRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CERTTY_TEST_SECRET", "hunter2")
	for _, s := range []Secret{
		{Env: "CERTTY_TEST_SECRET"}, {File: file}, {Command: command(t, "print")},
	} {
		if got, err := s.Read(t.Context()); err != nil || got != "hunter2" {
			t.Errorf("%s gives %q, %v", s, got, err)
		}
	}
	if got, err := (Secret{Command: command(t, "spaces")}).Read(t.Context()); err != nil || got != " a\n" {
		t.Errorf("more than one line end was cut: %q, %v", got, err)
	}
}

func TestSecretReadFails(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string, mode os.FileMode) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // whatever the umask is
			t.Fatal(err)
		}
		return path
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CERTTY_TEST_EMPTY", "\n")
	for _, tc := range []struct {
		secret Secret
		want   string
	}{
		{Secret{}, "from nowhere: no place is set"},
		{Secret{Env: "CERTTY_TEST_UNSET"}, "from environment variable CERTTY_TEST_UNSET: it is not set"},
		{Secret{Env: "CERTTY_TEST_EMPTY"}, "from environment variable CERTTY_TEST_EMPTY: it is empty"},
		{Secret{File: dir + "/none"}, "from file DIR/none: no such file or directory"},
		{Secret{File: dir}, "from file DIR: it is not a regular file"},
		{Secret{File: pipe}, "from file DIR/pipe: it is not a regular file"},
		{Secret{File: write("group", "hunter2", 0o640)}, "from file DIR/group: others than its owner can use it (mode 0640), say chmod 600"},
		{Secret{File: write("empty", "", 0o400)}, "from file DIR/empty: it is empty"},
		{Secret{File: write("long", strings.Repeat("x", maxSecret+1), 0o600)}, "from file DIR/long: it is longer than 65536 bytes"},
		{Secret{Command: []string{"/nonexistent/pass", "hunter2"}}, "from command /nonexistent/pass …: no such file or directory"},
		{Secret{Command: []string{"certty-test-no-such-program"}}, "from command certty-test-no-such-program: executable file not found in $PATH"},
		{Secret{Command: command(t, "nothing")}, "from command SELF …: it is empty"},
		{Secret{Command: command(t, "fail")}, "from command SELF …: exit status 3: [31mno such entry [0m"},
		{Secret{Command: command(t, "fail at length")}, "from command SELF …: exit status 1: " + strings.Repeat("x", 200) + "…"},
		{Secret{Command: command(t, "endless")}, "from command SELF …: it printed more than 65536 bytes"},
	} {
		value, err := tc.secret.Read(t.Context())
		if err == nil || value != "" {
			t.Errorf("%s gives %q, want an error", tc.secret, value)
			continue
		}
		got := strings.ReplaceAll(err.Error(), dir, "DIR")
		if len(tc.secret.Command) > 0 {
			got = strings.ReplaceAll(got, command(t, "")[0], "SELF")
		}
		if want := "read the secret " + tc.want; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("the error repeats the secret: %s", got)
		}
	}
}

func TestSecretOfSomebodyElse(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped: only root can give a file away")
	}
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("hunter2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(file, 12345, -1); err != nil {
		t.Skipf("skipped: the file can't be given away: %v", err)
	}
	if _, err := (Secret{File: file}).Read(t.Context()); err == nil || !strings.HasSuffix(err.Error(), "it belongs to another user (uid 12345)") {
		t.Errorf("got %v", err)
	}
}

func TestSecretCommandEnds(t *testing.T) {
	if _, err := runSecretCommand(t.Context(), command(t, "hang"), nil, time.Millisecond); err == nil || err.Error() != "it took longer than 1ms" {
		t.Errorf("past the limit: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runSecretCommand(ctx, command(t, "hang"), nil, commandLimit); err == nil || err.Error() != "context canceled" {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSecretCommandHasNoTerminal(t *testing.T) {
	got, err := Secret{Command: command(t, "terminal")}.Read(t.Context())
	if err != nil || got != "has none" {
		t.Errorf("the command %s, %v", got, err)
	}
}

// A command has everything that a credential helper needs, and no secret of
// another target; also of one that a flag leaves out.
func TestSecretCommandEnvironment(t *testing.T) {
	t.Setenv("CERTTY_TEST_VAULT", "canary-1")
	t.Setenv("CERTTY_TEST_ACCOUNT", "canary-2")
	t.Setenv("CERTTY_TEST_BUS", "unix:path=/run/bus")
	file := filepath.Join(t.TempDir(), "config.yaml")
	err := os.WriteFile(file, []byte(`targets:
  - name: vault
    url: https://contoso.vault.azure.net
    credential: {kind: client-secret, tenant: contoso.com, client_id: 01234567-89ab-cdef-0123-456789abcdef, secret: {env: CERTTY_TEST_VAULT}}
  - name: account
    kind: scm
    customer_uri: Contoso
    credential: {login: a, password: {env: CERTTY_TEST_ACCOUNT}}
  - name: third
    kind: scm
    customer_uri: Contoso
    credential: {login: a, password: {command: [pass]}}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(Options{Flags: Flags{Config: &file, Targets: []string{"account", "third"}}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := Secret{Command: command(t, "environment")}.Read(t.Context(), cfg.SecretVariables()...)
	if err != nil || got != "CERTTY_TEST_BUS=unix:path=/run/bus" {
		t.Errorf("the command finds %q, %v", got, err)
	}
}

// TestSecretIsNotShown prints a configuration in every way that logs and
// errors do.
func TestSecretIsNotShown(t *testing.T) {
	s := Secret{Command: []string{"pass", "--token", "hunter2"}}
	cfg := Config{Targets: []Target{{Credential: Credential{Secret: s}}}}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "credential", cfg.Targets[0].Credential)
	encoded, err := json.Marshal(map[string]any{"secret": s})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		s.String(), fmt.Sprintf("%v %+v %#v %s", s, s, s, s), fmt.Sprintf("%v %+v %#v", cfg, cfg, cfg), log.String(), string(encoded),
	} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("shown: %s", text)
		}
	}
}
