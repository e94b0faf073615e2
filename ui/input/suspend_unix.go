//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// Screen is what else a program has of the terminal: the alternate screen, the
// cursor, the mouse.
type Screen interface {
	// Suspend gives it back, and returns once that is done.
	Suspend()
	// Resume takes it again.
	Resume()
}

const (
	// stopWithin is how long the system may take to stop the process.
	stopWithin = time.Second
	// look is how often a program that was continued in the background looks
	// whether the terminal is its own again: no signal tells.
	look = 100 * time.Millisecond
)

// CanSuspend returns [ErrNoJobControl] where nobody could continue the program
// once it is stopped.
func (r *Reader) CanSuspend() error {
	leader, err := unix.Getsid(0)
	if err != nil || leader == unix.Getpgrp() {
		return ErrNoJobControl
	}
	if _, err := unix.IoctlGetInt(r.fd, unix.TIOCGPGRP); err != nil {
		return ErrNoJobControl
	}
	return nil
}

// Suspend gives the terminal and the screen back, stops the process group as
// ctrl+z does in a shell, and takes both again once the program is continued in
// the foreground. It must not be called from the program's event loop, because
// it returns only then.
//
// A program that is continued in the background goes on without a terminal. If
// ctx ends meanwhile, the terminal is not taken again.
//
// Nobody may have asked package os/signal for SIGTSTP: its default is not put
// back by signal.Stop, and then it stops nothing.
func (r *Reader) Suspend(ctx context.Context, screen Screen) error {
	if err := r.CanSuspend(); err != nil {
		return err
	}
	if !r.suspending.TryLock() {
		return nil // it is under way
	}
	defer r.suspending.Unlock()
	r.halt()
	screen.Suspend()
	err := r.giveTerminal()
	if err == nil {
		err = stop(ctx)
	}
	if lost := r.awaitForeground(ctx); lost != nil {
		return lost
	}
	// The terminal is taken before the screen: what the shell had set for
	// itself is what the end has to restore.
	err = errors.Join(err, r.resume(err == nil))
	screen.Resume()
	return err
}

// Retake takes terminal and screen again after the process was stopped and
// continued without being asked, as SIGSTOP does: a shell may have set the
// terminal for itself. It waits and ends as [Reader.Suspend] does.
func (r *Reader) Retake(ctx context.Context, screen Screen) error {
	if !r.suspending.TryLock() {
		return nil // a suspension ends with the same
	}
	defer r.suspending.Unlock()
	r.halt()
	if lost := r.awaitForeground(ctx); lost != nil {
		return lost
	}
	r.forgetRaw()
	err := r.resume(false)
	screen.Suspend()
	screen.Resume()
	return err
}

// stop stops the process group and returns when it is continued. The system
// ignores the signal where no shell would continue the group (POSIX, "Orphaned
// Process Group"), and there is no way to ask beforehand.
func stop(ctx context.Context) error {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	if err := unix.Kill(0, unix.SIGTSTP); err != nil {
		return fmt.Errorf("stop the process: %w", err)
	}
	// In steps: time goes on while the process is stopped, and SIGCONT is told
	// a moment after it.
	for range stopWithin / look {
		select {
		case <-continued:
			return nil
		case <-ctx.Done():
			return nil
		case <-time.After(look):
		}
	}
	return ErrNoJobControl
}

// awaitForeground waits until the terminal is the program's. It fails when ctx
// ends before, or when the terminal is gone: then Read goes on, which finds that
// out.
func (r *Reader) awaitForeground(ctx context.Context) error {
	for {
		owner, err := unix.IoctlGetInt(r.fd, unix.TIOCGPGRP)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			r.endPause()
			return fmt.Errorf("look whose the terminal is: %w", err)
		case owner == unix.Getpgrp():
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(look):
		}
	}
}
