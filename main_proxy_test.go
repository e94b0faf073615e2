package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// What the proxy lets through; squid's helper takes MD5 of a password without
// salt (basic_ncsa_auth(8)).
const (
	proxyUser, proxyPassword = "dave", "s3cr3t/p#w"
	proxyPasswordMD5         = "38f2179f8329ce8ed1cf23a7680663e2"
)

// thisHost is this machine by an address that no rule but NO_PROXY keeps from a
// proxy (net.Dial takes it for the local system).
const thisHost = "0.0.0.0"

// guarded is a proxy that wants a password; whatever name is asked for is on this
// machine. through counts the connections that it made.
func guarded(t *testing.T, through *atomic.Int64) string {
	t.Helper()
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte(proxyUser+":"+proxyPassword))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Header.Get("Proxy-Authorization") != want {
			w.Header().Set("Proxy-Authenticate", `Basic realm="office"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", net.JoinHostPort("127.0.0.1", port(r.Host)))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, sent, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		through.Add(1)
		go func() {
			_, _ = io.Copy(there, sent) // a side that is gone ends both
			_ = there.Close()
		}()
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}))
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// squid starts the real one, which wants the same password and finds farName on
// this machine.
func squid(t *testing.T) string {
	t.Helper()
	program := tool(t, "squid")
	helper := "/usr/lib/squid/basic_ncsa_auth"
	if _, err := os.Stat(helper); err != nil {
		t.Skip("skipped: squid has no " + helper)
	}
	dir := squidFolder(t)
	at := reserved(t)
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path, []byte(content), 0o600), os.Chmod(path, 0o644)); err != nil { // whatever the umask is
			t.Fatal(err)
		}
		return path
	}
	passwords := write("passwords", proxyUser+":"+proxyPasswordMD5+"\n")
	hosts := write("hosts", "127.0.0.1 "+farName+"\n")
	config := write("squid.conf", fmt.Sprintf(`http_port %s
auth_param basic program %s %s
auth_param basic realm office
auth_param basic children 1 startup=1
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
hosts_file %s
cache deny all
pid_filename none
cache_log %[5]s/cache.log
access_log stdio:%[5]s/access.log
coredump_dir %[5]s
shutdown_lifetime 0 seconds
`, at, helper, passwords, hosts, dir))
	b := &bench{dir: dir, ended: make(chan string, 1)}
	b.daemon(t, program, "-N", "-f", config)
	b.awaitListener(t, "tcp", at)
	return at
}

// squidFolder is one that squid may write to also where it changes its user.
func squidFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if err := os.Chmod(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestProxyWithPassword: through a proxy that wants a password both services are
// read; without it, or with a wrong one, a person is told what to do; and what is
// printed, logged or kept never holds it.
func TestProxyWithPassword(t *testing.T) {
	t.Parallel()
	program := filepath.Join(built(t), "certty")
	f := newFar(t)
	var through atomic.Int64
	proxies := map[string]func(*testing.T) string{
		"in this process": func(t *testing.T) string { return guarded(t, &through) },
		"squid":           squid,
	}
	for name, start := range proxies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := start(t)
			named := func(password string) string {
				return "HTTPS_PROXY=" + (&url.URL{Scheme: "http", Host: at, User: url.UserPassword(proxyUser, password)}).String()
			}
			for _, tt := range []struct {
				name, host, addition string
				env                  []string
				code                 int
				says, doctor         []string
			}{
				{
					"right", farName, "", []string{named(proxyPassword)}, 0, nil,
					[]string{at + " from HTTPS_PROXY, with a user and a password", "certificates/list            allowed", "sign-in                      accepted"},
				},
				{
					"wrong", farName, "", []string{named("guessed")}, 4,
					[]string{"prod: list certificates prod: the proxy " + at + " does not accept the user and the password", "sectigo: list orders sectigo: the proxy", "HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT"},
					[]string{"connection                   the proxy " + at + " does not accept", "set HTTPS_PROXY"},
				},
				{
					"none", farName, "proxy: http://" + at, nil, 1,
					[]string{"the proxy " + at + " wants a user and a password", "HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT"},
					[]string{"http://" + at + " from the configuration"},
				},
				{
					"not escaped", farName, "", []string{"HTTPS_PROXY=http://" + proxyUser + ":" + proxyPassword + "@" + at}, 1,
					[]string{"HTTPS_PROXY holds no address of a proxy that can be read"},
					[]string{"missing  proxy", "written as %XX"},
				},
				{
					"not for these", thisHost, "", []string{named(proxyPassword), "NO_PROXY=" + thisHost}, 1,
					[]string{"certificate"},
					[]string{"proxy                        none"},
				},
			} {
				if name == "squid" && tt.name == "not for these" {
					continue // it is not asked
				}
				t.Run(tt.name, func(t *testing.T) {
					env := append(f.configure(t, tt.host, tt.addition), tt.env...)
					home := strings.TrimPrefix(env[0], "XDG_CONFIG_HOME=")
					run := func(args ...string) (int, string) {
						cmd := exec.CommandContext(t.Context(), program, args...)
						cmd.Env = append(env, "CERTTY_LOG=debug")
						out, err := cmd.CombinedOutput()
						if cmd.ProcessState == nil {
							t.Fatal(err)
						}
						for _, secret := range []string{proxyPassword, url.QueryEscape(proxyPassword), "guessed", "p#w"} {
							if bytes.Contains(out, []byte(secret)) {
								t.Errorf("certty %s prints the password: %s", args[0], out)
							}
						}
						return cmd.ProcessState.ExitCode(), string(out)
					}
					before := through.Load()
					code, out := run("status")
					if code != tt.code {
						t.Errorf("code %d, want %d\n%s", code, tt.code, out)
					}
					for _, want := range tt.says {
						if !strings.Contains(out, want) {
							t.Errorf("no %q in\n%s", want, out)
						}
					}
					if went := through.Load() > before; name == "in this process" && went != (tt.code == 0) {
						t.Errorf("it went through the proxy: %t", went)
					}
					_, out = run("doctor")
					for _, want := range tt.doctor {
						if !strings.Contains(out, want) {
							t.Errorf("doctor: no %q in\n%s", want, out)
						}
					}
					run("support")
					unheard(t, home)
				})
			}
		})
	}
}

// unheard looks for the proxy's password in every file of a home.
func unheard(t *testing.T, home string) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err == nil && (bytes.Contains(content, []byte("s3cr3t")) || bytes.Contains(content, []byte("guessed"))) {
			t.Errorf("%s holds the password", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
