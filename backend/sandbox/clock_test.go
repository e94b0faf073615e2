package sandbox

import (
	"testing"
	"time"
)

// TestClockIsInUTC: what the services count from the clock, such as the 90 days
// until a purge, is no hour off where the machine's zone changes its clocks.
func TestClockIsInUTC(t *testing.T) {
	local := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("NST", -int((3*time.Hour+30*time.Minute).Seconds())))
	c := &Clock{base: func() time.Time { return local }}
	c.Advance(time.Hour)
	if now := c.Now(); now.Location() != time.UTC || !now.Equal(local.Add(time.Hour)) {
		t.Errorf("the clock shows %v, want %v", now, local.Add(time.Hour).UTC())
	}
}
