package vaultserver

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// operation is how a pending object looks in an answer.
func (c *call) operation(op *operation) operationAnswer {
	a := operationAnswer{
		ID: c.url("certificates", c.name, "pending"), Issuer: op.Issuer, CSR: op.CSR,
		CancellationRequested: op.CancelRequested, Status: op.Status,
		PreserveCertOrder: op.PreserveCertOrder, RequestID: op.RequestID,
	}
	switch op.Status {
	case statusInProgress:
		a.StatusDetails = detailsIssuer
		if manual(op.Issuer.Name) {
			a.StatusDetails = detailsManual
		}
	case statusCompleted:
		a.Target = c.url("certificates", c.name)
	case statusFailed:
		a.Error = &errorBody{Code: op.ErrorCode, Message: op.ErrorMessage}
	}
	return a
}

// pending finds the pending object that a call means, brought up to the
// clock's time. request_id in the query is a filter: another request under
// the name counts as none (Key Vault, "Monitor and manage certificate
// creation"). The caller holds s.mu.
func (s *Server) pending(c *call) (*object, error) {
	o, err := s.lookup(c.name, c.now)
	if err != nil {
		return nil, err
	}
	wanted := c.query.Get("request_id")
	if o == nil || o.Pending == nil || wanted != "" && !strings.EqualFold(wanted, o.Pending.RequestID) {
		return nil, pendingNotFound(c.name)
	}
	return o, nil
}

// getPending reads the pending object; as application/pkcs10 it is the bare
// request in base64, as recorded.
func (s *Server) getPending(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.pending(c)
	if err != nil {
		return nil, err
	}
	a := &answer{status: http.StatusOK, retryAfter: o.Pending.inProgress()}
	if strings.Contains(strings.ToLower(c.accept), "application/pkcs10") {
		a.text, a.contentType = base64.StdEncoding.EncodeToString(o.Pending.CSR), "application/pkcs10"
	} else {
		a.body = c.operation(o.Pending)
	}
	return a, nil
}

// updatePending asks for cancellation. The request stays in progress for a
// while; cancellation_requested false is answered and changes nothing. Both as
// recorded.
func (s *Server) updatePending(c *call) (*answer, error) {
	var body operationBody
	if err := decode(c.body, &body); err != nil || body.CancellationRequested == nil {
		return nil, badParameter("Property cancellation_requested has invalid value\r\n")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.pending(c)
	if err != nil {
		return nil, err
	}
	op := o.Pending
	if !op.inProgress() {
		return nil, notInProgress()
	}
	if *body.CancellationRequested && !op.CancelRequested {
		ca, f := s.behaviour(op.Issuer.Name)
		if f != nil {
			ca.cancelDelay = cancelDelay // the issuer was deleted meanwhile
		}
		op.CancelRequested, op.CancelDue = true, c.now.Add(ca.cancelDelay)
		s.save(o)
	}
	return &answer{status: http.StatusOK, body: c.operation(op)}, nil
}

// deletePending deletes the pending object in any state and answers with how
// it was last. The certificate object stays (as recorded).
func (s *Server) deletePending(c *call) (*answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.pending(c)
	if err != nil {
		return nil, err
	}
	op := o.Pending
	o.Pending = nil
	s.save(o)
	return &answer{status: http.StatusOK, body: c.operation(op)}, nil
}
