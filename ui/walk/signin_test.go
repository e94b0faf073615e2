package walk

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"certty/ui/ptytest"
)

// authority gives tokens to whoever signs in with a device code (RFC 8628), as
// Microsoft Entra ID does. The sandbox has no people, so the test plays it.
type authority struct {
	*httptest.Server
	signedIn atomic.Bool
}

func newAuthority(t *testing.T, w *world) *authority {
	t.Helper()
	a := &authority{}
	access := w.box.Access()
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	answer := func(rw http.ResponseWriter, status int, body map[string]any) {
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		if err := json.NewEncoder(rw).Encode(body); err != nil {
			t.Error(err)
		}
	}
	a.Server = httptest.NewTLSServer(ptytest.Late(t.Name()+" authority", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		base := a.URL + "/" + access.TenantID
		switch {
		case strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration"):
			answer(rw, 200, map[string]any{"token_endpoint": base + "/oauth2/v2.0/token", "issuer": base + "/v2.0", "authorization_endpoint": base + "/oauth2/v2.0/authorize"})
		case strings.HasSuffix(r.URL.Path, "/devicecode"):
			answer(rw, 200, map[string]any{"user_code": "WALK-1234", "device_code": "d", "verification_uri": "https://login.example/device", "expires_in": 900, "interval": 1, "message": "printed where it must not be"})
		case !a.signedIn.Load():
			answer(rw, 400, map[string]any{"error": "authorization_pending", "error_description": "AADSTS70016: pending"})
		default:
			answer(rw, 200, map[string]any{
				"token_type": "Bearer", "expires_in": 3600, "access_token": access.AccessToken, "refresh_token": "r",
				"id_token": part(`{"alg":"none"}`) + "." + part(`{"aud":"app","iss":"x","tid":"`+access.TenantID+`","oid":"o"}`) + ".",
				"scope":    "https://vault.azure.net/.default", "client_info": part(`{"uid":"u","utid":"` + access.TenantID + `"}`),
			})
		}
	})))
	t.Cleanup(a.Close)
	return a
}

// configureSignIn makes a person sign in to the world's vault at a.
func (w *world) configureSignIn(a *authority) {
	w.t.Helper()
	access := w.box.Access()
	root, err := os.ReadFile(access.CAFile)
	if err != nil {
		w.t.Fatal(err)
	}
	both := filepath.Join(w.dir, "both.pem")
	w.write(both, string(root)+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})))
	w.write(w.config(), fmt.Sprintf("targets:\n  - name: prod\n    url: %s\n    authority: %s\n    ca_file: %s\n    credential: {kind: device-code, tenant: %s}\n",
		access.VaultURL, a.URL, both, access.TenantID))
}

// TestSignIn: the code stands on the screen and nowhere else, and the board
// fills once a person entered it elsewhere.
func TestSignIn(t *testing.T) {
	w := newWorld(t, true)
	a := newAuthority(t, w)
	w.configureSignIn(a)
	term := w.start()
	term.WaitText("Sign in to prod", "https://login.example/device", "WALK-1234", "c copy code")
	a.signedIn.Store(true)
	term.WaitGone("Sign in to prod")
	term.WaitText("shop-example-com", "waits: merge", "● prod")
	term.Keys("q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(string(term.Output()), "printed where it must not be") {
		t.Error("the library's own prompt was printed")
	}
}

// TestSignInCancelled: esc gives it up, the target says so, and nothing is
// asked again before the person wants it.
func TestSignInCancelled(t *testing.T) {
	w := newWorld(t, true)
	a := newAuthority(t, w)
	w.configureSignIn(a)
	term := w.start()
	term.WaitText("Sign in to prod", "WALK-1234", "prod signing in", "esc cancel") // once it can be
	term.Keys("esc")
	term.WaitText("login refused")
	term.Keys("T")
	term.WaitText("Targets", "cancelled on the screen")
	a.signedIn.Store(true)
	term.Keys("R")
	term.WaitFor("the board", func(s ptytest.Screen) bool { return s.Contains("● prod") })
	term.Keys("esc", "q")
	if code := term.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
