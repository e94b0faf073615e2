package scmserver

import (
	"fmt"
)

type messageBody struct {
	Message string `json:"message"`
}

func (s *Server) approve(c *call) (*answer, error) { return s.decide(c, true) }

func (s *Server) decline(c *call) (*answer, error) { return s.decide(c, false) }

// decide approves or declines what waits for an administrator.
func (s *Server) decide(c *call, approve bool) (*answer, error) {
	var body messageBody
	if f := c.read(&messageSchema, &body); f != nil {
		return nil, f
	}
	if body.Message == "" {
		return nil, missing("message")
	}
	o, err := s.find(c.id, c.now)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, wrongID(c.id)
	}
	if f := s.ruling(o, c.account, body.Message, approve, c); f != nil {
		return nil, f
	}
	return done(), nil
}

// ruling is one administrator's decision. The documents have words for an
// approval in the wrong state only; a decline is taken to have the same.
func (s *Server) ruling(o *order, who, message string, approve bool, c *call) *failure {
	if o.Status != StatusRequested {
		return refuse(-1112, "Certificate can't be approved cause it has state = %s", o.statusAt(c.now))
	}
	p := s.profile(o.ProfileID)
	switch {
	case !approve:
		o.Status, o.Declined = StatusDeclined, c.now
	case p != nil && p.Validation == EV && who == o.Requester:
		return refuse(-1140, "Since you are a requester of this certificate you can't approve it. For EV certificates the requester and the approver must not be the same person.")
	default:
		o.Status, o.Approved, o.Approver, o.Asked = StatusApproved, c.now, who, c.now
	}
	o.Message = message
	s.save(o)
	return nil
}

// Approve approves a requested order as another administrator. The error is
// that there is no such order, or that it waits for nobody.
func (s *Server) Approve(id int, who string) error { return s.decideAs(id, who, true) }

// Decline declines a requested order as another administrator; see
// [Server.Approve].
func (s *Server) Decline(id int, who string) error { return s.decideAs(id, who, false) }

func (s *Server) decideAs(id int, who string, approve bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{now: s.now(), settings: s.book.Settings}
	o, err := s.find(id, c.now)
	if err != nil {
		return err
	}
	if o == nil {
		return wrongID(id)
	}
	if f := s.ruling(o, who, "", approve, c); f != nil {
		return fmt.Errorf("decide about order %d: %w", id, f)
	}
	return nil
}
