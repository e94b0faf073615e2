package input

import (
	"errors"
	"fmt"
	"io"

	tea "github.com/charmbracelet/bubbletea"
)

// ErrNotTerminal is returned by [Open] for a file that is no terminal.
var ErrNotTerminal = errors.New("input is not a terminal")

// ErrPaused is returned by a Reader's Read while it is paused. It is an
// io.EOF to errors.Is, because that ends Bubble Tea's read loop without an
// error; a new loop begins when the program takes the terminal back.
var ErrPaused = fmt.Errorf("input is paused: %w", io.EOF)

// ErrNoJobControl means that there is no shell that could continue the program
// once it is suspended, as under "ssh -t host certty". The system ignores the
// stop signal then (POSIX, "Orphaned Process Group").
var ErrNoJobControl = errors.New("no shell is there to continue the program")

// Options say where a [Reader] reports what is not a key.
type Options struct {
	// Send hands a [PasteMsg] to the program; it is required and is usually
	// tea.Program.Send. It is called from within Read, before any later byte is
	// returned, so that pastes and keys keep their order. tea.Program.Send
	// returns once the program has ended, so a paste during the end blocks
	// nothing.
	Send func(tea.Msg)
	// OnHangup is called once, from within Read, when the terminal is gone.
	// Bubble Tea ignores the end of its input, so this has to end the program.
	// nil does nothing.
	OnHangup func()
}

// SuspendErrorMsg reports that [Reader.Suspend] could not hand the terminal
// over or take it back.
type SuspendErrorMsg struct{ Err error }
