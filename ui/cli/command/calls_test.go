package command

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"
	"testing"

	"certty/backend/guard"
)

func written(t *testing.T, calls ...guard.RehearsedCall) string {
	t.Helper()
	var b strings.Builder
	if err := WriteCalls(&b, calls); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWriteCalls: the calls stand there as they would be sent, with variables
// for secrets.
func TestWriteCalls(t *testing.T) {
	got := written(t,
		guard.RehearsedCall{
			Method: http.MethodPost, URL: "https://prod.vault.azure.net/certificates/www/import?api-version=7.5",
			Header: http.Header{"Authorization": {"Bearer canary"}, "Content-Type": {"application/json"}, "X-Ms-Client-Request-Id": {"noise"}},
			Body:   []byte(`{"value":"canary","pwd":"canary","policy":{"secret_props":{"contentType":"application/x-pkcs12"},"lifetime_actions":[],"x509_props":{"validity_months":12}}}`),
		},
		guard.RehearsedCall{
			Method: http.MethodPost, URL: "https://cert-manager.com/api/ssl/v1/enroll",
			Header: http.Header{"Login": {"admin"}, "Password": {"canary"}, "Customeruri": {"acme"}},
			Body:   []byte(`{"orgId":7,"customFields":[{"name":"cost centre","value":"4711"}],"big":12345678901234567890}`),
		},
		guard.RehearsedCall{Method: http.MethodPost, URL: "https://user:canary@h/x", Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("client_secret=canary")},
	)
	const want = `POST https://prod.vault.azure.net/certificates/www/import?api-version=7.5
Authorization: Bearer $ACCESS_TOKEN
Content-Type: application/json

{
  "value": "$PFX_BASE64",
  "pwd": "$PFX_PASSWORD",
  "policy": {
    "secret_props": {
      "contentType": "application/x-pkcs12"
    },
    "lifetime_actions": [],
    "x509_props": {
      "validity_months": 12
    }
  }
}

###

POST https://cert-manager.com/api/ssl/v1/enroll
Customeruri: acme
Login: admin
Password: $SCM_PASSWORD

{
  "orgId": 7,
  "customFields": [
    {
      "name": "cost centre",
      "value": "4711"
    }
  ],
  "big": 12345678901234567890
}

###

POST https://user:xxxxx@h/x
Content-Type: application/x-www-form-urlencoded

(20 bytes of application/x-www-form-urlencoded, not shown)
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// keys are private keys in every form that a call may hold, as JSON strings.
func keys(t *testing.T) map[string]string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	// EncryptedPrivateKeyInfo (RFC 5958 §3): an algorithm, and octets.
	locked := append([]byte{0x30, 0x12, 0x30, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9, 4, 4}, "LOCK"...)
	return map[string]string{
		"PKCS#8":           base64.StdEncoding.EncodeToString(pkcs8),
		"SEC 1":            base64.StdEncoding.EncodeToString(sec1),
		"encrypted":        base64.StdEncoding.EncodeToString(locked),
		"PEM":              string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1})),
		"base64 with gaps": base64.StdEncoding.EncodeToString(pkcs8)[:40] + "\n" + base64.StdEncoding.EncodeToString(pkcs8)[40:],
	}
}

// TestNoSecretGetsOut: whatever holds a secret, and wherever, it is not written.
func TestNoSecretGetsOut(t *testing.T) {
	for name, key := range keys(t) {
		for _, member := range []string{"value", "harmless", "x5c", "tags"} {
			text, err := json.Marshal(map[string]any{"outer": []any{map[string]any{member: key, "list": []string{"a", key}}}})
			if err != nil {
				t.Fatal(err)
			}
			got := written(t, guard.RehearsedCall{Method: "POST", URL: "https://h", Body: text})
			longest := slices.MaxFunc(strings.Fields(key), func(a, b string) int { return len(a) - len(b) })
			if strings.Contains(got, longest[:12]) || !strings.Contains(got, "$P") {
				t.Errorf("%s under %q:\n%s", name, member, got)
			}
		}
	}
	for _, body := range []string{
		`{"pwd":"canary"}`, `{"PASSWORD":"canary"}`, `{"a":[{"client_secret":"canary"}]}`, `{"password":["canary"]}`, `{"value":"canary"}`,
		`{"pwd":4711}`, `{"customFields":{"value":{"password":"canary"}}}`, `canary`, `{"a":"canary`, `{"pwd":"canary"} canary`, `"a" canary`,
	} {
		if got := written(t, guard.RehearsedCall{Method: "PUT", URL: "https://h", Body: []byte(body)}); strings.Contains(got, "canary") || strings.Contains(got, "4711") {
			t.Errorf("%s:\n%s", body, got)
		}
	}
	for _, name := range []string{"Authorization", "Password", "X-Api-Key", "Cookie", "Proxy-Authorization"} {
		if got := written(t, guard.RehearsedCall{Method: "PUT", URL: "https://h", Header: http.Header{name: {"canary"}}}); strings.Contains(got, "canary") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

// TestNothingMovesTheTerminal: what is written is text, and JSON still.
func TestNothingMovesTheTerminal(t *testing.T) {
	const evil = "a\x1b[2J\u202eb\u009b\x7f😀<&>"
	body, err := json.Marshal(map[string]string{evil: evil})
	if err != nil {
		t.Fatal(err)
	}
	got := written(t, guard.RehearsedCall{Method: "G\x1b", URL: "https://h/%1b\u202e", Header: http.Header{"Login": {evil}}, Body: body})
	for _, r := range got {
		if r != '\n' && r < ' ' || r == 0x7f || r == '\u202e' || r == '\u009b' {
			t.Errorf("%q is in\n%q", r, got)
		}
	}
	var back map[string]string
	_, text, _ := strings.Cut(got, "\n\n")
	if err := json.Unmarshal([]byte(text), &back); err != nil || back[evil] != evil {
		t.Errorf("read back %q: %v", back, err)
	}
}

// FuzzMaskJSON: what is taken for JSON stays JSON of the same form.
func FuzzMaskJSON(f *testing.F) {
	for _, seed := range []string{`{}`, `[1,"a",null,true,{"pwd":"x"}]`, `{"a":{"b":[[]]}}`, `"\u202e"`, `1e400`, `{"a":1,"a":2}`, `[`, `{"a"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		text, ok := maskJSON([]byte(body))
		if ok != json.Valid([]byte(body)) {
			t.Fatalf("taken %v: %q", ok, body)
		}
		if ok && !json.Valid([]byte(text)) {
			t.Fatalf("%q became %q", body, text)
		}
	})
}

// TestOverridesAreShown: without the header, a call that is sent as a POST would be
// another one.
func TestOverridesAreShown(t *testing.T) {
	for _, name := range []string{"X-HTTP-METHOD", "X-HTTP-REQUEST"} {
		got := written(t, guard.RehearsedCall{Method: http.MethodPost, URL: "https://h/certificates/www", Header: http.Header{name: {"PATCH"}}})
		if want := "POST https://h/certificates/www\n" + name + ": PATCH\n"; got != want {
			t.Errorf("written is %q, want %q", got, want)
		}
	}
}
