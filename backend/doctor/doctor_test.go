package doctor_test

import (
	"context"
	"crypto/x509"
	"errors"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/doctor"
	"certty/backend/wire"
	"certty/model"
)

// service is a vault that answers as it is told.
type service struct {
	readOnly                       bool
	sweep, read, issuers, contacts error
	empty                          bool
	calls                          []string
	account                        backend.AccountReader
}

func (s *service) Info() backend.Info {
	return backend.Info{Name: "prod", Kind: "vault", ReadOnly: s.readOnly}
}

func (s *service) Capabilities() backend.Capabilities {
	return backend.Capabilities{Sweep: s, Read: s, Catalog: s, SweepDeleted: s, Account: s.account}
}

func (s *service) Sweep(context.Context) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		s.calls = append(s.calls, "list")
		if s.sweep != nil {
			yield(model.Page{}, s.sweep)
			return
		}
		page := model.Page{Items: []model.Item{{Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "www"}}}}
		if s.empty {
			page.Items = nil
		}
		yield(page, nil)
	}
}

func (s *service) Read(context.Context, model.Ref) (model.Page, error) {
	s.calls = append(s.calls, "get")
	return model.Page{}, s.read
}

func (s *service) Issuers(context.Context) ([]model.IssuerInfo, error) {
	s.calls = append(s.calls, "issuers")
	return nil, s.issuers
}

func (s *service) Contacts(context.Context) ([]model.Contact, error) {
	s.calls = append(s.calls, "contacts")
	return nil, s.contacts
}

func failed(kind backend.ErrorKind) error {
	return &backend.Error{Kind: kind, Op: "list", Ref: model.Ref{Target: "prod"}, Code: "Forbidden", Message: "no"}
}

func verdicts(checks []doctor.Check) string {
	var out []string
	for _, c := range checks {
		out = append(out, c.What+"="+c.Verdict.String())
	}
	return strings.Join(out, " ")
}

func TestPermissions(t *testing.T) {
	const all = "credential=good api-version=good certificates/list=%s certificates/get=%s deleted certificates=%s certificates/listissuers=%s certificates/managecontacts=%s changes=%s"
	as := func(v ...any) string {
		out := all
		for _, x := range v {
			out = strings.Replace(out, "%s", x.(string), 1)
		}
		return out
	}
	for name, tt := range map[string]struct {
		service *service
		want    string
		code    backend.Verdict
	}{
		"all":        {&service{}, as("good", "good", "good", "good", "good", "unknown"), backend.VerdictGood},
		"read-only":  {&service{readOnly: true}, as("good", "good", "good", "good", "good", "good"), backend.VerdictGood},
		"empty":      {&service{empty: true}, as("good", "unknown", "good", "good", "good", "unknown"), backend.VerdictGood},
		"no list":    {&service{sweep: failed(backend.KindPermission)}, as("missing", "unknown", "missing", "good", "good", "unknown"), backend.VerdictBad},
		"no get":     {&service{read: failed(backend.KindPermission)}, as("good", "missing", "good", "good", "good", "unknown"), backend.VerdictBad},
		"gone":       {&service{read: failed(backend.KindNotFound)}, as("good", "good", "good", "good", "good", "unknown"), backend.VerdictGood},
		"no issuers": {&service{issuers: failed(backend.KindPermission), contacts: failed(backend.KindPermission)}, as("good", "good", "good", "warning", "warning", "unknown"), backend.VerdictWarn},
		"version":    {&service{sweep: failed(backend.KindInvalid), empty: true}, strings.Replace(as("missing", "unknown", "missing", "good", "good", "unknown"), "api-version=good", "api-version=missing", 1), backend.VerdictBad},
		"refused":    {&service{sweep: failed(backend.KindAuth)}, "credential=missing", backend.VerdictBad},
		"unreached":  {&service{sweep: failed(backend.KindNetwork)}, "answer=missing", backend.VerdictBad},
	} {
		t.Run(name, func(t *testing.T) {
			checks := doctor.Examine(t.Context(), doctor.Target{Backend: tt.service}, doctor.Options{})
			if got := verdicts(checks); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := doctor.Worst(checks); got != tt.code {
				t.Errorf("worst %s, want %s", got, tt.code)
			}
			if doctor.SignedIn(checks) != (name != "refused") {
				t.Error("signed in")
			}
			for _, c := range checks {
				if c.Verdict == backend.VerdictBad && c.Fix == "" {
					t.Errorf("%s: no way out", c.What)
				}
			}
		})
	}
}

