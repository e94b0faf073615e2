package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"certty/backend/sandbox"
	"certty/backend/sandbox/keypool"
)

// patience is how long somebody else's program may take for something.
const patience = 3 * time.Minute

// bench is the program beside a sandbox full of things, for the tools of other
// people that use the two. Its configuration needs no environment.
type bench struct {
	box                  *sandbox.Sandbox
	dir, program, config string
	// ended gets the name of each daemon that ended by itself.
	ended chan string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sandbox")
	if err := seed(dir); err != nil {
		t.Fatal(err)
	}
	box, err := sandbox.Start(t.Context(), sandbox.Options{Dir: dir, RSAKeys: keypool.Lend()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	b := &bench{box: box, dir: t.TempDir(), program: filepath.Join(built(t), "certty"), ended: make(chan string, 2)}
	a := box.Access()
	secret, password := b.write(t, "secret", a.ClientSecret), b.write(t, "password", a.SCM.Password)
	b.config = b.write(t, "config.yaml", fmt.Sprintf(`state_dir: %s
cache_dir: %s
targets:
  - name: prod
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    credential: {kind: client-secret, tenant: %s, client_id: %s, secret: {file: %s}}
  - name: sectigo
    kind: scm
    url: %s
    customer_uri: %s
    ca_file: %s
    credential: {kind: password, login: %s, password: {file: %s}}
`, b.path("state"), b.path("cache"), a.VaultURL, a.Authority, a.CAFile, a.TenantID, a.ClientID, secret,
		a.SCM.URL, a.SCM.CustomerURI, a.CAFile, a.SCM.Login, password))
	return b
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.WriteFile(b.path(name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return b.path(name)
}

// run runs a program that has to succeed, and gives its standard output.
func (b *bench) run(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = b.dir
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s%s", filepath.Base(program), strings.Join(args, " "), err, out, said.String())
	}
	return string(out)
}

// transcript is what a daemon has said so far.
type transcript struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (o *transcript) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.Write(p)
}

func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.said.String()
}

// daemon runs a program until the test ends, with all that it starts.
func (b *bench) daemon(t *testing.T, program string, args ...string) *transcript {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = b.dir
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = time.Second // Icinga hangs now and then, and would leave its own behind
	inGroup(cmd)
	said := &transcript{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = cmd.Wait() // it is stopped below
		b.ended <- filepath.Base(program)
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		<-gone
		endGroup(cmd)
		if t.Failed() {
			t.Logf("%s:\n%s", filepath.Base(program), said)
		}
	})
	return said
}

// listening is the address that one of Prometheus' programs was given by the
// system, which it says when it listens there.
func (b *bench) listening(t *testing.T, said *transcript) (at string) {
	t.Helper()
	announced := regexp.MustCompile(`msg="Listening on" address=(\S+)`)
	b.soon(t, "the address it listens on", func() bool {
		m := announced.FindStringSubmatch(said.String())
		if m != nil {
			at = m[1]
		}
		return m != nil
	})
	return at
}

// awaitListener waits until somebody listens.
func (b *bench) awaitListener(t *testing.T, network, at string) {
	t.Helper()
	b.soon(t, "somebody who listens at "+at, func() bool {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), network, at)
		if err != nil {
			return false
		}
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		return true
	})
}

// tool is the path of somebody else's program; the test is skipped without it.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, at := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	t.Skipf("skipped: there is no %s", name)
	return ""
}

// sample is the block of a page of the documentation that holds a text, indented
// by four or fenced.
func sample(t *testing.T, page, with string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("docs", page))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile("(?ms)^```[a-z]+\n(.*?)^```$|((?:^    [^\n]*\n|^\n)+)").FindAllStringSubmatch(string(content), -1) {
		block := m[1]
		if block == "" {
			block = regexp.MustCompile(`(?m)^    `).ReplaceAllString(m[2], "")
		}
		if strings.Contains(block, with) {
			return strings.TrimLeft(block, "\n")
		}
	}
	t.Fatalf("docs/%s has no sample with %q", page, with)
	return ""
}

// soon waits until something is so, while the daemons run. It has patience for a
// busy machine: only one who fails waits for its end.
func (b *bench) soon(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if so() {
			return
		}
		select {
		case program := <-b.ended:
			t.Fatalf("%s: %s ended", what, program)
		default:
		}
	}
	t.Fatalf("%s: not within %v", what, patience)
}
