package vault

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"certty/backend"
)

const deviceCode = `{"user_code":"ABCD\u001b[2J","device_code":"the-device","verification_uri":"https://login.example/device","expires_in":%d,"interval":1,
	"message":"Open https://login.example/device\r\nand enter ABCD."}`

// pendingSignIn is the authority's answer while nobody has signed in
// (RFC 8628 §3.5).
func pendingSignIn(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, 400, `{"error":"authorization_pending","error_description":"AADSTS70016: pending"}`)
}

// signedIn is its answer once somebody has.
func signedIn(w http.ResponseWriter, _ *http.Request) {
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	id := part(`{"alg":"none"}`) + "." + part(`{"aud":"app","iss":"x","tid":"`+tenant+`","oid":"o","preferred_username":"ada"}`) + "."
	writeJSON(w, 200, `{"token_type":"Bearer","expires_in":3600,"access_token":"`+bearer+`","refresh_token":"`+secret+`","id_token":"`+id+`",
		"scope":"https://vault.azure.net/.default","client_info":"`+part(`{"uid":"u","utid":"`+tenant+`"}`)+`"}`)
}

// shown is what a prompt was given.
type shown struct{ message, url, code string }

// prompting is a vault whose person is played by prompt.
func (s *service) prompting(t *testing.T, prompt func(ctx context.Context, message, url, code string) error) *Vault {
	t.Helper()
	s.deviceCode = fmt.Sprintf(deviceCode, 900)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	return s.vault(t, func(o *Options) {
		o.Credential = Credential{Kind: CredentialDeviceCode, TenantID: tenant, Authority: s.URL, Prompt: prompt}
	})
}

func TestDeviceCode(t *testing.T) {
	s := newService(t)
	var answer sync.Mutex
	next := http.HandlerFunc(pendingSignIn)
	s.token = func(w http.ResponseWriter, r *http.Request) {
		answer.Lock()
		defer answer.Unlock()
		next(w, r)
	}
	prompts := make(chan shown, 10)
	ended := make(chan struct{})
	v := s.prompting(t, func(ctx context.Context, message, url, code string) error {
		prompts <- shown{message, url, code}
		answer.Lock()
		next = signedIn
		answer.Unlock()
		<-ctx.Done() // the prompt stands until the sign-in is over
		close(ended)
		return nil
	})
	// Many calls share the sign-in.
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if _, err := v.Read(t.Context(), webRequest()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	<-ended
	want := shown{"Open https://login.example/device and enter ABCD.", "https://login.example/device", `ABCD\x1b[2J`}
	if got := <-prompts; got != want {
		t.Errorf("shown %+v, want %+v", got, want)
	}
	if len(prompts) != 0 {
		t.Errorf("%d more codes were shown", len(prompts))
	}
}

// TestDeviceCodeOutlivesTheCall has a call give up before the person is done:
// the next one joins the sign-in.
func TestDeviceCodeOutlivesTheCall(t *testing.T) {
	s := newService(t)
	release := make(chan struct{})
	s.token = func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
			signedIn(w, r)
		default:
			pendingSignIn(w, r)
		}
	}
	prompts := make(chan struct{}, 10)
	v := s.prompting(t, func(context.Context, string, string, string) error {
		prompts <- struct{}{}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-prompts
		cancel()
	}()
	_, err := v.Read(ctx, webRequest())
	if fails(t, err, backend.KindNetwork); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want the context's end", err)
	}
	close(release)
	if _, err := v.Read(t.Context(), webRequest()); err != nil {
		t.Fatal(err)
	}
	if len(prompts) != 0 {
		t.Errorf("another code was shown")
	}
}

