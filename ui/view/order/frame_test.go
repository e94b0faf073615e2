package order_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"certty/ui/theme"
	"certty/ui/view/order"
	"certty/ui/view/viewtest"
)

// walks open each form in each of its shapes.
var walks = []struct {
	name string
	do   func(*testing.T) *desk
}{
	{"order", func(t *testing.T) *desk {
		d := newDesk(t)
		d.Open(order.New(d.Session, viewtest.AccountName))
		return d
	}},
	{"order with faults", func(t *testing.T) *desk {
		d := newDesk(t)
		d.Open(order.New(d.Session, viewtest.AccountName))
		d.Press("shop.example.net", "ctrl+s")
		return d
	}},
	{"order searching", func(t *testing.T) *desk {
		d := crowded(t)
		d.to("Organization")
		d.Press("shop")
		return d
	}},
	{"summary", func(t *testing.T) *desk { d := ordering(t); d.Press("ctrl+s"); return d }},
	{"renew", func(t *testing.T) *desk { return renewing(t, nil) }},
	{"renew summary", func(t *testing.T) *desk { d := renewing(t, nil); d.Press("ctrl+s"); return d }},
	{"replace", replacing},
	{"replace summary", func(t *testing.T) *desk {
		d := replacing(t)
		d.fill("Reason", "the key was in a repository")
		d.choose("Key algorithm", "EC")
		d.password(canary)
		d.Press("ctrl+s")
		return d
	}},
}

// TestFrames keeps what the forms look like, without colour. Run with -update to
// accept a change that was looked at.
func TestFrames(t *testing.T) {
	for _, tt := range walks {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.do(t)
			var frames strings.Builder
			for _, size := range [][2]int{{80, 24}, {120, 40}} {
				d.Resize(size[0], size[1])
				frames.WriteString(d.Frame() + "\n")
			}
			golden.RequireEqual(t, []byte(frames.String()))
		})
	}
}

// TestSizes draws every form at every kind of size, and on a console of 7 bits:
// none may panic, leave its room, or need another sign.
func TestSizes(t *testing.T) {
	for _, tt := range walks {
		t.Run(tt.name, func(t *testing.T) {
			d := tt.do(t)
			*d.Session.Theme = *theme.New(theme.Options{ASCII: true})
			for _, w := range []int{1, 2, 3, 5, 8, 20, 39, 41, 60, 80, 100, 300} {
				for _, h := range []int{1, 2, 3, 4, 5, 9, 10, 18, 24, 100} {
					d.Resize(w, h)
					lines := strings.Split(d.Frame(), "\n")
					if len(lines) > max(3, h) {
						t.Fatalf("%d lines on %dx%d", len(lines), w, h)
					}
					for _, line := range lines {
						if ansi.StringWidth(line) > max(4, w) {
							t.Fatalf("%d cells on %dx%d: %q", ansi.StringWidth(line), w, h, line)
						}
						if i := strings.IndexFunc(line, func(r rune) bool { return r > 0x7e }); i >= 0 {
							t.Fatalf("on a console: %q", line)
						}
					}
				}
			}
		})
	}
}
