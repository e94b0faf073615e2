package scm

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/guard"
	"certty/model"
)

func TestNewRefuses(t *testing.T) {
	good := func() Options {
		return Options{
			Name: "acme", URL: "https://cert-manager.com:8443/prefix/api/", CustomerURI: "acme-inc",
			Credential: Credential{Kind: CredentialPassword, Login: "api-admin", Secret: giving(password)},
		}
	}
	b, err := New(good())
	if err != nil {
		t.Fatal(err)
	}
	if got := b.Info().Address; got != "https://cert-manager.com:8443/prefix/api" {
		t.Errorf("address %q: scheme, port and prefix are to stay", got)
	}
	for name, change := range map[string]func(*Options){
		"no name":               func(o *Options) { o.Name = "" },
		"no URL":                func(o *Options) { o.URL = "" },
		"plain HTTP":            func(o *Options) { o.URL = "http://cert-manager.com/api" },
		"a password in the URL": func(o *Options) { o.URL = "https://me:pw@cert-manager.com/api" },
		"a query":               func(o *Options) { o.URL += "?a=b" },
		"no scheme":             func(o *Options) { o.URL = "cert-manager.com/api" },
		"no customer URI":       func(o *Options) { o.CustomerURI = "" },
		"a broken customer URI": func(o *Options) { o.CustomerURI = "a\r\nb" },
		"no login":              func(o *Options) { o.Credential.Login = "" },
		"a login beyond ASCII":  func(o *Options) { o.Credential.Login = "jürgen" },
		"no source of a secret": func(o *Options) { o.Credential.Secret = nil },
		"an unknown way":        func(o *Options) { o.Credential.Kind = "fingerprint" },
		"no client id":          func(o *Options) { o.Credential.Kind = CredentialClient },
		"a token URL in plain": func(o *Options) {
			o.Credential = Credential{Kind: CredentialClient, ClientID: "x", TokenURL: "http://a/b", Secret: giving("x")}
		},
		"a token URL that isn't": func(o *Options) {
			o.Credential = Credential{Kind: CredentialClient, ClientID: "x", TokenURL: "https:", Secret: giving("x")}
		},
	} {
		o := good()
		change(&o)
		if _, err := New(o); err == nil {
			t.Errorf("%s is taken", name)
		} else if strings.Contains(err.Error(), "pw@") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

// TestPasswordThatNoHeaderCarries is refused here, in words, and not shown.
func TestPasswordThatNoHeaderCarries(t *testing.T) {
	s := serve(t)
	for _, bad := range []string{"", "secret-one\n", "secret\r\nX-Evil: 1", "geheimnis-ü", " secret-two", "secret\x00zero"} {
		b := s.client(t, func(o *Options) { o.Credential.Secret = giving(bad) })
		_, err := b.Read(t.Context(), row(1))
		e := wantKind(t, err, backend.KindLocal)
		if bad != "" && strings.Contains(e.Error(), strings.TrimSpace(bad)) {
			t.Errorf("the error shows the password: %v", e)
		}
		if !strings.Contains(e.Message, "password") {
			t.Errorf("%q: the error does not say what is wrong: %v", bad, e)
		}
	}
	b := s.client(t, func(o *Options) {
		o.Credential.Secret = func(context.Context) (string, error) { return "", errors.New("keyring is locked") }
	})
	_, err := b.Read(t.Context(), row(1))
	if e := wantKind(t, err, backend.KindLocal); !strings.Contains(e.Message, "keyring is locked") {
		t.Error(e)
	}
	if got := s.requests(); len(got) != 0 {
		t.Errorf("called %v", got)
	}
}

// TestRedirectsAreNotFollowed: the password would go there.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var got atomic.Int32
	thief := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Add(1) }))
	defer thief.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := serve(t)
		s.on("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", thief.URL+"/in/"+strings.ReplaceAll(password, "%", "%25")+"?token="+password)
			w.WriteHeader(status)
		})
		b := s.client(t, func(o *Options) { o.RootCAs.AddCert(thief.Certificate()) })
		for name, call := range map[string]func() error{
			"read":  func() error { return errorOf(b.Read(t.Context(), row(1))) },
			"order": func() error { return errorOf(b.Order(t.Context(), spec(t, quick, "a.example.com"))) },
			"report": func() error {
				return errorOf(b.FindOrders(t.Context(), model.OrderTrace{Reference: "certty:1:1", CommonName: "a"}))
			},
		} {
			e := wantKind(t, call(), backend.KindOther)
			if !strings.Contains(e.Message, thief.Listener.Addr().String()) || strings.Contains(e.Error(), "token=") || strings.Contains(e.Error(), "Pa55") {
				t.Errorf("%s with %d: %v", name, status, e)
			}
		}
	}
	if got.Load() != 0 {
		t.Errorf("%d calls went where the redirect pointed", got.Load())
	}
}

