package vault

import (
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"context"

	"certty/model"
)

const (
	tenant = "11111111-2222-3333-4444-555555555555"
	secret = "s3cret-value-that-must-not-leak"
	bearer = "an-access-token"
)

// service is a bare Key Vault: challenge and tokens, and whatever a test lets
// it answer. It serves the faults that the sandbox is not made for.
type service struct {
	*httptest.Server
	mux *http.ServeMux

	mu sync.Mutex
	// calls holds method and path of each call that came with a token.
	calls []string
	// tokens counts calls of the token endpoint.
	tokens int
	// challenge replaces the WWW-Authenticate header of the 401; "-" leaves it out.
	challenge string
	// deviceCode is the answer of the device authorization endpoint.
	deviceCode string
	// token answers the token endpoint in place of the usual one.
	token http.HandlerFunc
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{mux: http.NewServeMux()}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/"+tenant+"/") {
		s.serveAuthority(w, r)
		return
	}
	if r.Header.Get("Authorization") != "Bearer "+bearer {
		s.refuse(w)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	w.Header().Set("x-ms-request-id", "id-of-the-call")
	s.mux.ServeHTTP(w, r)
}

func (s *service) serveAuthority(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		writeJSON(w, 200, fmt.Sprintf(`{"token_endpoint":%q,"issuer":%q,"authorization_endpoint":%q}`,
			s.URL+"/"+tenant+"/oauth2/v2.0/token", s.URL+"/"+tenant+"/v2.0", s.URL+"/"+tenant+"/oauth2/v2.0/authorize"))
		return
	}
	if strings.HasSuffix(r.URL.Path, "/devicecode") {
		writeJSON(w, 200, s.deviceCode)
		return
	}
	s.mu.Lock()
	s.tokens++
	answer := s.token
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	writeJSON(w, 200, `{"token_type":"Bearer","expires_in":3600,"access_token":"`+bearer+`"}`)
}

func (s *service) refuse(w http.ResponseWriter) {
	challenge := s.challenge
	if challenge == "" {
		challenge = fmt.Sprintf(`Bearer authorization="%s/%s", resource="https://vault.azure.net"`, s.URL, tenant)
	}
	if challenge != "-" {
		w.Header().Set("WWW-Authenticate", challenge)
	}
	writeJSON(w, 401, `{"error":{"code":"Unauthorized","message":"AKV10000: Request is missing a Bearer or PoP token."}}`)
}

// on answers a pattern of http.ServeMux.
func (s *service) on(pattern string, f http.HandlerFunc) { s.mux.HandleFunc(pattern, f) }

// seen lists the calls that came with a token.
func (s *service) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// count counts the calls that came with a token and a method.
func (s *service) count(method string) int {
	n := 0
	for _, c := range s.seen() {
		if strings.HasPrefix(c, method+" ") {
			n++
		}
	}
	return n
}

func (s *service) options() Options {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return Options{
		Name: "kv", URL: s.URL, RootCAs: pool, APIVersion: "2025-07-01",
		Credential: Credential{
			Kind: CredentialClientSecret, TenantID: tenant, ClientID: "aaaaaaaa-0000-0000-0000-000000000000",
			Secret:    func(context.Context) (string, error) { return secret, nil },
			Authority: s.URL,
		},
		Now: func() time.Time { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC) },
	}
}

func (s *service) vault(t *testing.T, change ...func(*Options)) *Vault {
	t.Helper()
	o := s.options()
	for _, f := range change {
		f(&o)
	}
	v, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	v.reads.RetryDelay = time.Microsecond
	return v
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// answering is a handler that always says the same.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status, body) }
}

const requestID = "9f513b743aeb4404baccdc55287e31df"

// operation is a pending request's JSON, with changes.
func operation(changes map[string]any) string {
	op := map[string]any{
		"id":                     "https://kv.vault.azure.net/certificates/web/pending",
		"issuer":                 map[string]any{"name": "Unknown"},
		"csr":                    "MIIC",
		"cancellation_requested": false,
		"status":                 "inProgress",
		"status_details":         "Pending certificate created. Please Perform Merge to complete the request.",
		"request_id":             requestID,
	}
	maps.Copy(op, changes)
	b, err := json.Marshal(op)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func webRequest() model.Ref {
	return model.Ref{Target: "kv", Kind: model.KindRequest, Key: "web", Revision: requestID}
}

func noSecret(context.Context) (string, error) { return "", nil }

// neverAnswer waits until the client has given up, which the server notices only
// once it has read the body. It does not return: an answer could still reach
// the client between its good-bye in TLS and the end of the connection.
func neverAnswer(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}
