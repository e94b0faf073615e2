//go:build unix

package ptytest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

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
	for limit := time.Now().Add(restless); time.Now().Before(limit); time.Sleep(200 * time.Microsecond) {
		switch rests, known := t.rests(); {
		case !known:
			return false
		case rests:
			return true
		}
	}
	return false
}

// rests looks at the threads of the program in the terminal's foreground, as
// proc(5) has them.
func (t *Terminal) rests() (rests, known bool) {
	conn, err := t.master.SyscallConn()
	if err != nil {
		return false, false
	}
	var group int
	var failed error
	if err := conn.Control(func(fd uintptr) { group, failed = unix.IoctlGetInt(int(fd), unix.TIOCGPGRP) }); err != nil || failed != nil {
		return false, false
	}
	threads, err := filepath.Glob(filepath.Join("/proc", strconv.Itoa(group), "task", "*", "stat"))
	if err != nil || len(threads) == 0 {
		return false, false
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(thread)
		if err != nil {
			continue // it has ended
		}
		// The state follows the name, which stands in brackets and may hold some.
		_, state, _ := bytes.Cut(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" "))
		if !bytes.HasPrefix(state, []byte("S")) {
			return false, true
		}
	}
	return true, true
}
