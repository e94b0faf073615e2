package scm

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"certty/backend"
	faults "certty/backend/sandbox/fault"
	"certty/backend/sandbox/scmserver"
)

func TestRefusedPasswordIsTriedOnce(t *testing.T) {
	a := open(t, func(o *Options) { o.Credential.Secret = giving("another-password") })
	e := wantKind(t, errorOf(a.Read(t.Context(), row(1))), backend.KindAuth)
	if e.Code != "-16" || e.Status != 401 || !strings.Contains(backend.AdviceFor(e).Cause, "customer URI") {
		t.Errorf("%v: %v", e, backend.AdviceFor(e))
	}
	if n := a.calls("GetCertificate"); n > 1 {
		t.Errorf("%d calls with a password that was refused", n)
	}
}

// clients is an account with an API key, and how often tokens were asked for.
func clients(t *testing.T) (*account, *Backend, *atomic.Int32) {
	t.Helper()
	a := open(t)
	var tokens atomic.Int32
	inner := a.web.Config.Handler
	a.web.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == scmserver.TokenPath {
			tokens.Add(1)
		}
		inner.ServeHTTP(w, r)
	})
	key := a.server.Account()
	b, err := New(Options{
		Name: "acme", URL: a.web.URL + "/api", RootCAs: trust(a.web), Now: a.clock,
		Credential: Credential{Kind: CredentialClient, ClientID: key.ClientID, TokenURL: a.web.URL + scmserver.TokenPath, Secret: giving(key.ClientSecret)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, b, &tokens
}

func TestTokenIsKeptUntilShortlyBeforeItsEnd(t *testing.T) {
	a, b, tokens := clients(t)
	ref := a.place(t, quick, "a.example.com")
	for range 3 {
		if _, err := b.Read(t.Context(), ref); err != nil {
			t.Fatal(err)
		}
	}
	if tokens.Load() != 1 {
		t.Errorf("%d tokens for three calls", tokens.Load())
	}
	// Tokens of the sandbox live for minutes; an hour later a new one is needed,
	// and is asked for before the old one is refused.
	before := a.calls("GetCertificate")
	a.advance(24 * time.Hour)
	if _, err := b.Read(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if tokens.Load() != 2 || a.calls("GetCertificate")-before != 1 {
		t.Errorf("%d tokens and %d calls", tokens.Load(), a.calls("GetCertificate")-before)
	}
}

func TestTokenThatIsRefusedIsRenewedOnce(t *testing.T) {
	a, b, tokens := clients(t)
	ref := a.place(t, quick, "a.example.com")
	inject := func(times int) {
		t.Helper()
		if err := a.server.Inject(faults.Fault{Kind: faults.Unauthorized, Operation: "GetCertificate", Times: times}); err != nil {
			t.Fatal(err)
		}
	}
	inject(1)
	if _, err := b.Read(t.Context(), ref); err != nil {
		t.Fatalf("one 401: %v", err)
	}
	if tokens.Load() != 2 {
		t.Errorf("%d tokens, want a second one", tokens.Load())
	}
	inject(0)
	before := a.calls("GetCertificate")
	wantKind(t, errorOf(b.Read(t.Context(), ref)), backend.KindAuth)
	if got := a.calls("GetCertificate") - before; got != 2 || tokens.Load() != 3 {
		t.Errorf("%d calls and %d tokens; two refusals are enough", got, tokens.Load())
	}
}

// TestChangeIsNeverSentTwice: a change that is answered 401 ends there. Only one
// whose token was new says that the login is refused.
func TestChangeIsNeverSentTwice(t *testing.T) {
	a, b, tokens := clients(t)
	if _, err := b.Read(t.Context(), a.place(t, quick, "a.example.com")); err != nil {
		t.Fatal(err)
	}
	inject := func(times int) {
		t.Helper()
		if err := a.server.Inject(faults.Fault{Kind: faults.Unauthorized, Operation: "Enroll", Times: times}); err != nil {
			t.Fatal(err)
		}
	}
	order := func() (sent, fetched int, err error) {
		calls, had := a.calls("Enroll"), tokens.Load()
		_, err = b.Order(t.Context(), spec(t, quick, "shop.example.com"))
		return a.calls("Enroll") - calls, int(tokens.Load() - had), err
	}

	inject(1)
	sent, fetched, err := order()
	e := wantKind(t, err, backend.KindAuth)
	if advice := backend.AdviceFor(e); sent != 1 || fetched != 0 || !strings.Contains(advice.Cause, "Nothing was done.") || !strings.Contains(advice.Next, "again") {
		t.Errorf("sent %d times, %d tokens: %v", sent, fetched, advice)
	}
	if backend.RefusesLogin(fmt.Errorf("around it: %w", e)) {
		t.Error("an ended token latches the account")
	}
	if sent, fetched, err := order(); err != nil || sent != 1 || fetched != 1 {
		t.Errorf("again: sent %d times, %d tokens: %v", sent, fetched, err)
	}

	// The account takes none of its tokens any more.
	inject(0)
	if _, _, err := order(); backend.RefusesLogin(err) {
		t.Errorf("the first refusal: %v", err)
	}
	sent, fetched, err = order()
	if e := wantKind(t, err, backend.KindAuth); !backend.RefusesLogin(e) || sent != 1 || fetched != 1 || backend.AdviceFor(e) != *adviceSignIn {
		t.Errorf("a new token: sent %d times, %d tokens: %v", sent, fetched, backend.AdviceFor(e))
	}
}

// TestTokenOutlastsAChange: a change gets a new token where a read would still go
// with the old one, as far as the life of tokens allows.
func TestTokenOutlastsAChange(t *testing.T) {
	for _, test := range []struct {
		life, age     time.Duration
		read, changes bool
	}{
		{time.Hour, 44 * time.Minute, true, true},
		{time.Hour, 46 * time.Minute, true, false},
		{time.Hour, 59 * time.Minute, false, false},
		{5 * time.Minute, 2 * time.Minute, true, true},
		{5 * time.Minute, 3 * time.Minute, true, false},
		{time.Minute, 20 * time.Second, true, true},
		{time.Minute, 40 * time.Second, false, false},
	} {
		c := &clientCredential{token: "x", life: test.life, ends: noon.Add(test.life), now: func() time.Time { return noon.Add(test.age) }}
		if read, changes := c.lasts(false), c.lasts(true); read != test.read || changes != test.changes {
			t.Errorf("%v of %v: does for reads %v, for changes %v", test.age, test.life, read, changes)
		}
	}
}

func TestTokenEndpointFails(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   backend.ErrorKind
	}{
		"a wrong secret":        {answering(401, `{"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}`), backend.KindAuth},
		"a wrong secret as 400": {answering(400, `{"error":"unauthorized_client"}`), backend.KindAuth},
		"throttled":             {answering(429, `{}`), backend.KindThrottled},
		"trouble":               {answering(503, `<html></html>`), backend.KindUnavailable},
		"another place":         {answering(404, `<html><title>Not here</title></html>`), backend.KindOther},
		"a page":                {answering(200, `<html></html>`), backend.KindOther},
		"an empty token":        {answering(200, `{"access_token":""}`), backend.KindOther},
		"a broken token":        {answering(200, `{"access_token":"a\r\nb"}`), backend.KindOther},
		"cut":                   {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, backend.KindNetwork},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusTemporaryRedirect)
		}, backend.KindOther},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.on("POST /token", test.answer)
			b := s.client(t, func(o *Options) {
				o.Credential = Credential{Kind: CredentialClient, ClientID: "me", TokenURL: s.URL + "/token", Secret: giving("a-secret")}
			})
			e := wantKind(t, errorOf(b.Read(t.Context(), row(1))), test.want)
			if e.Ref != row(1) || e.Op != opRead {
				t.Errorf("%v", e)
			}
			if told := e.Advice == adviceToken; told != (test.want == backend.KindAuth) {
				t.Errorf("the advice speaks of the API key: %t: %+v", told, e.Advice)
			}
			if got := s.requests(); len(got) != 1 {
				t.Errorf("called %v", got)
			}
		})
	}
}

