package guard_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"certty/backend"
	"certty/backend/guard"
)

// closer notes whether a body was closed.
type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestReadOnlyTransport(t *testing.T) {
	const vault = "https://v.example/certificates/shop?api-version=2025-07-01"
	const token = "https://login.example/tenant/oauth2/v2.0/token"
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	with := func(h http.Header, key, value string) http.Header {
		h = h.Clone()
		if h == nil {
			h = http.Header{}
		}
		h[key] = []string{value}
		return h
	}
	tests := map[string]struct {
		method, url string
		header      http.Header
		body        bool
		passes      bool
	}{
		"get":                        {"GET", vault, nil, false, true},
		"empty method is get":        {"", vault, nil, false, true},
		"head":                       {"HEAD", vault, nil, false, true},
		"get with a body":            {"GET", vault, nil, true, false},
		"head with a body":           {"HEAD", vault, nil, true, false},
		"create":                     {"POST", vault, nil, true, false},
		"create, first without body": {"POST", vault, nil, false, false},
		"cancel":                     {"PATCH", vault, nil, true, false},
		"delete":                     {"DELETE", vault, nil, false, false},
		"put":                        {"PUT", vault, nil, true, false},
		"options":                    {"OPTIONS", vault, nil, false, false},
		"connect":                    {"CONNECT", vault, nil, false, false},
		"lower case":                 {"delete", vault, nil, false, false},
		"lower-case get":             {"get", vault, nil, false, false},
		"token":                      {"POST", token, form, true, true},
		"token, v1":                  {"POST", "https://login.example/tenant/oauth2/token", form, true, true},
		"token path, JSON":           {"POST", token, http.Header{"Content-Type": {"application/json"}}, true, false},
		"token path, no type":        {"POST", token, nil, true, false},
		"form elsewhere":             {"POST", vault, form, true, false},
		"token path behind":          {"POST", token + "/more", form, true, false},
		"delete to token path":       {"DELETE", token, form, true, false},
	}
	for _, header := range []string{"X-Http-Method", "X-HTTP-METHOD", "X-HTTP-Method-Override", "x-http-method-override", "X-HTTP-REQUEST", "X-Method-Override"} {
		for method, passes := range map[string]bool{"DELETE": false, "PATCH": false, "delete": false, "": false, "GET": true, " get ": true} {
			tests["token with "+header+"="+method] = struct {
				method, url string
				header      http.Header
				body        bool
				passes      bool
			}{"POST", token, with(form, header, method), true, passes}
		}
		tests["get with DELETE in "+header] = struct {
			method, url string
			header      http.Header
			body        bool
			passes      bool
		}{"GET", vault, with(nil, header, "DELETE"), false, false}
		tests["create with GET in "+header] = struct {
			method, url string
			header      http.Header
			body        bool
			passes      bool
		}{"POST", vault, with(nil, header, "GET"), true, false}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			passed := false
			transport := guard.ReadOnlyTransport(roundTrip(func(*http.Request) (*http.Response, error) {
				passed = true
				return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
			}), guard.IsTokenCall)
			req, err := http.NewRequestWithContext(t.Context(), test.method, test.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			if test.header != nil {
				req.Header = test.header
			}
			req.Method = test.method
			body := &closer{Reader: strings.NewReader("secret=1")}
			if test.body {
				req.Body = body
			}
			resp, err := transport.RoundTrip(req)
			if err == nil {
				resp.Body.Close()
			}
			if passed != test.passes || (err == nil) != test.passes {
				t.Fatalf("passed %v with %v, want %v", passed, err, test.passes)
			}
			if test.passes {
				return
			}
			if backend.KindOf(err) != backend.KindReadOnly {
				t.Errorf("error %v, want KindReadOnly", err)
			}
			if text := err.Error(); !strings.Contains(text, req.URL.Host) || strings.Contains(text, "api-version") {
				t.Errorf("error %q has to name the host, and no query", text)
			}
			if test.body && !body.closed {
				t.Error("the body was left open")
			}
		})
	}
}

func TestReadOnlyTransportAllowsNoPostByItself(t *testing.T) {
	transport := guard.ReadOnlyTransport(roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("it passed")
		return nil, errors.New("unreachable")
	}), nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://v.example/oauth2/token", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transport.RoundTrip(req); backend.KindOf(err) != backend.KindReadOnly {
		t.Errorf("error %v, want KindReadOnly", err)
	}
}

// TestOnlyAPostAsksForAToken: the path and the type alone do not make it one.
func TestOnlyAPostAsksForAToken(t *testing.T) {
	for method, want := range map[string]bool{http.MethodPost: true, http.MethodGet: false, http.MethodDelete: false, "": false} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://login.example/tenant/oauth2/v2.0/token", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Method = method
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if got := guard.IsTokenCall(req); got != want {
			t.Errorf("%q: %v, want %v", method, got, want)
		}
	}
}

// Through a real client and server: a redirected read goes on, a changing call
// leaves nothing behind on the server.
func TestReadOnlyTransportInAClient(t *testing.T) {
	var seen []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method+" "+r.URL.Path)
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	client := server.Client()
	client.Transport = guard.ReadOnlyTransport(client.Transport, guard.IsTokenCall)
	do := func(method string) error {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/old", nil)
		if err != nil {
			return err
		}
		resp, err := client.Do(req)
		if err != nil {
			return err
		}
		return resp.Body.Close()
	}
	for _, method := range []string{http.MethodDelete, http.MethodPatch, http.MethodPost} {
		if err := do(method); backend.KindOf(err) != backend.KindReadOnly {
			t.Errorf("%s: %v, want KindReadOnly", method, err)
		}
	}
	if len(seen) != 0 {
		t.Errorf("the server saw %v", seen)
	}
	if err := do(http.MethodGet); err != nil {
		t.Error(err)
	}
	if got := strings.Join(seen, ", "); got != "GET /old, GET /new" {
		t.Errorf("the server saw %s", got)
	}
}
