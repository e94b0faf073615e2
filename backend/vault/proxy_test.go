package vault

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

// TestChangeThatAProxyRefuses: a change that a proxy does not let through did not
// happen, wherever on its way the proxy begins to refuse. The proxy is asked once: a
// wrong password again and again locks accounts, so one that was tried latches the
// target.
func TestChangeThatAProxyRefuses(t *testing.T) {
	signIn := func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/"+tenant+"/") }
	change := func(r *http.Request) bool { return r.Method != http.MethodGet && !signIn(r) }
	tokened := func(r *http.Request) bool { return change(r) && r.Header.Get("Authorization") != "" }
	for name, c := range map[string]struct {
		refused func(*http.Request) bool
		user    *url.Userinfo
		kind    backend.ErrorKind
	}{
		"at its first call":              {change, nil, backend.KindNetwork},
		"with its token":                 {tokened, nil, backend.KindNetwork},
		"at the sign-in":                 {signIn, nil, backend.KindNetwork},
		"with a password":                {tokened, url.UserPassword("certty", "wrong"), backend.KindAuth},
		"with a password at the sign-in": {signIn, url.UserPassword("certty", "wrong"), backend.KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			for what, ch := range changes {
				t.Run(what, func(t *testing.T) {
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
					at.User = c.user
					s := newService(t)
					ch.on(s, answering(ch.want, "{}"))
					v := s.vault(t, func(o *Options) {
						o.Proxy = func(r *http.Request) (*url.URL, error) {
							if !c.refused(r) {
								return nil, nil //nolint:nilnil // no proxy, as http.Transport has it
							}
							return at, nil
						}
					})
					if e := fails(t, ch.call(t.Context(), v), c.kind); e.Advice != &wire.AdviceProxy {
						t.Errorf("%v; the advice is %+v", e, e.Advice)
					}
					if asked.Load() != 1 || ch.sent(s) != 0 {
						t.Errorf("the proxy was asked %d times, the vault got %v", asked.Load(), s.seen())
					}
				})
			}
		})
	}
}
