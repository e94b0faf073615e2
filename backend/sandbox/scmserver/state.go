package scmserver

import (
	"slices"
	"strings"
)

// Order is how an order stands, for whoever runs the sandbox.
type Order struct {
	ID         int
	CommonName string
	Names      []string
	Status     Status
	Comments   string
	Profile    int
	Term       int
	// Enrolled is true for an order that came through the enroll call.
	Enrolled bool
	// RenewalOf is the order that it renews; 0 when it renews none.
	RenewalOf int
	Renewed   bool
	// Serial is the certificate's, as the service writes it; "" before it is
	// issued.
	Serial string
	// Former counts the certificates that were replaced under this id.
	Former int
	// Reason is the code of the revocation.
	Reason string
	// Message is what the administrator wrote who approved or declined.
	Message string
	// Leaf is the certificate in DER.
	Leaf []byte
}

// Orders are all orders as they stand now, the oldest first.
func (s *Server) Orders() ([]Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	all := make([]Order, 0, len(s.orders))
	for _, id := range sortedIDs(s.orders) {
		o, err := s.find(id, now)
		if err != nil {
			return nil, err
		}
		row := Order{
			ID: o.ID, CommonName: o.CommonName, Names: slices.Clone(o.Names), Status: o.statusAt(now), Comments: o.Comments, Profile: o.ProfileID, Term: o.Term,
			Enrolled: o.EnrolledWith != nil, RenewalOf: o.RenewalOf, Renewed: o.Renewed, Former: len(o.Former), Reason: o.Reason, Message: o.Message,
		}
		if cert := o.certificate(); cert != nil {
			row.Serial, row.Leaf = colons(cert.SerialNumber), slices.Clone(o.Chain[0])
		}
		all = append(all, row)
	}
	return all, nil
}

// Enrolls counts the orders that the enroll call made with comments in which
// reference stands; later changes of the comments don't matter. A client that
// orders once has 1 here for each reference, whatever went wrong on the way.
func (s *Server) Enrolls(reference string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, o := range s.orders {
		if o.EnrolledWith != nil && strings.Contains(*o.EnrolledWith, reference) {
			n++
		}
	}
	return n
}

// Enrolled counts the orders that the enroll call made by the whole comments
// they were made with.
func (s *Server) Enrolled() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string]int{}
	for _, o := range s.orders {
		if o.EnrolledWith != nil {
			all[*o.EnrolledWith]++
		}
	}
	return all
}
