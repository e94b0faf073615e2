package vaultserver

import (
	"maps"
	"net/http"
	"strings"
	"sync"
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

type counts struct {
	mu sync.Mutex
	n  map[Call]int
}

func (s *Server) count(method, operation string, status int) {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	if s.counts.n == nil {
		s.counts.n = map[Call]int{}
	}
	s.counts.n[Call{method, operation, status}]++
}

// Calls tells how often each kind of request was answered since the start.
func (s *Server) Calls() map[Call]int {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	return maps.Clone(s.counts.n)
}
