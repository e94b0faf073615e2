package vaultserver

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/keypool"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// clock is moved by hand.
type clock struct{ t time.Time }

func (c *clock) now() time.Time          { return c.t }
func (c *clock) advance(d time.Duration) { c.t = c.t.Add(d) }

// bench is a server with its clock and a token, called without a network.
type bench struct {
	*Server
	t     testing.TB
	clock *clock
	dir   string
}

func newBench(t testing.TB) *bench {
	t.Helper()
	return openBench(t, t.TempDir())
}

func openBench(t testing.TB, dir string) *bench {
	t.Helper()
	c := &clock{noon}
	authority, err := ca.Open(filepath.Join(dir, "ca"), c.now)
	if err != nil {
		t.Fatal(err)
	}
	id, err := OpenIdentity(dir, c.now())
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Server: New(Options{Dir: dir, CA: authority, Identity: id, Now: c.now, RSAKeys: keypool.Lend()}), t: t, clock: c, dir: dir}
	if err := b.Load(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

const host = "127.0.0.1:8443"

// response is an answer with its JSON taken apart.
type response struct {
	t      testing.TB
	status int
	header http.Header
	text   string
	json   map[string]any
}

// request sends a request with a good token; headers come in pairs.
func (b *bench) request(method, path, body string, headers ...string) *response {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), method, "https://"+host+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+b.Token(time.Hour))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	res := &response{t: b.t, status: w.Code, header: w.Result().Header, text: w.Body.String()}
	if strings.HasPrefix(res.header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(w.Body.Bytes(), &res.json); err != nil {
			b.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return res
}

const version74 = "?api-version=7.4"

func (b *bench) get(path string) *response {
	b.t.Helper()
	return b.request(http.MethodGet, path+version74, "")
}

func (b *bench) send(method, path, body string) *response {
	b.t.Helper()
	return b.request(method, path+version74, body)
}

// create asks for an EC certificate from an issuer.
func (b *bench) create(name, issuer string) *response {
	b.t.Helper()
	return b.send(http.MethodPost, "/certificates/"+name+"/create", ecPolicy(issuer)).want(http.StatusAccepted)
}

func ecPolicy(issuer string) string {
	return `{"policy":{"key_props":{"kty":"EC"},"x509_props":{"subject":"CN=shop.example.com"},"issuer":{"name":"` + issuer + `"}}}`
}

func (r *response) want(status int) *response {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %s", r.status, status, r.text)
	}
	return r
}

// wantError asks for exactly this error.
func (r *response) wantError(status int, code, message string) {
	r.t.Helper()
	got, _ := r.json["error"].(map[string]any)
	if r.status != status || got["code"] != code || got["message"] != message {
		r.t.Errorf("got  %d %s\nwant %d %s %q", r.status, r.text, status, code, message)
	}
}

// at finds a value by a path of names and indexes; nil where there is none.
func (r *response) at(path ...any) any {
	var v any = r.json
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

func (r *response) string(path ...any) string {
	r.t.Helper()
	s, ok := r.at(path...).(string)
	if !ok {
		r.t.Fatalf("%v is no string in %s", path, r.text)
	}
	return s
}

func (r *response) csr() []byte {
	r.t.Helper()
	der, err := base64.StdEncoding.DecodeString(r.string("csr"))
	if err != nil {
		r.t.Fatal(err)
	}
	return der
}

// signed has a request signed by the CA and makes the body of merge.
func (b *bench) signed(csr []byte) string {
	b.t.Helper()
	parsed, err := x509.ParseCertificateRequest(csr)
	if err != nil {
		b.t.Fatal(err)
	}
	chain, err := b.ca.Sign(parsed, ca.Profile{})
	if err != nil {
		b.t.Fatal(err)
	}
	return mergeOf(chain.DER()...)
}

func mergeOf(ders ...[]byte) string {
	items := make([]string, len(ders))
	for i, der := range ders {
		items[i] = base64.StdEncoding.EncodeToString(der)
	}
	data, _ := json.Marshal(map[string]any{"x5c": items}) // strings always encode
	return string(data)
}

func pemRequest(der []byte) []byte {
	return bytes.TrimSpace(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}
