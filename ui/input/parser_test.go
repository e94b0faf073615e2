package input

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// pause stands in a test's steps for the silence that the parser waits for.
const pause = "\x00pause"

// play feeds the steps to a parser and writes down what came out.
func play(p *parser, steps ...string) []string {
	for _, s := range steps {
		if s == pause {
			p.silence()
			continue
		}
		p.feed([]byte(s))
	}
	return drain(p)
}

func drain(p *parser) []string {
	var out []string
	for {
		e, ok := p.next()
		if !ok {
			return out
		}
		out = append(out, describe(e))
	}
}

func describe(e event) string {
	if e.paste == nil {
		return fmt.Sprintf("%q", e.key)
	}
	var marks string
	for name, set := range map[string]bool{"+long": e.paste.TooLong, "+open": e.paste.Unterminated} {
		if set {
			marks += name
		}
	}
	if e.paste.Bracketed {
		return fmt.Sprintf("paste%s(%q)", marks, e.paste.Text)
	}
	return fmt.Sprintf("burst%s(%q)", marks, e.paste.Text)
}

func TestParserKeys(t *testing.T) {
	tests := []struct {
		name  string
		steps []string
		want  string // keys and pastes, separated by a space
	}{
		{"one rune", []string{"j"}, `"j"`},
		{"burst of one key", []string{"jjj"}, `"j" "j" "j"`},
		{"burst of keys", []string{"jk\r"}, `"j" "k" "\r"`},
		{"space and control keys", []string{" \t\x03\x00\x7f"}, `" " "\t" "\x03" "\x00" "\x7f"`},
		{"wide rune", []string{"証"}, `"証"`},
		{"split rune", []string{"\xe8", "\xa8", "\xbc"}, `"証"`},
		{"rune cut off", []string{"\xe8\xa8", pause, "a"}, `"a"`},
		{"no UTF-8", []string{"a\xffb"}, `"a" "b"`},
		{"replacement character", []string{"\uFFFDa"}, `"a"`},

		{"arrow", []string{"\x1b[B"}, `"\x1b[B"`},
		{"burst of arrows", []string{"\x1b[B\x1b[B\x1b[A"}, `"\x1b[B" "\x1b[B" "\x1b[A"`},
		{"arrow split after ESC", []string{"\x1b", "[B"}, `"\x1b[B"`},
		{"arrow split after [", []string{"\x1b[", "B"}, `"\x1b[B"`},
		{"arrow in three", []string{"\x1b", "[", "B"}, `"\x1b[B"`},
		{"modified arrow split", []string{"\x1b[1;", "5C"}, `"\x1b[1;5C"`},
		{"page down split", []string{"\x1b[6", "~"}, `"\x1b[6~"`},
		{"function key", []string{"\x1bOP"}, `"\x1bOP"`},
		{"function key split", []string{"\x1b", "OP"}, `"\x1bOP"`},
		{"Linux console F1 split", []string{"\x1b[[", "A"}, `"\x1b[[A"`},
		{"rxvt shift+home", []string{"\x1b[7$j"}, `"\x1b[7$" "j"`},
		{"rxvt shift+delete", []string{"\x1b[3$"}, `"\x1b[3;2~"`},
		{"urxvt shift+right", []string{"\x1b[c"}, `"\x1b[c"`},
		{"focus in and out", []string{"\x1b[I\x1b[OA"}, `"\x1b[I" "\x1b[O" "A"`},

		{"lone escape", []string{"\x1b", pause}, `"\x1b"`},
		{"escape, later a key", []string{"\x1b", pause, "j"}, `"\x1b" "j"`},
		{"held escape", []string{"\x1b", "\x1b", "\x1b", pause}, `"\x1b" "\x1b" "\x1b"`},
		{"escape twice", []string{"\x1b\x1b", pause}, `"\x1b" "\x1b"`},
		{"escape and ctrl+c", []string{"\x1b\x03"}, `"\x1b" "\x03"`},
		{"alt+rune", []string{"\x1bx"}, `"\x1bx"`},
		{"alt+rune split", []string{"\x1b", "é"}, `"\x1bé"`},
		{"alt+split rune", []string{"\x1b\xc3", "\xa9"}, `"\x1bé"`},
		{"alt and no UTF-8", []string{"\x1b\xff"}, `"\x1b"`},
		{"alt+enter", []string{"\x1b\r"}, `"\x1b\r"`},
		{"alt+backspace", []string{"\x1b\x7f"}, `"\x1b\x7f"`},
		{"alt+[", []string{"\x1b[", pause}, `"\x1b["`},
		{"alt+O", []string{"\x1bO", pause}, `"\x1bO"`},
		{"alt+]", []string{"\x1b]", pause}, `"\x1b]"`},
		{"alt+] and a letter", []string{"\x1b]a"}, `"\x1b]" "a"`},
		{"alt+P and a letter", []string{"\x1bPj"}, `"\x1bP" "j"`},
		{"alt+_", []string{"\x1b_", pause}, `"\x1b_"`},
		{"alt+arrow of rxvt", []string{"\x1b\x1b[A"}, `"\x1b[1;3A"`},
		{"alt+page up of rxvt", []string{"\x1b\x1b[5~"}, `"\x1b[5;3~"`},
		{"alt+F1 of PuTTY", []string{"\x1b\x1bOP"}, `"\x1b[1;3P"`},
		{"alt+keypad enter", []string{"\x1b\x1bOM"}, `"\x1b\r"`},
		{"escape and alt+[", []string{"\x1b\x1b[", pause}, `"\x1b" "\x1b["`},
		{"escape and a mouse event", []string{"\x1b\x1b[<0;1;1M"}, `"\x1b" "\x1b[<0;1;1M"`},

		{"home in application mode", []string{"\x1bOH"}, `"\x1b[H"`},
		{"keypad enter", []string{"\x1bOM"}, `"\r"`},
		{"keypad digits", []string{"\x1bOp\x1bOy\x1bOn"}, `"0" "9" "."`},
		{"keypad equals", []string{"\x1bOX"}, `"="`},
		{"ctrl+up, old form", []string{"\x1bO5A"}, `"\x1b[1;5A"`},
		{"ctrl+up, old form, split", []string{"\x1bO5", "A"}, `"\x1b[1;5A"`},
		{"alt+O and a digit", []string{"\x1bO5", pause}, `"\x1bO" "5"`},
		{"SS3 of no key", []string{"\x1bOZj"}, `"j"`},

		{"X10 mouse", []string{"\x1b[M !!j"}, `"\x1b[M !!" "j"`},
		{"X10 mouse split", []string{"\x1b[M", " !", "!"}, `"\x1b[M !!"`},
		{"X10 mouse, high coordinates", []string{"\x1b[M \xc3\xa9"}, `"\x1b[M é"`},
		{"X10 mouse cut off by ctrl+c", []string{"\x1b[M \x03"}, `"\x03"`},
		{"SGR mouse", []string{"\x1b[<0;10;20Mj"}, `"\x1b[<0;10;20M" "j"`},
		{"SGR mouse split", []string{"\x1b[<0;1", "0;20m"}, `"\x1b[<0;10;20m"`},
		{"SGR mouse, broken", []string{"\x1b[<0;10Mj"}, `"j"`},

		{"sequence cut off, next key", []string{"\x1b[1;", "\x03"}, `"\x03"`},
		{"sequence cut off by another", []string{"\x1b[1;\x1b[B"}, `"\x1b[B"`},
		{"sequence cut off, silence", []string{"\x1b[1;5", pause, "j"}, `"j"`},
		{"overlong sequence", []string{"\x1b[" + strings.Repeat("1;", 500), "5Cj"}, `"j"`},
		{"overlong sequence, ctrl+c", []string{"\x1b[" + strings.Repeat("1;", 500), "\x03"}, `"\x03"`},
		{"overlong sequence, silence", []string{"\x1b[" + strings.Repeat("1", 90), pause, "j"}, `"j"`},

		{"OSC 11 answer, BEL", []string{"\x1b]11;rgb:1e1e/1e1e/1e1e\x07j"}, `"j"`},
		{"OSC 11 answer, ST", []string{"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\j"}, `"j"`},
		{"OSC answer split", []string{"\x1b", "]", "11;rg", "b:1e1e\x1b", "\\j"}, `"j"`},
		{"OSC, end lost, ctrl+c", []string{"\x1b]11;rgb", "\x03"}, `"\x03"`},
		{"OSC, end lost, arrow", []string{"\x1b]11;rgb", "\x1b[B"}, `"\x1b[B"`},
		{"OSC, end lost, silence", []string{"\x1b]11;rgb", pause, "j"}, `"j"`},
		{"OSC, end lost, escape", []string{"\x1b]11;rgb\x1b", pause}, `"\x1b"`},
		{"late ST", []string{"\x1b\\j"}, `"j"`},
		{"DCS answer", []string{"\x1bP>|xterm(388)\x1b\\j"}, `"j"`},
		{"APC answer", []string{"\x1b_Gi=31;OK\x1b\\j"}, `"j"`},
		{"cursor position", []string{"\x1b[12;40Rj"}, `"j"`},
		{"device attributes", []string{"\x1b[?62;1;4cj"}, `"j"`},
		{"secondary device attributes", []string{"\x1b[>41;388;0cj"}, `"j"`},
		{"mode report", []string{"\x1b[?2026;2$yj"}, `"j"`},
		{"window size", []string{"\x1b[8;24;80tj"}, `"j"`},
		{"status report", []string{"\x1b[0nj"}, `"j"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(play(&parser{}, tt.steps...), " ")
			if got != tt.want {
				t.Errorf("%q:\n got %s\nwant %s", tt.steps, got, tt.want)
			}
		})
	}
}

func TestParserPaste(t *testing.T) {
	full := strings.Repeat("a", MaxPaste)
	tests := []struct {
		name  string
		steps []string
		want  string
	}{
		{"keys around", []string{"a\x1b[200~b\rc\x1b[201~d"}, `"a" paste("b\rc") "d"`},
		{"empty", []string{"\x1b[200~\x1b[201~"}, `paste("")`},
		{"two", []string{"\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~"}, `paste("a") paste("b")`},
		{"sequences in it are text", []string{"\x1b[200~\x1b[B\x1b]11;x\x1b[201~"}, `paste("\x1b[B\x1b]11;x")`},
		{"no UTF-8", []string{"\x1b[200~a\xffb\x1b[201~"}, `paste("a` + "\uFFFD" + `b")`},
		{"stray end", []string{"\x1b[201~a"}, `"a"`},
		{"after escape", []string{"\x1b\x1b[200~a\x1b[201~"}, `"\x1b" paste("a")`},
		{"never ends", []string{"\x1b[200~abc", pause, pause, "\x03"}, `paste+open("abc") "\x03"`},
		{"never ends, within a marker", []string{"\x1b[200~abc\x1b[20", pause, pause}, `paste+open("abc\x1b[20")`},
		{"goes on after a rest", []string{"\x1b[200~abc", pause, "def\x1b[201~"}, `paste("abcdef")`},
		{"ctrl+c after a rest", []string{"\x1b[200~abc", pause, "\x03"}, `paste+open("abc") "\x03"`},
		{"ctrl+c in the text", []string{"\x1b[200~abc", "\x03d\x1b[201~"}, `paste("abc\x03d")`},
		{"too long", []string{"\x1b[200~" + full, "b\x1b[201~j"}, `paste+long("") "j"`},
		{"too long, never ends", []string{"\x1b[200~" + full, "b", pause, pause, "j"}, `paste+long+open("") "j"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(play(&parser{}, tt.steps...), " ")
			got = strings.Replace(got, "+open+long", "+long+open", 1)
			if got != tt.want {
				t.Errorf("got %.200s\nwant %s", got, tt.want)
			}
		})
	}

	t.Run("as long as may be", func(t *testing.T) {
		p := &parser{}
		p.feed([]byte("\x1b[200~" + full + pasteEnd))
		if e, ok := p.next(); !ok || e.paste == nil || e.paste.TooLong || e.paste.Text != full {
			t.Errorf("a paste of MaxPaste bytes did not come whole")
		}
	})
	t.Run("markers split anywhere", func(t *testing.T) {
		const stream = "a\x1b[200~b\x1b[20\rc\x1b[201~d"
		want := play(&parser{}, stream)
		for i := range stream {
			for j := i; j < len(stream); j++ {
				if got := play(&parser{}, stream[:i], stream[i:j], stream[j:]); !slices.Equal(got, want) {
					t.Errorf("split at %d and %d: %v, want %v", i, j, got, want)
				}
			}
		}
	})
}

