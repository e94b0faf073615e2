// Package paint puts frames on the terminal.
//
// It stands in for the renderer of Bubble Tea v1, which wakes 60 times a second
// whether anything changed or not (measured: 1.25 % of a core on an idle
// screen), and shows a frame only when the next of these moments comes. Here a
// frame is shown at once, unless the last one was shown a moment ago; an idle
// screen costs nothing. Only the lines that changed are sent.
//
// Writing happens on a goroutine of its own: a slow line holds up neither the
// keys nor the data. It gets the newest frame, never a queue of them.
package paint

import (
	"bytes"
	"io"
	"strconv"
	"strings"
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
	fresh  bool // frame was not shown yet
	whole  bool // every line has to be sent
	mouse  bool // the mouse is wanted
	signal chan struct{}
	done   chan struct{}
	ended  chan struct{}
	once   sync.Once

	moused bool     // the mouse is on; the goroutine's own, as what follows
	shown  []string // by line, without its line end; the goroutine's own
	buf    bytes.Buffer
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

// Invalidate has every line sent again: the terminal was resized, and nobody
// knows what it kept.
func (p *Painter) Invalidate() {
	p.mu.Lock()
	p.whole, p.fresh = true, true
	p.mu.Unlock()
	p.wake()
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
	for range 3 { // the frame under way, the good-bye, and one to spare
		select {
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
	defer func() {
		if p.moused {
			p.send(mouseOff + leave)
			return
		}
		p.send(leave)
	}()
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

// send writes s in one piece. A terminal that is gone can't be told anything;
// the input's end ends the program.
func (p *Painter) send(s string) { _, _ = io.WriteString(p.w, s) }

// paint sends what differs from what is shown.
func (p *Painter) paint() {
	p.mu.Lock()
	frame, whole, fresh, mouse := p.frame, p.whole, p.fresh, p.mouse
	p.fresh, p.whole = false, false
	p.mu.Unlock()
	p.buf.Reset()
	if mouse != p.moused {
		p.moused = mouse
		p.buf.WriteString(map[bool]string{true: mouseOn, false: mouseOff}[mouse])
	}
	if fresh && frame != "" {
		p.draw(frame, whole)
	}
	if p.buf.Len() > 0 {
		p.send(p.buf.String())
	}
}

// draw collects the lines of frame that differ from those that are shown.
func (p *Painter) draw(frame string, whole bool) {
	lines := strings.Split(frame, "\n")
	if whole || len(lines) != len(p.shown) {
		p.buf.WriteString("\x1b[2J")
		p.shown = make([]string, len(lines))
	}
	for i, line := range lines {
		if line == p.shown[i] {
			continue
		}
		p.buf.WriteString("\x1b[")
		p.buf.WriteString(strconv.Itoa(i + 1))
		// Erased first: after a full line it would take the last character.
		p.buf.WriteString(";1H\x1b[K")
		p.buf.WriteString(strings.TrimRight(line, " "))
	}
	p.shown = lines
}
