package scmserver

import (
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// TokenPath is where tokens are given, as on Sectigo's authorization server.
const TokenPath = "/auth/realms/apiclients/protocol/openid-connect/token" //nolint:gosec // it is a path, no credential

// TokenLifetime is the life of a token. Sectigo's is not documented; the answer
// says it.
const TokenLifetime = 15 * time.Minute

const maxForm = 64 << 10

// authorize checks who calls. Whatever is wrong, the answer is the same one;
// whether the service says more in some case is not documented.
func (s *Server) authorize(r *http.Request, t target) *failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	if token, ok := bearer(r); ok && t.prefix == strings.TrimSuffix(apiPrefix, "/") {
		if ends, known := s.tokens[token]; known && s.tokenNow().Before(ends) {
			return nil
		}
		return unknownUser()
	}
	if !equal(r.Header.Get("login"), s.account.Login) || !equal(r.Header.Get("customerUri"), s.account.CustomerURI) {
		return unknownUser()
	}
	if t.prefix == strings.TrimSuffix(privatePrefix, "/") && s.knowsCertificate(r) {
		return nil
	}
	if !equal(r.Header.Get("password"), s.account.Password) {
		return unknownUser()
	}
	// What an expired password still opens is not documented; if it opened
	// nothing, nobody could ever read that it is expired.
	if state, _ := s.passwordState(); state == passwordExpired && t.operation != opPassword && t.operation != opChangePassword {
		return unknownUser()
	}
	return nil
}

// Authorize checks the credentials of a request as the API does, for paths
// that are none of the API's.
func (s *Server) Authorize(r *http.Request) error {
	if f := s.authorize(r, target{prefix: strings.TrimSuffix(apiPrefix, "/")}); f != nil {
		return errors.New("an SCM login, password and customer URI are missing or wrong")
	}
	return nil
}

// knowsCertificate reports whether a request came with a TLS client
// certificate of the sandbox's own CA.
func (s *Server) knowsCertificate(r *http.Request) bool {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 || s.ca == nil {
		return false
	}
	above := x509.NewCertPool()
	for _, cert := range r.TLS.PeerCertificates[1:] {
		above.AddCert(cert)
	}
	_, err := r.TLS.PeerCertificates[0].Verify(x509.VerifyOptions{
		Roots: s.ca.Pool(), Intermediates: above, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, CurrentTime: s.now(),
	})
	return err == nil
}

// caller is who a request that was let in comes from.
func (s *Server) caller(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := bearer(r); ok {
		return s.account.ClientID
	}
	return s.account.Login
}

func bearer(r *http.Request) (token string, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return token, strings.EqualFold(scheme, "Bearer") && token != ""
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Token makes an access token, without asking for the client's secret: it is
// for whoever runs the sandbox.
func (s *Server) Token(lifetime time.Duration) string {
	token := random(40)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.tokenNow()
	for old, ends := range s.tokens {
		if !now.Before(ends) {
			delete(s.tokens, old)
		}
	}
	s.tokens[token] = now.Add(lifetime)
	return token
}

// tokenError is the JSON of an error (RFC 6749 §5.2).
type tokenError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

// serveToken gives a token for client credentials (RFC 6749 §4.4). Tokens end
// with the process; a client then meets 401 and asks for another.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		s.writeEmpty(w, r, opToken, http.StatusMethodNotAllowed)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.writeJSON(w, r, opToken, http.StatusBadRequest, tokenError{"invalid_request", "The body can't be read as a form"})
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	if status, refused := s.checkGrant(r, r.PostForm); refused != nil {
		s.writeJSON(w, r, opToken, status, refused)
		return
	}
	s.writeJSON(w, r, opToken, http.StatusOK, map[string]any{
		"access_token": s.Token(TokenLifetime), "expires_in": int(TokenLifetime / time.Second), "refresh_expires_in": 0,
		"token_type": "Bearer", "not-before-policy": 0, "scope": "",
	})
}

// checkGrant says why a request for a token is refused; nil when it is not.
func (s *Server) checkGrant(r *http.Request, form url.Values) (status int, refused *tokenError) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case form.Get("grant_type") != "client_credentials":
		return http.StatusBadRequest, &tokenError{"unsupported_grant_type", "Unsupported grant_type"}
	case !equal(id, s.account.ClientID), !equal(secret, s.account.ClientSecret):
		return http.StatusUnauthorized, &tokenError{"invalid_client", "Invalid client or Invalid client credentials"}
	}
	return 0, nil
}