// TestChangeWithoutAnswerIsUncertainAndSentOnce is what "ordered once" rests on.
func TestChangeWithoutAnswerIsUncertainAndSentOnce(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"cut before the answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"cut in the answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"sslId":`)
		},
		"JSON that ends early":   answering(200, `{"sslId":`),
		"no id":                  answering(200, `{"renewId":"x"}`),
		"an error in a success":  answering(200, `{"code":-14,"description":"Unknown error."}`),
		"a page":                 answering(200, `<html><title>Sign in</title></html>`),
		"accepted":               answering(202, `{}`),
		"nothing":                answering(200, ``),
		"a gateway":              answering(502, `<html><title>Bad gateway</title></html>`),
		"a gateway, unavailable": answering(503, `<html></html>`),
		"a gateway, timed out":   answering(504, ``),
		"trouble":                answering(500, `{"code":-2,"description":"Internal error."}`),
		"an unknown error":       answering(400, `{"code":-14,"description":"Unknown error."}`),
		"the CA was not reached": answering(400, `{"code":-129,"description":"Connection error while applying certificate."}`),
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.on("POST /api/ssl/v1/enroll", answer)
			s.on("POST /api/ssl/v1/renewById/5", answer)
			b := s.client(t)
			e := wantKind(t, errorOf(b.Order(t.Context(), spec(t, quick, "a.example.com"))), backend.KindUncertain)
			if !strings.HasPrefix(e.Ref.Key, "certty:") {
				t.Errorf("the error does not name the reference: %v", e)
			}
			wantKind(t, errorOf(b.Renew(t.Context(), row(5), model.RenewSpec{})), backend.KindUncertain)
			if got := s.requests(); len(got) != 2 {
				t.Errorf("called %v, want each once", got)
			}
		})
	}
}

// TestChangeThatDidNotLeaveIsNoDoubt may be repeated.
func TestChangeThatDidNotLeaveIsNoDoubt(t *testing.T) {
	s := serve(t)
	b := s.client(t, func(o *Options) { o.RootCAs = x509.NewCertPool() })
	e := wantKind(t, errorOf(b.Order(t.Context(), spec(t, quick, "a.example.com"))), backend.KindNetwork)
	if !strings.Contains(e.Message, "not trusted") {
		t.Errorf("%v", e)
	}
	gone := serve(t)
	b = gone.client(t)
	gone.Close()
	wantKind(t, errorOf(b.Order(t.Context(), spec(t, quick, "a.example.com"))), backend.KindNetwork)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := errorOf(b.Order(ctx, spec(t, quick, "a.example.com"))); !errors.Is(err, context.Canceled) || backend.KindOf(err) != backend.KindNetwork {
		t.Errorf("with a context that is over: %v", err)
	}
}

func TestOrderIsCheckedHere(t *testing.T) {
	s := serve(t)
	b := s.client(t)
	for name, change := range map[string]func(*model.OrderSpec){
		"no CSR":                          func(o *model.OrderSpec) { o.CSR = nil },
		"no organization":                 func(o *model.OrderSpec) { o.OrganizationID = 0 },
		"no profile":                      func(o *model.OrderSpec) { o.ProfileID = 0 },
		"no term":                         func(o *model.OrderSpec) { o.Term = 0 },
		"comments one too long":           func(o *model.OrderSpec) { o.Description = strings.Repeat("x", 1024-len(o.Reference)) },
		"an emoji at the limit":           func(o *model.OrderSpec) { o.Description = strings.Repeat("x", 1023-len(o.Reference)-1) + "😀" },
		"a requester too long":            func(o *model.OrderSpec) { o.ExternalRequester = strings.Repeat("x", 513) },
		"two names in one":                func(o *model.OrderSpec) { o.SANs = []string{"a.example,b.example"} },
		"a mail to nobody":                func(o *model.OrderSpec) { o.DCV.Mode = model.DCVEmail },
		"a custom value that is too long": func(o *model.OrderSpec) { o.CustomFields[0].Value = strings.Repeat("x", 257) },
	} {
		o := spec(t, quick, "a.example.com")
		change(&o)
		if err := errorOf(b.Order(t.Context(), o)); backend.KindOf(err) != backend.KindInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.requests()) != 0 {
		t.Errorf("called %v", s.requests())
	}
	// At the limit it is sent.
	a := open(t)
	o := spec(t, quick, "a.example.com")
	o.Description = strings.Repeat("x", 1024-len(o.Reference)-1-2) + "😀"
	if _, err := a.Order(t.Context(), o); err != nil {
		t.Errorf("comments of just 1024: %v", err)
	}
}

// TestOrderThatValidatesItsNames: an account without validation beforehand wants
// to be told how.
func TestOrderThatValidatesItsNames(t *testing.T) {
	a := open(t)
	o := spec(t, perOrder, "a.example.com")
	e := wantKind(t, errorOf(a.Order(t.Context(), o)), backend.KindInvalid)
	if e.Code != "-1001" || !strings.Contains(backend.AdviceFor(e).Next, "Domain validation") {
		t.Errorf("without a way: %v, %+v", e, backend.AdviceFor(e))
	}
	for _, mode := range model.DCVModes() {
		o := spec(t, perOrder, "a.example.com")
		o.DCV = model.OrderDCV{Mode: mode}
		if mode == model.DCVEmail {
			o.DCV.Email = "admin@example.com"
		}
		change, err := a.Order(t.Context(), o)
		if err != nil {
			t.Errorf("%s: %v", mode, err)
			continue
		}
		a.advance(time.Minute)
		v, err := a.Validation(t.Context(), change.Page.Items[0].Ref)
		if err != nil || len(v.Domains) != 1 || v.Domains[0].Method != string(mode) {
			t.Errorf("%s: %+v, %v", mode, v, err)
		}
	}
}

// TestSuccessorThatValidatesItsNames: a renewal and a replacement tell it as an
// order does, and nothing where nobody chose a way.
func TestSuccessorThatValidatesItsNames(t *testing.T) {
	c := &capture{}
	a := open(t, func(o *Options) { o.Wrap = func(next http.RoundTripper) http.RoundTripper { c.next = next; return c } })
	ref := a.issued(t, quick, "a.example.com")
	body := func(verb string) string {
		c.mu.Lock()
		defer c.mu.Unlock()
		for _, s := range slices.Backward(c.all) {
			if strings.Contains(s.url.Path, verb) {
				return string(s.body)
			}
		}
		return ""
	}
	byMail := model.OrderDCV{Mode: model.DCVEmail, Email: "admin@example.com"}
	const want = `"dcvMode":"EMAIL","dcvEmail":"admin@example.com"`
	renew := func(d model.OrderDCV) (string, error) {
		_, err := a.Renew(t.Context(), ref, model.RenewSpec{DCV: d})
		return body("renewById"), err
	}
	replace := func(d model.OrderDCV) (string, error) {
		_, err := a.Replace(t.Context(), ref, model.ReplaceSpec{CSR: newCSR(t, "a.example.com"), CommonName: "a.example.com", Reason: "x", DCV: d})
		return body("replace"), err
	}
	if sent, err := renew(model.OrderDCV{}); err != nil || strings.Contains(sent, "dcv") {
		t.Errorf("without a way %s was sent, %v", sent, err)
	}
	// The replacement comes last: until it is there, nothing else is done.
	for _, send := range []func(model.OrderDCV) (string, error){renew, replace} {
		sent := len(c.all)
		if _, err := send(model.OrderDCV{Mode: model.DCVEmail}); backend.KindOf(err) != backend.KindInvalid || len(c.all) != sent {
			t.Errorf("by e-mail to nobody: %v", err)
		}
		if sent, err := send(byMail); err != nil || !strings.Contains(sent, want) {
			t.Errorf("%s was sent, %v", sent, err)
		}
	}
}

// TestSecretsShowNowhere walks every way of failing with a password, a client
// secret and a token that the service repeats in its answers.
func TestSecretsShowNowhere(t *testing.T) {
	const clientSecret, token = "s3cret-of-the-client", "t0ken-of-the-session"
	echo := func(status int, kind string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Retry-After", r.Header.Get("Password"))
			w.WriteHeader(status)
			all := fmt.Sprintf("%v %s", r.Header, body)
			if kind == "application/json" {
				_, _ = fmt.Fprintf(w, `{"code":-1,"description":%q,"error":"invalid_client","error_description":%q}`, all, all)
				return
			}
			_, _ = fmt.Fprintf(w, "<html><title>%s</title>", all)
		}
	}
	var logged bytes.Buffer
	handler := slog.New(slog.NewTextHandler(&locked{w: &logged}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var said strings.Builder
	for _, status := range []int{200, 204, 302, 400, 401, 403, 404, 429, 500, 502} {
		for _, kind := range []string{"application/json", "text/html"} {
			s := serve(t)
			s.on("/", echo(status, kind))
			s.on("POST /token", answering(200, `{"access_token":"`+token+`","expires_in":300}`))
			s.on("POST /refused", echo(max(status, 400), kind))
			for _, change := range []func(*Options){
				func(*Options) {},
				func(o *Options) {
					o.Credential = Credential{Kind: CredentialClient, ClientID: "me", TokenURL: s.URL + "/token", Secret: giving(clientSecret)}
				},
				func(o *Options) {
					o.Credential = Credential{Kind: CredentialClient, ClientID: "me", TokenURL: s.URL + "/refused", Secret: giving(clientSecret)}
				},
			} {
				b := s.client(t, change, func(o *Options) { o.Log = handler })
				for _, err := range everyCall(t, b) {
					fmt.Fprintf(&said, "%v %+v %#v\n", err, err, err)
					if e, ok := errors.AsType[*backend.Error](err); ok {
						fmt.Fprintf(&said, "%+v %v\n", backend.AdviceFor(e), e.Err)
					}
				}
				fmt.Fprintf(&said, "%v %+v\n", b.Info(), b.Capabilities())
			}
		}
	}
	for where, text := range map[string]string{"an error": said.String(), "the log": logged.String()} {
		for _, canary := range []string{password, "Pa55-word", clientSecret, token} {
			if at := strings.Index(text, canary); at >= 0 {
				t.Errorf("%s shows a secret: …%s…", where, text[max(0, at-200):min(len(text), at+100)])
			}
		}
	}
	if !strings.Contains(logged.String(), "called SCM") || !strings.Contains(said.String(), hidden) {
		t.Error("nothing was logged or blotted out: the test proves nothing")
	}
}

// everyCall makes every call there is and gives the errors.
func everyCall(t *testing.T, b *Backend) []error {
	t.Helper()
	ctx, ref := t.Context(), row(7)
	ref.Revision = "a1"
	_, sweepErr := func() (int, error) {
		var last error
		for _, err := range b.Sweep(ctx) {
			last = err
		}
		return 0, last
	}()
	errs := []error{
		sweepErr,
		errorOf(b.Read(ctx, ref)), errorOf(b.Collect(ctx, ref)), errorOf(b.Account(ctx, nil)), errorOf(b.Validation(ctx, ref)),
		errorOf(b.DomainValidation(ctx, "a.example")), errorOf(b.Recheck(ctx, ref)), errorOf(b.RecheckDomain(ctx, "a.example")),
		errorOf(b.Order(ctx, spec(t, quick, "a.example.com"))), errorOf(b.Renew(ctx, ref, model.RenewSpec{})),
		errorOf(b.Replace(ctx, ref, model.ReplaceSpec{CSR: []byte{1}, Reason: "x"})),
		errorOf(b.Revoke(ctx, ref, model.Revocation{Message: "x"})), errorOf(b.Approve(ctx, ref, "x")), errorOf(b.Decline(ctx, ref, "x")),
		errorOf(b.Cancel(ctx, ref)), errorOf(b.FindOrders(ctx, model.OrderTrace{Reference: "r", CommonName: "a"})), errorOf(b.FindRenewal(ctx, ref)),
	}
	for _, f := range b.Probe(ctx) {
		errs = append(errs, errors.New(f.Text+f.Fix), f.Err)
	}
	return errs
}

// TestReadOnlyTransport lets through what reads, and nothing else.
func TestReadOnlyTransport(t *testing.T) {
	a := open(t, func(o *Options) {
		o.Wrap = func(next http.RoundTripper) http.RoundTripper { return guard.ReadOnlyTransport(next, OnlyReads) }
	})
	if _, err := a.server.Add(scmEntry("a.example.com")); err != nil {
		t.Fatal(err)
	}
	if s := a.snapshot(t); s.Len() != 1 || s.Items()[0].RequestReadAt.IsZero() {
		t.Errorf("the report does not pass: %+v", s.Items())
	}
	if _, err := a.DomainValidation(t.Context(), "example.com"); err != nil {
		t.Errorf("the status of a domain does not pass: %v", err)
	}
	before := a.calls("")
	for name, err := range map[string]error{
		"order":          errorOf(a.Order(t.Context(), spec(t, quick, "a.example.com"))),
		"approve":        errorOf(a.Approve(t.Context(), row(1001), "x")),
		"recheck":        errorOf(a.Recheck(t.Context(), row(1001))),
		"recheck domain": errorOf(a.RecheckDomain(t.Context(), "example.com")),
	} {
		if backend.KindOf(err) != backend.KindReadOnly {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a.calls("") != before {
		t.Error("a change reached the service")
	}
	_, _, err := a.get(t.Context(), opRead, "ssl/v1/keystore/1001/p12", nil)
	if backend.KindOf(err) != backend.KindReadOnly || a.calls("") != before {
		t.Errorf("the way to a private key: %v", err)
	}
}

// TestReadOnlyBackend offers and sends no change.
func TestReadOnlyBackend(t *testing.T) {
	s := serve(t)
	b := s.client(t, func(o *Options) { o.ReadOnly = true })
	c := b.Capabilities()
	if c.Order != nil || c.OrderWhy == "" || c.Sweep == nil || c.Collect == nil {
		t.Errorf("%+v", c)
	}
	ref := row(7)
	ref.Revision = "a1"
	for name, err := range map[string]error{
		"order": errorOf(b.Order(t.Context(), spec(t, quick, "a.example.com"))), "renew": errorOf(b.Renew(t.Context(), ref, model.RenewSpec{})),
		"cancel": errorOf(b.Cancel(t.Context(), ref)), "revoke": errorOf(b.Revoke(t.Context(), ref, model.Revocation{Message: "x"})),
		"approve": errorOf(b.Approve(t.Context(), ref, "x")), "recheck": errorOf(b.Recheck(t.Context(), ref)),
		"replace": errorOf(b.Replace(t.Context(), ref, model.ReplaceSpec{CSR: []byte{1}, Reason: "x"})),
	} {
		if backend.KindOf(err) != backend.KindReadOnly {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(s.requests()) != 0 {
		t.Errorf("called %v", s.requests())
	}
}

func TestEndlessAnswer(t *testing.T) {
	s := serve(t)
	s.on("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		chunk := bytes.Repeat([]byte(" "), 1<<20)
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	e := wantKind(t, errorOf(s.client(t).Read(t.Context(), row(1))), backend.KindOther)
	if !strings.Contains(e.Message, "64 MB") {
		t.Error(e)
	}
}

func TestThrottled(t *testing.T) {
	s := serve(t)
	s.on("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "17")
		writeJSON(w, 429, `{"code":-14,"description":"Unknown error."}`)
	})
	e := wantKind(t, errorOf(s.client(t).Read(t.Context(), row(1))), backend.KindThrottled)
	if e.RetryAfter != 17*time.Second || len(s.requests()) != 1 {
		t.Errorf("%v after %d calls", e.RetryAfter, len(s.requests()))
	}
}
