package walk

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certty/backend/sandbox"
	"certty/ui/ptytest"
)

// TestSandboxCommand serves the sandbox alone: what it prints is all that
// another client needs.
func TestSandboxCommand(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	path := ptytest.Build(t, "certty")
	term := ptytest.Start(t, ptytest.Options{Path: path, Args: []string{"sandbox", "--vault", "127.0.0.1:0", "--state", state, "--print", "json"}, Cols: 4000, Rows: 5})
	line := term.WaitFor("one line of JSON", func(s ptytest.Screen) bool { return strings.HasSuffix(s.Lines[0], "}") }).Lines[0]
	var access sandbox.Access
	if err := json.Unmarshal([]byte(line), &access); err != nil {
		t.Fatalf("%v in %q", err, line)
	}
	pem, err := os.ReadFile(access.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("%s holds no certificate", access.CAFile)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, access.VaultURL+"/certificates?api-version=7.5&includePending=true", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+access.AccessToken)
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(body), "/certificates/") {
		t.Fatalf("%d %v %s", resp.StatusCode, err, body)
	}
	if access.TenantID == "" || access.ClientID == "" || access.ClientSecret == "" || access.Authority == "" {
		t.Errorf("something is missing: %+v", access)
	}

	// A second one on the same folder is refused.
	second := ptytest.Start(t, ptytest.Options{Path: path, Args: []string{"sandbox", "--state", state}, Cols: 300, Rows: 5})
	if code := second.Wait(); code != 1 || !strings.Contains(string(second.Output()), state) {
		t.Errorf("exit code %d: %s", code, second.Output())
	}
	term.Signal(syscall.SIGTERM)
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	// Nothing in the folder is for others to read.
	err = filepath.WalkDir(state, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSandboxListensOnLoopbackOnly: nothing of it may leave the machine.
func TestSandboxListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Args: []string{"sandbox", "--vault", addr, "--state", t.TempDir()}, Cols: 200, Rows: 5})
		if code := term.Wait(); code != 1 || !strings.Contains(string(term.Output()), "loopback") {
			t.Errorf("%s: exit code %d: %s", addr, code, term.Output())
		}
	}
}

// TestSign signs a CSR from the command line, for the person at the sandbox.
func TestSign(t *testing.T) {
	w := newWorld(t, true)
	_, pending := w.get("/certificates/mail-relay/pending")
	csr, _ := pending["csr"].(string)
	w.write(filepath.Join(w.dir, "mail-relay.csr"), "-----BEGIN CERTIFICATE REQUEST-----\n"+csr+"\n-----END CERTIFICATE REQUEST-----\n")
	term := w.start("sandbox", "sign", "mail-relay.csr", "--state", filepath.Join(w.dir, "vault"))
	if code := term.Wait(); code != 0 {
		t.Fatalf("exit code %d: %s", code, term.Output())
	}
	if n := strings.Count(string(term.Output()), "BEGIN CERTIFICATE-----"); n != 3 {
		t.Errorf("%d certificates: %s", n, term.Output())
	}
	term = w.start("sandbox", "sign", "no-such.csr", "--state", filepath.Join(w.dir, "vault"))
	if code := term.Wait(); code != 2 {
		t.Errorf("exit code %d for a file that is not there", code)
	}
}

// TestSandboxSaysWhoSigns: a newcomer at the merge is told how to get the chain.
func TestSandboxSaysWhoSigns(t *testing.T) {
	t.Parallel()
	term := ptytest.Start(t, ptytest.Options{Path: ptytest.Build(t, "certty"), Cols: 120, Rows: 40})
	term.WaitText("mail-relay", "waits: merge")
	on(term, "mail-relay")
	term.WaitText("m merge")
	term.Keys("m")
	term.WaitText("certty sandbox sign mail-relay.csr")
	term.Keys("ctrl+c")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
