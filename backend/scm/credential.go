package scm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"certty/backend"
	"certty/backend/text"
	"certty/backend/wire"
)

// CredentialKind says how an account is signed in at.
type CredentialKind string

// The ways of signing in.
const (
	// CredentialPassword sends login and password with every call.
	CredentialPassword CredentialKind = "password"
	// CredentialClient asks for a token with the id and secret of an API key
	// (OAuth 2.0 client credentials, RFC 6749 §4.4).
	CredentialClient CredentialKind = "client-credentials"
)

// DefaultTokenURL is where tokens come from unless an account has another place
// (SCM OpenAPI, securitySchemes).
const DefaultTokenURL = "https://auth.sso.sectigo.com/auth/realms/apiclients/protocol/openid-connect/token" //nolint:gosec // an address and no credential

// Credential is what an account is signed in at with. Secrets come by
// reference: the function that gives them is called when they are needed.
type Credential struct {
	Kind CredentialKind
	// Login is an administrator's, for CredentialPassword.
	Login string
	// ClientID is the API key's, for CredentialClient.
	ClientID string
	// TokenURL is where tokens come from; "" is [DefaultTokenURL].
	TokenURL string
	// Secret gives the password or the client secret. An error of it is
	// backend.KindLocal: nothing was sent.
	Secret func(context.Context) (string, error)
}

// credential signs calls in.
type credential interface {
	// sign puts what proves who calls into the headers of a call, which changes
	// something or only reads.
	sign(ctx context.Context, h http.Header, changes bool) (proof, error)
	// renew is told that the service did not accept what sign used, and reports
	// whether signing again may help.
	renew(proof) bool
}

// proof is what a call was signed with.
type proof struct {
	// secrets are blotted out of whatever the service answers.
	secrets []string
	// fresh is true where it was fetched for this call.
	fresh bool
}

func newCredential(o Options, client *http.Client, now func() time.Time) (credential, error) {
	c := o.Credential
	if c.Secret == nil {
		return nil, errors.New("it has no password or secret")
	}
	if o.CustomerURI != "" && !visibleASCII(o.CustomerURI) {
		return nil, errors.New("its customer URI must be plain ASCII without blanks at its ends")
	}
	switch c.Kind {
	case CredentialPassword:
		if o.CustomerURI == "" {
			return nil, errors.New("it needs the customer URI: the last part of the address people sign in at, https://cert-manager.com/customer/URI")
		}
		if !visibleASCII(c.Login) {
			return nil, errors.New("its login must be plain ASCII and not empty")
		}
		return &passwordCredential{customerURI: o.CustomerURI, login: c.Login, secret: c.Secret}, nil
	case CredentialClient:
		if c.ClientID == "" {
			return nil, errors.New("it needs a client id")
		}
		raw := c.TokenURL
		if raw == "" {
			raw = DefaultTokenURL
		}
		u, err := url.Parse(raw)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			return nil, fmt.Errorf("its token URL %q must be one with https://", text.Clean(raw))
		}
		return &clientCredential{
			customerURI: o.CustomerURI, id: c.ClientID, secret: c.Secret, url: raw,
			client: client, now: now, turn: make(chan struct{}, 1),
		}, nil
	default:
		return nil, fmt.Errorf("its way of signing in, %q, is not known", c.Kind)
	}
}

// passwordCredential sends the password with every call (SCM REST API,
// "Authentication").
type passwordCredential struct {
	customerURI, login string
	secret             func(context.Context) (string, error)
}

func (p *passwordCredential) sign(ctx context.Context, h http.Header, _ bool) (proof, error) {
	password, err := readSecret(ctx, "password", p.secret)
	if err != nil {
		return proof{}, err
	}
	h.Set("customerUri", p.customerURI)
	h.Set("login", p.login)
	h.Set("password", password)
	return proof{secrets: []string{password}}, nil
}

// renew never helps: a second try with the same password could lock the
// account.
func (p *passwordCredential) renew(proof) bool { return false }

// readSecret asks for a secret and refuses what can't stand in a header: the
// library's own error would come too late to name the trouble.
func readSecret(ctx context.Context, what string, source func(context.Context) (string, error)) (string, error) {
	local := func(message string) error {
		return &backend.Error{Kind: backend.KindLocal, Message: message}
	}
	secret, err := source(ctx)
	switch {
	case err != nil:
		return "", &backend.Error{
			Kind: backend.KindLocal, Message: text.Flat("the " + what + " can't be read: " + err.Error()), Err: wire.EndOfContext(err),
		}
	case secret == "":
		return "", local("the " + what + " is empty")
	case strings.ContainsAny(secret, "\r\n"):
		return "", local("the " + what + " contains a line break; where it comes from a file or a command, end it without one")
	case strings.TrimSpace(secret) != secret:
		return "", local("the " + what + " begins or ends with a blank, which no header can carry")
	case !visibleASCII(secret):
		return "", local("the " + what + " contains characters other than printable ASCII, which no header can carry; set another one in SCM")
	}
	return secret, nil
}