func TestTokenWithoutALifeIsKeptForMinutes(t *testing.T) {
	for body, want := range map[string]time.Duration{
		`{"access_token":"x"}`:                          5 * time.Minute,
		`{"access_token":"x","expires_in":"600"}`:       10 * time.Minute,
		`{"access_token":"x","expires_in":-1}`:          5 * time.Minute,
		`{"access_token":"x","expires_in":99999999999}`: 24 * time.Hour,
	} {
		if token, life, err := readToken([]byte(body)); token != "x" || life != want || err != nil {
			t.Errorf("%s: %q, %v, %v", body, token, life, err)
		}
	}
}

// TestClassify is the table of what error codes mean: by code and call, never by
// code alone.
func TestClassify(t *testing.T) {
	body := func(code int) fault { return fault{json: true, code: code, message: "x"} }
	page := fault{note: "the answer is not SCM's"}
	for _, test := range []struct {
		op      string
		changes bool
		status  int
		fault   fault
		kind    backend.ErrorKind
		state   backend.StateError
	}{
		{opRead, false, 401, body(-16), backend.KindAuth, 0},
		{opRead, false, 401, page, backend.KindAuth, 0},
		{opRead, false, 400, body(-970), backend.KindAuth, 0},
		{opCollect, false, 401, page, backend.KindAuth, 0},

		{opCollect, false, 400, body(0), backend.KindState, backend.StateNotIssued},
		{opCollect, false, 400, body(-23), backend.KindState, backend.StateNotIssued},
		{opCollect, false, 400, body(-103), backend.KindState, backend.StateNotIssued},
		{opCollect, false, 400, body(-109), backend.KindState, backend.StateNotIssued},
		{opCollect, false, 400, body(-1400), backend.KindState, backend.StateNotIssued},
		{opCollect, false, 400, body(-110), backend.KindState, backend.StateOther},
		{opCollect, false, 400, body(-1450), backend.KindUnsupported, 0},
		{opCollect, false, 403, page, backend.KindOther, 0},
		{opCollect, false, 502, page, backend.KindUnavailable, 0},
		{opCollect, false, 404, body(-5101), backend.KindNotFound, 0},
		{opCollect, false, 400, body(-124), backend.KindNotFound, 0},
		// Code 0 means "not yet" on a collection only.
		{opRead, false, 400, body(0), backend.KindInvalid, 0},

		{opRead, false, 400, body(-3), backend.KindPermission, 0},
		{opRead, false, 400, body(-25), backend.KindPermission, 0},
		{opRead, false, 400, body(-37), backend.KindPermission, 0},
		{opApprove, true, 400, body(-226), backend.KindPermission, 0},
		{opRead, false, 403, body(-9999), backend.KindPermission, 0},

		{opApprove, true, 400, body(-1112), backend.KindState, backend.StateTooLate},
		{opDecline, true, 400, body(-1112), backend.KindState, backend.StateTooLate},
		{opApprove, true, 400, body(-1140), backend.KindPermission, 0},
		{opRevoke, true, 400, body(-159), backend.KindState, backend.StateTooLate},
		{opOrder, true, 400, body(-159), backend.KindInvalid, 0}, // custom fields limit: the other text
		{opRevoke, true, 400, body(-102), backend.KindState, backend.StateOther},
		{opReplace, true, 400, body(-130), backend.KindState, backend.StateOther},
		{opReplace, true, 400, body(-1148), backend.KindState, backend.StateOther},
		{opRenew, true, 400, body(-180), backend.KindState, backend.StateOther},
		{opRenew, true, 400, body(-105), backend.KindUncertain, 0},
		{opRead, false, 404, body(-105), backend.KindNotFound, 0}, // person not found: the other text

		{opOrder, true, 400, body(-1010), backend.KindInvalid, 0},
		{opOrder, true, 400, body(-737), backend.KindInvalid, 0},
		{opOrder, true, 400, body(-843), backend.KindInvalid, 0},
		{opOrder, true, 400, body(-993), backend.KindPermission, 0},
		{opOrder, true, 400, body(-1002), backend.KindInvalid, 0},
		{opOrder, true, 400, body(-195), backend.KindUnavailable, 0},
		{opOrder, true, 400, body(-129), backend.KindUncertain, 0},
		{opRead, false, 400, body(-129), backend.KindUnavailable, 0},
		{opOrder, true, 500, body(-2), backend.KindUncertain, 0},
		{opOrder, true, 500, body(-36), backend.KindInvalid, 0},
		{opOrder, true, 404, page, backend.KindOther, 0},
		{opOrder, true, 429, page, backend.KindThrottled, 0},
		{opRead, false, 407, page, backend.KindNetwork, 0},
		{opRead, false, 400, body(-3114), backend.KindConflict, 0},
		{opRead, false, 404, body(-999), backend.KindNotFound, 0},
		{opRead, false, 404, page, backend.KindOther, 0},
		{opRead, false, 418, body(-999), backend.KindOther, 0},
		{opRead, false, 204, fault{}, backend.KindUnavailable, 0},
	} {
		m := classify(call{op: test.op, changes: test.changes}, test.status, test.fault)
		if m.kind != test.kind || m.state != test.state {
			t.Errorf("%s, %d, %d: %v and %d, want %v and %d", test.op, test.status, test.fault.code, m.kind, m.state, test.kind, test.state)
		}
	}
}

