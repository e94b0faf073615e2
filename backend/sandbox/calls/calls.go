package calls

import (
	"maps"
	"sync"
)

// Call is a kind of request and how it was answered.
type Call struct {
	// Method is the method on the wire.
	Method string
	// Operation is the server's name for what was asked.
	Operation string
	// Status is the answer's; 0 when the connection was cut instead.
	Status int
}

// Log counts calls. The zero value has none; it is safe for concurrent use.
type Log struct {
	mu sync.Mutex
	n  map[Call]int
}

// Add counts one call.
func (l *Log) Add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.n == nil {
		l.n = map[Call]int{}
	}
	l.n[c]++
}

// All tells how often each kind of request was answered.
func (l *Log) All() map[Call]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.n)
}