func TestDeviceCodeFails(t *testing.T) {
	for name, tc := range map[string]struct {
		token   http.HandlerFunc
		expires int
		prompt  error
		kind    backend.ErrorKind
		message string
	}{
		"given up":           {pendingSignIn, 900, errors.New("escape was pressed"), backend.KindAuth, "given up: escape was pressed"},
		"expired":            {pendingSignIn, 0, nil, backend.KindAuth, "shows another one"},
		"declined":           {answering(400, `{"error":"authorization_declined","error_description":"AADSTS70017: declined"}`), 900, nil, backend.KindAuth, "answered 400: authorization_declined AADSTS70017: declined"},
		"no code of Entra's": {answering(400, `{"error":"access_denied"}`), 900, nil, backend.KindAuth, "answered 400: access_denied"},
		"not reached":        {drop, 900, nil, backend.KindNetwork, "authority was not reached"},
		"broken there":       {answering(503, ""), 900, nil, backend.KindUnavailable, "answered 503"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.token = tc.token
			v := s.prompting(t, func(context.Context, string, string, string) error { return tc.prompt })
			s.deviceCode = fmt.Sprintf(deviceCode, tc.expires)
			_, err := v.Read(t.Context(), webRequest())
			e := fails(t, err, tc.kind)
			if !strings.Contains(e.Message, tc.message) {
				t.Errorf("message %q, want %q", e.Message, tc.message)
			}
			if tc.kind == backend.KindAuth && e.Advice != adviceDeviceCode {
				t.Errorf("the advice is %+v", e.Advice)
			}
		})
	}
}

func TestDeviceCodeIsNotWaitedForForever(t *testing.T) {
	s := newService(t)
	s.token = pendingSignIn
	stop := errors.New("the test is over")
	over := make(chan struct{})
	v := s.prompting(t, func(context.Context, string, string, string) error {
		<-over
		return stop
	})
	defer close(over)
	inner, _, err := v.credential.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	inner.(*signIn).patience = time.Millisecond
	_, err = v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindSignIn); !strings.Contains(e.Message, "waiting for the sign-in") {
		t.Errorf("message %q", e.Message)
	}
}

// TestFailureThatNobodyWaitedFor: the next call is told, so that a console that
// nobody watches does not show one code after another.
func TestFailureThatNobodyWaitedFor(t *testing.T) {
	s := newService(t)
	s.token = pendingSignIn
	over, prompts := make(chan struct{}), make(chan shown, 10)
	v := s.prompting(t, func(_ context.Context, message, url, code string) error {
		prompts <- shown{message, url, code}
		<-over
		return errors.New("escape was pressed")
	})
	inner, _, err := v.credential.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	in := inner.(*signIn)
	in.patience = time.Millisecond
	_, err = v.Read(t.Context(), webRequest())
	fails(t, err, backend.KindSignIn)
	in.mu.Lock()
	flight := in.current
	in.mu.Unlock()
	close(over)
	<-flight.done
	_, err = v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); !strings.Contains(e.Message, "escape was pressed") {
		t.Errorf("message %q", e.Message)
	}
	if len(prompts) != 1 {
		t.Errorf("%d codes were shown", len(prompts))
	}
}

// TestCallsJoinASignIn must not ask for a code each: all but one of them would
// be for nothing.
func TestCallsJoinASignIn(t *testing.T) {
	over := make(chan struct{})
	s := &signIn{inner: tokenFunc(func() error { <-over; return errors.New("no") }), patience: time.Hour}
	first := s.join(t.Context(), policy.TokenRequestOptions{})
	if s.join(t.Context(), policy.TokenRequestOptions{}) != first {
		t.Error("a second call began a sign-in of its own")
	}
	close(over)
	<-first.done
	if s.join(t.Context(), policy.TokenRequestOptions{}) == first {
		t.Error("a call joined a sign-in that had failed")
	}
}

// TestSignInWithoutItsCaller: a call that is given up goes without a token, and says
// that it was given up.
func TestSignInWithoutItsCaller(t *testing.T) {
	over := make(chan struct{})
	defer close(over)
	s := &signIn{inner: tokenFunc(func() error { <-over; return nil }), patience: time.Hour}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if token, err := s.GetToken(ctx, policy.TokenRequestOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("token %q, error %v", token.Token, err)
	}
}

type tokenFunc func() error

func (f tokenFunc) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{}, f()
}
