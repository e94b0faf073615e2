//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package input

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// halt has Read wait, and returns once it has left the descriptor. Every byte
// that was not read yet is left to others. Keys that were read already come
// after resume.
func (r *Reader) halt() {
	r.mu.Lock()
	if r.paused == nil && !r.closed {
		r.paused = make(chan struct{})
	}
	r.mu.Unlock()
	r.wakeRead()
}

// resume sets raw mode again and lets Read go on. With save the terminal's state
// at this moment is what Close restores: after a suspension the shell may have
// set it anew. Reading goes on even if the terminal can't be had: most likely it
// is gone, and Read is what finds that out.
func (r *Reader) resume(save bool) error {
	err := r.takeTerminal(save)
	r.endPause()
	return err
}

// endPause lets Read go on.
func (r *Reader) endPause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused != nil {
		close(r.paused)
		r.paused = nil
	}
}

// Close ends a running Read with io.EOF and restores the terminal as it was at
// [Open]. Bytes that were not read stay for the shell. It may be called again.
func (r *Reader) Close() error {
	r.mu.Lock()
	again, hungUp := r.closed, r.hungUp
	r.closed = true
	r.mu.Unlock()
	r.endPause()
	if again {
		return nil
	}
	r.wakeRead()
	err := r.giveTerminal()
	if hungUp {
		err = nil // nothing is left to restore
	}
	return errors.Join(err, r.wake[0].Close(), r.wake[1].Close())
}

// wakeRead ends a running poll and waits until Read has let go of the
// descriptor.
func (r *Reader) wakeRead() {
	// The pipe can't be full: each byte is taken out below. An error means that
	// it is closed, and with it the Reader.
	_, err := r.wake[1].Write([]byte{0})
	r.reading.Lock()
	defer r.reading.Unlock()
	if err == nil {
		_, _ = r.wake[0].Read(make([]byte, 1))
	}
}

// takeTerminal sets raw mode, but not once the Reader is closed.
func (r *Reader) takeTerminal(save bool) error {
	r.termMu.Lock()
	defer r.termMu.Unlock()
	r.mu.Lock()
	closed := r.closed
	r.mu.Unlock()
	if r.raw || closed {
		return nil
	}
	before, err := term.MakeRaw(r.fd)
	if err != nil {
		return fmt.Errorf("set raw mode of the terminal: %w", err)
	}
	r.raw = true
	if save {
		r.saved = before
	}
	return nil
}

// forgetRaw has the next takeTerminal set raw mode, whatever is known of it.
func (r *Reader) forgetRaw() {
	r.termMu.Lock()
	defer r.termMu.Unlock()
	r.raw = false
}

// giveTerminal restores the terminal.
func (r *Reader) giveTerminal() error {
	r.termMu.Lock()
	defer r.termMu.Unlock()
	if !r.raw {
		return nil
	}
	r.raw = false
	if err := term.Restore(r.fd, r.saved); err != nil && !errors.Is(err, unix.EIO) {
		return fmt.Errorf("restore the terminal: %w", err)
	}
	return nil
}
