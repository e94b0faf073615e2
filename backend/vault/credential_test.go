package vault

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"certty/backend"
	"certty/model"
)

func TestChallenges(t *testing.T) {
	tests := map[string]struct{ challenge, message string }{
		"no header":              {"-", "AKV10000"},
		"no resource":            {`Bearer authorization="https://login.example/` + tenant + `"`, "resource"},
		"authority without path": {`Bearer authorization="https://login.example", resource="https://vault.azure.net"`, "challenge"},
		"authority is a word":    {`Bearer authorization="x", resource="https://vault.azure.net"`, "challenge"},
		"other scheme":           {`Basic realm="proxy"`, ""},
		"wrong tenant":           {`Bearer authorization="https://login.example/99999999-2222-3333-4444-555555555555", resource="https://vault.azure.net"`, "wrong tenant: the vault belongs to tenant 99999999-2222-3333-4444-555555555555"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.challenge = tc.challenge
			v := s.vault(t)
			_, err := v.Read(t.Context(), webRequest())
			e := fails(t, err, backend.KindAuth)
			if !strings.Contains(e.Message, tc.message) {
				t.Errorf("message %q, want %q in it", e.Message, tc.message)
			}
			if name == "wrong tenant" && e.Advice != adviceTenant {
				t.Errorf("the advice is %+v", e.Advice)
			}
			// A change was not made either, for want of a token.
			_, err = v.Create(t.Context(), model.CreateSpec{Name: "web"})
			fails(t, err, backend.KindAuth)
		})
	}
}

func TestTokenIsNotAccepted(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("WWW-Authenticate", `Bearer authorization="`+s.URL+"/"+tenant+`", resource="https://vault.azure.net"`)
		writeJSON(w, 401, kvError("Unauthorized", "AKV10032: Invalid issuer. Expected one of https://sts.windows.net/a/, found https://sts.windows.net/b/.", ""))
	})
	_, err := s.vault(t).Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindAuth); !strings.HasPrefix(e.Message, "wrong tenant") || e.Status != 401 {
		t.Errorf("error %+v", e)
	}
	if n := s.count("GET"); n != 1 {
		t.Errorf("a token that was refused was sent %d times", n)
	}
}

func TestAuthorityRefuses(t *testing.T) {
	const invalid = `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided: ` + secret + `.\r\nTrace ID: 1\r\nCorrelation ID: 2","error_codes":[7000215]}`
	tests := map[string]struct {
		status  int
		body    string
		kind    backend.ErrorKind
		message string
		wait    time.Duration
	}{
		"wrong secret": {401, invalid, backend.KindAuth, "AADSTS7000215: Invalid client secret provided: ***.", 0},
		"no tenant":    {400, `{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'x' not found."}`, backend.KindAuth, "AADSTS90002", 0},
		"page":         {400, "<title>x</title>", backend.KindAuth, "answered 400", 0},
		"down":         {503, "", backend.KindUnavailable, "answered 503", 0},
		"throttled":    {429, `{"error":"temporarily_unavailable"}`, backend.KindThrottled, "answered 429", 10 * time.Minute},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newService(t)
			s.token = func(w http.ResponseWriter, _ *http.Request) {
				if tc.wait != 0 {
					w.Header().Set("Retry-After", "600")
				}
				writeJSON(w, tc.status, tc.body)
			}
			_, err := s.vault(t).Read(t.Context(), webRequest())
			e := fails(t, err, tc.kind)
			if !strings.Contains(e.Message, tc.message) || strings.Contains(e.Message, "Trace ID") || len(e.Message) > 300 {
				t.Errorf("message %q, want %q in it", e.Message, tc.message)
			}
			if e.RetryAfter != tc.wait {
				t.Errorf("wait %v, want %v", e.RetryAfter, tc.wait)
			}
		})
	}
}

func TestAuthorityIsNotReached(t *testing.T) {
	s := newService(t)
	s.token = drop
	_, err := s.vault(t).Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindNetwork); !strings.Contains(e.Message, "authority was not reached") {
		t.Errorf("message %q", e.Message)
	}
}

// TestSecretIsReadWhenNeeded checks that making a backend asks for no secret,
// that one that can't be read is no latching matter of the network, and that a
// secret that was refused is read again.
func TestSecretIsReadWhenNeeded(t *testing.T) {
	s := newService(t)
	s.on("GET /certificates/web/pending", answering(200, operation(nil)))
	asked := 0
	v := s.vault(t, func(o *Options) {
		o.Credential.Secret = func(context.Context) (string, error) {
			if asked++; asked == 1 {
				return "", errors.New("the keyring is locked")
			}
			return secret, nil
		}
	})
	if asked != 0 {
		t.Error("New asked for the secret")
	}
	_, err := v.Read(t.Context(), webRequest())
	if e := fails(t, err, backend.KindLocal); !strings.Contains(e.Message, "the keyring is locked") {
		t.Errorf("message %q", e.Message)
	}
	for range 3 {
		if _, err := v.Read(t.Context(), webRequest()); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 2 || s.tokens != 1 {
		t.Errorf("the secret was asked for %d times and a token %d times, want 2 and 1", asked, s.tokens)
	}
}

func TestContextEndsWhileTokenIsAsked(t *testing.T) {
	s := newService(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.token = func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		neverAnswer(r)
	}
	_, err := s.vault(t).Create(ctx, model.CreateSpec{Name: "web"})
	fails(t, err, backend.KindNetwork)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not say that the context ended", err)
	}
}

// TestNobodyRefused: where no authority said no, the target must not be latched.
func TestNobodyRefused(t *testing.T) {
	chain := "DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:\n\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID"
	for _, tc := range []struct {
		name    string
		err     error
		way     seen
		kind    backend.ErrorKind
		message string
	}{
		{"az is not there", errors.New("AzureCLICredential: executable not found on path"), seen{}, backend.KindLocal, "the program az is not on the PATH"},
		{"az is not signed in", errors.New("AzureCLICredential: ERROR: Please run 'az login' to setup account"), seen{}, backend.KindLocal, "az login"},
		{"az passes a refusal on", errors.New("AzureCLICredential: ERROR: AADSTS50173: the grant was revoked"), seen{}, backend.KindAuth, "AADSTS50173"},
		{"nothing of the chain is there", errors.New(chain), seen{err: errors.New("dial tcp 169.254.169.254:80: refused")}, backend.KindLocal, "missing environment variable"},
		{"the CA file can't be read for the authority", errors.New("wrapped out of sight"), seen{err: &backend.Error{Kind: backend.KindLocal, Message: "read ca_file: gone"}}, backend.KindLocal, "ca_file"},
		{"the authority is not there", errors.New("wrapped out of sight"), seen{err: errors.New("dial tcp: refused")}, backend.KindNetwork, "authority was not reached"},
	} {
		c := &credential{}
		if strings.HasPrefix(tc.name, "az ") {
			c.set.Kind = CredentialAzureCLI
		}
		var got *credentialError
		if err := c.refused(t.Context(), tc.err, tc.way, nil, policy.TokenRequestOptions{}); !errors.As(err, &got) {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got.kind != tc.kind || !strings.Contains(got.message, tc.message) {
			t.Errorf("%s: %v %q", tc.name, got.kind, got.message)
		}
		if c.set.Kind == CredentialAzureCLI && got.kind == backend.KindLocal && got.advice == nil {
			t.Errorf("%s: nothing says what to do", tc.name)
		}
	}
}
