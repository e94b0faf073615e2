package theme

import (
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func env(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

func TestFromEnv(t *testing.T) {
	for _, tt := range []struct {
		name string
		env  []string
		want Options
	}{
		{"modern terminal", []string{"TERM", "xterm-256color", "LANG", "C.UTF-8"}, Options{Color: true, UTF8: true}},
		{"NO_COLOR", []string{"TERM", "xterm", "LANG", "en_US.utf8", "NO_COLOR", "1"}, Options{UTF8: true}},
		{"empty NO_COLOR counts as absent", []string{"TERM", "xterm", "LANG", "C.UTF-8", "NO_COLOR", ""}, Options{Color: true, UTF8: true}},
		{"console draws in ASCII but shows names", []string{"TERM", "linux", "LANG", "C.UTF-8"}, Options{Color: true, ASCII: true, UTF8: true}},
		{"no UTF-8", []string{"TERM", "xterm", "LANG", "C"}, Options{Color: true, ASCII: true}},
		{"LC_ALL wins", []string{"TERM", "xterm", "LC_ALL", "C", "LANG", "C.UTF-8"}, Options{Color: true, ASCII: true}},
		{"light by COLORFGBG", []string{"TERM", "xterm", "LANG", "C.UTF-8", "COLORFGBG", "0;15"}, Options{Color: true, UTF8: true, Background: Light}},
		{"dumb", []string{"TERM", "dumb", "LANG", "C.UTF-8"}, Options{ASCII: true, UTF8: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := FromEnv(env(tt.env...)); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestPaintOnlyAddsSequences(t *testing.T) {
	color, plain := New(Options{Color: true, UTF8: true}), New(Options{UTF8: true})
	for role := range roles {
		if got := ansi.Strip(color.Paint(role, "word")); got != "word" {
			t.Errorf("role %d: %q after stripping", role, got)
		}
		if got := plain.Paint(role, "word"); got != "word" {
			t.Errorf("role %d: %q without colour", role, got)
		}
	}
	for b, code := range map[Background]string{Dark: "1;91m", Light: "1;31m"} {
		if got := New(Options{Color: true, Background: b}).Paint(Bad, "x"); !strings.Contains(got, code) {
			t.Errorf("Bad is not red on background %d: %q", b, got)
		}
	}
}

// Every glyph must have an ASCII form, and they must be as wide as each other,
// so that a column stands where it stood.
func TestGlyphForms(t *testing.T) {
	u, a := reflect.ValueOf(unicodeGlyphs), reflect.ValueOf(asciiGlyphs)
	for i := range u.NumField() {
		name := u.Type().Field(i).Name
		if u.Field(i).Kind() != reflect.String || name == "Enter" {
			continue
		}
		uw, aw := ansi.StringWidth(u.Field(i).String()), ansi.StringWidth(a.Field(i).String())
		if uw != 1 || aw != 1 {
			t.Errorf("%s: widths %d and %d, want 1", name, uw, aw)
		}
		for _, r := range a.Field(i).String() {
			if r > 0x7e {
				t.Errorf("%s: %q is not ASCII", name, r)
			}
		}
	}
}

func TestBar(t *testing.T) {
	th := New(Options{UTF8: true})
	for _, tt := range []struct {
		share float64
		want  string
	}{{0, "··········"}, {0.04, "▍·········"}, {0.15, "█▌········"}, {0.5, "█████·····"}, {1, "██████████"}, {2, "██████████"}, {-1, "··········"}} {
		if got := th.Bar(tt.share, 10); got != tt.want {
			t.Errorf("Bar(%v) = %q, want %q", tt.share, got, tt.want)
		}
	}
	if got := New(Options{ASCII: true}).Bar(0.34, 10); got != "###......." {
		t.Errorf("ASCII bar %q", got)
	}
}

func TestFinishWithoutUTF8(t *testing.T) {
	th := New(Options{ASCII: true})
	if got, want := th.Finish("証明書 ok é"), "?????? ok ?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := New(Options{UTF8: true}).Finish("証"); got != "証" {
		t.Errorf("UTF-8 terminal got %q", got)
	}
}
