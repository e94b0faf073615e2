package console

import (
	"context"
	"errors"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Memory is given back when reading has ended, once for each time, and also
// where it never ends; nothing is done while nothing is read.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var given atomic.Int32
		q := newQuiet()
		q.give = func() { given.Add(1) }
		ended := make(chan error)
		go func() { ended <- q.run(ctx) }()
		after := func(d time.Duration, want int32, what string) {
			t.Helper()
			time.Sleep(d)
			synctest.Wait()
			if got := given.Load(); got != want {
				t.Errorf("%s: given back %d times, want %d", what, got, want)
			}
		}
		after(time.Hour, 0, "nothing was read")
		for range 30 {
			q.stir()
			after(time.Second, 0, "while a listing goes on")
		}
		after(quietAfter, 1, "after a listing")
		q.stir()
		after(quietAfter, 1, "so soon again")
		after(giveBackPace, 2, "after another listing")
		after(time.Hour, 2, "at rest")
		for range 2 * quietLimit / time.Second {
			q.stir()
			time.Sleep(time.Second)
		}
		after(0, 3, "where news never end")
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}

// The room for garbage is the same for every large board, and no less than a share
// of a small one.
func TestThriftyByWhatLives(t *testing.T) {
	for _, tt := range []struct {
		live uint64
		want int
	}{{0, 35}, {4 << 20, 35}, {20 << 20, 35}, {28 << 20, 25}, {35 << 20, 20}, {45 << 20, 15}, {1 << 32, 15}} {
		if got := percentBeside(tt.live); got != tt.want {
			t.Errorf("beside %d bytes: %d %%, want %d", tt.live, got, tt.want)
		}
	}
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	q := newQuiet()
	q.give()
	if got := debug.SetGCPercent(100); got != 100 {
		t.Errorf("%d %% although the person said how much", got)
	}
	q.thrifty()
	q.give()
	if got := debug.SetGCPercent(100); got < fewest || got > most {
		t.Errorf("%d %% after memory was given back", got)
	}
}
