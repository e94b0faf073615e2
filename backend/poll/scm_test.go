package poll

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/sandbox/ca"
	"certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
	"certty/backend/scm"
	"certty/model"
)

// realAccount is an SCM account of the sandbox's server, reached over TLS.
type realAccount struct {
	*scm.Backend
	server *scmserver.Server
	now    time.Time // when it was filled
	// further holds every call but the first until it is closed.
	further chan struct{}
	called  atomic.Bool
	inner   http.RoundTripper
	looked  chan struct{} // gets something when a look has ended
}

// RoundTrip makes a call, the first at once.
func (a *realAccount) RoundTrip(r *http.Request) (*http.Response, error) {
	if a.called.Swap(true) {
		select {
		case <-a.further:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return a.inner.RoundTrip(r)
}

const (
	acme    = 10
	profile = 101
)

// realSCM fills an account with orders. password "" is the right one.
func realSCM(t *testing.T, password string, orders []scmserver.Entry) *realAccount {
	t.Helper()
	a := &realAccount{now: time.Now(), further: make(chan struct{}), looked: make(chan struct{}, 10)}
	root, err := ca.New(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	a.server = scmserver.New(scmserver.Options{CA: root, Account: scmserver.NewAccount(a.now), Now: time.Now, Settings: scmserver.Settings{Strict: true}})
	until := a.now.AddDate(0, 6, 0)
	if _, err := a.server.Fill(t.Context(), scmserver.Scenario{
		Organizations: []scmserver.Organization{{ID: acme, Name: "Acme",
			Validations: []scmserver.Validation{{ID: 1, Level: scmserver.LevelOV, Status: scmserver.Validated, Expires: until}}}},
		Profiles: []scmserver.Profile{{ID: profile, Name: "Approval", Terms: []int{199}, KeyTypes: map[string][]string{"EC": {"P-256"}},
			Validation: scmserver.OV, Behaviour: scmserver.Behaviour{Approval: true, Apply: time.Hour, Issue: 2 * time.Hour}}},
		Orders: orders,
	}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewUnstartedServer(a.server)
	web.Config.ConnContext = fault.ConnContext
	web.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	web.StartTLS()
	t.Cleanup(web.Close)
	roots := x509.NewCertPool()
	roots.AddCert(web.Certificate())
	account := a.server.Account()
	if password == "" {
		password = account.Password
	}
	if a.Backend, err = scm.New(scm.Options{Name: "v", URL: web.URL + "/api", CustomerURI: account.CustomerURI, RootCAs: roots,
		Wrap:       func(inner http.RoundTripper) http.RoundTripper { a.inner = inner; return a },
		Credential: scm.Credential{Kind: scm.CredentialPassword, Login: account.Login, Secret: func(context.Context) (string, error) { return password, nil }},
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

// calls counts the calls by operation, and clears nothing.
func (a *realAccount) calls() map[string]int {
	n := map[string]int{}
	for call, times := range a.server.Calls() {
		n[call.Operation] += times
		n[""] += times
	}
	return n
}

// since is what was called after before.
func (a *realAccount) since(before map[string]int) map[string]int {
	n := a.calls()
	for operation, times := range before {
		if n[operation] -= times; n[operation] == 0 {
			delete(n, operation)
		}
	}
	return n
}

// many are n orders of three years, the newest of which are open, as many in
// each open status. One in ten of the others has a certificate, which costs time
// to make.
func many(n, open int) []scmserver.Entry {
	now := time.Now()
	entries := make([]scmserver.Entry, n)
	for i := range entries {
		e := scmserver.Entry{CommonName: fmt.Sprintf("host-%05d.example.com", i), Organization: acme, Profile: profile, Term: 199}
		e.Requested = now.Add(-time.Duration(n-i) * (3 * 365 * 24 * time.Hour / time.Duration(n)))
		switch {
		case i >= n-3*open:
			e.Status = []scmserver.Status{scmserver.StatusRequested, scmserver.StatusApproved, scmserver.StatusApplied}[i%3]
			e.Requested, e.Since = now.Add(-time.Hour), now.Add(-time.Minute)
		case i%10 == 0:
			e.Status = scmserver.StatusIssued
		default:
			e.Status = scmserver.StatusDeclined
		}
		entries[i] = e
	}
	return entries
}

// Capabilities are the account's, and tell when a look at it has ended.
func (a *realAccount) Capabilities() backend.Capabilities {
	c := a.Backend.Capabilities()
	c.Sweep, c.Changes = looks{a}, looks{a}
	return c
}

type looks struct{ a *realAccount }

func (l looks) Sweep(ctx context.Context) iter.Seq2[model.Page, error] {
	return l.told(l.a.Backend.Sweep(ctx))
}

func (l looks) Changes(ctx context.Context, known *model.Snapshot) iter.Seq2[model.Page, error] {
	return l.told(l.a.Backend.Changes(ctx, known))
}

func (l looks) told(pages iter.Seq2[model.Page, error]) iter.Seq2[model.Page, error] {
	return func(yield func(model.Page, error) bool) {
		pages(yield)
		l.a.looked <- struct{}{}
	}
}

// TestCallsOfAnAccount is the promise for 5 000 certificates: all of them with
// status and expiry in at most 40 calls, the first rows with the first page; a
// steady refresh in at most 8, and one more for each order that left its list.
func TestCallsOfAnAccount(t *testing.T) {
	const orders, open = 5000, 60
	a, k := realSCM(t, "", many(orders, open)), &keeper{}

	p, end := poll(t, a, k)
	box := p.Subscribe()
	first := await(t, box, "the first rows", func(s State) bool { return s.Snapshot.Len() > 0 })
	if got := first.Snapshot.Len(); got != 200 {
		t.Errorf("%d rows with the first page", got)
	}
	close(a.further)
	<-a.looked
	end()
	full := k.stored()
	expiry := 0
	for _, it := range full.Items() {
		if it.RequestReadAt.IsZero() || it.Order.Status == "" {
			t.Fatalf("%s has no status", it.Ref)
		}
		if it.Order.Phase.Certified() && it.Certificate.NotAfter.IsZero() {
			t.Fatalf("%s has no expiry", it.Ref)
		}
		if !it.Certificate.NotAfter.IsZero() {
			expiry++
		}
	}
	if full.Len() != orders || expiry != (orders-3*open)/10 {
		t.Errorf("%d rows, %d with their expiry", full.Len(), expiry)
	}
	if n := a.calls(); n[""] > 40 || n["GetCertificate"] > 0 {
		t.Errorf("%d calls for the first full view, want at most 40: %v", n[""], n)
	} else {
		t.Logf("%d calls for the first full view: %v", n[""], n)
	}

	// A steady refresh: the next start has everything but the news.
	steadily := func(what string, most int) *model.Snapshot {
		before := a.calls()
		_, end := poll(t, a, k)
		<-a.looked
		end()
		if n := a.since(before); n[""] > most {
			t.Errorf("%s: %d calls, want at most %d: %v", what, n[""], most, n)
		} else {
			t.Logf("%s: %d calls: %v", what, n[""], n)
		}
		return k.stored()
	}
	steadily("nothing changed", 8)
	var left []string
	for _, it := range full.Items() {
		if it.Order.Phase == model.OrderRequested && len(left) < 3 {
			if _, err := a.Decline(t.Context(), it.Ref, "no"); err != nil {
				t.Fatal(err)
			}
			left = append(left, it.Ref.Key)
		}
	}
	// While the reports lag, each has to be read for itself.
	settings := a.server.Settings()
	settings.ReportDelay = 2 * time.Hour
	a.server.SetSettings(settings)
	before := a.calls()
	s := steadily("three orders were declined", 8+3)
	// One more is read with a look, to explain it, unless the poller ended before.
	if n := a.since(before); n["GetCertificate"] < 3 || n["GetCertificate"] > 4 {
		t.Errorf("%d details, want one for each that left its list, and at most one to explain it", n["GetCertificate"])
	}
	for _, key := range left {
		if it := s.Get(key); it.Order.Phase != model.OrderDeclined {
			t.Errorf("order %s is %q", key, it.Order.Status)
		}
	}
	if got := len(k.told()); got != 3 {
		t.Errorf("%d events, want three: %+v", got, k.told())
	}
}

// A wrong password is sent once, and what the service asks to wait is waited.
func TestRealAccountIsHeld(t *testing.T) {
	t.Run("wrong password", func(t *testing.T) {
		a := realSCM(t, "Wrong-1-password", many(3, 0))
		close(a.further)
		p, end := poll(t, a, &keeper{})
		box := p.Subscribe()
		s := await(t, box, "it is latched", func(s State) bool { return s.Latched })
		p.Refresh()
		p.Look(model.Ref{Target: "v", Kind: model.KindCertificate, Key: "1001"})
		end()
		if n := a.calls(); n[""] != 1 || backend.KindOf(s.Err) != backend.KindAuth {
			t.Errorf("%d calls with a wrong password, error %v", n[""], s.Err)
		}
	})
	t.Run("throttled", func(t *testing.T) {
		a := realSCM(t, "", many(3, 0))
		if err := a.server.Inject(fault.Fault{Kind: fault.Refuse, Status: 429, RetryAfter: "600", Times: 1}); err != nil {
			t.Fatal(err)
		}
		close(a.further)
		p, end := poll(t, a, &keeper{})
		box := p.Subscribe()
		s := await(t, box, "it waits", func(s State) bool { return !s.PausedUntil.IsZero() })
		p.Refresh()
		p.Look(model.Ref{Target: "v", Kind: model.KindCertificate, Key: "1001"})
		end()
		var e *backend.Error
		if !errors.As(s.Err, &e) || e.RetryAfter != 10*time.Minute || s.PausedUntil.Before(a.now.Add(9*time.Minute)) {
			t.Errorf("paused until %v for %v", s.PausedUntil, s.Err)
		}
		if n := a.calls(); n[""] != 1 {
			t.Errorf("%d calls although it is to wait: %v", n[""], n)
		}
	})
}
