package scm

import (
	"context"
	"fmt"
	"sync"

	"certty/model"
)

// organizationNames remembers what organizations and departments are called, by
// id: the reports and the account's lists tell it, an order's details do not.
// The zero value knows none; it may be used by several goroutines.
type organizationNames struct {
	mu    sync.RWMutex
	names map[int]string
	// known gives what was kept of the account when the program last ran; nil
	// once it was asked. recalling is held meanwhile: who comes then waits for the
	// names.
	recalling sync.Mutex
	known     func(context.Context) (model.Account, error)
}

// recall takes the names that were kept, the first time. What was learned since
// is newer.
func (n *organizationNames) recall(ctx context.Context) error {
	n.recalling.Lock()
	defer n.recalling.Unlock()
	if n.known == nil {
		return nil
	}
	account, err := n.known(ctx)
	n.known = nil
	if err != nil {
		return fmt.Errorf("recall the names of organizations: %w", err)
	}
	for i := range account.Organizations {
		if o := &account.Organizations[i]; n.of(o.ID) == "" {
			n.learn(o.ID, o.Name)
		}
	}
	return nil
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
