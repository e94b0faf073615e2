package vaultserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"
)

// resource is what tokens are for: the audience of every Key Vault.
const resource = "https://vault.azure.net"

// tokenLifetime is the life of a token that was asked for; Entra gives about
// an hour.
const tokenLifetime = time.Hour

// tokenHeader is the JOSE header of the sandbox's tokens (RFC 7515, RFC 7519).
var tokenHeader = base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"HS256"}`))

// claims are the claims of an access token that Entra and Key Vault use.
type claims struct {
	Audience  string `json:"aud"`
	Issuer    string `json:"iss"`
	IssuedAt  int64  `json:"iat"`
	NotBefore int64  `json:"nbf"`
	Expires   int64  `json:"exp"`
	AppID     string `json:"appid"`
	ObjectID  string `json:"oid"`
	TenantID  string `json:"tid"`
	Version   string `json:"ver"`
}

// tokenIssuer is the issuer that Entra's version 1 tokens name.
func tokenIssuer(tenant string) string { return "https://sts.windows.net/" + tenant + "/" }

// Token makes an access token for the vault that lives for lifetime, without
// asking for the client's secret: it is for whoever runs the sandbox.
func (s *Server) Token(lifetime time.Duration) string {
	now := s.tokenNow()
	return s.identity.sign(claims{
		Audience: resource, Issuer: tokenIssuer(s.identity.TenantID),
		IssuedAt: now.Unix(), NotBefore: now.Add(-5 * time.Minute).Unix(), Expires: now.Add(lifetime).Unix(),
		AppID: s.identity.ClientID, ObjectID: s.identity.ClientID, TenantID: s.identity.TenantID, Version: "1.0",
	})
}

func (id *Identity) sign(c claims) string {
	payload, _ := json.Marshal(c) // strings and numbers always encode
	signed := tokenHeader + "." + base64.RawURLEncoding.EncodeToString(payload)
	return signed + "." + id.mac(signed)
}

func (id *Identity) mac(signed string) string {
	h := hmac.New(sha256.New, id.TokenKey)
	h.Write([]byte(signed))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// Authorize checks the bearer token of a request as the vault's operations do,
// for paths that are none of the vault's.
func (s *Server) Authorize(r *http.Request) error {
	if f := s.authorize(r); f != nil {
		return f
	}
	return nil
}

// authorize checks the bearer token of a request (RFC 6750 §2.1). The messages
// are Key Vault's.
func (s *Server) authorize(r *http.Request) *failure {
	unauthorized := func(message string) *failure {
		return &failure{status: http.StatusUnauthorized, code: "Unauthorized", message: message}
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return unauthorized("AKV10000: Request is missing a Bearer or PoP token.")
	}
	c, ok := s.tokens.verify(&s.identity, token)
	switch {
	case !ok:
		return unauthorized("AKV10046: Unable to resolve the key used for signature validation.")
	case c.Expires <= s.tokenNow().Unix():
		return tokenExpired()
	case c.Audience != resource:
		return unauthorized("AKV10022: Invalid audience. Expected " + resource + ", found: " + c.Audience + ".")
	case c.Issuer != tokenIssuer(s.identity.TenantID):
		return unauthorized("AKV10032: Invalid issuer. Expected one of " + tokenIssuer(s.identity.TenantID) + ", found " + c.Issuer + ".")
	}
	return nil
}

func tokenExpired() *failure {
	return &failure{status: http.StatusUnauthorized, code: "Unauthorized", message: "[TokenExpired] Error validating token: 'S2S12086'."}
}

// verified remembers the token that was verified last: a client sends the same
// one with each of a thousand requests. Nothing is said here of its time.
type verified struct {
	mu     sync.Mutex
	token  string
	claims claims
}

// verify is the identity's, done once for each token in a row.
func (v *verified) verify(id *Identity, token string) (claims, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if token == v.token {
		return v.claims, true
	}
	c, ok := id.verify(token)
	if ok {
		v.token, v.claims = token, c
	}
	return c, ok
}

// verify checks a token's signature and reads its claims. The algorithm is
// fixed: what the token says of it is part of what is signed.
func (id *Identity) verify(token string) (claims, bool) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 || !hmac.Equal([]byte(token[dot+1:]), []byte(id.mac(token[:dot]))) {
		return claims{}, false
	}
	header, payload, _ := strings.Cut(token[:dot], ".")
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || header != tokenHeader {
		return claims{}, false
	}
	var c claims
	if err := json.Unmarshal(data, &c); err != nil {
		return claims{}, false
	}
	return c, true
}

// challenge is the WWW-Authenticate header of a 401, in the recorded form:
// comma and space between the parameters, authority with the tenant as path.
func (s *Server) challenge(base string) string {
	return `Bearer authorization="` + base + "/" + s.identity.TenantID + `", resource="` + resource + `"`
}
