// Package clip copies public data (a CSR, a certificate, a name) to the
// clipboard of the terminal, wherever it is: by OSC 52, which travels over SSH.
// Terminals may refuse it without a word, so nobody may claim more than "sent".
package clip

import (
	"fmt"
	"io"
	"strings"

	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"
)

// limit is the longest text that every terminal with OSC 52 takes: 100 000
// bytes of sequence in base64, less its frame (xterm's bound).
const limit = 74994

// Clipboard writes to one terminal.
type Clipboard struct {
	w    io.Writer
	tmux bool
}

// New makes a clipboard that writes to w, the writer Bubble Tea writes to, too:
// each sequence is one Write, so that it never lands inside a frame. term and
// tmux are the variables TERM and TMUX.
func New(w io.Writer, term, tmux string) *Clipboard {
	return &Clipboard{w: w, tmux: tmux != "" || strings.HasPrefix(term, "tmux")}
}

// Failed is the message of a copy that could not be sent.
type Failed struct{ Err error }

// Copy sends text.
func (c *Clipboard) Copy(text string) tea.Cmd {
	if len(text) > limit {
		return func() tea.Msg {
			return Failed{Err: fmt.Errorf("copy %d bytes: terminals take at most %d, save a file instead", len(text), limit)}
		}
	}
	seq := osc52.New(text)
	if c.tmux {
		seq = seq.Tmux()
	}
	return func() tea.Msg {
		if _, err := io.WriteString(c.w, seq.String()); err != nil {
			return Failed{Err: fmt.Errorf("copy to the terminal: %w", err)}
		}
		return nil
	}
}
