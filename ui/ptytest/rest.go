//go:build unix

package ptytest

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// rests looks at the threads of the program in the terminal's foreground, as
// proc(5) has them; known is false where there is none. t.mu is held.
func (t *Terminal) rests() (rests, known bool) {
	var group int
	if !t.onMaster(func(fd int) (err error) { group, err = unix.IoctlGetInt(fd, unix.TIOCGPGRP); return err }) {
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
		// R wants to run, D waits for a disk; all others do nothing by themselves.
		after := bytes.TrimLeft(stat[bytes.LastIndexByte(stat, ')')+1:], " ")
		if bytes.HasPrefix(after, []byte("R")) || bytes.HasPrefix(after, []byte("D")) {
			return false, true
		}
	}
	return true, true
}

// underWay reports whether the program has written what was not read yet. t.mu is
// held.
func (t *Terminal) underWay() bool {
	waiting := 0
	t.onMaster(func(fd int) (err error) {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if _, err = unix.Poll(fds, 0); fds[0].Revents&unix.POLLIN != 0 {
			waiting++
		}
		return err
	})
	return waiting > 0
}

// onMaster does something with the terminal's descriptor, and reports whether that
// went well. t.mu is held.
func (t *Terminal) onMaster(do func(fd int) error) bool {
	conn, err := t.master.SyscallConn()
	if err != nil {
		return false
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil {
		return false // it is closed
	}
	return failed == nil
}
