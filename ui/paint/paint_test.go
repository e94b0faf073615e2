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
		if got := term.take(); len(got) != 1 || got[0] != "\x1b[2;1HTWO" {
			t.Errorf("one changed line: %q", got)
		}
		p.Show("one\nTWO\nthree")
		time.Sleep(time.Minute)
		if got := term.take(); len(got) != 0 {
			t.Errorf("nothing changed, and this was sent: %q", got)
		}
		// The frame for the old size is not shown on the new one.
		p.Invalidate()
		p.SetMouse(false)
		synctest.Wait()
		if got := term.take(); len(got) != 0 {
			t.Errorf("before the frame for the new size: %q", got)
		}
		p.Show("one\nTWO\nthree")
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
		screen := newScreen(120, measures["wcwidth"])
		screen.write(strings.Join(got, ""))
		if last := screen.String(); !strings.Contains(last, strings.Repeat("x", 100)) {
			t.Errorf("the last frame was lost: %s", last)
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

// Between Suspend and Resume nothing is written, and the frame after that is
// sent as a whole.
func TestSuspendAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var term terminal
		p := New(&term, 10, func() {})
		p.SetMouse(true)
		p.Show("one")
		synctest.Wait()
		term.take()
		p.Suspend()
		if got := term.take(); len(got) != 1 || got[0] != mouseOff+leave {
			t.Errorf("given back: %q", got)
		}
		p.Show("two")
		p.SetMouse(true)
		time.Sleep(time.Minute)
		if got := term.take(); len(got) != 0 {
			t.Errorf("written while it is given back: %q", got)
		}
		p.Resume()
		p.Show("two")
		time.Sleep(time.Second)
		if got := strings.Join(term.take(), ""); got != enter+mouseOn+"\x1b[2J\x1b[1;1H\x1b[Ktwo" {
			t.Errorf("taken again: %q", got)
		}
		p.Suspend()
		term.take()
		p.Close()
		if got := term.take(); len(got) != 0 {
			t.Errorf("given back twice: %q", got)
		}
		p.Resume() // after the end it does nothing, at once
		if got := term.take(); len(got) != 0 {
			t.Errorf("taken after the end: %q", got)
		}
	})
}

// A terminal that takes nothing does not hold up a suspension either, and what
// was asked for last is what counts once it takes something again.
func TestSuspendOnStalledTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := stalled{room: make(chan struct{}, 10)}
		p := New(s, 10, func() {})
		start := time.Now()
		p.Suspend()
		p.Resume()
		if took := time.Since(start); took > 6*grace {
			t.Errorf("it took %v", took)
		}
		for range cap(s.room) {
			s.room <- struct{}{}
		}
		synctest.Wait()
		p.mu.Lock()
		waiting := len(p.turned)
		p.mu.Unlock()
		if waiting != 0 || p.left {
			t.Errorf("%d wait, left %t", waiting, p.left)
		}
		p.Close()
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
