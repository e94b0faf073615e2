package vaultserver

import (
	"net/http"
	"strings"

	"certty/backend/sandbox/calls"
)

// Call is a kind of request and how it was answered.
type Call struct {
	// Method is the method on the wire; a verb override arrives as POST.
	Method string
	// Operation is the operationId of Key Vault's OpenAPI document, in its
	// capitals ("GetCertificateOperation"), or Token, OpenIDConfiguration,
	// Unknown.
	Operation string
	// Status is the answer's.
	Status int
}

// Changes reports whether the call could have changed the vault: it was
// neither a read, nor stopped for want of a token.
func (c Call) Changes() bool {
	return c.Status != http.StatusUnauthorized && c.Operation != opToken && c.Operation != opDiscovery &&
		!strings.HasPrefix(c.Operation, "Get")
}

func (s *Server) count(method, operation string, status int) {
	s.calls.Add(calls.Call{Method: method, Operation: operation, Status: status})
}

// Calls tells how often each kind of request was answered since the start.
func (s *Server) Calls() map[Call]int {
	all := map[Call]int{}
	for c, n := range s.calls.All() {
		all[Call(c)] = n
	}
	return all
}
