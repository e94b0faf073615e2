package wire

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"certty/backend"
)

// TestProxyRefuses: what a proxy says to CONNECT is told as the proxy's, with
// what to do, and without the password.
func TestProxyRefuses(t *testing.T) {
	srv := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(srv.Close)
	for name, tt := range map[string]struct {
		user   *url.Userinfo
		status int
		says   string
		advice *backend.Advice
	}{
		"no password":     {nil, 407, "wants a user and a password", &AdviceProxy},
		"wrong password":  {url.UserPassword("dave", "hid den"), 407, "does not accept the user and the password", &AdviceProxy},
		"tinyproxy's way": {url.UserPassword("dave", "hid den"), 401, "does not accept the user and the password", &AdviceProxy},
		"forbidden":       {nil, 403, "does not connect: 403 Forbidden", adviceProxyRefuses},
		"own status":      {nil, 599, "does not connect: 599", adviceProxyRefuses},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got = r.Header.Get("Proxy-Authorization")
				w.WriteHeader(tt.status)
			}))
			t.Cleanup(proxy.Close)
			u, err := url.Parse(proxy.URL)
			if err != nil {
				t.Fatal(err)
			}
			u.User = tt.user
			_, _, err = get(t, NewClient(NewTransport(http.ProxyURL(u), trusting(srv))), srv.URL)
			if err == nil {
				t.Fatal("it went through")
			}
			if said := Reason(err, ""); said != "the proxy "+u.Host+" "+tt.says || strings.Contains(err.Error(), "hid") {
				t.Errorf("%q: %v", said, err)
			}
			if ProxyAdvice(err) != tt.advice {
				t.Errorf("advice %v", ProxyAdvice(err))
			}
			want := ""
			if tt.user != nil {
				want = "Basic " + base64.StdEncoding.EncodeToString([]byte("dave:hid den")) // RFC 7617 §2
			}
			if got != want {
				t.Errorf("it was sent %q", got)
			}
		})
	}
	if ProxyAdvice(&net.OpError{Op: "dial"}) != nil {
		t.Error("an error of the network is blamed on a proxy")
	}
}

// TestReadable: an address that net/http would take for another one, or for none.
func TestReadable(t *testing.T) {
	for address, want := range map[string]bool{
		"": true, "http://proxy:8080": true, "http://proxy:8080/": true, "proxy:8080": true, "proxy": true,
		"http://dave:s3cr3t%23@proxy:8080": true, "dave:s3cr3t@proxy:8080": true, "socks5://[::1]:1080": true, "https://proxy": true,
		"http://dave:s3cr3t#@proxy:8080": false, "http://dave:123/4@proxy:8080": false, "http://dave:12?4@proxy:8080": false,
		"http://dave:%zz@proxy:8080": false, "ftp://proxy": false, "http://": false, "http:///x": false, "dave:a#b@proxy": false, ":8080": false,
	} {
		if got := readable(address); got != want {
			t.Errorf("%q: %t", address, got)
		}
	}
}

// TestEnvironment: a slip in HTTPS_PROXY is told without repeating it, and does
// not concern who answers on this machine.
func TestEnvironment(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://dave:s3#cret@proxy:8080")
	t.Setenv("https_proxy", "http://proxy:8080")
	choose := func(target string) error {
		_, err := Environment(httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody))
		return err
	}
	err := choose("https://vault.invalid")
	if err == nil || strings.Contains(err.Error(), "cret") || ProxyAdvice(err) != &AdviceProxy {
		t.Errorf("says %v", err)
	}
	for _, target := range []string{"https://127.0.0.1:1", "https://localhost", "https://[::1]:1", "http://169.254.169.254"} {
		if err := choose(target); err != nil {
			t.Errorf("%s: %v", target, err)
		}
	}
	for want, env := range map[string]map[string]string{
		"great": {"HTTPS_PROXY": "great", "https_proxy": "small"},
		"small": {"https_proxy": "small", "HTTP_PROXY": "other"},
		"":      {"HTTP_PROXY": "other"},
	} {
		if got := fromEnvironment(func(name string) string { return env[name] }); got != want {
			t.Errorf("%v: %q", env, got)
		}
	}
}
