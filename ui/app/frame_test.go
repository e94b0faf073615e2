package app

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"certty/backend"
	"certty/backend/poll"
	"certty/ui/theme"
	"certty/ui/view"
)

var (
	colored = theme.Options{Color: true, UTF8: true}
	light   = theme.Options{Color: true, UTF8: true, Background: theme.Light}
	plain   = theme.Options{UTF8: true}
	console = theme.Options{Color: true, ASCII: true}
)

// TestFrames keeps what the screens look like. Run with -update to accept a
// change that was looked at.
func TestFrames(t *testing.T) {
	for _, tt := range []struct {
		name string
		w, h int
		o    theme.Options
		do   func(*screen)
	}{
		{"board too small", 39, 9, colored, nil},
		{"board filtered", 80, 24, plain, func(s *screen) { s.press("/", "prod api") }},
		{"board nothing passes", 80, 24, plain, func(s *screen) { s.press("/", "zzz", "enter") }},
		{"board marked", 80, 24, plain, func(s *screen) { s.press(" ", " ") }},
		{"board uncertain", 80, 24, plain, func(s *screen) { s.run(s.doubt(doubtful())); s.on("shop-example-com") }},
		{"uncertain", 80, 24, plain, func(s *screen) { s.run(s.doubt(doubtful())); s.on("shop-example-com"); s.press("enter") }},
		{"create summary", 80, 24, plain, func(s *screen) { s.press("n", "left", "tab", "CN=new.example.com", "ctrl+s") }},
		{"cancel", 80, 24, plain, func(s *screen) { s.on("shop-example-com"); s.press("x") }},
		{"problem", 80, 24, plain, func(s *screen) {
			s.desk.err = errNotDone
			s.on("shop-example-com")
			s.press("x")
			s.answer("tab", "enter")
		}},
		{"filter with a mistake", 80, 24, plain, func(s *screen) { s.press("/", "api left<") }},
		{"filter that doubts", 80, 24, plain, func(s *screen) { s.press("/", "stat:failed", "enter") }},
		{"sort", 80, 24, plain, func(s *screen) { s.press("S", "a", "S") }},
		{"sorted by life left", 120, 24, plain, func(s *screen) { s.press("S", "l") }},
		{"marks hidden", 120, 24, plain, func(s *screen) { s.press("a", "/", "api", "enter") }},
		{"bulk", 80, 24, plain, func(s *screen) { s.waiting(); s.press("d") }},
		{"bulk folder", 80, 24, plain, func(s *screen) { s.withCSR("shop-example-com"); s.press("a", "s") }},
		{"bulk results", 80, 24, plain, func(s *screen) {
			s.desk.fails = map[string]error{"cancel prod/intranet@3": errNotDone}
			s.waiting()
			s.press("x")
			s.answer("2", "enter")
		}},
		{"palette", 80, 24, plain, func(s *screen) { s.on("shop-example-com"); s.press(":") }},
		{"palette found", 120, 24, colored, func(s *screen) { s.on("vpn-gw"); s.press(":", "req") }},
		{"disabled action", 80, 24, plain, func(s *screen) { s.on("vpn-gw"); s.press("m") }},
		{"disabled for a long reason", 80, 24, plain, func(s *screen) { s.refusing(); s.on("vpn-gw"); s.press("P") }},
		{"password ends", 80, 24, plain, func(s *screen) { s.ends("test", 5*day) }},
		{"trouble", 120, 24, plain, func(s *screen) {
			s.s.Data.SetState("prod", poll.State{Snapshot: prod(), PausedUntil: noon.Add(2 * day), Err: &backend.Error{Kind: backend.KindThrottled}})
			s.s.Data.SetState("test", poll.State{Snapshot: test(), Latched: true, Err: &backend.Error{Kind: backend.KindAuth}})
			s.Update(Trouble("the journal can't be written: disk full"))
			s.run(s.all(view.DataChanged{}))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, tt.w, tt.h, tt.o)
				if tt.do != nil {
					tt.do(s)
				}
				frame := s.View()
				exactly(t, frame, tt.w, tt.h)
				golden.RequireEqual(t, []byte(frame))
			})
		})
	}
}

