//go:build unix

package ptytest

import "time"

const (
	// escapeWait is longer than a program waits for the rest of a sequence that
	// begins with Escape.
	escapeWait = 80 * time.Millisecond
	// escapePause is the same where nobody tells whether the program got to wait.
	escapePause = 250 * time.Millisecond
	// restless bounds the wait for a program that is never at rest.
	restless = 5 * time.Second
)

// awaitEscape waits until the programs have taken an Escape, which they have
// read, for a key: with the next one at its heels it would be alt, here as in
// every terminal program. The wait of a program begins when it has read Escape
// and is at rest; and when it is at rest once more after that time, it is over.
func awaitEscape(terms []*Terminal) {
	for _, wait := range []time.Duration{escapeWait, 0} {
		for _, t := range terms {
			if !t.awaitRest() {
				wait = max(wait, escapePause)
			}
		}
		time.Sleep(wait)
	}
}

// awaitRest waits until no thread of the program runs, or wants to; false where
// that can't be told.
func (t *Terminal) awaitRest() bool {
	for limit := time.Now().Add(restless); time.Now().Before(limit); time.Sleep(lookAgain) {
		t.mu.Lock()
		rests, known := t.rests()
		t.mu.Unlock()
		switch {
		case !known:
			return false
		case rests:
			return true
		}
	}
	return false
}
