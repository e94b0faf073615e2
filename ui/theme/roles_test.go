package theme

import (
	"math"
	"testing"
)

// palette is what a terminal shows for ANSI 0–15.
type palette struct {
	name   string
	colors [16]uint32
}

// The defaults of terminals, from their sources. The first ones are the hard
// ones: pure cyan and yellow on white, dark blue on black.
var palettes = []palette{
	{"xterm", [16]uint32{
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	}},
	{"Linux console", [16]uint32{
		0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
		0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff, 0xffffff,
	}},
	{"Windows Terminal", [16]uint32{
		0x0c0c0c, 0xc50f1f, 0x13a10e, 0xc19c00, 0x0037da, 0x881798, 0x3a96dd, 0xcccccc,
		0x767676, 0xe74856, 0x16c60c, 0xf9f1a5, 0x3b78ff, 0xb4009e, 0x61d6d6, 0xf2f2f2,
	}},
	{"Tango", [16]uint32{
		0x2e3436, 0xcc0000, 0x4e9a06, 0xc4a000, 0x3465a4, 0x75507b, 0x06989a, 0xd3d7cf,
		0x555753, 0xef2929, 0x8ae234, 0xfce94f, 0x729fcf, 0xad7fa8, 0x34e2e2, 0xeeeeec,
	}},
}

// TestContrast holds every role to what can be read on its background, in the
// palettes that terminals come with, also where bold is drawn bright. 3 is what
// WCAG 2 asks of large text and of signs. What is quiet on purpose has less to
// reach: faint text and borders, and green, which asks for nothing; and so has
// the bright form of bold, whose strokes are thicker.
func TestContrast(t *testing.T) {
	quiet := map[Role]float64{Faint: 2.7, Border: 2.7, Good: 2.1}
	for b, ground := range map[Background]uint32{Dark: 0x000000, Light: 0xffffff} {
		for role := range roles {
			l := looks[b][role]
			if l.color == none {
				continue
			}
			shown := []int{l.color}
			if l.bold && l.color < 8 {
				shown = append(shown, l.color+8)
			}
			least := 3.0
			if q, ok := quiet[role]; ok {
				least = q
			}
			for _, p := range palettes {
				least := least
				for i, c := range shown {
					if i > 0 {
						least = min(least, 2.7)
					}
					if got := contrast(p.colors[c], ground); got < least {
						t.Errorf("background %d, role %d: color %d of %s has a contrast of %.2f, want %.1f", b, role, c, p.name, got, least)
					}
				}
			}
		}
	}
}

// TestColorsNotReadable: the colours that vanish on a background in some
// palette are in no table for it.
func TestColorsNotReadable(t *testing.T) {
	never := map[Background][]int{
		Dark:  {0, 1, 4, 5},
		Light: {3, 6, 7, 10, 11, 14, 15},
	}
	for b, colors := range never {
		for role := range roles {
			for _, c := range colors {
				if l := looks[b][role]; l.color == c || l.bold && l.color >= 0 && l.color+8 == c {
					t.Errorf("background %d, role %d is painted in color %d", b, role, c)
				}
			}
		}
	}
}

// contrast is the ratio of WCAG 2: from 1, the same, to 21, black on white.
func contrast(a, b uint32) float64 {
	light := func(c uint32) float64 {
		part := func(shift int) float64 {
			v := float64(c>>shift&0xff) / 255
			if v <= 0.04045 {
				return v / 12.92
			}
			return math.Pow((v+0.055)/1.055, 2.4)
		}
		return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestBackground(t *testing.T) {
	for env, want := range map[string]Background{
		"": Dark, "15;0": Dark, "0;15": Light, "0;default;15": Light, "7;0": Dark, "0;7": Light,
		"15;8": Dark, "12;9": Light, "0;default": Dark, "15": Dark, "0;": Dark, "0;255": Dark, "x;-7": Dark,
	} {
		if got := background(env); got != want {
			t.Errorf("COLORFGBG=%q is background %d, want %d", env, got, want)
		}
	}
}

// TestPlainHasNoBackground: NO_COLOR is the same on both.
func TestPlainHasNoBackground(t *testing.T) {
	for role := range roles {
		if got := New(Options{Background: Light}).Paint(role, "word"); got != "word" {
			t.Errorf("role %d is painted %q without colour", role, got)
		}
	}
}