// TestScreens keeps what the main screens look like on every kind of terminal:
// dark, light, without colour, without UTF-8, and larger.
func TestScreens(t *testing.T) {
	screens := []struct {
		name string
		do   func(*screen)
	}{
		{"board", func(*screen) {}},
		{"detail", func(s *screen) { s.on("shop-example-com"); s.press("enter") }},
		{"merge", func(s *screen) { s.on("shop-example-com"); s.press("m") }},
		{"create", func(s *screen) { s.press("n", "left", "tab", "CN=new.example.com, C=D", "ctrl+s") }},
		{"conflict", func(s *screen) { s.press("n", "left", "tab", "CN=shop.example.com, C=DE", "ctrl+s") }},
		{"delete", func(s *screen) { s.on("shop-example-com"); s.press("d"); s.answer("shop-") }},
		{"help", func(s *screen) { s.on("vpn-gw"); s.press("?") }},
		{"activity", func(s *screen) { s.press("A", "j") }},
		{"log", func(s *screen) { s.press("L") }},
	}
	terminals := []struct {
		name string
		w, h int
		o    theme.Options
	}{
		{"dark", 80, 24, colored},
		{"light", 80, 24, light},
		{"NO_COLOR", 80, 24, plain},
		{"ASCII", 80, 24, console},
		{"120x40", 120, 40, plain},
		{"200x60", 200, 60, plain},
	}
	for _, view := range screens {
		for _, terminal := range terminals {
			t.Run(view.name+"/"+terminal.name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					s := open(t, terminal.w, terminal.h, terminal.o)
					view.do(s)
					frame := s.View()
					exactly(t, frame, terminal.w, terminal.h)
					golden.RequireEqual(t, []byte(frame))
				})
			})
		}
	}
}

// TestColorsOnlyUnderline: on a dark and on a light background the words and
// signs are those of a terminal without colour.
func TestColorsOnlyUnderline(t *testing.T) {
	bubble(t, func(t *testing.T) {
		want := open(t, 120, 40, plain).View()
		for _, o := range []theme.Options{colored, light} {
			frame := open(t, 120, 40, o).View()
			if frame == want {
				t.Errorf("background %d paints nothing", o.Background)
			}
			if got := ansi.Strip(frame); got != want {
				t.Errorf("background %d says something else:\n%s\nwant\n%s", o.Background, got, want)
			}
		}
	})
}

// exactly fails unless the frame has the screen's height and no line is wider.
func exactly(t *testing.T, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if len(lines) != h {
		t.Errorf("%d lines on a screen of %d", len(lines), h)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got > w {
			t.Errorf("line %d has %d cells on a screen of %d: %q", i, got, w, line)
		}
	}
}

// TestSizes draws every view at every kind of size: none may panic or leave the
// screen.
func TestSizes(t *testing.T) {
	views := map[string][]string{
		"board": nil, "detail": {"enter"}, "help": {"?"}, "create": {"n"}, "filter": {"/", "a"},
		"cancel": {"x"}, "delete": {"d"}, "merge": {"m"}, "file": {"m", "f"}, "save": {"s"},
		"sort": {"S"}, "bulk": {"a", "x"}, "bulk run": {"a", "x", "1", "enter"}, "palette": {":"}, "activity": {"A"}, "log": {"L"},
	}
	for name, keys := range views {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				s := open(t, 120, 40, plain)
				s.on("shop-example-com")
				s.press(keys...)
				for _, w := range []int{1, 2, 3, 5, 8, 39, 40, 41, 60, 79, 80, 99, 100, 109, 110, 111, 200, 300} {
					for _, h := range []int{1, 2, 3, 5, 9, 10, 11, 24, 60, 100} {
						s.resize(w, h)
						exactly(t, s.View(), w, h)
					}
				}
			})
		})
	}
}

// TestCursorWithoutColor: moving the cursor must change the frame when there is
// neither colour nor reverse video.
func TestCursorWithoutColor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		s := open(t, 80, 24, plain)
		before := s.View()
		s.press("j")
		if s.View() == before {
			t.Error("the cursor can't be seen under NO_COLOR")
		}
	})
}
