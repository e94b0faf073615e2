package scm

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"certty/backend"
	"certty/backend/wire"
)

// TestChangeThatAProxyRefuses: an order that a proxy does not let through was not
// placed, and nobody has to look for it. The proxy is asked once: a wrong password
// again and again locks accounts, so one that was tried latches the account.
func TestChangeThatAProxyRefuses(t *testing.T) {
	enroll := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/enroll") }
	token := func(r *http.Request) bool { return r.URL.Path == "/token" }
	login := func(*service) Credential {
		return Credential{Kind: CredentialPassword, Login: "api-admin", Secret: giving(password)}
	}
	client := func(s *service) Credential {
		return Credential{Kind: CredentialClient, ClientID: "me", TokenURL: s.URL + "/token", Secret: giving("a-secret")}
	}
	for name, tt := range map[string]struct {
		refused    func(*http.Request) bool
		credential func(s *service) Credential
		user       *url.Userinfo
		kind       backend.ErrorKind
	}{
		"at the order":                 {enroll, login, nil, backend.KindNetwork},
		"at its token":                 {token, client, nil, backend.KindNetwork},
		"with a password":              {enroll, login, url.UserPassword("certty", "wrong"), backend.KindAuth},
		"with a password at its token": {token, client, url.UserPassword("certty", "wrong"), backend.KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int32
			proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				w.WriteHeader(http.StatusProxyAuthRequired)
			}))
			t.Cleanup(proxy.Close)
			at, err := url.Parse(proxy.URL)
			if err != nil {
				t.Fatal(err)
			}
			at.User = tt.user
			s := serve(t)
			s.on("POST /api/ssl/v1/enroll", answering(http.StatusOK, `{"sslId":1}`))
			b := s.client(t, func(o *Options) {
				o.Credential = tt.credential(s)
				o.Proxy = func(r *http.Request) (*url.URL, error) {
					if !tt.refused(r) {
						return nil, nil //nolint:nilnil // no proxy, as http.Transport has it
					}
					return at, nil
				}
			})
			_, err = b.Order(t.Context(), spec(t, quick, "shop.example.com"))
			if e := wantKind(t, err, tt.kind); e.Advice != &wire.AdviceProxy {
				t.Errorf("%v; the advice is %+v", e, e.Advice)
			}
			if asked.Load() != 1 || len(s.requests()) != 0 {
				t.Errorf("the proxy was asked %d times, the account got %v", asked.Load(), s.requests())
			}
		})
	}
}
