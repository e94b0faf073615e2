//go:build unix

package ptytest

import (
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// keyBytes are what an xterm sends for keys that are no character.
var keyBytes = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
	"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
	"home": "\x1b[H", "end": "\x1b[F", "insert": "\x1b[2~", "delete": "\x1b[3~",
	"pgup": "\x1b[5~", "pgdown": "\x1b[6~",
	"f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~",
}

// bytesOf is what the terminal sends for a key by its Bubble Tea name.
func bytesOf(name string) (string, bool) {
	if b, ok := keyBytes[name]; ok {
		return b, true
	}
	if rest, ok := strings.CutPrefix(name, "alt+"); ok && rest != "" {
		b, known := bytesOf(rest)
		return "\x1b" + b, known
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok && len(c) == 1 && (c[0] >= '@' && c[0] <= '_' || c[0] >= 'a' && c[0] <= 'z') {
		return string(rune(c[0] & 0x1f)), true
	}
	return name, utf8.RuneCountInString(name) == 1
}

// Keys presses keys by the names that Bubble Tea has for them: "down", "enter",
// "ctrl+c", "alt+x", "j". Each is sent once the program has read the one before,
// as a person is slower than a program.
func (t *Terminal) Keys(names ...string) {
	t.tb.Helper()
	for _, name := range names {
		Press(name, t)
	}
}

// Press presses a key, by the same names, in several terminals. The pause that
// Escape needs is that of all of them together.
func Press(name string, terms ...*Terminal) {
	for _, t := range terms {
		t.tb.Helper()
		b, ok := bytesOf(name)
		if !ok {
			t.tb.Fatalf("no key is called %q", name)
		}
		time.Sleep(t.typing.pause(1))
		t.Write(b)
		t.awaitRead()
	}
	if name == "esc" {
		awaitEscape(terms)
	}
}

// Type types text, one character after the other.
func (t *Terminal) Type(text string) {
	t.tb.Helper()
	for _, r := range text {
		const fluent = 4 // a text takes no more than some keys
		time.Sleep(t.typing.pause(fluent))
		t.Write(string(r))
		t.awaitRead()
	}
}

// Paste pastes text as a terminal does: line ends become carriage returns, and
// the text is marked if the program asked for that (bracketed paste).
func (t *Terminal) Paste(text string) {
	t.tb.Helper()
	text = strings.NewReplacer("\r\n", "\r", "\n", "\r").Replace(text)
	if privateModes(t.Output())[2004] {
		text = "\x1b[200~" + text + "\x1b[201~"
	}
	t.Write(text)
}

// Write sends bytes as they are, in one write: for bursts, and for sequences
// that arrive in pieces.
func (t *Terminal) Write(raw string) {
	t.tb.Helper()
	if _, err := io.WriteString(t.master, raw); err != nil {
		t.tb.Fatalf("type into the terminal: %v", err)
	}
}

// awaitRead waits until the program has read what was sent. The system has no
// event for that, so the line is looked at.
func (t *Terminal) awaitRead() {
	t.tb.Helper()
	limit := time.Now().Add(Patience)
	for t.unread() {
		if time.Now().After(limit) {
			t.tb.Fatalf("the program does not read its input; the screen:\n%s", t.Screen())
		}
		time.Sleep(200 * time.Microsecond)
	}
}

// unread reports whether bytes wait in the line; false when the program has
// ended.
func (t *Terminal) unread() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tty == nil {
		return false
	}
	fds := []unix.PollFd{{Fd: int32(t.tty.Fd()), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0
}
