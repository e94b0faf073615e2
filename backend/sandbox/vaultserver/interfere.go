package vaultserver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"certty/backend/sandbox/fault"
)

// occasion is a request as a fault sees it.
type occasion struct {
	operation string
	name      string // of a certificate or issuer; "" when there is none
	base      string
}

// interfere serves a request, unless or until a fault hits it.
func (s *Server) interfere(w http.ResponseWriter, r *http.Request, o occasion, serve func(http.ResponseWriter)) {
	s.faults.Serve(w, r, fault.Occasion{Operation: o.operation, Name: o.name}, fault.Handling{
		Serve:  serve,
		Answer: func(w http.ResponseWriter, f Fault) { s.answerFault(w, r, o, f) },
		Cut:    func() { s.count(r.Method, o.operation, 0) },
		Alter:  func(f Fault, body []byte) []byte { return foreignNextLink(body, o, f.Host) },
	})
}

// answerFault answers a request in place of the service.
func (s *Server) answerFault(w http.ResponseWriter, r *http.Request, o occasion, f Fault) {
	if f.Kind == HTML {
		clear(w.Header()) // those of the service; a proxy has none of them
	}
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	switch f.Kind {
	case HTML:
		s.writeBytes(w, r, o.operation, f.Status, "text/html", []byte(fault.ProxyPage))
	case Unauthorized:
		w.Header().Set("WWW-Authenticate", s.challenge(o.base))
		s.fail(w, r, o.operation, tokenExpired())
	case Redirect:
		w.Header().Set("Location", "https://"+f.Host+r.URL.RequestURI())
		s.writeEmpty(w, r, o.operation, f.Status)
	case Refuse:
		if f.Status == http.StatusNotModified || f.Status == http.StatusNoContent {
			s.writeEmpty(w, r, o.operation, f.Status)
			return
		}
		s.fail(w, r, o.operation, refusal(f))
	default:
		s.fail(w, r, o.operation, &failure{status: http.StatusInternalServerError, code: "InternalServerError", message: "A fault of an unknown kind."})
	}
}

// faultAnswers are what the service says with a status: the words for 429 and
// 403 were seen in public reports, the others are plain.
var faultAnswers = map[int]failure{
	http.StatusTooManyRequests:     {code: "Throttled", message: "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"},
	http.StatusForbidden:           {code: "Forbidden", message: "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.", inner: "ForbiddenByRbac"},
	http.StatusInternalServerError: {code: "InternalServerError", message: "An unexpected error occurred."},
	http.StatusServiceUnavailable:  {code: "ServiceUnavailable", message: "The service is unavailable."},
}

func refusal(f Fault) *failure {
	answer, ok := faultAnswers[f.Status]
	if !ok {
		text := http.StatusText(f.Status)
		answer = failure{code: strings.ReplaceAll(text, " ", ""), message: text}
	}
	answer.status = f.Status
	if f.Code != "" {
		answer.code, answer.inner = f.Code, ""
	}
	if f.Message != "" {
		answer.message = f.Message
	}
	if f.InnerCode != "" {
		answer.inner = f.InnerCode
	}
	return &answer
}

// foreignNextLink points a list's next link to another host, and makes one
// where the list ends. What is no list stays as it is.
func foreignNextLink(body []byte, o occasion, host string) []byte {
	var list map[string]json.RawMessage
	if err := json.Unmarshal(body, &list); err != nil || list["value"] == nil {
		return body
	}
	var next string
	if err := json.Unmarshal(list["nextLink"], &next); err != nil || next == "" {
		next = o.base + "/certificates?api-version=" + latestVersion + "&$skiptoken=bW9yZQ"
	}
	link, err := url.Parse(next)
	if err != nil {
		return body
	}
	link.Host = host
	list["nextLink"], _ = json.Marshal(link.String()) // text always encodes
	changed, _ := json.Marshal(list)                  // so do parts that were read as JSON
	return changed
}
