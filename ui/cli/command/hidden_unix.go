//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package command

import (
	"os"
	"os/signal"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// quiet is a terminal that shows nothing of what is typed.
type quiet struct {
	fd    int
	shown *term.State
	hides unix.Termios
	say   func(line string)
	ask   func() error

	came chan os.Signal
	over chan struct{}
	// mu keeps what is set apart from what ends or stops the program.
	mu sync.Mutex
}

// hush lets a terminal show nothing of what is typed until show is called. A
// signal that ends or stops the program in between has it shown again first, and
// once a stopped program goes on ask is called.
func hush(fd int, say func(line string), ask func() error) (show func(), err error) {
	q := &quiet{fd: fd, say: say, ask: ask, came: make(chan os.Signal, 1), over: make(chan struct{})}
	if q.shown, err = term.GetState(fd); err != nil {
		return nil, err
	}
	termios, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	// As term.ReadPassword sets it.
	q.hides = *termios
	q.hides.Lflag &^= unix.ECHO
	q.hides.Lflag |= unix.ICANON | unix.ISIG
	q.hides.Iflag |= unix.ICRNL
	// What the person lets the program ignore (nohup) stays ignored.
	for _, s := range []os.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGTSTP} {
		if !signal.Ignored(s) {
			signal.Notify(q.came, s)
		}
	}
	var watching sync.WaitGroup
	watching.Go(q.watch)
	if err := q.hide(); err != nil {
		signal.Stop(q.came)
		close(q.over)
		return nil, err
	}
	return func() {
		signal.Stop(q.came)
		close(q.over)
		watching.Wait()
		_ = term.Restore(fd, q.shown) // a terminal that is gone needs nothing more
	}, nil
}

func (q *quiet) hide() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return unix.IoctlSetTermios(q.fd, setTermios, &q.hides)
}

func (q *quiet) watch() {
	for {
		select {
		case <-q.over:
			return
		case s := <-q.came:
			q.heed(s)
		}
	}
}

// heed ends or stops the program as the signal would have, so that a shell sees
// the same.
func (q *quiet) heed(s os.Signal) {
	q.mu.Lock()
	defer q.mu.Unlock()
	number, ok := s.(syscall.Signal)
	stops := number == unix.SIGTSTP
	if !ok || stops && !continuable() {
		return
	}
	_ = term.Restore(q.fd, q.shown) // a terminal that is gone needs nothing more
	q.say("")
	if !stops {
		signal.Stop(q.came)
		_ = unix.Kill(unix.Getpid(), number) // to oneself it is never refused
		return
	}
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	// Another signal than the one that came: the default of that one does not come
	// back once package os/signal was asked for it.
	if err := unix.Kill(unix.Getpid(), unix.SIGSTOP); err == nil {
		select {
		case <-continued:
		case <-q.over:
			return
		}
	}
	// In the background the system stops the program here until it is in front.
	if err := unix.IoctlSetTermios(q.fd, setTermios, &q.hides); err == nil {
		_ = q.ask() // who can't be asked again can still answer
	}
}

// continuable reports whether a shell with job control would continue the program
// once it is stopped.
func continuable() bool {
	leader, err := unix.Getsid(0)
	return err == nil && leader != unix.Getpgrp()
}
