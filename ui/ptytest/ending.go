//go:build unix

package ptytest

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Wait waits for the program's end and returns its exit code; 128 and the
// signal's number when a signal ended it, as shells have it.
func (t *Terminal) Wait() int {
	t.tb.Helper()
	select {
	case <-t.ended:
	case <-time.After(Patience):
		t.tb.Fatalf("the program did not end; the screen:\n%s", t.Screen())
	}
	select {
	case <-t.drained:
	case <-time.After(Patience):
		t.tb.Fatal("the program left a child that holds the terminal")
	}
	status, ok := t.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return t.cmd.ProcessState.ExitCode()
}

// Restored reports what the program did not put back: the modes of the terminal
// line (termios), the alternate screen, the cursor, bracketed paste, mouse and
// focus reports. It is to be called after [Terminal.Wait].
func (t *Terminal) Restored() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var errs []error
	switch {
	case t.after == nil:
		errs = append(errs, errors.New("the terminal's modes can't be read: it is closed, or the program still runs"))
	case *t.after != *t.before:
		errs = append(errs, fmt.Errorf("the modes of the line are %v, were %v", *t.after, *t.before))
	}
	modes := privateModes(t.output)
	for _, m := range slices.Sorted(maps.Keys(modes)) {
		if want, known := modeAtRest[m]; known && modes[m] != want {
			errs = append(errs, fmt.Errorf("%s (private mode %d) is left %s", modeNames[m], m, onOff(modes[m])))
		}
	}
	return errors.Join(errs...)
}

// Private modes that a program must not leave behind, and how they are at rest
// (xterm, "DEC Private Mode Set").
var (
	modeNames = map[int]string{
		25: "the cursor", 47: "the alternate screen", 1047: "the alternate screen", 1049: "the alternate screen",
		1000: "mouse reports", 1002: "mouse reports", 1003: "mouse reports", 1006: "mouse reports in SGR form",
		1004: "focus reports", 2004: "bracketed paste",
	}
	modeAtRest = func() map[int]bool {
		rest := make(map[int]bool, len(modeNames))
		for m := range modeNames {
			rest[m] = m == 25
		}
		return rest
	}()
	modeChange = regexp.MustCompile(`\x1b\[\?([0-9;]+)([hl])`)
)

// privateModes is the last state of each mode that the output set.
func privateModes(output []byte) map[int]bool {
	modes := make(map[int]bool)
	for _, m := range modeChange.FindAllSubmatch(output, -1) {
		for p := range bytes.SplitSeq(m[1], []byte{';'}) {
			if n, err := strconv.Atoi(string(p)); err == nil {
				modes[n] = m[2][0] == 'h'
			}
		}
	}
	return modes
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
