package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"certty/backend/text"
)

func TestClean(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"empty":                       {"", ""},
		"plain":                       {"CN=www.example.com, O=Příklad s.r.o.", "CN=www.example.com, O=Příklad s.r.o."},
		"Japanese and Turkish":        {"証明書 İstanbul ığ", "証明書 İstanbul ığ"},
		"combining mark":              {"e\u0301", "e\u0301"},
		"continuation byte like C1":   {"ě", "ě"}, // 0xc4 0x9b
		"backslash alone":             {`DOMAIN\user`, `DOMAIN\user`},
		"OSC 52 writes the clipboard": {"\x1b]52;c;cm0gLXJm\a", `\x1b]52;c;cm0gLXJm\x07`},
		"OSC 0 sets the title":        {"\x1b]0;owned\x1b\\", `\x1b]0;owned\x1b\`},
		"OSC 8 makes a link":          {"\x1b]8;;https://evil.example\x1b\\ok\x1b]8;;\x1b\\", `\x1b]8;;https://evil.example\x1b\ok\x1b]8;;\x1b\`},
		"DCS asks for a setting":      {"\x1bP$qm\x1b\\", `\x1bP$qm\x1b\`},
		"APC":                         {"\x1b_Gf=24;AAAA\x1b\\", `\x1b_Gf=24;AAAA\x1b\`},
		"CSI clears and homes":        {"\x1b[2J\x1b[H", `\x1b[2J\x1b[H`},
		"CSI asks for the cursor":     {"\x1b[6n", `\x1b[6n`},
		"8-bit CSI":                   {"\x9b2J", `\x9b2J`},
		"first byte that is no ASCII": {"a\x80b", `a\x80b`},
		"first of C1 in UTF-8":        {"a\u0080b", `a\u0080b`},
		"first beyond C1":             {"a\u00a0b", "a\u00a0b"},
		"8-bit OSC and ST":            {"\x9d52;c;QQ==\x9c", `\x9d52;c;QQ==\x9c`},
		"C1 in UTF-8":                 {"\u009b2J\u009d0;x\u009c", `\u009b2J\u009d0;x\u009c`},
		"NEL":                         {"a\u0085b", `a\u0085b`},
		"DEL, NUL, backspace":         {"a\x7f\x00\b", `a\x7f\x00\x08`},
		"line breaks and tab":         {"a\r\nb\nc\td", `a\r\nb\nc\td`},
		"line separators":             {"a\u2028b\u2029c", `a\u2028b\u2029c`},
		"right-to-left override":      {"moc.\u202eelpmaxe", `moc.\u202eelpmaxe`},
		"bidi isolates and marks":     {"\u2066a\u2069\u200e\u200f\u061c", `\u2066a\u2069\u200e\u200f\u061c`},
		"zero width":                  {"pay\u200bpal\u200c\u200d\u2060", `pay\u200bpal\u200c\u200d\u2060`},
		"byte order mark":             {"\ufeffname", `\ufeffname`},
		"soft hyphen":                 {"ex\u00adample", `ex\u00adample`},
		"fillers":                     {"a\u3164b\u115f\u034f", `a\u3164b\u115f\u034f`},
		"variation selectors":         {"a\ufe0fb\U000e0100", `a\ufe0fb\U000e0100`},
		"tag characters":              {"a\U000e0041", `a\U000e0041`},
		"private use":                 {"\ue0b0", `\ue0b0`},
		"noncharacter":                {"\uffff", `\uffff`},
		"truncated UTF-8":             {"a\xe2\x80", `a\xe2\x80`},
		"surrogate in UTF-8":          {"\xed\xa0\x80", `\xed\xa0\x80`},
		"overlong escape":             {"\xc0\x9b", `\xc0\x9b`},
		"replacement character stays": {"a\ufffdb", "a\ufffdb"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := text.Clean(tc.in); got != tc.want {
				t.Errorf("Clean(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"LF":              {"a\nb\n", "a\nb\n"},
		"CR LF":           {"a\r\nb\r\n", "a\nb\n"},
		"lone CR":         {"a\rb\r\r\nc", "a\nb\n\nc"},
		"tab is visible":  {"a\tb\n", "a\\tb\n"},
		"escape sequence": {"a\n\x1b[2Jb", "a\n\\x1b[2Jb"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := text.Lines(tc.in); got != tc.want {
				t.Errorf("Lines(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestFlat(t *testing.T) {
	tests := map[string]struct{ in, want string }{
		"plain":          {"not authorized", "not authorized"},
		"Key Vault":      {"Caller is not authorized.\r\nCaller: appid=1\r\nAction: read\r\n", "Caller is not authorized. Caller: appid=1 Action: read"},
		"indented lines": {"  a \n\n   b\n", "a b"},
		"only breaks":    {"\r\n \n", ""},
		"escape":         {"a\n\x1b[2J", `a \x1b[2J`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := text.Flat(tc.in); got != tc.want {
				t.Errorf("Flat(%q) = %q, want %q", tc.in, got, tc.want)
			}
		})
	}
}

func TestLengthIsCapped(t *testing.T) {
	full := strings.Repeat("ä", text.MaxRunes)
	if got := text.Clean(full); got != full {
		t.Errorf("a text of exactly MaxRunes was changed to %d runes", utf8.RuneCountInString(got))
	}
	tests := map[string]string{
		"runes":            full + "x",
		"escapes":          strings.Repeat("\x1b", text.MaxRunes),
		"escape at border": strings.Repeat("a", text.MaxRunes-2) + "\x1b",
		"very long":        strings.Repeat("y", 1<<20),
		"one too many":     strings.Repeat("a", text.MaxRunes+1),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			got := text.Clean(in)
			if n := utf8.RuneCountInString(got); n > text.MaxRunes {
				t.Errorf("%d runes, want at most %d", n, text.MaxRunes)
			}
			if !strings.HasSuffix(got, "…") {
				t.Errorf("the cut is not shown: …%q", got[len(got)-8:])
			}
			if n := utf8.RuneCountInString(got); n < text.MaxRunes-len(`\x1b`) {
				t.Errorf("%d runes are left, though %d fit", n, text.MaxRunes)
			}
			if stem := strings.TrimSuffix(got, "…"); !strings.Contains(in, "\x1b") && !strings.HasPrefix(in, stem) {
				t.Errorf("something else stands before the cut: …%q", stem[max(0, len(stem)-8):])
			}
			if stem := strings.TrimSuffix(got, "…"); strings.Contains(in, "\x1b") && strings.Count(stem, `\`)*4 != len(strings.TrimLeft(stem, "a")) {
				t.Errorf("an escape was cut in two: …%q", got[len(got)-8:])
			}
		})
	}
}

// TestLengthIsExact: what is spelt out counts as it is shown, so that a text of
// exactly MaxRunes is whole and one of a character more is not.
func TestLengthIsExact(t *testing.T) {
	for name, tt := range map[string]struct {
		clean     func(string) string
		in, shown string
	}{
		"control":       {text.Clean, "\x1b", `\x1b`},
		"byte":          {text.Clean, "\x9b", `\x9b`},
		"line feed":     {text.Clean, "\n", `\n`},
		"return":        {text.Clean, "\r", `\r`},
		"tab":           {text.Clean, "\t", `\t`},
		"format":        {text.Clean, "\u202e", `\u202e`},
		"tag":           {text.Clean, "\U000e0041", `\U000e0041`},
		"wide":          {text.Clean, "\x1b証", `\x1b証`},
		"folded break":  {text.Flat, "\r\nx", " x"},
		"kept break":    {text.Lines, "\x1b\r\n", "\\x1b\n"},
		"kept break, é": {text.Lines, "é\r", "é\n"},
	} {
		t.Run(name, func(t *testing.T) {
			room := text.MaxRunes - utf8.RuneCountInString(tt.shown)
			if got, want := tt.clean(strings.Repeat("a", room)+tt.in), strings.Repeat("a", room)+tt.shown; got != want {
				t.Errorf("what fits exactly ends as %q", got[len(got)-16:])
			}
			if got := tt.clean(strings.Repeat("a", room+1) + tt.in + "b"); !strings.HasPrefix(got, strings.Repeat("a", room)) || !strings.HasSuffix(got, "…") || utf8.RuneCountInString(got) > text.MaxRunes {
				t.Errorf("what does not fit ends as %q", got[len(got)-16:])
			}
		})
	}
}

func TestCleanTextIsNotAllocated(t *testing.T) {
	inputs := []string{"www.example.com", "Příklad 証明書", strings.Repeat("a", text.MaxRunes)}
	for _, f := range []func(string) string{text.Clean, text.Flat, text.Lines} {
		for _, s := range inputs {
			if n := testing.AllocsPerRun(100, func() { _ = f(s) }); n != 0 {
				t.Errorf("%d allocations for %.20q", int(n), s)
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		check(t, "Clean", text.Clean, s, false)
		check(t, "Flat", text.Flat, s, false)
	})
}

func FuzzLines(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) { check(t, "Lines", text.Lines, s, true) })
}

func seed(f *testing.F) {
	for _, s := range []string{
		"", "a", "\x1b]52;c;QQ==\a", "\x9b2J", "\u009b6n", "a\r\nb\rc\n", "\u202e\u200b\ufeff",
		"\xff\xfe", " \n x \n ", "\U000e0041", strings.Repeat("\x1b", text.MaxRunes), "…",
	} {
		f.Add(s)
	}
}

func check(t *testing.T, name string, f func(string) string, s string, breaks bool) {
	t.Helper()
	got := f(s)
	if !utf8.ValidString(got) {
		t.Fatalf("%s(%q) = %q is not UTF-8", name, s, got)
	}
	n := 0
	for _, r := range got {
		n++
		switch {
		case r == '\n' && breaks:
		case r < 0x20, r >= 0x7f && r <= 0x9f:
			t.Fatalf("%s(%q) = %q holds control %U", name, s, got, r)
		case r == 0x061c, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x00ad:
			t.Fatalf("%s(%q) = %q holds invisible %U", name, s, got, r)
		}
	}
	if n > text.MaxRunes {
		t.Fatalf("%s: %d runes", name, n)
	}
	if again := f(got); again != got {
		t.Fatalf("%s is not idempotent: %q, then %q", name, got, again)
	}
}

func BenchmarkClean(b *testing.B) {
	for name, s := range map[string]string{
		"clean": "CN=www.example.com, O=Example, L=Praha, C=CZ",
		"dirty": "CN=www.example.com\x1b[2J, O=\u202eExample\r\n",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text.Clean(s)
			}
		})
	}
}