// TestLatched: a credential that was refused before is not used.
func TestLatched(t *testing.T) {
	s := &service{}
	checks := doctor.Examine(t.Context(), doctor.Target{Backend: s, Latch: &backend.Latch{Reason: "wrong password"}}, doctor.Options{})
	if verdicts(checks) != "credential=missing" || len(s.calls) != 0 || !strings.Contains(checks[0].Text, "wrong password") {
		t.Errorf("%v, called %v", checks, s.calls)
	}
}

// vault answers as Key Vault does without a token.
func vault(t *testing.T, date time.Time, answer func(http.ResponseWriter)) (*httptest.Server, doctor.Endpoint) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Method != http.MethodGet {
			t.Errorf("%s with a credential", r.Method)
		}
		w.Header().Set("Date", date.UTC().Format(http.TimeFormat))
		answer(w)
	}))
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, doctor.Endpoint{For: "the vault", URL: server.URL, Vault: true, Proxy: noProxy, ReadRootCAs: func() (*x509.CertPool, error) {
		pool := x509.NewCertPool()
		pool.AddCert(server.Certificate())
		return pool, nil
	}}
}

func noProxy(*http.Request) (*url.URL, error) { return nil, nil }

func challenge(w http.ResponseWriter) {
	w.Header().Set("WWW-Authenticate", `Bearer authorization="https://login.example/72f9", resource="https://vault.azure.net"`)
	w.WriteHeader(http.StatusUnauthorized)
}

func TestEndpoint(t *testing.T) {
	now := time.Now()
	for name, tt := range map[string]struct {
		date   time.Time
		answer func(http.ResponseWriter)
		tenant string
		change func(*doctor.Endpoint)
		want   string
		says   string
	}{
		"good":         {now, challenge, "72F9", nil, "proxy=good name resolution=good TLS=good clock=good tenant=good", "72f9"},
		"clock off":    {now.Add(-time.Minute), challenge, "", nil, "proxy=good name resolution=good TLS=good clock=warning tenant=good", "ahead"},
		"clock wrong":  {now.Add(time.Hour), challenge, "", nil, "proxy=good name resolution=good TLS=good clock=missing tenant=good", "behind"},
		"other tenant": {now, challenge, "aaaa", nil, "proxy=good name resolution=good TLS=good clock=good tenant=missing", "aaaa"},
		"portal": {now, func(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/html") }, "", nil,
			"proxy=good name resolution=good TLS=good clock=good tenant=missing", "text/html"},
		"redirect": {now, func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://portal/?x=secret")
			w.WriteHeader(302)
		}, "", nil,
			"proxy=good name resolution=good TLS=good clock=good answer=warning tenant=missing", "https://portal/"},
		"firewall": {now, func(w http.ResponseWriter) { w.WriteHeader(http.StatusForbidden) }, "", nil,
			"proxy=good name resolution=good TLS=good clock=good answer=missing", "firewall"},
		"untrusted": {now, challenge, "", func(e *doctor.Endpoint) { e.ReadRootCAs = nil }, "proxy=good name resolution=good TLS=missing", "not trusted"},
		"no ca_file": {now, challenge, "", func(e *doctor.Endpoint) {
			e.ReadRootCAs = func() (*x509.CertPool, error) { return nil, errors.New("read ca_file: gone") }
		}, "proxy=good name resolution=good TLS=missing", "ca_file"},
		"no such name": {now, challenge, "", func(e *doctor.Endpoint) { e.URL = "https://nobody.invalid" }, "proxy=good name resolution=missing", "no such host"},
		"private":      {now, challenge, "", func(e *doctor.Endpoint) { e.URL = strings.Replace(e.URL, "127.0.0.1", "private.invalid", 1) }, "proxy=good name resolution=good connection=missing", "private address"},
		"bad proxy": {now, challenge, "", func(e *doctor.Endpoint) {
			e.Proxy = func(*http.Request) (*url.URL, error) { return nil, errors.New("bad") }
		}, "proxy=missing", "bad"},
		"nobody listens": {now, challenge, "", func(e *doctor.Endpoint) { e.URL = "https://127.0.0.1:1" }, "proxy=good name resolution=good connection=missing", "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			_, e := vault(t, tt.date, tt.answer)
			if tt.change != nil {
				tt.change(&e)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			checks := doctor.Examine(ctx, doctor.Target{Backend: &service{}, Endpoints: []doctor.Endpoint{e}, Tenant: tt.tenant}, doctor.Options{
				Now: func() time.Time { return now }, // however long this takes
				Resolve: func(_ context.Context, host string) ([]string, error) {
					if host == "private.invalid" {
						cancel() // nothing is dialed
						return []string{"10.1.2.3"}, nil
					}
					return nil, errors.New("no such host")
				},
			})
			var said []string
			for i, c := range checks {
				if c.Host == "" {
					checks = checks[:i]
					break
				}
				said = append(said, c.Text, c.Fix)
			}
			if got := verdicts(checks); got != tt.want {
				t.Errorf("got  %s\nwant %s\n%s", got, tt.want, strings.Join(said, "\n"))
			}
			text := strings.Join(said, "\n")
			if !strings.Contains(text, tt.says) || strings.Contains(text, "secret") || strings.Contains(text, "\x1b") {
				t.Errorf("says %q", text)
			}
		})
	}
}

