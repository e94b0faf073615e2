package console

import (
	"context"
	"errors"
	"sync"

	"certty/ui/app"
	"certty/ui/view/vaults"
)

// signIns are the codes that stand on the screen. The zero value has none.
type signIns struct {
	mu   sync.Mutex
	last uint64
	open map[string]int // by target
	// asked counts who waits at the screen for a sign-in, by target.
	asked map[string]int
}

// ask says that a person has just asked for what needs a sign-in to target, and
// waits for it until done is called.
func (s *signIns) ask(target string) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = make(map[string]int)
	}
	s.asked[target]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked[target]--
	}
}

// wanted reports whether a person waits for a sign-in to target.
func (s *signIns) wanted(target string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[target] > 0
}

func (s *signIns) begin(target string) (id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = make(map[string]int)
	}
	s.last++
	s.open[target]++
	return s.last
}

func (s *signIns) end(target string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[target]--
}

// waiting reports whether a code for target stands on the screen.
func (s *signIns) waiting(target string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[target] > 0
}

var errSignInCancelled = errors.New("cancelled on the screen")

// prompt shows the codes of a target's sign-ins on the screen, each until its
// sign-in has ended or the person cancels it.
func (c *console) prompt(target string) func(ctx context.Context, message, url, code string) error {
	return func(ctx context.Context, _, url, code string) error {
		id := c.signIns.begin(target)
		defer c.signIns.end(target)
		// Whoever waited for it is told how it went, and the refresh goes on.
		defer c.refresh(target)
		cancelled := make(chan struct{})
		c.tell(app.SignIn(vaults.SignIn{
			ID: id, Target: target, URL: url, Code: code, Asked: c.signIns.wanted(target), Cancel: sync.OnceFunc(func() { close(cancelled) }),
		}))
		defer c.tell(app.SignInEnded(id))
		select {
		case <-cancelled:
			return errSignInCancelled
		case <-c.ctx.Done():
			return c.ctx.Err()
		case <-ctx.Done():
			return nil
		}
	}
}
