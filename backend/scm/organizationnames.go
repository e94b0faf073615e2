package scm

import "sync"

// organizationNames remembers what organizations and departments are called, by
// id: the reports and the account's lists tell it, an order's details do not.
// The zero value knows none; it may be used by several goroutines.
type organizationNames struct {
	mu    sync.RWMutex
	names map[int]string
}

func (n *organizationNames) learn(id int, name string) {
	if id == 0 || name == "" || n.of(id) == name {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.names == nil {
		n.names = make(map[int]string)
	}
	n.names[id] = name
}

// of is the name of an organization; "" where it was not told yet.
func (n *organizationNames) of(id int) string {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.names[id]
}