// TestProxy: whoever goes through a proxy needs its name, and no password of it
// is shown.
func TestProxy(t *testing.T) {
	_, e := vault(t, time.Now(), challenge)
	e.Proxy = func(*http.Request) (*url.URL, error) { return url.Parse("http://user:hidden@127.0.0.1:1") }
	checks := doctor.Examine(t.Context(), doctor.Target{Backend: &service{}, Endpoints: []doctor.Endpoint{e}}, doctor.Options{})
	if checks[0].Text != "http://127.0.0.1:1 from the configuration, with a user and a password" || checks[2].What != "connection" || !strings.Contains(checks[2].Fix, "proxy") {
		t.Errorf("%+v", checks[:3])
	}
	for _, c := range checks {
		if strings.Contains(c.Text+c.Fix, "hidden") {
			t.Errorf("%+v", c)
		}
	}
}

// TestProxyPassword: one that can't be read is told as such, with where it should
// be, and nothing is sent.
func TestProxyPassword(t *testing.T) {
	_, e := vault(t, time.Now(), challenge)
	e.Proxy = wire.ProxyWithLogin(&url.URL{Scheme: "socks5", Host: "127.0.0.1:1"}, "me", func(context.Context) (string, error) {
		return "", errors.New("read the secret from file /p: it is empty")
	})
	c := doctor.Examine(t.Context(), doctor.Target{Backend: &service{}, Endpoints: []doctor.Endpoint{e}}, doctor.Options{})[0]
	if c.What != "proxy" || c.Verdict != backend.VerdictBad || !strings.Contains(c.Text, "127.0.0.1:1") || !strings.Contains(c.Text, "/p: it is empty") || !strings.Contains(c.Fix, "proxy_password") {
		t.Errorf("%+v", c)
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"https://prod.vault.azure.net/":    "prod.vault.azure.net:443",
		"https://127.0.0.1:8443/x":         "127.0.0.1:8443",
		"http://169.254.169.254":           "169.254.169.254:80",
		"https://cert-manager.com/api?a=b": "cert-manager.com:443",
	} {
		e := doctor.Endpoint{URL: in}
		if got := e.Address(); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}
