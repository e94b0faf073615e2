package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// given parses args as the flags of a secret and reads it.
func given(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var s Secret
	cmd := &cobra.Command{}
	s.Add(cmd, "password", "password")
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	secret, err := s.Given(t.Context())
	return string(secret), err
}

func TestSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("from a file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TEST_SECRET", "from the environment")
	for _, tt := range []struct{ args, want string }{
		{"", ""}, {"--password-file " + file, "from a file"}, {"--password-env TEST_SECRET", "from the environment"}, {"--password-command echo printed", "printed"},
	} {
		args := strings.SplitN(tt.args, " ", 2)
		if tt.args == "" {
			args = nil
		}
		if got, err := given(t, args...); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v", tt.args, got, err)
		}
	}
	// Nothing that is started later finds it.
	if _, there := os.LookupEnv("TEST_SECRET"); there {
		t.Error("it is still in the environment")
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := given(t, "--password-file", file); ExitCode(err) != ExitUsage {
		t.Errorf("a file that others read: %v", err)
	}
	if _, err := given(t, "--password-env", "TEST_SECRET"); ExitCode(err) != ExitUsage {
		t.Errorf("a variable that is not set: %v", err)
	}
	s := &Secret{name: "password", what: "password"}
	if _, err := s.Ask(&Env{Stderr: &bytes.Buffer{}}, true); ExitCode(err) != ExitUsage || !strings.Contains(err.Error(), "--password-file") {
		t.Errorf("nobody to ask: %v", err)
	}
}

func TestWriteNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.p12")
	if err := WriteNew(path, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := WriteNew(path, []byte("two"), 0o600); ExitCode(err) != ExitUsage {
		t.Errorf("a file that is there: %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "one" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	// A link is something of that name, wherever it leads.
	link := filepath.Join(filepath.Dir(path), "link")
	if err := os.Symlink("nowhere", link); err != nil {
		t.Fatal(err)
	}
	if Absent(link) == nil || WriteNew(link, nil, 0o600) == nil {
		t.Error("written through a link")
	}
}

func TestReadInput(t *testing.T) {
	env := &Env{Stdin: strings.NewReader("12345")}
	if got, err := ReadInput(env, "-", 5); err != nil || string(got) != "12345" {
		t.Errorf("%q, %v", got, err)
	}
	env.Stdin = strings.NewReader("123456")
	if _, err := ReadInput(env, "-", 5); ExitCode(err) != ExitUsage {
		t.Errorf("one byte too long: %v", err)
	}
	for _, path := range []string{t.TempDir(), "/dev/zero", "absent"} {
		if _, err := ReadInput(env, path, 5); ExitCode(err) != ExitUsage {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestSecretCommandEnvironment: a program that prints a password gets no secret of
// a target.
func TestSecretCommandEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	const text = `targets:
  - name: sectigo
    kind: scm
    url: https://127.0.0.1:1/api
    customer_uri: Contoso
    credential: {kind: password, login: api, password: {env: TEST_TARGET_SECRET}}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TEST_TARGET_SECRET", "canary")
	t.Setenv("TEST_OTHER", "wanted")
	var s Secret
	var flags Flags
	cmd := &cobra.Command{}
	flags.Add(cmd)
	s.Add(cmd, "password", "password")
	if err := cmd.ParseFlags([]string{"--config", file, "--password-command", "env"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Given(t.Context())
	if err != nil || !bytes.Contains(got, []byte("TEST_OTHER=wanted")) || bytes.Contains(got, []byte("canary")) {
		t.Errorf("it got %q, %v", got, err)
	}
}
