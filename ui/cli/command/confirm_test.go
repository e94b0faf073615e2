package command

import (
	"errors"
	"strings"
	"testing"
)

// TestConfirm: only what is meant for a question answers it.
func TestConfirm(t *testing.T) {
	plain := Question{Title: "Disable www (prod)", Lines: []string{"It can be enabled again."}}
	typed := Question{Title: "Purge www (prod)", Typed: "www"}
	for _, tt := range []struct {
		name  string
		q     Question
		flags Confirm
		asks  bool
		input string
		code  int
		says  string
	}{
		{"yes", plain, Confirm{}, true, "y\n", ExitDone, "[y/N]"},
		{"yes in full", plain, Confirm{}, true, " YES \r\n", ExitDone, ""},
		{"no", plain, Confirm{}, true, "n\n", ExitUsage, ""},
		{"return alone", plain, Confirm{}, true, "\n", ExitUsage, ""},
		{"the end of the input", plain, Confirm{}, true, "", ExitUsage, ""},
		{"an answer without end", plain, Confirm{}, true, strings.Repeat("y", 3*longestAnswer), ExitUsage, ""},
		{"--yes", plain, Confirm{yes: true}, false, "", ExitDone, "Disable www (prod)\n  It can be enabled again.\n"},
		{"nobody to ask", plain, Confirm{}, false, "y\n", ExitUsage, ""},
		{"--confirm is no yes", plain, Confirm{name: "www"}, false, "", ExitUsage, ""},
		{"typed", typed, Confirm{}, true, "www\n", ExitDone, "Type www to confirm"},
		{"another name", typed, Confirm{}, true, "WWW\n", ExitUsage, ""},
		{"y is no name", typed, Confirm{}, true, "y\n", ExitUsage, ""},
		{"--yes is no name", typed, Confirm{yes: true}, false, "", ExitUsage, ""},
		{"a pipe types no name", typed, Confirm{}, false, "www\n", ExitUsage, ""},
		{"nor does it with --yes", typed, Confirm{yes: true}, false, "www\n", ExitUsage, ""},
		{"--confirm", typed, Confirm{name: "www"}, false, "", ExitDone, ""},
		{"--confirm another", typed, Confirm{name: "ww"}, true, "www\n", ExitUsage, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var said strings.Builder
			err := tt.flags.Ask(&Env{Stdin: strings.NewReader(tt.input), Stderr: &said, Asks: tt.asks}, tt.q)
			if code := ExitCode(err); code != tt.code || !strings.Contains(said.String(), tt.says) {
				t.Errorf("exit code %d (%v), said\n%s", code, err, said.String())
			}
			if !strings.HasPrefix(said.String(), tt.q.Title+"\n") {
				t.Errorf("said\n%s", said.String())
			}
		})
	}
}

// TestPromptLeavesTheRest: what follows the answer is not read.
func TestPromptLeavesTheRest(t *testing.T) {
	in := strings.NewReader("y\nmore")
	var c Confirm
	if err := c.Ask(&Env{Stdin: in, Stderr: &strings.Builder{}, Asks: true}, Question{}); err != nil || in.Len() != 4 {
		t.Errorf("%v, %d bytes are left", err, in.Len())
	}
	if err := c.Ask(&Env{Stdin: failing{}, Stderr: &strings.Builder{}, Asks: true}, Question{}); err == nil || errors.Is(err, ErrDeclined) {
		t.Errorf("an input that fails: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("gone") }

// TestWrap: lines break between words, and no word is lost.
func TestWrap(t *testing.T) {
	const line = "  vault    prod  https://prod.vault.azure.net and a größere Menge of words after it"
	for _, width := range []int{0, 5, 20, 30, 44, 80, 200} {
		got := wrap(line, width)
		if strings.Join(strings.Fields(strings.Join(got, " ")), " ") != strings.Join(strings.Fields(line), " ") {
			t.Errorf("%d: %q", width, got)
		}
		if width < 20 && len(got) != 1 {
			t.Errorf("%d: %q", width, got)
		}
		for _, l := range got {
			if width >= 40 && len([]rune(l)) > width {
				t.Errorf("%d: %q is too long", width, l)
			}
		}
	}
	if got := wrap(strings.Repeat("x", 50), 20); len(got) != 1 {
		t.Errorf("a long word: %q", got)
	}
}
