package scmserver

import (
	"crypto/ecdsa"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox/ca"
)

const anyPath = "/api/ssl/v1/types"

func TestWhoIsLetIn(t *testing.T) {
	b := start(t)
	a := b.Account()
	for name, c := range map[string]struct {
		status  int
		path    string
		headers []string
	}{
		"password":                     {200, anyPath, nil},
		"headers in other letters":     {200, anyPath, []string{"Login", "", "LOGIN", a.Login, "pAsSword", a.Password, "CUSTOMERURI", a.CustomerURI}},
		"v2":                           {200, "/api/ssl/v2/types", nil},
		"wrong password":               {401, anyPath, []string{"password", "Wrong1234"}},
		"no password":                  {401, anyPath, []string{"password", ""}},
		"wrong login":                  {401, anyPath, []string{"login", "somebody"}},
		"wrong customer":               {401, anyPath, []string{"customerUri", "other"}},
		"no customer":                  {401, anyPath, []string{"customerUri", ""}},
		"unknown token":                {401, anyPath, []string{"Authorization", "Bearer abc"}},
		"private without certificate":  {401, "/private/api/ssl/v1/types", []string{"password", ""}},
		"private with the password":    {200, "/private/api/ssl/v1/types", nil},
		"unknown path, wrong password": {401, "/api/nothing", []string{"password", "Wrong1234"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := b.send(http.MethodGet, c.path, nil, c.headers...)
			if r.status != c.status {
				t.Fatalf("%d %s", r.status, r.body)
			}
			if r.status == http.StatusUnauthorized && (string(r.body) != `{"code":-16,"description":"Unknown user"}` || !strings.HasSuffix(r.header.Get("WWW-Authenticate"), TokenPath)) {
				t.Errorf("%s %v", r.body, r.header)
			}
		})
	}
}

// askToken asks the token endpoint.
func (b *box) askToken(form url.Values) (int, map[string]any) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.http.URL+TokenPath, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := b.http.Client().Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, answer
}

func TestTokenEndsWithItsTime(t *testing.T) {
	b := start(t)
	a := b.Account()
	good := url.Values{"grant_type": {"client_credentials"}, "client_id": {a.ClientID}, "client_secret": {a.ClientSecret}}
	for name, c := range map[string]struct {
		status int
		code   string
		change func(url.Values)
	}{
		"wrong secret": {401, "invalid_client", func(f url.Values) { f.Set("client_secret", "x") }},
		"wrong client": {401, "invalid_client", func(f url.Values) { f.Set("client_id", "x") }},
		"other grant":  {400, "unsupported_grant_type", func(f url.Values) { f.Set("grant_type", "password") }},
		"nothing":      {400, "unsupported_grant_type", func(f url.Values) { clear(f) }},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{}
			maps.Copy(form, good)
			c.change(form)
			if status, answer := b.askToken(form); status != c.status || answer["error"] != c.code {
				t.Errorf("%d %v", status, answer)
			}
		})
	}
	status, answer := b.askToken(good)
	if status != http.StatusOK || answer["token_type"] != "Bearer" || answer["expires_in"] != TokenLifetime.Seconds() {
		t.Fatalf("%d %v", status, answer)
	}
	bearer := []string{"login", "", "password", "", "customerUri", "", "Authorization", "Bearer " + answer["access_token"].(string)}
	b.expect(http.StatusOK, 0, http.MethodGet, anyPath, nil, bearer...)
	b.expect(http.StatusUnauthorized, -16, http.MethodGet, "/private"+anyPath, nil, bearer...)
	b.advance(TokenLifetime - time.Second)
	b.expect(http.StatusOK, 0, http.MethodGet, anyPath, nil, bearer...)
	b.advance(time.Second)
	b.expect(http.StatusUnauthorized, -16, http.MethodGet, anyPath, nil, bearer...)
}

func TestClientCertificate(t *testing.T) {
	b := start(t)
	key := newKey(t)
	csr, err := ca.ParseRequest([]byte(csrFor(t, key, "api-admin")))
	if err != nil {
		t.Fatal(err)
	}
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	chain, err := root.Sign(csr, ca.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	a := b.Account()
	b.http.TLS.ClientAuth = tls.RequestClientCert
	transport := b.http.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = []tls.Certificate{{Certificate: [][]byte{chain.Leaf.Raw, chain.Intermediate.Raw}, PrivateKey: key.(*ecdsa.PrivateKey)}}
	t.Cleanup(transport.CloseIdleConnections)
	for path, want := range map[string]int{"/private" + anyPath: http.StatusOK, anyPath: http.StatusUnauthorized} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.http.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("login", a.Login)
		req.Header.Set("customerUri", a.CustomerURI)
		res, err := (&http.Client{Transport: transport}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s: %s %s", path, res.Status, body)
		}
	}
}

func TestPassword(t *testing.T) {
	b := start(t)
	state := func() string {
		return string(b.expect(http.StatusOK, 0, http.MethodGet, "/api/admin/v1/password", nil).body)
	}
	if got := state(); got != `{"state":"NEVER_EXPIRE"}` {
		t.Error(got)
	}
	b.SetSettings(Settings{PasswordLife: 90 * 24 * time.Hour})
	if got := state(); got != `{"expirationDate":"2027-02-19","state":"ALIVE"}` {
		t.Error(got)
	}
	b.advance(91 * 24 * time.Hour)
	if got := state(); got != `{"expirationDate":"2027-02-19","state":"EXPIRED"}` {
		t.Error(got)
	}
	b.expect(http.StatusUnauthorized, -16, http.MethodGet, anyPath, nil)

	old := b.Account().Password
	for password, code := range map[string]int{
		"new": -7306, "nocapitals1": -7306, "NoDigits": -7306, "": -7306, "X1" + strings.Repeat("x", 31): -976, old: -220, "X1Api-Admin": -982,
	} {
		b.expect(http.StatusBadRequest, code, http.MethodPost, "/api/admin/v1/changepassword", members{"newPassword": password})
	}
	want := `{"code":-7306,"description":"Password policy violated: Password must contain 1 or more uppercase characters. Password must contain 1 or more digit characters. Password must be 8 or more characters in length."}`
	if got := b.send(http.MethodPost, "/api/admin/v1/changepassword", members{"newPassword": "new"}); string(got.body) != want {
		t.Errorf("%s", got.body)
	}
	b.expect(http.StatusNoContent, 0, http.MethodPost, "/api/admin/v1/changepassword", members{"newPassword": "Another-1"})
	b.expect(http.StatusOK, 0, http.MethodGet, anyPath, nil)
	b.expect(http.StatusUnauthorized, -16, http.MethodGet, anyPath, nil, "password", old)
}

func TestAuthorizeSaysNothingOfTheSecret(t *testing.T) {
	b := start(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	a := b.Account()
	r.Header.Set("login", a.Login)
	r.Header.Set("customerUri", a.CustomerURI)
	r.Header.Set("password", "canary-"+a.Password)
	if err := b.Authorize(r); err == nil || strings.Contains(fmt.Sprint(err), "canary") {
		t.Error(err)
	}
	r.Header.Set("password", a.Password)
	if err := b.Authorize(r); err != nil {
		t.Error(err)
	}
}
