//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

var (
	// errWoken ends a poll because the state changed.
	errWoken = errors.New("woken")
	// errPaused means that the terminal is not to be read for a while.
	errPaused = errors.New("input is paused")
)

// Reader reads keys from a terminal. Its methods may be called from any
// goroutine; Read from one at a time.
type Reader struct {
	file *os.File
	fd   int
	opts Options
	wake [2]*os.File // pipe: a byte ends the poll of a running Read

	mu     sync.Mutex // guards the next three
	closed bool
	hungUp bool
	paused chan struct{} // closed at its end; nil while keys are read

	suspending sync.Mutex // held for as long as a suspension takes

	// reading is held while Read touches the descriptor or the parser, never
	// while it calls Send or OnHangup: these may block until the program's
	// event loop runs, and that may be waiting in Close.
	reading  sync.Mutex
	parser   parser
	deadline time.Time // when the parser's silence begins; zero without one
	chunk    []byte
	rest     string // what did not fit into the last Read's buffer

	termMu sync.Mutex // guards the next two
	raw    bool
	saved  *term.State // the terminal as it was before raw mode
}

// Open takes the terminal f over: it sets raw mode, and [Reader.Close] restores
// what was before. f stays open and belongs to the caller. It fails with
// [ErrNotTerminal] when f is none.
func Open(f *os.File, o Options) (*Reader, error) {
	if o.Send == nil {
		return nil, errors.New("open input: Options.Send is missing")
	}
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return nil, fmt.Errorf("open input %s: %w", f.Name(), ErrNotTerminal)
	}
	r := &Reader{file: f, fd: fd, opts: o, chunk: make([]byte, 4096)}
	var err error
	if r.wake[0], r.wake[1], err = os.Pipe(); err != nil {
		return nil, fmt.Errorf("open input: %w", err)
	}
	if err := r.takeTerminal(true); err != nil {
		return nil, errors.Join(err, r.wake[0].Close(), r.wake[1].Close())
	}
	return r, nil
}

// ProgramOption makes a program read through r.
func (r *Reader) ProgramOption() tea.ProgramOption { return tea.WithInput(r) }

// Read returns the bytes of one key. Pastes are handed to Options.Send before
// it returns the key that follows. It fails with io.EOF when the Reader is
// closed or the terminal is gone.
func (r *Reader) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		e, err := r.nextEvent()
		switch {
		case errors.Is(err, errPaused):
			r.awaitResume()
		case err != nil:
			return 0, r.endOfInput(err)
		case e.paste != nil:
			r.opts.Send(*e.paste)
		default:
			n := copy(b, e.key)
			if n < len(e.key) {
				r.reading.Lock()
				r.rest = e.key[n:]
				r.reading.Unlock()
			}
			return n, nil
		}
	}
}

// endOfInput calls OnHangup for the first error that is not of our own making.
func (r *Reader) endOfInput(err error) error {
	r.mu.Lock()
	first := !r.closed && !r.hungUp
	r.hungUp = r.hungUp || !r.closed
	r.mu.Unlock()
	if first && r.opts.OnHangup != nil {
		r.opts.OnHangup()
	}
	return err
}

// nextEvent waits for a key or a paste.
func (r *Reader) nextEvent() (event, error) {
	r.reading.Lock()
	defer r.reading.Unlock()
	if r.rest != "" {
		e := event{key: r.rest}
		r.rest = ""
		return e, nil
	}
	for {
		if err := r.state(); err != nil {
			return event{}, err
		}
		if e, ok := r.parser.next(); ok {
			return e, nil
		}
		if err := r.fill(); err != nil && !errors.Is(err, errWoken) {
			return event{}, err
		}
	}
}

func (r *Reader) state() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed || r.hungUp:
		return io.EOF
	case r.paused != nil:
		return errPaused
	}
	return nil
}

func (r *Reader) awaitResume() {
	r.mu.Lock()
	paused := r.paused
	r.mu.Unlock()
	if paused != nil {
		<-paused
	}
}

// fill feeds the parser with what comes next: bytes, or silence. Bytes come
// first: if the program was busy past a deadline, they were there in time.
func (r *Reader) fill() error {
	ready, err := r.poll(r.timeout())
	if err != nil {
		return err
	}
	if ready {
		n, err := r.readChunk()
		if err != nil {
			return err
		}
		r.parser.feed(r.chunk[:n])
	} else {
		r.parser.silence()
	}
	r.deadline = time.Time{}
	if d := r.parser.wait(); d > 0 {
		r.deadline = time.Now().Add(d)
	}
	return nil
}

// timeout is the time left until the deadline in milliseconds, rounded up; -1
// without one.
func (r *Reader) timeout() int {
	if r.deadline.IsZero() {
		return -1
	}
	return int(max(0, time.Until(r.deadline)+time.Millisecond-1) / time.Millisecond)
}

// poll waits until the terminal has bytes (or has ended). It returns errWoken
// when the state changed.
func (r *Reader) poll(timeout int) (bool, error) {
	fds := []unix.PollFd{
		{Fd: int32(r.fd), Events: unix.POLLIN},           //nolint:gosec // descriptors are small
		{Fd: int32(r.wake[0].Fd()), Events: unix.POLLIN}, //nolint:gosec // descriptors are small
	}
	_, err := unix.Poll(fds, timeout)
	switch {
	case errors.Is(err, unix.EINTR):
		return false, errWoken
	case err != nil:
		return false, fmt.Errorf("wait for input: %w", err)
	case fds[1].Revents != 0:
		return false, errWoken
	}
	return fds[0].Revents != 0, nil
}

// readChunk reads what is there. A paste that the terminal does not mark is
// known by what arrives together, so everything that is there counts as one
// read. It returns io.EOF when the terminal is gone: its end reads as no bytes
// or as EIO.
func (r *Reader) readChunk() (int, error) {
	n := 0
	for n < len(r.chunk) {
		m, err := unix.Read(r.fd, r.chunk[n:])
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
			return n, nil
		case err != nil && !errors.Is(err, unix.EIO):
			return n, fmt.Errorf("read input: %w", err)
		case err != nil || m == 0:
			if n > 0 {
				return n, nil // the end is read again next time
			}
			return 0, io.EOF
		}
		n += m
		// What is wrong with the descriptor is found again by the next read.
		if ready, err := r.poll(0); err != nil || !ready {
			return n, nil //nolint:nilerr // see above
		}
	}
	return n, nil
}
