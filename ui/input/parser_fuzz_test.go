package input

import (
	"slices"
	"strings"
	"testing"
)

// FuzzParser holds the parser to this: what comes out depends on the bytes, not
// on how they were split into reads (without silence, and without judging
// bursts, which is about the split); an event is never larger than Bubble Tea
// reads at once; silence leaves nothing behind.
func FuzzParser(f *testing.F) {
	for _, s := range []string{
		"jjj", "\x1b[B\x1b[1;5A", "\x1b", "\x1b\x1b[A", "証明書", "\xe8\xa8",
		"a\x1b[200~b\x1b[20\rc\x1b[201~d", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\j",
		"\x1b[M !!\x1b[<0;1;1M", "\x1bO5A\x1bOM\x1bOp", "\x1b[12;1R\x1b[?1;2c", "\x1b[[A\x1b[7$",
		"\x1b[" + strings.Repeat("1", 100) + "C", "\x1bP1$r\x1b\\", "\x1b\x03\x1b\r",
	} {
		f.Add([]byte(s), uint64(0x9e3779b97f4a7c15))
	}
	f.Fuzz(func(t *testing.T, stream []byte, splits uint64) {
		whole := &parser{byMarksOnly: true}
		want := play(whole, string(stream))

		split := &parser{byMarksOnly: true}
		var got []string
		for rest := stream; len(rest) > 0; {
			splits = splits*6364136223846793005 + 1442695040888963407
			n := min(len(rest), 1+int(splits>>60))
			split.feed(rest[:n])
			rest = rest[n:]
			got = append(got, drain(split)...)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("split: %v\nwhole: %v", got, want)
		}
		if whole.wait() != split.wait() || whole.mode != split.mode {
			t.Fatalf("split ends in mode %d, whole in %d", split.mode, whole.mode)
		}
		checkBounds(t, split, stream)
	})
}

func checkBounds(t *testing.T, p *parser, stream []byte) {
	t.Helper()
	if len(p.buf) > maxSequence && p.mode == modeKeys {
		t.Fatalf("keeps %d bytes of an unfinished sequence", len(p.buf))
	}
	p.feed(stream)
	for range 3 {
		if p.wait() == 0 {
			break
		}
		p.silence()
	}
	if p.wait() != 0 || len(p.buf) != 0 || len(p.paste.body) != 0 {
		t.Fatalf("silence leaves mode %d, %q", p.mode, p.buf)
	}
	for e, ok := p.next(); ok; e, ok = p.next() {
		if e.paste == nil && (len(e.key) == 0 || len(e.key) > maxSequence) {
			t.Fatalf("a key of %d bytes", len(e.key))
		}
	}
}

// FuzzBurst feeds arbitrary reads with pastes judged by their shape: nothing
// that is printable may be lost.
func FuzzBurst(f *testing.F) {
	f.Add("ab\rcd\r", "ef", "\r")
	f.Add(strings.Repeat("xyz12", 20), "\x1b[B", "j")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		p := &parser{}
		for _, chunk := range []string{a, b, c} {
			p.feed([]byte(chunk))
		}
		for p.wait() != 0 {
			p.silence()
		}
		if strings.ContainsAny(a+b+c, "\x1b\uFFFD") || strings.ToValidUTF8(a+b+c, "") != a+b+c {
			return // these may be dropped or changed
		}
		var got strings.Builder
		for e, ok := p.next(); ok; e, ok = p.next() {
			if got.WriteString(e.key); e.paste != nil {
				got.WriteString(e.paste.Text)
			}
		}
		if got.String() != a+b+c {
			t.Fatalf("got %q, want %q", got.String(), a+b+c)
		}
	})
}
