package box

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"certty/ui/theme"
)

func TestFit(t *testing.T) {
	for _, tt := range []struct {
		in   string
		w    int
		want string
	}{
		{"abc", 5, "abc  "}, {"abcdef", 4, "abc…"}, {"証明書", 5, "証明…"}, {"証明書", 4, "証… "}, {"", 3, "   "}, {"abc", 0, ""},
	} {
		if got := Fit(tt.in, tt.w, "…"); got != tt.want {
			t.Errorf("Fit(%q, %d) = %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}

func TestFrameAndOver(t *testing.T) {
	th := theme.New(theme.Options{Color: true, UTF8: true})
	for w := 1; w < 60; w += 3 {
		for h := 1; h < 9; h++ {
			base := Clamp(strings.Split(strings.Repeat("証明書 base line\n", h), "\n"), w, h, "…")
			top := Frame(th, "a title that is long", []string{"one", "証明書二"}, min(w, 20), h)
			if len(top) > h {
				t.Fatalf("%dx%d: frame of %d lines", w, h, len(top))
			}
			for _, line := range Over(base, top, w) {
				if got := ansi.StringWidth(line); got != w {
					t.Fatalf("%dx%d: line of %d cells: %q", w, h, got, line)
				}
			}
		}
	}
}

// TestWrapAtCommas: a name of several parts is broken between them; a text with
// blanks is broken at these, and what has neither anywhere.
func TestWrapAtCommas(t *testing.T) {
	for text, want := range map[string]string{
		"CN=shop.example.com,O=Example,C=US": "CN=shop.example.com,|O=Example,C=US",
		"one, two, three, four, five, six":   "one, two, three, four,|five, six",
		"O=Example, Inc,CN=a":                "O=Example, Inc,CN=a",
		"0123456789012345678901234567890":    "0123456789012345678901234|567890",
	} {
		got := Wrap(text, 25)
		if strings.Join(got, "|") != want {
			t.Errorf("%q is broken into %q, want %q", text, got, want)
		}
		for _, l := range got {
			if ansi.StringWidth(l) > 25 {
				t.Errorf("%q is wider than asked", l)
			}
		}
	}
}

// TestEnds: a name that is cut keeps its end, where its id stands.
func TestEnds(t *testing.T) {
	for _, tt := range []struct {
		in   string
		w    int
		want string
	}{
		{"short (1)", 20, "short (1)"}, {"A very long name of a department (12345)", 24, "A very long nam. (12345)"},
		{"証明書証明書証明書 (7)", 15, "証明書証.書 (7)"}, {"証明書証明書証明書 (7)", 14, "証明書証. (7)"}, {"too narrow", 3, "to."}, {"x", 0, ""}, {"x", -4, ""},
	} {
		if got := Ends(tt.in, tt.w, "."); got != tt.want || ansi.StringWidth(got) > max(0, tt.w) {
			t.Errorf("Ends(%q, %d) = %q, want %q", tt.in, tt.w, got, tt.want)
		}
	}
}
