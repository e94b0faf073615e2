package sandbox

import (
	"sync"
	"time"
)

// Clock is the sandbox's clock. It runs with the machine's and can be moved,
// forth and back: requests end, deletions are over and certificates expire when
// their time has come on it. Tokens and TLS don't go by it. The move ends with
// the process. It is safe for concurrent use.
type Clock struct {
	base func() time.Time

	mu     sync.Mutex
	offset time.Duration
}

// Now is the time on the clock, in UTC as the services reckon: a day has 24 hours
// also where the machine's zone changes its clocks.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base().Add(c.offset).UTC()
}

// Offset is how far the clock is ahead of the machine's; negative when it is
// behind.
func (c *Clock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// Advance moves the clock on by d, or back where d is negative.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// SetOffset puts the clock that far ahead of the machine's; 0 puts it right.
func (c *Clock) SetOffset(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = d
}
