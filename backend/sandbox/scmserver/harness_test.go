package scmserver

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/fault"
)

// noon is when the tests play.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// authority is one CA for all tests.
var authority = sync.OnceValues(func() (*ca.Authority, error) { return ca.New(func() time.Time { return noon }) })

// box is a server that a test talks to over HTTP.
type box struct {
	*Server
	t    *testing.T
	http *httptest.Server
	mu   sync.Mutex
	at   time.Time
}

func (b *box) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *box) advance(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

// The ids of the small scenario that the tests play with.
const (
	orgAcme   = 10
	deptWeb   = 11
	orgNoAPI  = 20
	orgNoOV   = 30
	quick     = 101
	approval  = 102
	rejecting = 103
	invalid   = 104
	perOrder  = 105
	extended  = 106
	foreign   = 107
	noRenew   = 108
	slow      = 109
)

func smallScenario() Scenario {
	keys := map[string][]string{"RSA": {"2048", "4096"}, "EC": {"P-256", "P-384"}}
	until := noon.AddDate(0, 6, 0)
	ov := []Validation{{ID: 1, Level: LevelOV, Status: Validated, Expires: until}, {ID: 2, Level: LevelEV, Status: Validated, Expires: until}}
	fast := Behaviour{Apply: 2 * time.Second, Issue: 8 * time.Second}
	with := func(change func(*Behaviour)) Behaviour { b := fast; change(&b); return b }
	both := []Delegation{{Organization: orgAcme}, {Organization: orgNoAPI}, {Organization: orgNoOV}}
	return Scenario{
		Organizations: []Organization{
			{ID: orgAcme, Name: "Acme", Validations: ov, City: "Berlin", State: "Berlin", Country: "DE", Emails: []string{"pki@example.com", "it@example.com"}},
			{ID: deptWeb, Name: "Web", ParentID: orgAcme},
			{ID: orgNoAPI, Name: "Silent", APIDisabled: true, Validations: ov},
			{ID: orgNoOV, Name: "Unproven", Validations: []Validation{{ID: 3, Level: LevelOV, Status: Pending}}},
		},
		Profiles: []Profile{
			{ID: quick, Name: "Quick OV", Description: "OV in seconds", Terms: []int{90, 199}, KeyTypes: keys, Validation: OV, Behaviour: fast},
			{ID: approval, Name: "Approval OV", Terms: []int{199}, KeyTypes: keys, Validation: OV, Behaviour: with(func(b *Behaviour) { b.Approval = true })},
			{ID: rejecting, Name: "Rejecting", Terms: []int{199}, KeyTypes: keys, Validation: DV, Behaviour: with(func(b *Behaviour) { b.Rejected = true })},
			{ID: invalid, Name: "Invalid", Terms: []int{199}, KeyTypes: keys, Validation: DV, Behaviour: with(func(b *Behaviour) { b.Invalid = true })},
			{ID: perOrder, Name: "DCV each time", Terms: []int{199}, KeyTypes: keys, Validation: DV, Behaviour: with(func(b *Behaviour) { b.PerOrderDCV, b.Publish = true, 90*time.Minute })},
			{ID: extended, Name: "EV", Terms: []int{199}, KeyTypes: map[string][]string{"RSA": {"2048"}}, Validation: EV, Behaviour: with(func(b *Behaviour) { b.Approval = true })},
			{ID: foreign, Name: "Not ours", Terms: []int{199}, KeyTypes: keys, Validation: DV, Organizations: []int{999}},
			{ID: noRenew, Name: "Once", Terms: []int{199}, KeyTypes: map[string][]string{"EC": {"P-256"}}, Validation: DV, NoRenewal: true, Behaviour: fast},
			{ID: slow, Name: "Slow", Terms: []int{199}, KeyTypes: keys, Validation: OV, Behaviour: Behaviour{Apply: time.Minute, Issue: 6 * time.Hour}},
		},
		Domains: []Domain{
			{ID: 201, Name: "example.com", Status: Validated, Validated: noon.AddDate(0, -1, 0), Expires: until, Delegations: both},
			{ID: 202, Name: "old.example", Status: Validated, Validated: noon.AddDate(0, -8, 0), Expires: noon.AddDate(0, -1, 0), Delegations: both},
			{ID: 203, Name: "fresh.example", Status: NotValidated, Submitted: noon.Add(-time.Hour), Publish: noon.Add(24 * time.Hour), Delegations: both},
			{ID: 204, Name: "asked.example", Status: Validated, Expires: until, Delegations: []Delegation{{Organization: orgAcme, Requested: true}}},
			{ID: 205, Name: "asleep.example", Status: Validated, Expires: until, Suspended: true, Delegations: both},
			{ID: 206, Name: "apex.example", Status: Validated, Expires: until, Delegations: []Delegation{{Organization: orgAcme, Privileges: []string{"DOMAIN"}}}},
			{ID: 207, Name: "mail.example", Status: Validated, Expires: until, Delegations: []Delegation{{Organization: orgAcme, CertTypes: []string{"SMIME"}}}},
		},
		Fields: []CustomField{{ID: 54, Name: "Cost centre", Mandatory: true}, {ID: 55, Name: "Go-live", Type: "DATE"}},
	}
}

// start serves an account with the small scenario.
func start(t *testing.T, change ...func(*Options)) *box {
	t.Helper()
	root, err := authority()
	if err != nil {
		t.Fatal(err)
	}
	b := &box{t: t, at: noon}
	o := Options{CA: root, Account: NewAccount(noon), Now: b.now}
	for _, c := range change {
		c(&o)
	}
	b.Server = New(o)
	if o.Dir != "" {
		if err := b.Load(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Fill(t.Context(), smallScenario()); err != nil {
		t.Fatal(err)
	}
	b.http = httptest.NewUnstartedServer(b.Server)
	b.http.Config.ConnContext = fault.ConnContext
	b.http.StartTLS()
	t.Cleanup(b.http.Close)
	return b
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send asks with the account's password headers, unless headers say otherwise.
func (b *box) send(method, path string, body any, headers ...string) reply {
	b.t.Helper()
	r, err := b.try(method, path, body, headers...)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (b *box) try(method, path string, body any, headers ...string) (reply, error) {
	b.t.Helper()
	var data []byte
	switch v := body.(type) {
	case nil:
	case string:
		data = []byte(v)
	default:
		var err error
		if data, err = json.Marshal(v); err != nil {
			b.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.http.URL+path, bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	a := b.Account()
	req.Header.Set("Login", a.Login)
	req.Header.Set("Password", a.Password)
	req.Header.Set("Customeruri", a.CustomerURI)
	for i := 0; i < len(headers); i += 2 {
		if req.Header.Set(headers[i], headers[i+1]); headers[i+1] == "" {
			req.Header.Del(headers[i])
		}
	}
	client := b.http.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return reply{res.StatusCode, res.Header, got}, err
}

// expect asks and wants a status; with a code it wants that error.
func (b *box) expect(status, code int, method, path string, body any, headers ...string) reply {
	b.t.Helper()
	r := b.send(method, path, body, headers...)
	if r.status != status {
		b.t.Fatalf("%s %s: status %d %s, want %d", method, path, r.status, r.body, status)
	}
	if status >= 400 && r.code() != code {
		b.t.Fatalf("%s %s: %s, want code %d", method, path, r.body, code)
	}
	return r
}

func (r reply) code() int {
	var e errorAnswer
	if err := json.Unmarshal(r.body, &e); err != nil {
		return 1
	}
	return e.Code
}

func into[T any](t *testing.T, r reply) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(r.body, &v); err != nil {
		t.Fatalf("%s: %v", r.body, err)
	}
	return v
}

// object is a body being put together.
type members = map[string]any

func newKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// csrFor makes a request as PEM.
func csrFor(t *testing.T, key crypto.Signer, common string, names ...string) string {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{CommonName: common}, DNSNames: names}, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
}

// orderBody is an order that is taken; change makes another of it.
func orderBody(t *testing.T, change ...func(members)) members {
	t.Helper()
	m := members{
		"orgId": orgAcme, "certType": quick, "term": 199, "csr": csrFor(t, newKey(t), "www.example.com"),
		"subjAltNames": "www.example.com, shop.example.com", "comments": "certty:0123456789abcdef:1 the shop",
		"customFields": []members{{"name": "Cost centre", "value": "4711"}},
	}
	for _, c := range change {
		c(m)
	}
	return m
}

// itoa is an id in a path.
func itoa(id int) string { return strconv.Itoa(id) }

func set(name string, value any) func(members) { return func(m members) { m[name] = value } }

// order orders and returns the id.
func (b *box) order(change ...func(members)) int {
	b.t.Helper()
	r := b.expect(http.StatusOK, 0, http.MethodPost, "/api/ssl/v1/enroll", orderBody(b.t, change...))
	return into[struct {
		SSLID int `json:"sslId"`
	}](b.t, r).SSLID
}

// issued orders and waits until there is a certificate.
func (b *box) issued(change ...func(members)) int {
	b.t.Helper()
	id := b.order(change...)
	b.advance(time.Minute)
	return id
}
