package paint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// sent is what a painter sends for a row that was drawn as was.
func sent(was, s string) string {
	var p Painter
	p.drawLine(0, was, s)
	return p.buf.String()
}

func TestSentForAChangedRow(t *testing.T) {
	bad := func(s string) string { return "\x1b[1;31m" + s + "\x1b[0m" }
	long := strings.Repeat("0123456789", 20)
	for _, tt := range []struct{ name, was, now, want string }{
		{"one character", long + "a" + long, long + "b" + long, "\x1b[1;201Hb"},
		{"two places", long + "a" + long + "a", long + "b" + long + "b", "\x1b[1;201Hb\x1b[1;402Hb"},
		{"places close together are one", "aaaaaaaaaaaaaaaaaaaa" + long, "aaaaaaaaabaabaaaaaaa" + long, "\x1b[1;10Hbaab"},
		{"only the style", long + "a" + long, long + bad("a") + long, "\x1b[1;201H\x1b[1;31ma\x1b[m"},
		{"within a style", long + bad("waits: 10"), long + bad("waits: 11"), "\x1b[1;209H\x1b[1;31m1\x1b[m"},
		{"shorter", long + "and more", long, "\x1b[1;201H\x1b[K"},
		{"shorter in a style", long + bad("and more"), long + bad("and"), "\x1b[1;204H\x1b[K"},
		{"longer", long, long + "   and more", "\x1b[1;204Hand more"},
		{"blanks at the end are nothing", long + "x", long + "y     ", "\x1b[1;201Hy"},
		{"styled blanks at the end are something", long, long + "\x1b[7m  \x1b[0m", "\x1b[1;201H\x1b[7m  \x1b[m"},
		{"before a wide character", long + "a証" + long, long[:100] + "x" + long[101:] + "a証" + long, "\x1b[1;101Hx"},
		{"behind a wide character", long + "a証b", long + "a証c", "\x1b[1;201H\x1b[Ka証c"},
		{"a mark goes with its character", long + "ae\u0301", long + "ae\u0300", "\x1b[1;202H\x1b[Ke\u0300"},
		{"a mark in a style of its own", long + "e\x1b[1m\u0301\x1b[0mx", long + "e\x1b[1m\u0301\x1b[0my", "\x1b[1;201H\x1b[Ke\x1b[1m\u0301\x1b[0my"},
		{"shown signs", long + "● 67% ██▎··", long + "● 68% ██▌··", "\x1b[1;204H8% ██▌"},
		{"all is shorter", "abc", "xyz", "\x1b[1;1Hxyz"},
		{"a link is not cut", "\x1b]8;;https://x.example\x07name\x1b]8;;\x07 a", "\x1b]8;;https://x.example\x07name\x1b]8;;\x07 b", "\x1b[1;1H\x1b[K\x1b]8;;https://x.example\x07name\x1b]8;;\x07 b"},
		{"a style left open ends with the row", "a", "\x1b[1mb  ", "\x1b[1;1H\x1b[1mb  \x1b[m"},
		{"also in a row sent as a whole", "\ta", "\t\x1b[1mb  ", "\x1b[1;1H\x1b[K\t\x1b[1mb  \x1b[m"},
		{"also behind a wide character", "証 a", "証 \x1b[7mb  ", "\x1b[1;1H\x1b[K証 \x1b[7mb  \x1b[m"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := sent(tt.was, tt.now); got != tt.want {
				t.Errorf("\n got %q\nwant %q", got, tt.want)
			}
		})
	}
}

// pieces are what the fuzzer makes lines of.
var pieces = []string{
	" ", "a", "b", "row-000", "    ", "67%", "│", "█", "●", "é", "я",
	"証", "ﾊﾝ", "e\u0301", "\u0301", "👨‍👩‍👧", "❤\ufe0f", "🇩🇪", "한", "\u200d", "\u00ad", "ไทย", "क्षि",
	"\x1b[1m", "\x1b[31m", "\x1b[1;31m", "\x1b[7m", "\x1b[0;4m", "\x1b[0m", "\x1b[m", "\x1b[0m", "\x1b[39m",
	"\t", "\x1b]8;;https://x.example\x07", "\x1b]8;;\x07",
}

