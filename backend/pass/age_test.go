package pass_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"certty/backend"
	"certty/backend/pass"
)

// TestAgeOfAnAccount: what is known of an account is as old as the last look at
// what changed that got through, in this process or another, and MaxAge goes by
// that.
func TestAgeOfAnAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, k := &counted{office: &office{read: map[string]int{}, orders: 2}}, newKeeper()
		look(t, c, pass.Options{Keeper: k})
		time.Sleep(time.Hour)
		began := time.Now()
		r := look(t, c, pass.Options{Keeper: k, MaxAge: time.Minute})
		if !r.Snapshot.ReadAt().Equal(began) || !k.snapshots["a"].ReadAt().Equal(began) || c.listed != 1 || c.asked != 1 {
			t.Errorf("read at %v, listed %d times and asked %d times", r.Snapshot.ReadAt(), c.listed, c.asked)
		}
		time.Sleep(30 * time.Second)
		if r := look(t, c, pass.Options{Keeper: k, MaxAge: time.Minute}); !r.Stored || c.listed+c.asked != 2 {
			t.Errorf("stored %t, listed %d times and asked %d times", r.Stored, c.listed, c.asked)
		}

		// A look that did not get through makes nothing younger.
		time.Sleep(time.Hour)
		c.refused = &backend.Error{Kind: backend.KindAuth}
		r = look(t, c, pass.Options{Keeper: k, MaxAge: time.Minute})
		if !errors.Is(r.Err, c.refused) || r.Latch == nil || !r.Snapshot.ReadAt().Equal(began) {
			t.Errorf("%v, latch %v, read at %v", r.Err, r.Latch, r.Snapshot.ReadAt())
		}
	})
}
