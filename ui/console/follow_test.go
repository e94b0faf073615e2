package console

import (
	"testing"
	"time"

	"certty/backend/poll"
	"certty/model"
)

// TestWhatWasStoredAsksNothing: a look at what changed that another process stored
// does not let the repository call an account whose poller was not let in yet.
func TestWhatWasStoredAsksNothing(t *testing.T) {
	listed := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	stored := model.NewSnapshot("acme", nil, listed).WithLook(listed.Add(time.Hour))
	for name, now := range map[string]struct {
		state poll.State
		asked bool
	}{
		"nothing new": {poll.State{Snapshot: stored}, false},
		"asked":       {poll.State{Snapshot: stored, Loading: true}, true},
		"told":        {poll.State{Snapshot: stored.WithLook(listed.Add(2 * time.Hour))}, true},
		"listed":      {poll.State{Snapshot: model.NewSnapshot("acme", nil, listed.Add(2*time.Hour))}, true},
	} {
		f := &follower{state: poll.State{Snapshot: stored}}
		f.heard()
		if f.answers() {
			t.Errorf("%s: what was stored counts as an answer", name)
		}
		f.state = now.state
		f.heard()
		if f.asked != now.asked {
			t.Errorf("%s: asked %t", name, f.asked)
		}
	}
}
