// Package clip copies public data (a CSR, a certificate, a name) to the
// clipboard of the person at the screen, wherever that is.
//
// On the person's own machine the system's clipboard is used, by the tools that
// it has for that. Over SSH that would be the clipboard of the wrong machine, so
// the text goes to the terminal, by OSC 52 (xterm, "Control Sequences"); and so
// it does where the machine has no such tools. Terminals may refuse it without
// a word: what went that way was sent, and nobody may claim more.
package clip

import (
	"fmt"
	"io"
	"strings"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"
)

// limit is the longest text that every terminal with OSC 52 takes: 100 000
// bytes of sequence in base64, less its frame (xterm's bound).
const limit = 74994

// Clipboard is where one screen's copies go.
type Clipboard struct {
	w io.Writer
	// native writes to the clipboard of this machine; nil where that is not the
	// person's, or can't be reached.
	native func(string) error
	// frame wraps a sequence for what stands between here and the terminal.
	frame func(osc52.Sequence) string
	// through names what stands between, "" for nothing.
	through string
}

// New makes a clipboard that writes to w, the writer Bubble Tea writes to, too:
// each sequence is one Write, so that it never lands inside a frame. lookup
// reads the environment.
func New(w io.Writer, lookup func(string) (string, bool)) *Clipboard {
	get := func(name string) string {
		value, ok := lookup(name)
		if !ok {
			return ""
		}
		return value
	}
	c := &Clipboard{w: w, frame: osc52.Sequence.String}
	remote := get("SSH_CONNECTION") != "" || get("SSH_TTY") != "" || get("SSH_CLIENT") != ""
	if !remote && !clipboard.Unsupported {
		c.native = clipboard.WriteAll
	}
	switch term := get("TERM"); {
	case get("TMUX") != "" || strings.HasPrefix(term, "tmux"):
		// tmux takes the plain sequence with set-clipboard on and the wrapped
		// one with allow-passthrough on; it drops the other.
		c.through = "tmux"
		c.frame = func(s osc52.Sequence) string { return s.String() + s.Tmux().String() }
	case get("STY") != "" || strings.HasPrefix(term, "screen"):
		c.through = "screen"
		c.frame = func(s osc52.Sequence) string { return s.Screen().String() }
	}
	return c
}

// Copied is the message of a copy that was made or sent.
type Copied struct {
	// What was copied, in words.
	What string
	// Sent is true when it was sent to a terminal, which may have refused it.
	Sent bool
	// Through names what stands before the terminal and may hold it up.
	Through string
}

// String says how it went, and no more than is known.
func (c Copied) String() string {
	switch {
	case !c.Sent:
		return c.What + " copied"
	case c.Through == "tmux":
		return c.What + " sent to the terminal's clipboard (tmux passes it on with set-clipboard on)"
	case c.Through != "":
		return c.What + " sent to the terminal's clipboard, through " + c.Through
	}
	return c.What + " sent to the terminal's clipboard; it may refuse without a word"
}

// Failed is the message of a copy that could not be made.
type Failed struct{ Err error }

// Copy copies text; what says in words what it is. The command ends in a
// [Copied] or a [Failed].
func (c *Clipboard) Copy(what, text string) tea.Cmd {
	return func() tea.Msg {
		if c.native != nil && c.native(text) == nil {
			return Copied{What: what}
		}
		// The tool is there but its clipboard is not, without a display for one:
		// the terminal may still have its own.
		return c.send(what, text)
	}
}

func (c *Clipboard) send(what, text string) tea.Msg {
	if len(text) > limit {
		return Failed{Err: fmt.Errorf("copy %s: %d bytes, terminals take at most %d; save a file instead", what, len(text), limit)}
	}
	if _, err := io.WriteString(c.w, c.frame(osc52.New(text))); err != nil {
		return Failed{Err: fmt.Errorf("copy %s to the terminal: %w", what, err)}
	}
	return Copied{What: what, Sent: true, Through: c.through}
}
