package walk

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"certty/ui/ptytest"
)

const (
	serviceTenant = "11111111-2222-3333-4444-555555555555"
	serviceClient = "aaaaaaaa-0000-0000-0000-000000000000"
	serviceToken  = "an-access-token-that-must-not-travel"
)

// service is a bare Key Vault over TLS: it gives tokens, wants them, counts what
// was asked with one, and answers what a test lets it. It serves what the
// sandbox is too well behaved for.
type service struct {
	*httptest.Server
	name string

	mu    sync.Mutex
	calls map[string]int // with a token, by method and path
	// tenant is the one that the challenge asks for.
	tenant string
	list   http.HandlerFunc
	other  http.HandlerFunc // every call but the lists
}

func newService(tb testing.TB, name string) *service {
	tb.Helper()
	s := &service{name: name, calls: make(map[string]int), tenant: serviceTenant}
	s.list = s.listing("quiet-one")
	s.other = s.issued
	s.Server = httptest.NewUnstartedServer(ptytest.Late(tb.Name()+name, http.HandlerFunc(s.serve)))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	tb.Cleanup(func() {
		s.CloseClientConnections() // a call that hangs must not hold up the end
		s.Close()
	})
	return s
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/"+serviceTenant+"/") {
		s.serveAuthority(w, r)
		return
	}
	s.mu.Lock()
	tenant, list, other := s.tenant, s.list, s.other
	if r.Header.Get("Authorization") != "" {
		s.calls[r.Method+" "+strings.TrimSuffix(r.URL.Path, "/")]++
	}
	s.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer "+serviceToken:
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Bearer authorization="%s/%s", resource="https://vault.azure.net"`, s.URL, tenant))
		fault(http.StatusUnauthorized, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.")(w, r)
	case r.Method == http.MethodGet && r.URL.Path == "/certificates":
		list(w, r)
	case r.URL.Path == "/deletedcertificates":
		answer(http.StatusOK, `{"value":[]}`)(w, r)
	default:
		other(w, r)
	}
}

func (s *service) serveAuthority(w http.ResponseWriter, r *http.Request) {
	at := s.URL + "/" + serviceTenant
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		answer(http.StatusOK, fmt.Sprintf(`{"token_endpoint":"%[1]s/oauth2/v2.0/token","issuer":"%[1]s/v2.0","authorization_endpoint":"%[1]s/oauth2/v2.0/authorize"}`, at))(w, r)
		return
	}
	answer(http.StatusOK, `{"token_type":"Bearer","expires_in":3600,"access_token":"`+serviceToken+`"}`)(w, r)
}

// answers sets what a list call gets from now on.
func (s *service) answers(list http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = list
}

// answersElse sets what every other call gets from now on.
func (s *service) answersElse(other http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.other = other
}

// challenges sets the tenant that the challenge names.
func (s *service) challenges(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tenant = tenant
}

// count is how many calls came with a token whose method and path begin so.
func (s *service) count(prefix string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for call, times := range s.calls {
		if strings.HasPrefix(call, prefix) {
			n += times
		}
	}
	return n
}

// listing answers a list of one page that holds live certificates of these
// names.
func (s *service) listing(names ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		items := make([]string, len(names))
		for i, name := range names {
			items[i] = listed(s.URL, name, "")
		}
		answer(http.StatusOK, `{"value":[`+strings.Join(items, ",")+`],"nextLink":null}`)(w, r)
	}
}

// issued answers the reads of a row that has no request.
func (s *service) issued(w http.ResponseWriter, r *http.Request) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/certificates/"), "/")
	if rest == "pending" {
		fault(http.StatusNotFound, "PendingCertificateNotFound", "Pending certificate not found: "+name)(w, r)
		return
	}
	answer(http.StatusOK, listed(s.URL, name, ""))(w, r)
}

// listed is a live certificate as a list has it; more is further JSON members,
// each with a comma before it.
func listed(url, name, more string) string { return listedUntil(url, name, 2000*time.Hour, more) }

// listedSince is one moment for every list: two lists of the same certificate
// must not differ by a second, or another row changes, too.
var listedSince = time.Now()

// listedUntil is listed with the life that is left, of 1 000 hours more.
func listedUntil(url, name string, left time.Duration, more string) string {
	now := listedSince
	return fmt.Sprintf(`{"id":"%s/certificates/%s","x5t":"q83v7wEjRWeJq83vASNFZ4mrze8","attributes":{"enabled":true,"nbf":%d,"exp":%d,"created":1700000000,"updated":1700000000}%s}`,
		url, name, now.Add(-1000*time.Hour).Unix(), now.Add(left).Unix(), more)
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // a client that has gone is not this server's matter
	}
}

func fault(status int, code, message string) http.HandlerFunc {
	return answer(status, fmt.Sprintf(`{"error":{"code":%q,"message":%q}}`, code, message))
}

// silence never answers: it waits until the client has given up.
func silence(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // the server notices the end only after the body
	<-r.Context().Done()
	panic(http.ErrAbortHandler)
}

// home is the home of a person who uses services.
type home struct {
	tb  testing.TB
	dir string
	env []string
}

func newHome(tb testing.TB, services ...*service) *home {
	tb.Helper()
	h := &home{tb: tb, dir: tb.TempDir()}
	for _, v := range []string{"CONFIG", "STATE", "CACHE"} {
		h.env = append(h.env, "XDG_"+v+"_HOME="+filepath.Join(h.dir, strings.ToLower(v)))
	}
	h.write("secret", "not-a-secret-of-anybody")
	var targets strings.Builder
	for _, s := range services {
		ca := h.write(s.name+".pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
		fmt.Fprintf(&targets, `
  - name: %s
    kind: vault
    url: %s
    authority: %s
    ca_file: %s
    credential: {kind: client-secret, tenant: %s, client_id: %s, secret: {file: %s}}`,
			s.name, s.URL, s.URL, ca, serviceTenant, serviceClient, filepath.Join(h.dir, "secret"))
	}
	h.write("config/certty/config.yaml", "targets:"+targets.String()+"\n")
	return h
}

// write writes a file of the home and gives its path.
func (h *home) write(name, content string) string {
	h.tb.Helper()
	path := filepath.Join(h.dir, filepath.FromSlash(name))
	if err := writeFile(path, content); err != nil {
		h.tb.Fatal(err)
	}
	return path
}

func (h *home) start(args ...string) *ptytest.Terminal {
	h.tb.Helper()
	return h.startWith(ptytest.Options{Path: ptytest.Build(h.tb, "certty"), Args: args})
}

func (h *home) startWith(o ptytest.Options) *ptytest.Terminal {
	h.tb.Helper()
	o.Dir, o.Env = h.dir, append(o.Env, h.env...)
	if o.Cols == 0 {
		o.Cols, o.Rows = 120, 40
	}
	return ptytest.Start(h.tb, o)
}

// log is what the program wrote to its log.
func (h *home) log() string {
	h.tb.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, "state", "certty", "certty.log"))
	if err != nil {
		h.tb.Fatal(err)
	}
	return string(data)
}
