package command

import "golang.org/x/sys/unix"

// The calls that read and set how a terminal is set (termios(3)).
const (
	getTermios = unix.TCGETS
	setTermios = unix.TCSETS
)
