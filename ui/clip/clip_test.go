package clip

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func env(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) { value, ok := m[name]; return value, ok }
}

func TestCopyGoesToTheTerminalOverSSH(t *testing.T) {
	text := base64.StdEncoding.EncodeToString([]byte("shop"))
	plain := "\x1b]52;c;" + text + "\a"
	for _, tt := range []struct {
		name string
		env  []string
		want string
		said string
	}{
		{"plain", []string{"SSH_CONNECTION", "1", "TERM", "xterm"}, plain, "may refuse"},
		{"a terminal of SSH only", []string{"SSH_TTY", "/dev/pts/1"}, plain, "may refuse"},
		{"tmux takes one of both", []string{"SSH_CONNECTION", "1", "TMUX", "/tmp/x"}, plain + "\x1bPtmux;\x1b" + plain + "\x1b\\", "tmux"},
		{"tmux known by its name only", []string{"SSH_CONNECTION", "1", "TERM", "tmux-256color"}, plain + "\x1bPtmux;\x1b" + plain + "\x1b\\", "tmux"},
		{"screen", []string{"SSH_CONNECTION", "1", "STY", "1.tty"}, "\x1bP" + plain + "\x1b\\", "screen"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			c := New(&out, env(tt.env...))
			if c.native != nil {
				t.Fatal("the clipboard of the wrong machine would be used")
			}
			msg, ok := c.Copy("name", "shop")().(Copied)
			if !ok || !msg.Sent || !strings.Contains(msg.String(), "sent") || !strings.Contains(msg.String(), tt.said) {
				t.Errorf("said %q, want it to say %q", msg, tt.said)
			}
			if out.String() != tt.want {
				t.Errorf("the terminal got %q, want %q", out.String(), tt.want)
			}
		})
	}
}

func TestCopyOnTheOwnMachine(t *testing.T) {
	var out strings.Builder
	var got string
	c := New(&out, env("TERM", "xterm"))
	c.native = func(s string) error { got = s; return nil }
	msg, ok := c.Copy("name", "shop")().(Copied)
	if !ok || msg.Sent || got != "shop" || out.Len() != 0 {
		t.Errorf("%+v, clipboard %q, terminal %q", msg, got, out.String())
	}
	if msg.String() != "name copied" {
		t.Errorf("said %q", msg)
	}
}

// A tool without a display is as good as none.
func TestCopyFallsBackToTheTerminal(t *testing.T) {
	var out strings.Builder
	c := New(&out, env("TERM", "xterm"))
	c.native = func(string) error { return errors.New("can't open display") }
	if msg, ok := c.Copy("name", "shop")().(Copied); !ok || !msg.Sent || out.Len() == 0 {
		t.Errorf("%+v, terminal %q", msg, out.String())
	}
}

func TestCopyTooLong(t *testing.T) {
	var out strings.Builder
	c := New(&out, env("SSH_CONNECTION", "1"))
	if msg, ok := c.Copy("chain", strings.Repeat("x", limit+1))().(Failed); !ok || out.Len() != 0 || !strings.Contains(msg.Err.Error(), "save a file") {
		t.Errorf("%+v, terminal got %d bytes", msg, out.Len())
	}
	if _, ok := c.Copy("chain", strings.Repeat("x", limit))().(Copied); !ok {
		t.Error("the longest text was refused")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("gone") }

func TestCopyToABrokenTerminal(t *testing.T) {
	c := New(broken{}, env("SSH_CONNECTION", "1"))
	if msg, ok := c.Copy("name", "x")().(Failed); !ok || !strings.Contains(msg.Err.Error(), "copy name") {
		t.Errorf("got %+v", msg)
	}
}
