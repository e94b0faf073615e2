package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"certty/backend"
	"certty/backend/wire"
)

// credentialError says why there is no token.
type credentialError struct {
	kind       backend.ErrorKind
	message    string
	retryAfter time.Duration
	advice     *backend.Advice // nil leaves it to the kind
	err        error           // the context's end, or nil
}

func (e *credentialError) Error() string { return "no token: " + e.message }
func (e *credentialError) Unwrap() error { return e.err }

// unreached says why the authority did not answer.
func (e *credentialError) unreached(err error) {
	e.kind, e.message, e.advice = backend.KindNetwork, "the authority was not reached: "+reason(err), wire.ProxyAdvice(err)
}

// NonRetriable tells the library not to try again.
func (e *credentialError) NonRetriable() {}

// refused explains a failure of azidentity, whose own text is a page long and
// quotes whole answers.
func (c *credential) refused(ctx context.Context, err error, way seen, hidden []string, want policy.TokenRequestOptions) error {
	out := &credentialError{kind: backend.KindAuth, err: wire.EndOfContext(err)}
	var failed *azidentity.AuthenticationFailedError
	var ours *credentialError
	var here *backend.Error
	switch {
	case errors.As(err, &ours):
		out = ours
	case errors.As(way.err, &here):
		out.kind, out.message = here.Kind, here.Message
	case ctx.Err() != nil:
		out.kind, out.err, out.message = backend.KindNetwork, ctx.Err(), ctx.Err().Error()
	case errors.As(err, &failed) && failed.RawResponse != nil:
		out.fromAuthority(failed.RawResponse)
	case failed == nil && strings.HasPrefix(err.Error(), "DefaultAzureCredential: failed to acquire a token"):
		// The way is that of the last of many attempts, which failed last only.
		out.kind, out.message = backend.KindLocal, err.Error()
	case way.err != nil:
		out.unreached(way.err)
	case strings.Contains(err.Error(), "isn't configured to acquire tokens for tenant"):
		out.message = fmt.Sprintf("wrong tenant: the vault belongs to tenant %s, the credential is set to %s", want.TenantID, c.set.TenantID)
	case way.status == 0 && !strings.Contains(err.Error(), "AADSTS"):
		// Nobody was asked who could have refused; the az command passes on what
		// Entra told it.
		out.kind, out.message = backend.KindLocal, err.Error()
	default:
		out.message = err.Error()
	}
	for _, secret := range hidden {
		if secret != "" {
			out.message = strings.ReplaceAll(out.message, secret, "***")
		}
	}
	out.message = wire.Brief(out.message)
	return out
}

// deviceRefusals end a sign-in with a code: those of RFC 8628 §3.5, and what
// Microsoft Entra ID says in place of access_denied ("OAuth 2.0 device
// authorization grant", Expected errors).
var deviceRefusals = []string{"access_denied", "expired_token", "authorization_declined", "bad_verification_code"}

// fromAuthority reads an OAuth error (RFC 6749 §5.2). Entra's description
// begins with a code, AADSTS and a number, and goes on with ids and a time
// stamp on lines of their own.
func (e *credentialError) fromAuthority(resp *http.Response) {
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		e.kind = backend.KindThrottled
		e.retryAfter = retryAfter(resp.Header, time.Now())
	case resp.StatusCode >= 500:
		e.kind = backend.KindUnavailable
	}
	e.message = fmt.Sprintf("the authority answered %d", resp.StatusCode)
	body, err := runtime.Payload(resp)
	if err != nil {
		return
	}
	var refusal struct {
		Error       json.RawMessage `json:"error"`
		Description json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(body, &refusal) != nil {
		return
	}
	code := jsonText(refusal.Error)
	if slices.Contains(deviceRefusals, code) {
		e.advice = adviceDeviceCode
	}
	description, _, _ := strings.Cut(jsonText(refusal.Description), "\n")
	if why := strings.TrimSpace(code + " " + description); why != "" {
		e.message += ": " + why
	}
}
