package app

import (
	"context"
	"strings"
	"testing"
	"time"

	"certty/backend"
	"certty/backend/poll"
	"certty/model"
	"certty/ui/view"
)

// doubtful is a change of the row shop-example-com whose end is not known.
func doubtful() []view.Doubt {
	return []view.Doubt{{
		Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "shop-example-com"}, Op: "create", At: noon.Add(-time.Hour),
		Why: "probably ours: request 2c1f, seen at 11:00 UTC; nothing in the vault tells whose it is. Compare its CSR with what was asked for before you go on with it",
	}}
}

// TestDoubts: a row with a change whose end is not known says so on the board, in
// the pane and on its own screen, until it is known.
func TestDoubts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 120, 40, plain)
		list, reads := doubtful(), 0
		s.parts.Doubts = func(context.Context) []view.Doubt { reads++; return list }
		s.run(s.readDoubts())
		s.on("shop-example-com")
		if line := cursorLine(s.View()); !strings.Contains(line, view.Uncertain) {
			t.Errorf("the row says %q", line)
		}
		s.sees("Uncertain: create was asked from", "probably ours: request")
		s.press("enter")
		s.sees("Uncertain: create was asked from here", "Compare its CSR", "Look before you do it again.")
		s.press("esc")

		// News of a target are held against it, once for many.
		for range 3 {
			s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod(), Generation: 2}}))
		}
		if !s.doubting || reads != 1 {
			t.Errorf("doubting %t after %d reads", s.doubting, reads)
		}
		list = nil
		s.run(s.route(doubtsDue{}))
		if strings.Contains(s.View(), "Uncertain") || strings.Contains(cursorLine(s.View()), view.Uncertain) {
			t.Errorf("it is in doubt for ever:\n%s", s.View())
		}
		s.run(s.state(stateMsg{index: 0, state: poll.State{Snapshot: prod(), Generation: 3}}))
		if s.doubting || reads != 2 {
			t.Errorf("without a doubt the journal is read: doubting %t, %d reads", s.doubting, reads)
		}
		// A call that failed may have left one.
		s.run(s.opDone(view.OpDone{Op: "create", Ref: model.Ref{Target: "prod", Kind: model.KindCertificate, Key: "vpn-gw"}, Err: &backend.Error{Kind: backend.KindUncertain}}))
		if !s.doubting {
			t.Error("after a call without an answer nobody looks")
		}
		// What another program left is seen within a minute.
		list = doubtful()
		s.run(s.route(minuteMsg(noon.Add(time.Minute))))
		if line := cursorLine(s.View()); !strings.Contains(line, view.Uncertain) {
			t.Errorf("a minute later the row says %q", line)
		}
	})
}
