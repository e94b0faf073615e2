package app

import (
	"os"

	"golang.org/x/sys/unix"
)

// discard drops what the terminal was sent and has not taken (ioctl_tty(2),
// TCFLSH). A terminal that is gone has nothing to drop.
func discard(f *os.File) { _ = unix.IoctlSetInt(int(f.Fd()), unix.TCFLSH, unix.TCOFLUSH) }
