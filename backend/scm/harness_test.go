package scm

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox/ca"
	faults "certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/model"
)

// noon is when the tests play.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// authority is one CA for all tests.
var authority = sync.OnceValues(func() (*ca.Authority, error) { return ca.New(func() time.Time { return noon }) })

// The ids of the scenario.
const (
	orgAcme  = 10
	deptWeb  = 11
	orgMute  = 20
	quick    = 101
	approval = 102
	perOrder = 105
	noRenew  = 108
	slow     = 109
)

// account is an SCM account of the sandbox with a client of it.
type account struct {
	*Backend
	server *scmserver.Server
	web    *httptest.Server
	log    *bytes.Buffer

	mu sync.Mutex
	at time.Time
}

func (a *account) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at
}

func (a *account) advance(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at = a.at.Add(d)
}

func scenario() scmserver.Scenario {
	keys := map[string][]string{"RSA": {"2048", "4096"}, "EC": {"P-256", "P-384"}}
	until := noon.AddDate(0, 6, 0)
	fast := scmserver.Behaviour{Apply: 2 * time.Second, Issue: 8 * time.Second}
	with := func(change func(*scmserver.Behaviour)) scmserver.Behaviour { b := fast; change(&b); return b }
	both := []scmserver.Delegation{{Organization: orgAcme}, {Organization: orgMute}}
	return scmserver.Scenario{
		Organizations: []scmserver.Organization{
			{ID: orgAcme, Name: "Acme", Validations: []scmserver.Validation{{ID: 1, Level: scmserver.LevelOV, Status: scmserver.Validated, Expires: until}}},
			{ID: deptWeb, Name: "Web", ParentID: orgAcme},
			{ID: orgMute, Name: "Mute", APIDisabled: true},
		},
		Profiles: []scmserver.Profile{
			{ID: quick, Name: "Quick OV", Terms: []int{90, 199}, KeyTypes: keys, Validation: scmserver.OV, Behaviour: fast},
			{ID: approval, Name: "Approval OV", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.OV, Behaviour: with(func(b *scmserver.Behaviour) { b.Approval = true })},
			{ID: perOrder, Name: "DCV each time", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.DV, Behaviour: with(func(b *scmserver.Behaviour) { b.PerOrderDCV, b.Publish = true, 90*time.Minute })},
			{ID: noRenew, Name: "Once", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.DV, NoRenewal: true, Behaviour: fast},
			{ID: slow, Name: "Slow", Terms: []int{199}, KeyTypes: keys, Validation: scmserver.OV, Behaviour: scmserver.Behaviour{Apply: time.Minute, Issue: 6 * time.Hour}},
		},
		Domains: []scmserver.Domain{
			{ID: 201, Name: "example.com", Status: scmserver.Validated, Validated: noon.AddDate(0, -1, 0), Expires: until, Delegations: both},
			{ID: 202, Name: "old.example", Status: scmserver.Validated, Validated: noon.AddDate(0, -8, 0), Expires: noon.AddDate(0, -1, 0), Delegations: both},
			{ID: 204, Name: "asked.example", Status: scmserver.Validated, Expires: until, Delegations: []scmserver.Delegation{{Organization: orgAcme, Requested: true}}},
		},
		Fields: []scmserver.CustomField{{ID: 54, Name: "Cost centre", Mandatory: true}, {ID: 55, Name: "Go-live", Type: "DATE"}},
	}
}

// open starts an account with the scenario, strict about what it is sent.
func open(t testing.TB, change ...func(*Options)) *account {
	t.Helper()
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	a := &account{at: noon, log: &bytes.Buffer{}}
	a.server = scmserver.New(scmserver.Options{
		CA: root, Account: scmserver.NewAccount(noon), Now: a.clock, Settings: scmserver.Settings{Strict: true},
	})
	if _, err := a.server.Fill(t.Context(), scenario()); err != nil {
		t.Fatal(err)
	}
	a.web = httptest.NewUnstartedServer(a.server)
	a.web.Config.ConnContext = faults.ConnContext
	a.web.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.web.StartTLS()
	t.Cleanup(a.web.Close)
	signIn := a.server.Account()
	o := Options{
		Name: "acme", URL: a.web.URL + "/api", CustomerURI: signIn.CustomerURI, RootCAs: trust(a.web), Now: a.clock,
		Credential: Credential{Kind: CredentialPassword, Login: signIn.Login, Secret: giving(signIn.Password)},
		Log:        slog.New(slog.NewTextHandler(&locked{w: a.log}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, c := range change {
		c(&o)
	}
	if a.Backend, err = New(o); err != nil {
		t.Fatal(err)
	}
	return a
}

// locked is a writer for many goroutines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func trust(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

func giving(secret string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return secret, nil }
}

// calls counts the calls of an operation that the service let in; of all where
// it is "".
func (a *account) calls(operation string) int {
	n := 0
	for call, times := range a.server.Calls() {
		if operation == "" || call.Operation == operation {
			n += times
		}
	}
	return n
}

// newCSR makes a key and a request for names.
func newCSR(t testing.TB, names ...string) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
	}, key)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}

