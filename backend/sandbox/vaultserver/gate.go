package vaultserver

import (
	"context"
	"sync"
)

// gate lets requests wait while the state is being loaded or filled. The zero
// value is open.
type gate struct {
	mu      sync.Mutex
	holders int
	opened  chan struct{} // closed when the last holder releases
}

func (g *gate) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holders == 0 {
		g.opened = make(chan struct{})
	}
	g.holders++
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.holders--; g.holders == 0 {
		close(g.opened)
	}
}

// wait returns once nobody holds the gate, or with the context's error.
func (g *gate) wait(ctx context.Context) error {
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
