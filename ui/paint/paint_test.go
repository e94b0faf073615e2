package paint

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// terminal notes what is written, one entry a write.
type terminal struct {
	mu     sync.Mutex
	writes []string
}

func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writes = append(t.writes, string(b))
	return len(b), nil
}

func (t *terminal) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.writes
	t.writes = nil
	return w
}

func TestPaintsOnlyWhatChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var term terminal
		p := New(&term, 10, func() {})
		synctest.Wait()
		if got := term.take(); len(got) != 1 || got[0] != enter {
			t.Fatalf("at the start: %q", got)
		}
		p.Show("one\ntwo  \nthree")
		synctest.Wait()
		if got := term.take(); len(got) != 1 || got[0] != "\x1b[2J\x1b[1;1H\x1b[Kone\x1b[2;1H\x1b[Ktwo\x1b[3;1H\x1b[Kthree" {
			t.Fatalf("the first frame: %q", got)
		}
		p.Show("one\nTWO\nthree")
		synctest.Wait()
		if got := term.take(); len(got) != 1 || got[0] != "\x1b[2;1H\x1b[KTWO" {
			t.Errorf("one changed line: %q", got)
		}
		p.Show("one\nTWO\nthree")
		time.Sleep(time.Minute)
		if got := term.take(); len(got) != 0 {
			t.Errorf("nothing changed, and this was sent: %q", got)
		}
		p.Invalidate()
		synctest.Wait()
		if got := strings.Join(term.take(), ""); !strings.Contains(got, "one") || !strings.HasPrefix(got, "\x1b[2J") {
			t.Errorf("after a resize: %q", got)
		}
		p.Close()
		p.Close()
		if got := term.take(); len(got) != 1 || got[0] != leave {
			t.Errorf("at the end: %q", got)
		}
	})
}

// A slow line gets the newest frame at most so many times a second, and the
// last one always.
func TestPaceAndLastFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var term terminal
		p := New(&term, 10, func() {})
		defer p.Close()
		synctest.Wait()
		term.take()
		for i := range 100 {
			p.Show(strings.Repeat("x", i+1))
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(time.Second)
		got := term.take()
		if len(got) > 10+burst {
			t.Errorf("%d frames in a second, at most %d", len(got), 10+burst)
		}
		if last := got[len(got)-1]; !strings.HasSuffix(last, strings.Repeat("x", 100)) {
			t.Errorf("the last frame was lost: %q", last)
		}
	})
}

// stalled takes nothing until what waits is discarded.
type stalled struct{ room chan struct{} }

func (s stalled) Write(b []byte) (int, error) {
	<-s.room
	return len(b), nil
}

// A terminal that takes nothing more does not hold up the end.
func TestCloseOnStalledTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stalled{room: make(chan struct{}, 1)}
		p := New(s, 10, func() { s.room <- struct{}{} })
		p.Show("one")
		synctest.Wait()
		start := time.Now()
		p.Close()
		synctest.Wait()
		select {
		case <-p.ended:
		default:
			t.Error("the painter still writes")
		}
		if took := time.Since(start); took > 3*grace {
			t.Errorf("the end took %v", took)
		}
	})
}

// The mouse is asked for and given back as wanted, and never left on at the
// end.
func TestMouse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var term terminal
		p := New(&term, 10, func() {})
		p.Show("one")
		synctest.Wait()
		term.take()
		p.SetMouse(true)
		synctest.Wait()
		if got := term.take(); len(got) != 1 || got[0] != mouseOn {
			t.Errorf("on: %q", got)
		}
		p.SetMouse(true)
		p.SetMouse(false)
		time.Sleep(time.Second)
		if got := term.take(); len(got) != 1 || got[0] != mouseOff {
			t.Errorf("off: %q", got)
		}
		p.SetMouse(true)
		time.Sleep(time.Second)
		term.take()
		p.Close()
		if got := term.take(); len(got) != 1 || got[0] != mouseOff+leave {
			t.Errorf("at the end: %q", got)
		}
	})
}
