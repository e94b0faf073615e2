package vault

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const quietChild = "CERTTY_TEST_QUIET"

// TestNothingIsPrinted runs the credentials that like to print in a process of
// their own, and looks at what came out of it: the screen owns the terminal.
func TestNothingIsPrinted(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestQuietly$")
	// The library logs to standard error when it is told to from outside.
	child.Env = append(os.Environ(), quietChild+"=1", "AZURE_SDK_GO_LOGGING=all")
	out, err := child.CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "PASS" {
		t.Errorf("%v; printed:\n%s", err, out)
	}
}

// TestQuietly is the other process.
func TestQuietly(t *testing.T) {
	if os.Getenv(quietChild) == "" {
		t.Skip("runs as a part of TestNothingIsPrinted")
	}
	t.Run("device code", func(t *testing.T) {
		s := newService(t)
		s.token = signedIn
		v := s.prompting(t, func(context.Context, string, string, string) error { return nil })
		if _, err := v.Read(t.Context(), webRequest()); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("azure-cli", func(t *testing.T) {
		if runtime.GOOS == "windows" {
			t.Skip("the az of this test is a shell script")
		}
		dir := t.TempDir()
		script := "#!/bin/sh\necho 'WARNING: a newer version is available' >&2\n" +
			`echo '{"accessToken":"` + bearer + `","expires_on":4102444800,"tokenType":"Bearer"}'` + "\n"
		if err := os.WriteFile(filepath.Join(dir, "az"), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
		s := newService(t)
		s.on("GET /certificates/web/pending", answering(200, operation(nil)))
		v := s.vault(t, func(o *Options) { o.Credential = Credential{Kind: CredentialAzureCLI} })
		if _, err := v.Read(t.Context(), webRequest()); err != nil {
			t.Fatal(err)
		}
	})
}
