package sandbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"certty/backend/sandbox/calls"
	"certty/backend/sandbox/fault"
)

// What changes a running sandbox. These paths are the sandbox's own, and want
// the vault's token or what signs in to the SCM account. The clock is one for
// both; faults and calls are the vault's here, the SCM account's below
// scmPath.
const (
	clockPath  = "/sandbox/clock"
	faultsPath = "/sandbox/faults"
	callsPath  = "/sandbox/calls"
	scmPath    = "/sandbox/scm"
)

const maxAdminBody = 64 << 10

// maxMove is how far the clock can be moved at once; more would leave the years
// that certificates can name.
const maxMove = 20 * 365 * 24 * time.Hour

// switched is a server that faults can be switched on in.
type switched interface {
	Inject(fault.Fault) error
	Faults() []fault.Fault
	ClearFaults()
}

// adminHandler answers a request of whoever runs the sandbox; an error is a
// 400.
type adminHandler func(http.ResponseWriter, *http.Request) error

func (s *Sandbox) handleAdmin(mux *http.ServeMux) {
	for pattern, serve := range map[string]adminHandler{
		"GET " + clockPath:                         s.serveClock,
		"PUT " + clockPath:                         s.moveClock,
		"GET " + faultsPath:                        s.serveFaults(s.vault),
		"POST " + faultsPath:                       s.addFault(s.vault),
		"DELETE " + faultsPath:                     s.clearFaults(s.vault),
		"GET " + callsPath:                         s.serveVaultCalls,
		"GET " + scmPath + "/faults":               s.serveFaults(s.scm),
		"POST " + scmPath + "/faults":              s.addFault(s.scm),
		"DELETE " + scmPath + "/faults":            s.clearFaults(s.scm),
		"GET " + scmPath + "/calls":                s.serveSCMCalls,
		"GET " + scmPath + "/settings":             s.serveSettings,
		"PUT " + scmPath + "/settings":             s.changeSettings,
		"GET " + scmPath + "/orders":               s.serveOrders,
		"POST " + scmPath + "/orders/{id}/approve": s.decide(s.scm.Approve),
		"POST " + scmPath + "/orders/{id}/decline": s.decide(s.scm.Decline),
		"POST " + scmPath + "/publish/{name}":      s.publish,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := s.vault.Authorize(r); err != nil && s.scm.Authorize(r) != nil {
				http.Error(w, err.Error(), http.StatusUnauthorized)
				return
			}
			select {
			case <-s.loaded: // what is loaded would undo what was switched before
			case <-r.Context().Done():
				return
			}
			if err := serve(w, r); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
			}
		})
	}
}

// clockState is how the clock stands.
type clockState struct {
	Now    time.Time `json:"now"`
	Offset string    `json:"offset"`
}

func (s *Sandbox) serveClock(w http.ResponseWriter, _ *http.Request) error {
	return s.answer(w, clockState{s.clock.Now().UTC(), s.clock.Offset().String()})
}

// clockMove says in one of three ways where the clock shall stand.
type clockMove struct {
	Offset  *duration  `json:"offset"`
	Advance *duration  `json:"advance"`
	Now     *time.Time `json:"now"`
}

func (s *Sandbox) moveClock(w http.ResponseWriter, r *http.Request) error {
	var move clockMove
	if err := readBody(w, r, &move); err != nil {
		return err
	}
	before := s.clock.Offset()
	var offset time.Duration
	switch {
	case move.Offset != nil && move.Advance == nil && move.Now == nil:
		offset = time.Duration(*move.Offset)
	case move.Advance != nil && move.Offset == nil && move.Now == nil:
		offset = before + time.Duration(*move.Advance)
	case move.Now != nil && move.Offset == nil && move.Advance == nil:
		offset = before + move.Now.Sub(s.clock.Now())
	default:
		return errors.New(`say one of "offset", "advance", "now"`)
	}
	if offset < -maxMove || offset > maxMove {
		return fmt.Errorf("the clock can't be moved by %s, only by %s", offset, maxMove)
	}
	s.clock.SetOffset(offset)
	return s.serveClock(w, r)
}

// wireFault is a fault as it travels.
type wireFault struct {
	Kind       fault.Kind `json:"kind"`
	Operation  string     `json:"operation,omitempty"`
	Name       string     `json:"name,omitempty"`
	Times      int        `json:"times,omitempty"`
	Latency    duration   `json:"latency,omitzero"`
	Status     int        `json:"status,omitempty"`
	Code       string     `json:"code,omitempty"`
	Message    string     `json:"message,omitempty"`
	InnerCode  string     `json:"inner_code,omitempty"`
	RetryAfter string     `json:"retry_after,omitempty"`
	Host       string     `json:"host,omitempty"`
}

func (s *Sandbox) serveFaults(in switched) adminHandler {
	return func(w http.ResponseWriter, _ *http.Request) error {
		all := []wireFault{}
		for _, f := range in.Faults() {
			all = append(all, wireFault{f.Kind, f.Operation, f.Name, f.Times, duration(f.Latency), f.Status, f.Code, f.Message, f.InnerCode, f.RetryAfter, f.Host})
		}
		return s.answer(w, map[string]any{"faults": all})
	}
}

func (s *Sandbox) addFault(in switched) adminHandler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var f wireFault
		if err := readBody(w, r, &f); err != nil {
			return err
		}
		if err := in.Inject(fault.Fault{
			Kind: f.Kind, Operation: f.Operation, Name: f.Name, Times: f.Times, Latency: time.Duration(f.Latency), Status: f.Status,
			Code: f.Code, Message: f.Message, InnerCode: f.InnerCode, RetryAfter: f.RetryAfter, Host: f.Host,
		}); err != nil {
			return err
		}
		return s.serveFaults(in)(w, r)
	}
}

func (s *Sandbox) clearFaults(in switched) adminHandler {
	return func(w http.ResponseWriter, r *http.Request) error {
		in.ClearFaults()
		return s.serveFaults(in)(w, r)
	}
}

// callCount is how often a kind of request was answered.
type callCount struct {
	Method    string `json:"method"`
	Operation string `json:"operation"`
	Status    int    `json:"status"`
	Times     int    `json:"times"`
}

func (s *Sandbox) serveVaultCalls(w http.ResponseWriter, _ *http.Request) error {
	all := map[calls.Call]int{}
	for c, n := range s.vault.Calls() {
		all[calls.Call(c)] = n
	}
	return s.serveCalls(w, all)
}

func (s *Sandbox) serveSCMCalls(w http.ResponseWriter, _ *http.Request) error {
	return s.serveCalls(w, s.scm.Calls())
}

func (s *Sandbox) serveCalls(w http.ResponseWriter, counts map[calls.Call]int) error {
	all := []callCount{}
	for c, n := range counts {
		all = append(all, callCount{c.Method, c.Operation, c.Status, n})
	}
	slices.SortFunc(all, func(a, b callCount) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Status, b.Status))
	})
	return s.answer(w, map[string]any{"calls": all})
}

func (s *Sandbox) answer(w http.ResponseWriter, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(data); err != nil {
		s.log.Debug("sandbox: the client has gone", "err", err)
	}
	return nil
}

// readBody refuses members that it does not know: a misspelt one would
// otherwise be a fault that never comes.
func readBody(w http.ResponseWriter, r *http.Request, into any) error {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("read the body: there is more than one value")
	}
	return nil
}

// duration is a duration in Go's words ("1h30m").
type duration time.Duration

// MarshalText writes Go's words.
func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads Go's words.
func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = duration(parsed)
	return err
}
