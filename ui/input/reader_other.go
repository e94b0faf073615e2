//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package input

import (
	"errors"
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"
)

// Reader passes the terminal on to Bubble Tea, which reads it by means of the
// system (console events on Windows). Nothing is re-joined here: run key
// messages through [Normalise].
type Reader struct{ file *os.File }

// Open remembers the terminal f. It fails with [ErrNotTerminal] when f is none.
func Open(f *os.File, o Options) (*Reader, error) {
	if o.Send == nil {
		return nil, errors.New("open input: Options.Send is missing")
	}
	if !term.IsTerminal(int(f.Fd())) {
		return nil, fmt.Errorf("open input %s: %w", f.Name(), ErrNotTerminal)
	}
	return &Reader{file: f}, nil
}

// ProgramOption makes a program read the terminal.
func (r *Reader) ProgramOption() tea.ProgramOption { return tea.WithInput(r.file) }

// Close does nothing: Bubble Tea restores the terminal.
func (r *Reader) Close() error { return nil }
