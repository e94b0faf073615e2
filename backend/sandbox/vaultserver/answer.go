package vaultserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is a request that may be served: who calls is known, and so is what is
// meant.
type call struct {
	name, version string
	query         url.Values
	accept        string
	body          []byte
	base          string // "https://host:port" as the client wrote it
	apiVersion    string
	now           time.Time
	recovery      recovery
}

// url makes an absolute URL of this vault.
func (c *call) url(segments ...string) string {
	return c.base + "/" + strings.Join(segments, "/")
}

// answer is what a request is answered with.
type answer struct {
	status int
	body   any
	// text is answered as contentType instead of body.
	text, contentType string
	location          string
	// retryAfter asks to come back in ten seconds, as recorded while a request
	// is in progress.
	retryAfter bool
}

func (s *Server) fail(w http.ResponseWriter, r *http.Request, operation string, err error) {
	f, ok := errors.AsType[*failure](err)
	if !ok {
		s.log.Error("sandbox vault", "operation", operation, "err", err)
		f = &failure{status: http.StatusInternalServerError, code: "InternalServerError", message: err.Error()}
	}
	s.writeJSON(w, r, operation, f.status, f.answer())
}

func (s *Server) write(w http.ResponseWriter, r *http.Request, operation string, a *answer) {
	if a.location != "" {
		w.Header().Set("Location", a.location)
	}
	if a.retryAfter {
		w.Header().Set("Retry-After", "10")
	}
	if a.status == http.StatusNoContent {
		s.writeEmpty(w, r, operation, a.status)
		return
	}
	if a.text != "" {
		s.writeBytes(w, r, operation, a.status, a.contentType, []byte(a.text))
		return
	}
	s.writeJSON(w, r, operation, a.status, a.body)
}

func (s *Server) writeJSON(w http.ResponseWriter, r *http.Request, operation string, status int, body any) {
	var data bytes.Buffer
	encoder := json.NewEncoder(&data)
	encoder.SetEscapeHTML(false) // links have & in them
	if err := encoder.Encode(body); err != nil {
		s.log.Error("sandbox: encode an answer", "operation", operation, "err", err)
		s.count(r.Method, operation, http.StatusInternalServerError)
		http.Error(w, "the answer can't be encoded", http.StatusInternalServerError)
		return
	}
	s.writeBytes(w, r, operation, status, "application/json", bytes.TrimSuffix(data.Bytes(), []byte("\n")))
}

// writeEmpty answers without a body.
func (s *Server) writeEmpty(w http.ResponseWriter, r *http.Request, operation string, status int) {
	s.count(r.Method, operation, status)
	w.WriteHeader(status)
}

// writeBytes counts the call before the client can know that it was answered.
func (s *Server) writeBytes(w http.ResponseWriter, r *http.Request, operation string, status int, contentType string, data []byte) {
	s.count(r.Method, operation, status)
	w.Header().Set("Content-Type", contentType+"; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(data); err != nil {
		s.log.Debug("sandbox: the client has gone", "operation", operation, "err", err)
	}
}
