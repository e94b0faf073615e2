package sandbox

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestStartRefusesOtherAddresses(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "192.0.2.1:443", "[::]:0", "vault.example.com:443"} {
		s, err := Start(t.Context(), Options{Dir: t.TempDir(), VaultAddr: addr})
		if err == nil {
			t.Errorf("listens on %s", addr)
			_ = s.Close() // the failure is told already
		} else if !strings.Contains(err.Error(), addr) {
			t.Errorf("the error does not name %s: %v", addr, err)
		}
	}
	for _, addr := range []string{"localhost:0", "127.0.0.2:0"} {
		start(t, Options{VaultAddr: addr})
	}
}

func TestOneProcessPerFolder(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Options{Dir: dir})
	_, err := Start(t.Context(), Options{Dir: dir})
	inUse, ok := errors.AsType[*InUseError](err)
	if !ok || inUse.Dir != dir || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want an InUseError that names %s", err, dir)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, Options{Dir: dir})
}

func TestFailedStartLetsGoOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	other := start(t, Options{})
	taken := strings.TrimPrefix(other.Access().VaultURL, "https://")
	if _, err := Start(t.Context(), Options{Dir: dir, VaultAddr: taken}); err == nil {
		t.Fatal("two sandboxes listen on one address")
	}
	start(t, Options{Dir: dir})
}

func TestStateAndAccessOutliveTheProcess(t *testing.T) {
	dir := t.TempDir()
	one := start(t, Options{Dir: dir})
	if err := one.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, listed := one.Access(), names(t, sdk(t, one, ""), true)
	op, err := sdk(t, one, "").GetCertificateOperation(t.Context(), "shop-example-com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	two := start(t, Options{Dir: dir})
	if err := two.Seed(t.Context()); err != nil { // leaves what is there alone
		t.Fatal(err)
	}
	after := two.Access()
	if before.ClientSecret != after.ClientSecret || before.TenantID != after.TenantID || before.CAFile != after.CAFile {
		t.Error("another access the second time")
	}
	if got := names(t, sdk(t, two, ""), true); !slices.Equal(got, listed) {
		t.Errorf("listed %v, before %v", got, listed)
	}
	again, err := sdk(t, two, "").GetCertificateOperation(t.Context(), "shop-example-com", nil)
	if err != nil || !bytes.Equal(again.CSR, op.CSR) {
		t.Errorf("the request changed, %v", err)
	}
}

func TestEverythingIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := start(t, Options{Dir: dir})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestContextEndsTheSandbox(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	s, err := Start(ctx, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Close(); err != nil { // waits for the same end
		t.Fatal(err)
	}
	start(t, Options{Dir: dir})
}

func TestAccessAsJSON(t *testing.T) {
	s := start(t, Options{})
	data, err := json.Marshal(s.Access())
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	members := map[string]string{}
	for name, value := range all {
		members[name], _ = value.(string)
	}
	for _, name := range []string{"vault_url", "authority", "tenant_id", "client_id", "client_secret", "access_token", "ca_file"} {
		if members[name] == "" {
			t.Errorf("no %s", name)
		}
	}
	// The token and the file are ready to use.
	root, err := os.ReadFile(members["ca_file"])
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(root) || !pool.Equal(s.CAPool()) {
		t.Error("ca_file is not the root")
	}
	if res, body := do(t, s, http.MethodGet, "/certificates?api-version=7.4", nil, "Authorization", "Bearer "+members["access_token"]); res.StatusCode != http.StatusOK {
		t.Errorf("with the ready token: %d %s", res.StatusCode, body)
	}
}

func do(t *testing.T, s *Sandbox, method, path string, body []byte, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.Access().VaultURL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			req.Host = headers[i+1]
		}
	}
	res, err := httpClient(t, s).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(data)
}

func TestForeignHostIsRefused(t *testing.T) {
	s := start(t, Options{})
	for _, path := range []string{"/certificates?api-version=7.4", "/sandbox/ca/sign"} {
		if res, _ := do(t, s, http.MethodPost, path, nil, "Host", "rebound.example.com"); res.StatusCode != http.StatusMisdirectedRequest {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

func newCSR(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: "a.example.com"}}, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
}

func subjects(t *testing.T, chain []byte) []string {
	t.Helper()
	var names []string
	for _, der := range ders(chain) {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, cert.Subject.CommonName)
	}
	return names
}

func TestSignOverHTTP(t *testing.T) {
	s := start(t, Options{})
	leaf, between, root := "a.example.com", "certty sandbox issuing CA 1", "certty sandbox root"
	for query, want := range map[string][]string{
		"": {leaf, between, root}, "?order=leaf-first": {leaf, between, root},
		"?order=root-first": {root, between, leaf}, "?order=shuffled": {between, leaf, root},
	} {
		res, body := do(t, s, http.MethodPost, "/sandbox/ca/sign"+query, newCSR(t))
		if got := subjects(t, []byte(body)); res.StatusCode != http.StatusOK || !slices.Equal(got, want) {
			t.Errorf("%q: %d %v, want %v", query, res.StatusCode, got, want)
		}
	}
	for name, request := range map[string]struct {
		method, query string
		body          []byte
		status        int
	}{
		"order":  {http.MethodPost, "?order=backwards", newCSR(t), http.StatusBadRequest},
		"no CSR": {http.MethodPost, "", []byte("hello"), http.StatusBadRequest},
		"large":  {http.MethodPost, "", make([]byte, maxCSR+1), http.StatusRequestEntityTooLarge},
		"method": {http.MethodGet, "", nil, http.StatusMethodNotAllowed},
	} {
		if res, body := do(t, s, request.method, "/sandbox/ca/sign"+request.query, request.body); res.StatusCode != request.status {
			t.Errorf("%s: %d %s", name, res.StatusCode, body)
		}
	}
}

func TestSignWithoutASandbox(t *testing.T) {
	dir := t.TempDir()
	if _, err := Sign(dir, newCSR(t)); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("no CA yet: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
		t.Errorf("signing left %v, %v", entries, err)
	}
	if err := start(t, Options{Dir: dir}).Close(); err != nil {
		t.Fatal(err)
	}
	chain, err := Sign(dir, newCSR(t))
	if err != nil || len(ders(chain)) != 3 {
		t.Errorf("%v: %s", err, chain)
	}
}

func BenchmarkStart(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		s, err := Start(b.Context(), Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeed(b *testing.B) {
	for b.Loop() {
		s, err := Start(b.Context(), Options{Dir: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Seed(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