// TestAdviceIsOfSCM: what a person reads must not speak of a vault.
func TestAdviceIsOfSCM(t *testing.T) {
	seen := 0
	for _, r := range rules {
		if r.advice == nil {
			continue
		}
		seen++
		for _, text := range []string{r.advice.Cause, r.advice.Next} {
			if text == "" || strings.Contains(strings.ToLower(text), "vault") || !strings.HasSuffix(text, ".") {
				t.Errorf("codes %v: advice %q", r.codes, text)
			}
		}
		err := fmt.Errorf("around it: %w", &backend.Error{Kind: r.kind, State: r.state, Advice: r.advice, Op: "x"})
		if got := backend.AdviceFor(err); got != *r.advice {
			t.Errorf("AdviceFor gives %v", got)
		}
	}
	if seen < 15 {
		t.Errorf("%d rules have advice", seen)
	}
	for _, kind := range []backend.ErrorKind{backend.KindAuth, backend.KindPermission} {
		for status := range map[int]bool{401: true, 403: true} {
			m := classify(call{op: opRead}, status, fault{json: true, code: -9999})
			if m.kind == kind && m.advice == nil {
				t.Errorf("%v has the vault's advice", kind)
			}
		}
	}
}

func TestNoIDAtTheAccount(t *testing.T) {
	b := client(t)
	for _, key := range []string{"", "certty:00112233445566aa:1", "0", "-5", "007", "99999999999999999999", "1/../2"} {
		ref := row(1)
		ref.Key = key
		for _, err := range []error{errorOf(b.Read(t.Context(), ref)), errorOf(b.Collect(t.Context(), ref)), errorOf(b.Renew(t.Context(), ref, renewal()))} {
			if e, ok := errors.AsType[*backend.Error](err); !ok || e.Kind != backend.KindNotFound {
				t.Errorf("%q: %v", key, err)
			}
		}
	}
}
