package guard

import (
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"certty/backend"
	"certty/model"
)

// overrideHeaders name another verb than the request line's, for networks that
// block PATCH and DELETE. Key Vault's documents write the first and the last.
var overrideHeaders = [...]string{"X-HTTP-METHOD", "X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-REQUEST"}

// Overrides reports whether a header of that name, in any case, names another
// verb than the request line's.
func Overrides(header string) bool {
	return slices.ContainsFunc(overrideHeaders[:], func(h string) bool { return strings.EqualFold(h, header) })
}

// ReadOnlyTransport lets reads through to next and refuses everything else
// with a *backend.Error of KindReadOnly, before the network. It denies by
// default:
//
//   - GET and HEAD pass, unless they carry a body: it has no meaning there
//     (RFC 9110 §9.3.1), and a server that took it for another request behind
//     this one's back would act on it;
//   - POST passes only when allow says that it only reads; nil allows none;
//   - a GET that leads to a private key (SCM's keystore) is refused: whoever may
//     only look gets none;
//   - a header that overrides the verb counts as well: what it names must be
//     one of the above too, or the server might act on either;
//   - every other verb is refused.
//
// A nil next is [http.DefaultTransport].
func ReadOnlyTransport(next http.RoundTripper, allow func(*http.Request) bool) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	if allow == nil {
		allow = func(*http.Request) bool { return false }
	}
	return readOnlyTransport{next, allow}
}

// keystoreCall is the path of a call that answers with a link to a private key
// (SCM REST API, "Download private key from Private Key Agent").
var keystoreCall = regexp.MustCompile(`/ssl/v\d+/keystore/`)

type readOnlyTransport struct {
	next  http.RoundTripper
	allow func(*http.Request) bool
}

// RoundTrip implements [http.RoundTripper].
func (t readOnlyTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	for _, verb := range verbs(req) {
		if !t.reads(verb, req) {
			return nil, refuse(req, verb)
		}
	}
	return t.next.RoundTrip(req)
}

func (t readOnlyTransport) reads(verb string, req *http.Request) bool {
	switch verb {
	case http.MethodGet, http.MethodHead:
		if keystoreCall.MatchString(req.URL.Path) {
			return false
		}
		// The body of a POST that names GET in a header is the POST's.
		return req.Method == http.MethodPost || req.Body == nil || req.Body == http.NoBody
	case http.MethodPost:
		return t.allow(req)
	}
	return false
}

// verbs lists the verb of the request line and those of every overriding
// header. Header keys are compared without regard to case: a key that was set
// past http.Header's methods is sent as it is.
func verbs(req *http.Request) []string {
	method := req.Method
	if method == "" {
		method = http.MethodGet // as net/http has it
	}
	list := []string{method}
	for key, values := range req.Header {
		if Overrides(key) {
			for _, v := range values {
				list = append(list, strings.ToUpper(strings.TrimSpace(v)))
			}
		}
	}
	return list
}

// refuse also closes the body, as RoundTrip must in any case.
func refuse(req *http.Request, verb string) error {
	e := &backend.Error{
		Kind: backend.KindReadOnly, Op: verb,
		Ref:     model.Ref{Target: req.URL.Host, Key: strings.TrimPrefix(req.URL.Path, "/")},
		Message: "read-only: refused here, nothing was sent",
	}
	if req.Body != nil {
		e.Err = req.Body.Close()
	}
	return e
}

// IsTokenCall reports whether req asks Microsoft Entra ID for an access token
// (OAuth 2.0, RFC 6749 §4: a form posted to the token endpoint). It changes
// nothing in a vault and has to pass for reading to work.
func IsTokenCall(req *http.Request) bool {
	if req.Method != http.MethodPost {
		return false
	}
	path := req.URL.Path
	if !strings.HasSuffix(path, "/oauth2/v2.0/token") && !strings.HasSuffix(path, "/oauth2/token") {
		return false
	}
	media, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}
