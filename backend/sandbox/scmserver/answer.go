package scmserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"certty/backend/sandbox/calls"
)

// call is a request that may be served: who calls is known, and so is what is
// meant.
type call struct {
	// id is the number in the path, word what else it names.
	id, sub  int
	word     string
	query    url.Values
	body     []byte
	base     string // "https://host:port" as the client wrote it
	prefix   string // of the path: /api or /private/api
	now      time.Time
	head     bool
	settings Settings
	account  string // the login, or the API key
}

// read decodes the body.
func (c *call) read(sc *schema, into any) *failure { return sc.read(c.body, c.settings.Strict, into) }

// answer is what a request is answered with.
type answer struct {
	status int
	// body is answered as JSON; nil is no body.
	body any
	// data is answered instead, as a file of that name.
	data     []byte
	file     string
	location string
	// total is X-Total-Count; nil sends none.
	total *int
}

func ok(body any) *answer { return &answer{status: http.StatusOK, body: body} }

func done() *answer { return &answer{status: http.StatusNoContent} }

func (s *Server) fail(w http.ResponseWriter, r *http.Request, operation string, err error) {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		s.log.Error("sandbox SCM", "operation", operation, "err", err)
		f = &failure{http.StatusInternalServerError, -2, "Internal error. Please contact Support for details."}
	}
	s.writeJSON(w, r, operation, f.status, errorAnswer{f.code, f.description})
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, operation string, a *answer) {
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if a.total != nil {
		w.Header().Set("X-Total-Count", strconv.Itoa(*a.total))
	}
	switch {
	case a.data != nil:
		w.Header().Set("Content-Disposition", `attachment; filename="`+a.file+`"`)
		s.writeBytes(w, r, operation, a.status, "application/octet-stream", a.data)
	case a.body == nil || r.Method == http.MethodHead:
		s.writeEmpty(w, r, operation, a.status)
	default:
		s.writeJSON(w, r, operation, a.status, a.body)
	}
}

func (s *Server) writeJSON(w http.ResponseWriter, r *http.Request, operation string, status int, body any) {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		s.log.Error("sandbox: encode an answer", "operation", operation, "err", err)
		s.count(r, operation, http.StatusInternalServerError)
		http.Error(w, "the answer can't be encoded", http.StatusInternalServerError)
		return
	}
	s.writeBytes(w, r, operation, status, "application/json", bytes.TrimSuffix(data.Bytes(), []byte("\n")))
}

// writeEmpty answers without a body.
func (s *Server) writeEmpty(w http.ResponseWriter, r *http.Request, operation string, status int) {
	s.count(r, operation, status)
	w.WriteHeader(status)
}

// writeBytes counts the call before the client can know that it was answered.
func (s *Server) writeBytes(w http.ResponseWriter, r *http.Request, operation string, status int, contentType string, data []byte) {
	s.count(r, operation, status)
	w.Header().Set("Content-Type", contentType+";charset=UTF-8")
	w.WriteHeader(status)
	if _, err := w.Write(data); err != nil {
		s.log.Debug("sandbox: the client has gone", "operation", operation, "err", err)
	}
}

func (s *Server) count(r *http.Request, operation string, status int) {
	s.calls.Add(calls.Call{Method: r.Method, Operation: operation, Status: status})
}

// Calls tells how often each kind of request was answered since the start,
// under the names of [Operations].
func (s *Server) Calls() map[calls.Call]int { return s.calls.All() }
