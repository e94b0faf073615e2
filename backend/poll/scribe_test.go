package poll

import (
	"context"
	"runtime"
	"testing"
	"time"
	"weak"

	"certty/model"
)

// forgetful is a keeper that keeps nothing.
type forgetful struct{ Keeper }

func (forgetful) SaveSnapshot(context.Context, *model.Snapshot) error { return nil }

// TestAScribeHoldsNoSnapshot: what was saved is not held until something is saved
// again, for by then every row may have been made anew.
func TestAScribeHoldsNoSnapshot(t *testing.T) {
	s := newScribe(forgetful{}, "v")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.run(t.Context())
	}()
	held := func() weak.Pointer[model.Snapshot] {
		snapshot := model.NewSnapshot("v", []*model.Item{{Ref: certificate("a")}}, time.Time{})
		if err := s.finish(snapshot); err != nil {
			t.Error(err)
		}
		return weak.Make(snapshot)
	}()
	// The scribe's goroutine may not have left the call yet.
	close(s.work)
	<-ended
	runtime.GC()
	if held.Value() != nil {
		t.Error("the snapshot is held")
	}
	runtime.KeepAlive(s)
}
