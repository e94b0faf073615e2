package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
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
	e.kind, e.message, e.advice = wire.Unreached(err), "the authority was not reached: "+reason(err), wire.ProxyAdvice(err)
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
		out.fromWay(c.set.Kind, failed)
	case failed == nil && strings.HasPrefix(err.Error(), "DefaultAzureCredential: failed to acquire a token"):
		// The way is that of the last of many attempts, which failed last only.
		out.kind, out.message = backend.KindLocal, err.Error()
	case way.err != nil:
		out.unreached(way.err)
	case strings.Contains(err.Error(), "isn't configured to acquire tokens for tenant"):
		out.message = fmt.Sprintf("wrong tenant: the vault belongs to tenant %s, the credential is set to %s", want.TenantID, c.set.TenantID)
		out.advice = adviceTenant
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
	out.adviseBy(c.set.Kind)
	return out
}

// Words of the library by which its ways to sign in are told apart.
const (
	identity  = "ManagedIdentityCredential"
	noProgram = "executable not found on path"
)

// failedWays finds the ways to sign in that were refused. Of the default chain's,
// the last one ended it.
var failedWays = regexp.MustCompile(`(\w+Credential) authentication failed`)

// fromWay says which way of the default chain failed, and that a machine's own
// identity service is no authority.
func (e *credentialError) fromWay(kind CredentialKind, failed error) {
	ways := failedWays.FindAllStringSubmatch(failed.Error(), -1)
	if len(ways) == 0 {
		return
	}
	switch way := ways[len(ways)-1][1]; {
	case way == identity:
		e.advice = adviceIdentity
		e.message = strings.Replace(e.message, "the authority", "this machine's identity service", 1)
	case kind == CredentialDefault || kind == "":
		e.message = way + ": " + e.message
	}
}

// adviseBy finds the advice that goes by the way to sign in, where there is none
// yet.
func (e *credentialError) adviseBy(kind CredentialKind) {
	switch {
	case e.advice != nil || e.kind == backend.KindThrottled || e.kind == backend.KindUnavailable:
	case kind == CredentialManagedIdentity && e.err == nil:
		e.advice = adviceIdentity
	case kind != CredentialAzureCLI || e.kind != backend.KindLocal:
	case strings.Contains(e.message, noProgram):
		e.message, e.advice = "the program az is not on the PATH", adviceNoCLI
	case strings.Contains(e.message, "az login"):
		e.advice = adviceCLI
	}
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
