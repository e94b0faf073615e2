package gate

import (
	"context"
	"sync"
)

// Gate lets requests wait while the state is being loaded or filled. The zero
// value is open.
type Gate struct {
	mu      sync.Mutex
	holders int
	opened  chan struct{} // closed when the last holder releases
}

// Hold closes the gate until Release.
func (g *Gate) Hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holders == 0 {
		g.opened = make(chan struct{})
	}
	g.holders++
}

// Release ends one Hold.
func (g *Gate) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holders--; g.holders == 0 {
		close(g.opened)
	}
}

// Wait returns once nobody holds the gate, or with the context's error.
func (g *Gate) Wait(ctx context.Context) error {
	for {
		g.mu.Lock()
		held, opened := g.holders > 0, g.opened
		g.mu.Unlock()
		if !held {
			return nil
		}
		select {
		case <-opened:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
