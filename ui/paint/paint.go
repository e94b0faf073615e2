// Package paint puts frames on the terminal.
//
// It stands in for the renderer of Bubble Tea v1, which wakes 60 times a second
// whether anything changed or not (measured: 1.25 % of a core on an idle
// screen), and shows a frame only when the next of these moments comes. Here a
// frame is shown at once, unless the last one was shown a moment ago; an idle
// screen costs nothing. Only what changed is sent, down to the column.
//
// Writing happens on a goroutine of its own: a slow line holds up neither the
// keys nor the data. It gets the newest frame, never a queue of them.
package paint

import (
	"bytes"
	"io"
	"sync"
	"time"
)

// Sequences of ECMA-48 and xterm. The modes are: alternate screen with the
// cursor saved, cursor, autowrap, bracketed paste. Without autowrap a line that
// the terminal draws wider than it was measured is cut and does not scroll.
const (
	enter = "\x1b[?1049h\x1b[2J\x1b[?25l\x1b[?7l\x1b[?2004h"
	leave = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
	// Buttons and wheel, in the form without limits (xterm, "Mouse Tracking").
	// Moves are not asked for: on a slow line they would be most of the input.
	mouseOn  = "\x1b[?1000h\x1b[?1006h"
	mouseOff = "\x1b[?1006l\x1b[?1000l"
)

// burst is how many frames may follow each other at once after a rest: an
// answer to a key is seldom one frame alone.
const burst = 3

// grace is how long the terminal may take for what was sent before the end.
const grace = 500 * time.Millisecond

// Painter shows frames on one terminal. The zero value is not usable, start
// with [New].
type Painter struct {
	w       io.Writer
	rest    time.Duration
	discard func()

	mu     sync.Mutex
	frame  string
	fresh  bool            // frame was not shown yet
	whole  bool            // every line has to be sent
	mouse  bool            // the mouse is wanted
	away   bool            // the screen is to be left for a while
	turned []chan struct{} // closed once it is as away says
	signal chan struct{}
	done   chan struct{}
	ended  chan struct{}
	once   sync.Once

	// The rest is the goroutine's own.

	left   bool     // the screen is given back
	moused bool     // the mouse is on
	shown  []string // by line, without its line end
	buf    bytes.Buffer
	part   bytes.Buffer // a row in another way, for comparison
	from   line
	to     line
}

// New takes the terminal's screen and starts to show frames, at most fps of
// them a second. discard drops what the terminal has not taken yet, so that a
// blocked write ends; see [Painter.Close].
func New(w io.Writer, fps int, discard func()) *Painter {
	p := &Painter{
		w: w, rest: time.Second / time.Duration(max(1, fps)), discard: discard, whole: true,
		signal: make(chan struct{}, 1), done: make(chan struct{}), ended: make(chan struct{}),
	}
	go p.run()
	return p
}

// Show makes frame the one to be shown. Lines are separated by line feeds.
func (p *Painter) Show(frame string) {
	p.mu.Lock()
	p.fresh = p.fresh || frame != p.frame || p.whole
	p.frame = frame
	fresh := p.fresh
	p.mu.Unlock()
	if fresh {
		p.wake()
	}
}

// Invalidate has every line of the next frame sent: the terminal was resized,
// and nobody knows what it kept. The last frame is for a screen that is no more,
// so it is not shown again.
func (p *Painter) Invalidate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frame, p.fresh, p.whole = "", false, true
}

// SetMouse has the terminal send clicks and the wheel, or select text by itself
// as before.
func (p *Painter) SetMouse(on bool) {
	p.mu.Lock()
	p.mouse = on
	p.mu.Unlock()
	p.wake()
}

func (p *Painter) wake() {
	select {
	case p.signal <- struct{}{}:
	default: // it was told already
	}
}

// Close gives the screen back as it was. It may be called more than once, and
// from any goroutine. A terminal that takes nothing more, such as that of an
// SSH connection whose line is down, holds it up for a moment only.
func (p *Painter) Close() {
	p.once.Do(func() { close(p.done) })
	p.await(p.ended)
}

// Suspend gives the screen back until [Painter.Resume], as [Painter.Close]
// does for good. Nothing is shown meanwhile.
func (p *Painter) Suspend() { p.turn(true) }

// Resume takes the screen again. It stays empty until the next frame, because
// the terminal may have another size now.
func (p *Painter) Resume() {
	p.Invalidate()
	p.turn(false)
}

func (p *Painter) turn(away bool) {
	done := make(chan struct{})
	p.mu.Lock()
	p.away = away
	p.turned = append(p.turned, done)
	p.mu.Unlock()
	p.wake()
	p.await(done)
}

// await waits for the goroutine, but for a moment only where the terminal takes
// nothing more.
func (p *Painter) await(done <-chan struct{}) {
	for range 3 { // the frame under way, the good-bye, and one to spare
		select {
		case <-done:
			return
		case <-p.ended:
			return
		case <-time.After(grace):
			p.discard()
		}
	}
}

func (p *Painter) run() {
	defer close(p.ended)
	p.send(enter)
	defer p.giveBack()
	next := time.NewTimer(p.rest)
	defer next.Stop()
	for spare := burst; ; {
		select {
		case <-p.signal:
		case <-next.C:
			// Time passed without a frame: there is room for more of them.
			spare = burst
			continue
		case <-p.done:
			return
		}
		if p.settle(); p.left {
			continue
		}
		p.paint()
		next.Reset(burst * p.rest)
		if spare--; spare > 0 {
			continue
		}
		select {
		case <-time.After(p.rest):
			spare = 1
		case <-p.done:
			return
		}
	}
}

// settle leaves the screen or takes it again, as was asked for.
func (p *Painter) settle() {
	p.mu.Lock()
	away, turned := p.away, p.turned
	p.turned = nil
	p.mu.Unlock()
	switch {
	case away:
		p.giveBack()
	case p.left:
		p.left = false
		p.send(enter)
	}
	for _, done := range turned {
		close(done)
	}
}

// giveBack leaves the screen, unless it was left.
func (p *Painter) giveBack() {
	if p.left {
		return
	}
	p.left = true
	if p.moused {
		p.moused = false
		p.send(mouseOff + leave)
		return
	}
	p.send(leave)
}

// send writes s in one piece. A terminal that is gone can't be told anything;
// the input's end ends the program.
func (p *Painter) send(s string) { _, _ = io.WriteString(p.w, s) }

// paint sends what differs from what is shown.
func (p *Painter) paint() {
	p.mu.Lock()
	frame, whole, mouse := p.frame, p.whole, p.mouse
	fresh := p.fresh && frame != ""
	if fresh {
		p.fresh, p.whole = false, false
	}
	p.mu.Unlock()
	p.buf.Reset()
	if mouse != p.moused {
		p.moused = mouse
		p.buf.WriteString(map[bool]string{true: mouseOn, false: mouseOff}[mouse])
	}
	if fresh {
		p.draw(frame, whole)
	}
	if p.buf.Len() > 0 {
		p.send(p.buf.String())
	}
}
