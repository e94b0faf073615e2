//go:build unix

package ptytest

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
)

// Screen is what the terminal shows at one moment.
type Screen struct {
	// Lines are the lines without blanks at their ends, as many as the terminal
	// has.
	Lines []string
	// X and Y are the cursor's column and line, from 0.
	X, Y          int
	CursorVisible bool
	// Alternate is true on the alternate screen, which full-screen programs use.
	Alternate bool
	Title     string
}

// Contains reports whether every text stands on some line.
func (s Screen) Contains(texts ...string) bool {
	for _, text := range texts {
		if s.Line(text) < 0 {
			return false
		}
	}
	return true
}

// Line is the number of the first line that holds text, from 0; -1 when there is
// none.
func (s Screen) Line(text string) int {
	return slices.IndexFunc(s.Lines, func(l string) bool { return strings.Contains(l, text) })
}

// String draws the screen with line numbers, for failures. Empty lines at the
// end are left out.
func (s Screen) String() string {
	var b strings.Builder
	last := len(s.Lines) - 1
	for last >= 0 && s.Lines[last] == "" {
		last--
	}
	for i, l := range s.Lines[:last+1] {
		fmt.Fprintf(&b, "%3d │%s\n", i, l)
	}
	fmt.Fprintf(&b, "    %d lines, cursor at %d,%d visible %t, alternate screen %t", len(s.Lines), s.X, s.Y, s.CursorVisible, s.Alternate)
	return b.String()
}

// Screen is what the terminal shows now.
func (t *Terminal) Screen() Screen {
	for limit := time.Now().Add(restless); ; time.Sleep(lookAgain) {
		if s, whole := t.lookWhole(); whole || time.Now().After(limit) {
			return s
		}
	}
}

// lookAgain is the time between two looks at the program's threads, which the
// system has no event for. A look costs some of it.
const lookAgain = 2 * time.Millisecond

// lookWhole is the screen, and whether it is as a frame left it: a program that is
// at rest, and of whose output nothing is under way, is not half through one. Where
// nobody tells whether it rests, nothing being under way is enough.
func (t *Terminal) lookWhole() (Screen, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	rests, known := t.rests()
	whole := !t.underWay() && (rests || !known)
	return t.look(), whole
}

func (t *Terminal) look() Screen {
	// String and Size lock by themselves, so they can't be called under Lock.
	text := strings.TrimSuffix(t.screen.String(), "\n")
	t.screen.Lock()
	defer t.screen.Unlock()
	cursor := t.screen.Cursor()
	s := Screen{
		X: cursor.X, Y: cursor.Y,
		CursorVisible: t.screen.CursorVisible(),
		Alternate:     t.screen.Mode()&vt10x.ModeAltScreen != 0,
		Title:         t.screen.Title(),
	}
	for l := range strings.SplitSeq(strings.ReplaceAll(text, "\x00", " "), "\n") {
		s.Lines = append(s.Lines, strings.TrimRight(l, " "))
	}
	return s
}

// feed gives the screen the new output up to its last whole rune: vt10x loses a
// rune that is split.
func (t *Terminal) feed() {
	end := len(t.output)
	for back := 1; back < utf8.UTFMax && back <= end-t.fed; back++ {
		if b := t.output[end-back]; utf8.RuneStart(b) {
			if !utf8.FullRune(t.output[end-back:]) {
				end -= back
			}
			break
		}
	}
	// vt10x has no errors but those of its writer.
	_, _ = t.screen.Write(t.output[t.fed:end])
	t.fed = end
}

// WaitText waits until every text stands on the screen.
func (t *Terminal) WaitText(texts ...string) Screen {
	t.tb.Helper()
	return t.WaitFor(fmt.Sprintf("%q", texts), func(s Screen) bool { return s.Contains(texts...) })
}

// WaitGone waits until none of the texts stands on the screen.
func (t *Terminal) WaitGone(texts ...string) Screen {
	t.tb.Helper()
	return t.WaitFor(fmt.Sprintf("%q to go", texts), func(s Screen) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return s.Contains(text) })
	})
}

// WaitFor waits until ok holds of a whole screen, no half drawn one, and returns
// that. what names it in the failure.
func (t *Terminal) WaitFor(what string, ok func(Screen) bool) Screen {
	t.tb.Helper()
	limit := time.After(Patience)
	var held time.Time // when ok held for the first time, if of half a frame
	for {
		t.mu.Lock()
		changed := t.changed
		over := t.hasEnded() && t.isDrained()
		s := t.look()
		t.mu.Unlock()
		var soon <-chan time.Time
		if ok(s) {
			if held.IsZero() {
				held = time.Now()
			}
			if s, whole := t.lookWhole(); ok(s) && (whole || over || time.Since(held) > restless) {
				return s
			}
			soon = time.After(lookAgain)
		}
		if over {
			t.tb.Fatalf("waited for %s; the program ended with %v; the screen:\n%s", what, t.cmd.ProcessState, s)
		}
		select {
		case <-changed:
		case <-soon:
		case <-t.drainedAfterEnd():
		case <-limit:
			t.tb.Fatalf("waited for %s; the screen:\n%s\nthe last output: %q", what, s, t.tail())
		}
	}
}

func (t *Terminal) isDrained() bool {
	select {
	case <-t.drained:
		return true
	default:
		return false
	}
}

// drainedAfterEnd is ready when no more output can come. It is nil, and so never
// ready, before the program has ended.
func (t *Terminal) drainedAfterEnd() <-chan struct{} {
	if t.hasEnded() {
		return t.drained
	}
	return nil
}

// Output is everything that the program has written so far.
func (t *Terminal) Output() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.output)
}

// Mark is the present end of the output, for [Terminal.BytesSince].
func (t *Terminal) Mark() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.output)
}

// BytesSince is what the program has written since a mark.
func (t *Terminal) BytesSince(mark int) []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.output[mark:])
}

func (t *Terminal) tail() []byte {
	out := t.Output()
	return out[max(0, len(out)-500):]
}