func drawn(choice []byte) string {
	var b strings.Builder
	for _, c := range choice[:min(len(choice), 60)] {
		b.WriteString(pieces[int(c)%len(pieces)])
	}
	// A link that is left open is nobody's; lines come from the screen.
	if s := b.String(); strings.Contains(s, "\x1b]8;;h") {
		return s + "\x1b]8;;\x07"
	}
	return b.String()
}

// FuzzDiff: what is sent for a changed row leaves every kind of terminal as if
// it had been drawn anew, and never is longer than that.
func FuzzDiff(f *testing.F) {
	at := func(names ...string) []byte {
		var b []byte
		for _, n := range names {
			for i, p := range pieces {
				if p == n {
					b = append(b, byte(i))
					break
				}
			}
		}
		return b
	}
	f.Add(at("a", " ", "67%"), at("b", " ", "67%"), uint8(0))
	f.Add(at("a", "証", "b"), at("a", "b", "証"), uint8(0))
	f.Add(at("a", "e\u0301", "b"), at("e\u0301", "a"), uint8(1))
	f.Add(at("\x1b[31m", "row-000", "\x1b[0m", "    ", "a"), at("\x1b[7m", "row-000", "    ", "b"), uint8(2))
	f.Add(at("row-000", "証", "証", "証"), at("row-000"), uint8(0))
	f.Add(at("\x1b]8;;https://x.example\x07", "a"), at("\t", "👨‍👩‍👧", "a"), uint8(3))
	f.Fuzz(func(t *testing.T, first, second []byte, room uint8) {
		checkDiff(t, drawn(first), drawn(second), int(room%4))
	})
}

// TestDiffAtRandom is the fuzz target on lines that resemble each other, as
// those of two frames do.
func TestDiffAtRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		first := make([]byte, 1+random.IntN(30))
		for i := range first {
			first[i] = byte(random.IntN(len(pieces)))
		}
		second := slices.Clone(first)
		for range 1 + random.IntN(4) {
			at := random.IntN(len(second))
			second = slices.Replace(second, at, at+random.IntN(2), byte(random.IntN(len(pieces))))
		}
		checkDiff(t, drawn(first), drawn(second), random.IntN(4))
		if t.Failed() {
			return
		}
	}
}

func checkDiff(t *testing.T, was, now string, room int) {
	t.Helper()
	columns := max(1, ansi.StringWidth(was), ansi.StringWidth(now)) + room
	if strings.Contains(was+now, "\t") {
		columns += 8 * strings.Count(was+now, "\t")
	}
	all, change := sent("", now), sent(was, now)
	if len(change) > len(all) {
		t.Errorf("from %q to %q: %d bytes, all of it has %d", was, now, len(change), len(all))
	}
	for name, m := range measures {
		want, got := newScreen(columns, m), newScreen(columns, m)
		want.write(all)
		got.write(sent("", was))
		got.write(change)
		if got.style != "" {
			t.Errorf("%s: from %q to %q: the style %q is left", name, was, now, got.style)
		}
		if got.String() != want.String() {
			t.Errorf("%s: from %q to %q sends %q\n got %s\nwant %s", name, was, now, change, got, want)
		}
	}
}

// BenchmarkRow is one changed row of a wide screen, and one whose every column
// changed.
func BenchmarkRow(b *testing.B) {
	row := func(share, name string) string {
		return fmt.Sprintf("> \x1b[32m●\x1b[0m %-60s prod  \x1b[36m%s\x1b[0m %s │ %-120s", name, share, strings.Repeat("█", 10), "pane")
	}
	for _, bb := range []struct{ name, was, now string }{
		{"one place", row("67%", "name"), row("68%", "name")},
		{"all of it", row("67%", "name"), strings.Repeat("x", 250)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var p Painter
			for b.Loop() {
				p.buf.Reset()
				p.drawLine(3, bb.was, bb.now)
			}
		})
	}
}
