package scmserver

import (
	"net/http"
	"slices"
	"strconv"

	"certty/backend/sandbox/calls"
	"certty/backend/sandbox/fault"
)

// faultRules are the faults that an SCM account can have; Code is one of the
// service's numbers.
func faultRules() fault.Rules {
	operations := Operations()
	return fault.Rules{
		Kinds: []fault.Kind{
			fault.Slow, fault.Hang, fault.ResetBefore, fault.ResetAfter, fault.Refuse, fault.HTML,
			fault.TruncatedJSON, fault.Empty, fault.Unauthorized, fault.Redirect,
		},
		Known: func(operation string) bool { return slices.Contains(operations, operation) },
		Apart: []string{opToken},
	}
}

// Inject switches a fault on. Operations are those of [Operations], names are
// ids as text. The error says what is wrong with the fault.
func (s *Server) Inject(f fault.Fault) error { return s.faults.Inject(f) }

// Faults are those that are switched on; Times is what is left of it.
func (s *Server) Faults() []fault.Fault { return s.faults.Faults() }

// ClearFaults switches all faults off. Requests that one has hit already are
// not set free.
func (s *Server) ClearFaults() { s.faults.ClearFaults() }

// interfere serves a request, unless or until a fault hits it.
func (s *Server) interfere(w http.ResponseWriter, r *http.Request, t target, base string, serve func(http.ResponseWriter)) {
	name := t.word
	if t.id != 0 {
		name = strconv.Itoa(t.id)
	}
	s.faults.Serve(w, r, fault.Occasion{Operation: t.operation, Name: name}, fault.Handling{
		Serve:  serve,
		Answer: func(w http.ResponseWriter, f fault.Fault) { s.answerFault(w, r, t, base, f) },
		Cut:    func() { s.calls.Add(calls.Call{Method: r.Method, Operation: t.operation}) },
	})
}

// answerFault answers a request in place of the service.
func (s *Server) answerFault(w http.ResponseWriter, r *http.Request, t target, base string, f fault.Fault) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	switch f.Kind {
	case fault.HTML:
		s.writeBytes(w, r, t.operation, f.Status, "text/html", []byte(fault.ProxyPage))
	case fault.Unauthorized:
		w.Header().Set("WWW-Authenticate", base+TokenPath)
		s.fail(w, r, t.operation, unknownUser())
	case fault.Redirect:
		w.Header().Set("Location", "https://"+f.Host+r.URL.RequestURI())
		s.writeEmpty(w, r, t.operation, f.Status)
	default: // Refuse; the board lets nothing else through
		if f.Status == http.StatusNotModified || f.Status == http.StatusNoContent {
			s.writeEmpty(w, r, t.operation, f.Status)
			return
		}
		s.fail(w, r, t.operation, refusal(f))
	}
}

// refusal is the error of a Refuse fault. No limit of the rate is documented,
// so there are no words for 429 either.
func refusal(f fault.Fault) *failure {
	answer := &failure{f.Status, -14, "Unknown error."}
	if f.Status >= http.StatusInternalServerError {
		answer.code, answer.description = -2, "Internal error. Please contact Support for details."
	}
	if n, err := strconv.Atoi(f.Code); err == nil {
		answer.code, answer.description = n, ""
	}
	if f.Message != "" {
		answer.description = f.Message
	}
	return answer
}
