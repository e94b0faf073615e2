package cli

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"certty/backend/sandbox"
	"certty/ui/cli/command"
)

// served is a sandbox that "certty sandbox" serves.
type served struct {
	t      *testing.T
	access sandbox.Access
	client *http.Client
}

func serve(t *testing.T, flags ...string) *served {
	t.Helper()
	dir := t.TempDir() // outlives the sandbox
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	code := make(chan int, 1)
	go func() {
		a := &App{Env: command.Env{Stdout: write, Stderr: t.Output()}}
		code <- a.Execute(ctx, append([]string{"sandbox", "--state", dir}, flags...))
	}()
	t.Cleanup(func() {
		stop()
		if c := <-code; c != command.ExitDone {
			t.Errorf("exit code %d", c)
		}
	})
	line, err := bufio.NewReader(read).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t}
	if err := json.Unmarshal(line, &s.access); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(line, []byte(`{"schema_version":1,`)) {
		t.Errorf("no schema_version in %.40s", line)
	}
	pem, err := os.ReadFile(s.access.CAFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	s.client = &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}
	return s
}

func (s *served) ask(method, path, body string) (status int, answer string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.access.VaultURL+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.access.AccessToken)
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

// TestSandboxFlags: what is set for the vault shows in what it answers.
func TestSandboxFlags(t *testing.T) {
	s := serve(t, "--purge-protected", "--retention-days", "7")
	status, answer := s.ask(http.MethodDelete, "/certificates/www?api-version=7.5", "")
	if status != http.StatusOK || !strings.Contains(answer, `"recoverableDays":7`) || !strings.Contains(answer, `"CustomizedRecoverable"`) {
		t.Errorf("%d %s", status, answer)
	}
}

// TestSandboxHelpIsTrue: everything that the help names is taken.
func TestSandboxHelpIsTrue(t *testing.T) {
	var out bytes.Buffer
	a := &App{Env: command.Env{Stdout: &out, Stderr: &out}}
	if code := a.Execute(t.Context(), []string{"sandbox", "--help"}); code != command.ExitDone {
		t.Fatalf("exit code %d: %s", code, out.String())
	}
	help := out.String()
	s := serve(t)
	for kind, more := range map[string]string{
		"slow": `,"latency":"1s"`, "hang": "", "reset-before": "", "reset-after": "", "refuse": `,"status":503`, "html": "",
		"truncated-json": "", "unauthorized": "", "redirect": "", "foreign-next-link": "",
	} {
		if !strings.Contains(help, kind) {
			t.Errorf("%s is not in the help", kind)
		}
		// Of an operation that nobody calls here.
		status, answer := s.ask(http.MethodPost, "/sandbox/faults", `{"kind":"`+kind+`","operation":"MergeCertificate"`+more+`}`)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", kind, status, answer)
		}
	}
	for _, call := range []struct{ method, path, body string }{
		{http.MethodPut, "/sandbox/clock", `{"advance":"72h"}`},
		{http.MethodPut, "/sandbox/clock", `{"offset":"0s"}`},
		{http.MethodPut, "/sandbox/clock", `{"now":"2027-01-01T00:00:00Z"}`},
		{http.MethodPost, "/sandbox/faults", `{"kind":"refuse","status":429,"retry_after":"5","operation":"GetCertificates","times":3}`},
		{http.MethodDelete, "/sandbox/faults", ""},
		{http.MethodGet, "/sandbox/calls", ""},
	} {
		if !strings.Contains(help, call.path) || !strings.Contains(help, call.body) {
			t.Errorf("%s %s %s is not in the help", call.method, call.path, call.body)
		}
		if status, answer := s.ask(call.method, call.path, call.body); status != http.StatusOK {
			t.Errorf("%+v: %d %s", call, status, answer)
		}
	}
}

// TestSandboxUsage: wrong flags are wrong usage, and nothing is served.
func TestSandboxUsage(t *testing.T) {
	for _, flags := range [][]string{
		{"--retention-days", "6"}, {"--retention-days", "91"}, {"--retention-days", "a week"}, {"--print", "yaml"}, {"--no-such-flag"}, {"surplus"},
	} {
		var out bytes.Buffer
		a := &App{Env: command.Env{Stdout: &out, Stderr: &out}}
		if code := a.Execute(t.Context(), append([]string{"sandbox", "--state", t.TempDir()}, flags...)); code != command.ExitUsage || !strings.Contains(out.String(), "--help") {
			t.Errorf("%v: exit code %d: %s", flags, code, out.String())
		}
	}
}
