package poll

import (
	"context"
	"errors"
	"sync"
	"time"

	"certty/backend"
	"certty/model"
)

// State is everything a screen shows of one target.
type State struct {
	Info backend.Info
	// Snapshot is what is known; never nil, but empty at first where nothing
	// was stored. Items of which a sweep tells nothing new are those of the
	// snapshot before.
	Snapshot *model.Snapshot
	// Loading is true while a sweep is under way.
	Loading bool
	// Err is the last failure of the target; nil when it is fine.
	Err error
	// PartErr is the last failure of a read that says nothing of the rest: a
	// permission that is missing for the list of deleted certificates, a row
	// that can't be read. nil when every part is fine.
	PartErr error
	// ErrSince is when the trouble that Err stands for began.
	ErrSince time.Time
	// PausedUntil is when calls go on; the zero time when none are held back.
	PausedUntil time.Time
	// Latched is true when the credential was not accepted, here or by another
	// process: nothing is called until [Poller.Retry].
	Latched bool
	// LatchReason is the refusal that set the latch, LatchedAt when that was.
	LatchReason string
	LatchedAt   time.Time
	// Ages are those of the settings; the zero value where nothing is read.
	Ages Ages
	// Generation counts the states; a newer one is higher.
	Generation uint64
	// KeeperErr says that the last attempt to store something failed; what is
	// shown is then not on disk.
	KeeperErr error
}

// ReadAt is as of when the whole of what is known is true, see
// [model.Snapshot.ReadAt]; zero where nothing is known.
func (s State) ReadAt() time.Time {
	if s.Snapshot == nil {
		return time.Time{}
	}
	return s.Snapshot.ReadAt()
}

// ErrClosed is what [Mailbox.Wait] returns once the mailbox was closed.
var ErrClosed = errors.New("mailbox closed")

// Mailbox hands the latest state to one reader. It has one slot: a state that
// was not fetched in time is overwritten by the next one, so a slow reader
// never holds up the poller and always gets the newest.
type Mailbox struct {
	board  *board
	signal chan struct{}
	closed chan struct{}
	seen   uint64 // generation; guarded by board.mu
}

// Wait returns a state newer than the one it returned before, at once when
// there is one. The first is what the keeper had stored. It returns
// [ErrClosed] after Close and the context's error when that ends first; after
// [Poller.Run] has ended nothing newer comes.
func (m *Mailbox) Wait(ctx context.Context) (State, error) {
	for {
		if state, ok := m.take(); ok {
			return state, nil
		}
		select {
		case <-m.signal:
		case <-m.closed:
			return State{}, ErrClosed
		case <-ctx.Done():
			return State{}, ctx.Err()
		}
	}
}

func (m *Mailbox) take() (State, bool) {
	b := m.board
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, open := b.readers[m]; !open || b.state.Generation <= m.seen {
		return State{}, false
	}
	m.seen = b.state.Generation
	return b.state, true
}

// Close ends the subscription and any Wait under way. It may be called twice.
func (m *Mailbox) Close() {
	m.board.mu.Lock()
	defer m.board.mu.Unlock()
	if _, open := m.board.readers[m]; open {
		delete(m.board.readers, m)
		close(m.closed)
	}
}

// board is where the latest state hangs for all mailboxes to see.
type board struct {
	mu      sync.Mutex
	state   State
	readers map[*Mailbox]struct{}
}

func (b *board) subscribe() *Mailbox {
	m := &Mailbox{board: b, signal: make(chan struct{}, 1), closed: make(chan struct{})}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readers[m] = struct{}{}
	return m
}

// publish makes s the latest state, counts it, and wakes the readers.
func (b *board) publish(s State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.Generation = b.state.Generation + 1
	b.state = s
	for m := range b.readers {
		select {
		case m.signal <- struct{}{}:
		default: // it was told already and has not looked yet
		}
	}
}