// spec is an order for names.
func spec(t testing.TB, profile int, names ...string) model.OrderSpec {
	t.Helper()
	csr := newCSR(t, names...)
	reference, err := model.OrderReference(csr, 1)
	if err != nil {
		t.Fatal(err)
	}
	return model.OrderSpec{
		CommonName: names[0], SANs: names, OrganizationID: orgAcme, ProfileID: profile, Term: 199, CSR: csr,
		Reference: reference, Description: "for the shop", CustomFields: []model.CustomValue{{Name: "Cost centre", Value: "4711"}},
	}
}

// place places an order and gives its row.
func (a *account) place(t testing.TB, profile int, names ...string) model.Ref {
	t.Helper()
	change, err := a.Order(t.Context(), spec(t, profile, names...))
	if err != nil {
		t.Fatalf("order: %v", err)
	}
	if len(change.Page.Items) != 1 || change.Page.Fields != model.FieldListing || change.Page.Items[0].Order.ID == "" {
		t.Fatalf("the order's page is %+v", change.Page)
	}
	return change.Page.Items[0].Ref
}

// issued places an order and waits for its certificate; the ref has its serial.
func (a *account) issued(t testing.TB, profile int, names ...string) model.Ref {
	t.Helper()
	ref := a.place(t, profile, names...)
	a.advance(time.Minute)
	it := a.read(t, ref)
	if it.Order.Phase != model.OrderIssued || it.Certificate.Serial == "" {
		t.Fatalf("after a minute the order is %+v", it.Order)
	}
	ref.Revision = it.Certificate.Serial
	return ref
}

func (a *account) read(t testing.TB, ref model.Ref) model.Item {
	t.Helper()
	page, err := a.Read(t.Context(), ref.Row())
	if err != nil {
		t.Fatalf("read %v: %v", ref, err)
	}
	if page.Fields != model.FieldOrder || len(page.Items) != 1 || page.Items[0].Ref != ref.Row() {
		t.Fatalf("read %v: %+v", ref, page)
	}
	return page.Items[0]
}

// snapshot is what a sweep tells.
func (a *account) snapshot(t testing.TB) *model.Snapshot {
	t.Helper()
	s := model.NewSnapshot("acme", nil, time.Time{})
	for page, err := range a.Sweep(t.Context()) {
		if err != nil {
			t.Fatalf("sweep: %v", err)
		}
		s = s.Merge(page)
	}
	return s
}

func wantKind(t testing.TB, err error, kind backend.ErrorKind) *backend.Error {
	t.Helper()
	var e *backend.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *backend.Error of kind %q", err, err, kind)
	}
	if e.Kind != kind {
		t.Fatalf("error of kind %q, want %q: %v", e.Kind, kind, e)
	}
	if e.Op == "" || e.Ref.Target != "acme" {
		t.Errorf("error speaks of op %q and %v", e.Op, e.Ref)
	}
	return e
}

func wantState(t testing.TB, err error, state backend.StateError) *backend.Error {
	t.Helper()
	e := wantKind(t, err, backend.KindState)
	if e.State != state {
		t.Errorf("state %d, want %d: %v", e.State, state, e)
	}
	return e
}

// service is a server of a few answers, for what the sandbox is not made for.
type service struct {
	*httptest.Server
	mux *http.ServeMux

	mu   sync.Mutex
	seen []string
}

func serve(t testing.TB) *service {
	t.Helper()
	s := &service{mux: http.NewServeMux()}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r.Method+" "+r.URL.Path)
		s.mu.Unlock()
		s.mux.ServeHTTP(w, r)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *service) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.seen...)
}

// on answers a pattern of http.ServeMux; paths begin with /api.
func (s *service) on(pattern string, f http.HandlerFunc) { s.mux.HandleFunc(pattern, f) }

const password = "Pa55-word<&>\"that\\must%not+leak"

func (s *service) client(t testing.TB, change ...func(*Options)) *Backend {
	t.Helper()
	o := Options{
		Name: "acme", URL: s.URL + "/api", CustomerURI: "acme-inc", RootCAs: trust(s.Server), Now: func() time.Time { return noon },
		Credential: Credential{Kind: CredentialPassword, Login: "api-admin", Secret: giving(password)},
	}
	for _, c := range change {
		c(&o)
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// answering is a handler that always says the same.
func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status, body) }
}

func writeJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func row(id int) model.Ref {
	return model.Ref{Target: "acme", Kind: model.KindCertificate, Key: strconv.Itoa(id)}
}
