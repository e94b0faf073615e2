//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
)

// Exec returns a command that hands the terminal to cmd (an editor, a pager),
// waits for it and takes the terminal back. It is tea.ExecProcess for a program
// that reads through r: the reading ends first, so that cmd gets every key, and
// cmd reads from the terminal, not from r. done gets cmd's error, or nil; it
// may be nil itself.
func (r *Reader) Exec(cmd *exec.Cmd, done tea.ExecCallback) tea.Cmd {
	return r.handOver(&child{cmd: cmd, reader: r}, done)
}

// Suspend returns a command that stops the program as ctrl+z does in a shell,
// and takes the terminal back when it is continued. The program then gets a
// tea.ResumeMsg, or what went wrong as [SuspendErrorMsg], such as
// [ErrNoJobControl].
func (r *Reader) Suspend() tea.Cmd {
	return r.handOver(&suspension{reader: r}, func(err error) tea.Msg {
		if err != nil {
			return SuspendErrorMsg{Err: err}
		}
		return tea.ResumeMsg{}
	})
}

// handOver pauses before Bubble Tea releases the terminal: it would wait half a
// second for a read that it can't end, and that read would then eat a key.
func (r *Reader) handOver(c tea.ExecCommand, done tea.ExecCallback) tea.Cmd {
	return func() tea.Msg {
		r.halt()
		return tea.Exec(c, done)()
	}
}

// child runs a program in the terminal.
type child struct {
	cmd    *exec.Cmd
	reader *Reader
}

// SetStdin gives the terminal to the child. Bubble Tea offers its own input,
// the Reader, which os/exec would copy through a pipe.
func (c *child) SetStdin(io.Reader) {
	if c.cmd.Stdin == nil {
		c.cmd.Stdin = c.reader.file
	}
}

func (c *child) SetStdout(w io.Writer) {
	if c.cmd.Stdout == nil {
		c.cmd.Stdout = w
	}
}

func (c *child) SetStderr(w io.Writer) {
	if c.cmd.Stderr == nil {
		c.cmd.Stderr = w
	}
}

func (c *child) Run() error {
	if err := c.reader.giveTerminal(); err != nil {
		return errors.Join(err, c.reader.Resume())
	}
	err := c.cmd.Run()
	if err != nil {
		err = fmt.Errorf("run %s: %w", c.cmd.Path, err)
	}
	return errors.Join(err, c.reader.Resume())
}

// suspension stops the process group and returns when it is continued.
type suspension struct{ reader *Reader }

func (s *suspension) SetStdin(io.Reader)  {}
func (s *suspension) SetStdout(io.Writer) {}
func (s *suspension) SetStderr(io.Writer) {}

func (s *suspension) Run() error {
	if unix.Getpgrp() == sessionID() {
		return errors.Join(ErrNoJobControl, s.reader.Resume())
	}
	if err := s.reader.giveTerminal(); err != nil {
		return errors.Join(err, s.reader.Resume())
	}
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	if err := unix.Kill(0, unix.SIGTSTP); err != nil {
		return errors.Join(fmt.Errorf("stop the process: %w", err), s.reader.Resume())
	}
	<-continued
	return s.reader.resume(true)
}

// sessionID is 0, which is no process group, when the system does not tell.
func sessionID() int {
	id, err := unix.Getsid(0)
	if err != nil {
		return 0
	}
	return id
}