// The promises about time: a lone Escape within 100 ms, also behind another; a
// paste without end for 2 s.
func TestParserWait(t *testing.T) {
	tests := []struct {
		name  string
		steps []string
		want  time.Duration
	}{
		{"nothing", nil, 0},
		{"a key", []string{"j"}, 0},
		{"escape", []string{"\x1b"}, 50 * time.Millisecond},
		{"half a rune", []string{"\xe8"}, 50 * time.Millisecond},
		{"a sequence's beginning", []string{"\x1b["}, 50 * time.Millisecond},
		{"a sequence without end", []string{"\x1b[1;"}, 500 * time.Millisecond},
		{"a string without end", []string{"\x1b]11;"}, 500 * time.Millisecond},
		{"a burst", []string{"ab\rcd\r"}, 30 * time.Millisecond},
		{"escape after a burst", []string{"ab\rcd\r", pause, "\x1b"}, 50 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &parser{}
			play(p, tt.steps...)
			if got := p.wait(); got != tt.want {
				t.Errorf("wait = %v, want %v", got, tt.want)
			}
		})
	}
	t.Run("a paste without end", func(t *testing.T) {
		p := &parser{}
		p.feed([]byte("\x1b[200~a"))
		first := p.wait()
		p.silence()
		if total := first + p.wait(); total != 2*time.Second {
			t.Errorf("waits %v, want 2s", total)
		}
	})
}
