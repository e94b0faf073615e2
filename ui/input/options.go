package input

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"
)

// ErrNotTerminal is returned by [Open] for a file that is no terminal.
var ErrNotTerminal = errors.New("input is not a terminal")

// ErrNoJobControl means that there is no shell that could continue the program
// once it is suspended, as under "ssh -t host certty".
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
