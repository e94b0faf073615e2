package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// socks5 is a SOCKS5 proxy that wants the password (RFC 1928, RFC 1929); whatever
// name is asked for is on this machine.
func socks5(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go throughSocks(conn)
		}
	}()
	return listener.Addr().String()
}

// throughSocks serves one connection, and ends it where anything is not as it
// should be.
func throughSocks(conn net.Conn) {
	defer conn.Close()
	taken := func() (string, bool) {
		size := make([]byte, 1)
		if _, err := io.ReadFull(conn, size); err != nil {
			return "", false
		}
		b := make([]byte, size[0])
		_, err := io.ReadFull(conn, b)
		return string(b), err == nil
	}
	skip := func(n int64) { _, _ = io.CopyN(io.Discard, conn, n) } // what is missing is missed by the next
	send := func(b ...byte) { _, _ = conn.Write(b) }               // who is gone is gone
	skip(1)
	methods, ok := taken()
	if !ok || !strings.ContainsRune(methods, 2) {
		send(5, 0xff)
		return
	}
	send(5, 2)
	skip(1)
	user, _ := taken()
	password, ok := taken()
	if !ok || user != proxyUser || password != proxyPassword {
		send(1, 1)
		return
	}
	send(1, 0)
	skip(4) // version, CONNECT, reserved, and a name
	name, ok := taken()
	at := make([]byte, 2)
	if _, err := io.ReadFull(conn, at); err != nil || !ok || name != farName {
		return
	}
	there, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(at[0])<<8|int(at[1]))))
	if err != nil {
		send(5, 5, 0, 1, 0, 0, 0, 0, 0, 0)
		return
	}
	send(5, 0, 0, 1, 0, 0, 0, 0, 0, 0)
	go func() {
		_, _ = io.Copy(there, conn) // a side that is gone ends both
		_ = there.Close()
	}()
	_, _ = io.Copy(conn, there)
}

// tinyproxy starts the real one. It resolves names as the system does, so it
// wants the password and then does not find the services.
func tinyproxy(t *testing.T) string {
	t.Helper()
	program := tool(t, "tinyproxy")
	at := reserved(t)
	host, number, err := net.SplitHostPort(at)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "tinyproxy.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, "Port %s\nListen %s\nTimeout 60\nBasicAuth %s %s\nLogLevel Critical\n", number, host, proxyUser, plainPassword), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &bench{dir: t.TempDir(), ended: make(chan string, 1)}
	b.daemon(t, program, "-d", "-c", config)
	b.awaitListener(t, "tcp", at)
	return at
}

// plainPassword has only signs that tinyproxy's configuration takes.
const plainPassword = "s3cr3tpw"

// TestProxyPasswordOfTarget: the password of a target's proxy comes from where the
// configuration says, for each kind of proxy; a wrong one is explained; and what is
// printed, logged or kept never holds it.
func TestProxyPasswordOfTarget(t *testing.T) {
	t.Parallel()
	program := filepath.Join(built(t), "certty")
	f := newFar(t)
	const refused, told, unread = "does not accept the user and the password", "set proxy_user there", "(proxy_password): read the secret from"
	for name, tt := range map[string]struct {
		scheme string
		start  func(*testing.T) string
		// password is the right one, and past what is said of it.
		password, past string
	}{
		"http":      {"http", func(t *testing.T) string { return guarded(t, new(atomic.Int64)) }, proxyPassword, ""},
		"socks5":    {"socks5", socks5, proxyPassword, ""},
		"squid":     {"http", squid, proxyPassword, ""},
		"tinyproxy": {"http", tinyproxy, plainPassword, "does not connect: 5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := tt.start(t)
			for _, c := range []struct {
				name, place, content string
				code                 int
				says                 []string
			}{
				{"right", "{file: %s}", tt.password, 0, nil},
				{"right by command", "{command: [cat, %s]}", tt.password, 0, nil},
				{"wrong", "{file: %s}", "guessed", 4, []string{"the proxy " + at + " " + refused, told}},
				{"empty", "{file: %s}", "", 1, []string{unread, "it is empty"}},
			} {
				t.Run(c.name, func(t *testing.T) {
					file := filepath.Join(t.TempDir(), "proxy.password")
					if err := os.WriteFile(file, []byte(c.content), 0o600); err != nil {
						t.Fatal(err)
					}
					env := f.configure(t, farName, fmt.Sprintf("proxy: %s://%s\n    proxy_user: %s\n    proxy_password: "+c.place, tt.scheme, at, proxyUser, file))
					run := func(args ...string) (int, string) {
						cmd := exec.CommandContext(t.Context(), program, args...)
						cmd.Env = append(env, "CERTTY_LOG=debug")
						out, err := cmd.CombinedOutput()
						if cmd.ProcessState == nil {
							t.Fatal(err)
						}
						for _, secret := range []string{tt.password, url.QueryEscape(tt.password), "s3cr3t", "guessed"} {
							if bytes.Contains(out, []byte(secret)) {
								t.Errorf("certty %s prints the password: %s", args[0], out)
							}
						}
						return cmd.ProcessState.ExitCode(), string(out)
					}
					code, says := c.code, c.says
					if tt.past != "" && c.code == 0 {
						code, says = 1, []string{tt.past}
					}
					got, out := run("status")
					_, examined := run("doctor")
					if got != code {
						t.Errorf("code %d, want %d\n%s", got, code, out)
					}
					for _, want := range says {
						if !strings.Contains(out, want) || want != told && !strings.Contains(examined, want) {
							t.Errorf("no %q in\n%s\n%s", want, out, examined)
						}
					}
					if want := tt.scheme + "://" + at + " from the configuration, with a user and a password"; c.content != "" && !strings.Contains(examined, want) {
						t.Errorf("no %q in\n%s", want, examined)
					}
					run("support")
					if _, out := run("config", "view", "--origin"); !strings.Contains(out, "proxy_password") || !strings.Contains(out, proxyUser) {
						t.Errorf("config view says\n%s", out)
					}
					unheard(t, strings.TrimPrefix(env[0], "XDG_CONFIG_HOME="))
				})
			}
		})
	}
}
