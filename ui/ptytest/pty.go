//go:build unix

package ptytest

import (
	"errors"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// openPTY opens a pseudo terminal whose master can be closed while it is being
// read. What the pty package opens can't: it blocks in the system, and the
// terminal would stay until the program writes something.
func openPTY() (master, tty *os.File, err error) {
	blocking, tty, err := pty.Open()
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, blocking.Close()) }()
	fd, err := unix.FcntlInt(blocking.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, nil, errors.Join(err, tty.Close())
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, nil, errors.Join(err, unix.Close(fd), tty.Close())
	}
	// From a descriptor that does not block, os makes a file that is polled.
	// Its Fd method must not be called: that makes it block again.
	return os.NewFile(uintptr(fd), "pty master"), tty, nil
}
