package vaultserver

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The part of Microsoft Entra that a client with a secret uses: discovery
// (OpenID Connect Discovery 1.0) and the token endpoint (RFC 6749 §4.4). Codes
// and wording of errors are Entra's (its "AADSTS" error codes).

const maxForm = 64 << 10

// The operations of the authority, for counting.
const (
	opDiscovery = "OpenIDConfiguration"
	opToken     = "Token"
)

// entraError is the JSON of an error (RFC 6749 §5.2 and Entra's additions).
type entraError struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri"`
}

// serveEntra answers a request for the authority; ok is false when the path is
// none of its.
func (s *Server) serveEntra(w http.ResponseWriter, r *http.Request, base string) (ok bool) {
	tenant, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch rest {
	case "v2.0/.well-known/openid-configuration", ".well-known/openid-configuration":
		if !allow(w, r, http.MethodGet) {
			return true
		}
		s.interfere(w, r, occasion{operation: opDiscovery, base: base}, func(w http.ResponseWriter) { s.serveDiscovery(w, r, tenant, base) })
	case "oauth2/v2.0/token":
		if !allow(w, r, http.MethodPost) {
			return true
		}
		s.interfere(w, r, occasion{operation: opToken, base: base}, func(w http.ResponseWriter) { s.serveToken(w, r, tenant) })
	default:
		return false
	}
	return true
}

func allow(w http.ResponseWriter, r *http.Request, method string) bool {
	if r.Method == method {
		return true
	}
	w.Header().Set("Allow", method)
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	return false
}

func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request, tenant, base string) {
	if !strings.EqualFold(tenant, s.identity.TenantID) {
		s.refuse(w, r, opDiscovery, http.StatusBadRequest, "invalid_tenant", 90002, unknownTenant(tenant))
		return
	}
	authority := base + "/" + s.identity.TenantID
	s.writeJSON(w, r, opDiscovery, http.StatusOK, map[string]any{
		"issuer":                                authority + "/v2.0",
		"authorization_endpoint":                authority + "/oauth2/v2.0/authorize",
		"token_endpoint":                        authority + "/oauth2/v2.0/token",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post"},
		"grant_types_supported":                 []string{"client_credentials"},
		"response_types_supported":              []string{"token"},
		"subject_types_supported":               []string{"pairwise"},
	})
}

func (s *Server) serveToken(w http.ResponseWriter, r *http.Request, tenant string) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.refuse(w, r, opToken, http.StatusBadRequest, "invalid_request", 900144, "The request body can't be read as a form.")
		return
	}
	if status, name, code, text := s.checkGrant(tenant, r.PostForm); status != 0 {
		s.refuse(w, r, opToken, status, name, code, text)
		return
	}
	seconds := int(tokenLifetime/time.Second) - 1
	s.writeJSON(w, r, opToken, http.StatusOK, map[string]any{
		"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": s.Token(tokenLifetime),
	})
}

// checkGrant says why a request for a token is refused; the status is 0 when
// it is not.
func (s *Server) checkGrant(tenant string, form url.Values) (status int, name string, code int, text string) {
	secret := []byte(form.Get("client_secret"))
	switch {
	case !strings.EqualFold(tenant, s.identity.TenantID):
		return http.StatusBadRequest, "invalid_request", 90002, unknownTenant(tenant)
	case form.Get("grant_type") != "client_credentials":
		return http.StatusBadRequest, "unsupported_grant_type", 70003, fmt.Sprintf("The app requested an unsupported grant type '%s'.", form.Get("grant_type"))
	case form.Get("client_id") != s.identity.ClientID:
		return http.StatusBadRequest, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory 'certty sandbox'.", form.Get("client_id"))
	case len(secret) == 0:
		return http.StatusUnauthorized, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type."
	case subtle.ConstantTimeCompare(secret, []byte(s.identity.ClientSecret)) != 1:
		return http.StatusUnauthorized, "invalid_client", 7000215, fmt.Sprintf("Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", s.identity.ClientID)
	case !asksForVault(form.Get("scope")):
		return http.StatusBadRequest, "invalid_scope", 1002012, fmt.Sprintf("The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", form.Get("scope"))
	}
	return 0, "", 0, ""
}

// asksForVault looks for the vault's scope among those asked for; MSAL adds
// OpenID scopes of its own.
func asksForVault(scopes string) bool {
	for scope := range strings.FieldsSeq(scopes) {
		if scope == resource+"/.default" {
			return true
		}
	}
	return false
}

func unknownTenant(tenant string) string {
	return fmt.Sprintf("Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", tenant)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, operation string, status int, name string, code int, text string) {
	now := s.tokenNow().UTC().Format("2006-01-02 15:04:05Z")
	trace, correlation := newUUID(), r.Header.Get("client-request-id")
	if correlation == "" {
		correlation = newUUID()
	}
	s.writeJSON(w, r, operation, status, entraError{
		Error:       name,
		Description: fmt.Sprintf("AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code, text, trace, correlation, now),
		Codes:       []int{code}, Timestamp: now, TraceID: trace, CorrelationID: correlation,
		URI: fmt.Sprintf("https://login.microsoftonline.com/error?code=%d", code),
	})
}
